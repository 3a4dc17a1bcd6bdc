"""Where the client connects: the cloud's own hosts and the operator's origins, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.cloud import CloudNotSent, EndpointRefused, Guard
from tests.cloud.hostile import INSIDE, hostile_urls
from tests.cloud.raw_server import always

CLOUD = "https://gaussdb.cn-north-4.myhuaweicloud.com"


def guard_to(*addresses, allowed=()):
    return Guard(allowed, resolve=lambda *_: list(addresses))


@pytest.mark.parametrize(
    "url",
    [
        CLOUD,
        f"{CLOUD}/",
        f"{CLOUD}:443",
        CLOUD.upper().replace("HTTPS", "https"),
        "https://gaussdbformysql.ap-southeast-1.myhuaweicloud.com",
        "https://gaussdb-mysql.af-south-1.myhuaweicloud.com",
        "https://gaussdb.eu-west-101.myhuaweicloud.eu",
        "https://iam.cn-north-4.myhuaweicloud.com",
    ],
)
def test_the_clouds_own_hosts_pass(url):
    target = guard_to("139.9.0.1", "2407:c080:1200::1").check(url)
    assert target.addresses == ("139.9.0.1", "2407:c080:1200::1")
    assert (target.address, target.port, target.is_tls) == ("139.9.0.1", 443, True)
    assert target.host == target.host.lower()


def test_there_are_sixty_hostile_urls_and_more():
    assert len(hostile_urls(8080)) >= 60


@pytest.mark.parametrize("number", range(len(hostile_urls(8080))))
def test_no_hostile_url_reaches_the_listener(serve, client_of, number):
    server = serve(always(200, b"{}"))
    url = hostile_urls(server.port)[number]
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    with pytest.raises(EndpointRefused):
        client_of(endpoint=url, guard=Guard(resolve=resolve)).list_instances()
    assert (server.connections, asked) == (0, [])


@pytest.mark.parametrize("address", INSIDE)
def test_a_cloud_host_that_leads_inside_is_refused(address):
    with pytest.raises(EndpointRefused, match="inside a network"):
        guard_to(address).check(CLOUD)


@pytest.mark.parametrize("address", INSIDE)
def test_one_address_inside_is_enough_to_refuse(address):
    with pytest.raises(EndpointRefused):
        guard_to("139.9.0.1", address).check(CLOUD)


@given(st.text(max_size=80) | st.text(alphabet="htps:/@.#?%[]\\ \n0127gausdb", max_size=40))
def test_any_other_text_is_refused_and_nothing_is_resolved(text):
    def resolve(host, port):
        raise AssertionError(host)

    with pytest.raises(EndpointRefused):
        Guard(resolve=resolve).check(text)


def test_the_operators_origin_may_be_private_and_plain():
    guard = guard_to("10.0.0.5", allowed=["http://simulator:8010", "https://Cloud.Example"])
    assert guard.check("http://simulator:8010").address == "10.0.0.5"
    assert guard.check("https://cloud.example/").is_tls


@pytest.mark.parametrize(
    "url",
    [
        "https://simulator:8010",
        "http://simulator",
        "http://simulator:8011",
        "http://simulator.evil:8010",
        "http://user@simulator:8010",
        "http://simulator:8010/path",
        "http://simulator:8010?x",
    ],
)
def test_only_the_exact_origin_of_the_operator_passes(url):
    with pytest.raises(EndpointRefused):
        guard_to("10.0.0.5", allowed=["http://simulator:8010"]).check(url)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fe80::1", "0.0.0.0", "::", "224.0.0.1",
     "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"],
)  # fmt: skip
def test_not_even_the_operators_origin_may_lead_to_metadata(address):
    with pytest.raises(EndpointRefused):
        guard_to(address, allowed=["https://cloud.example"]).check("https://cloud.example")


@pytest.mark.parametrize("entry", ["", "cloud.example", "https://", "https://a/b", "ftp://a"])
def test_an_operators_entry_that_is_no_origin_is_told_at_once(entry):
    with pytest.raises(ValueError, match="form"):
        Guard([entry])


def test_an_ipv6_origin_is_understood():
    target = Guard(["http://[::1]:8010"]).check("http://[::1]:8010")
    assert (target.address, target.port) == ("::1", 8010)


def test_a_label_that_is_too_long_has_no_address():
    origin = f"https://{'a' * 70}.example"
    with pytest.raises(CloudNotSent):
        Guard([origin]).check(origin)
