"""The audit says from where a person acted, and believes no one but the operator's own proxies."""

import csv
import io
from dataclasses import replace

import pytest

from backups.models import Event
from backups.operations import audit, callers
from backups.queries import chain
from backups.secrecy.chain import Link
from tests.fixtures.cast import NOW

PLACE = "/teams/payments/settings"
WORD = {"overdue_hours": "36"}


@pytest.fixture
def admins_desk(client, admin):
    client.force_login(admin)
    return client


def test_what_a_request_does_carries_its_address_on_the_page_in_the_export_and_under_the_mark(
    admins_desk, payments
):
    admins_desk.post(PLACE, WORD, REMOTE_ADDR="2001:db8::7")
    event = Event.objects.get(verb="team_changed")
    assert event.address == "2001:db8::7"
    assert chain.walk(payments.pk).broken is None
    assert "2001:db8::7" in admins_desk.get("/audit/").text
    export = b"".join(admins_desk.get("/audit/export.csv").streaming_content).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(export, newline="")))["address"] == "2001:db8::7"


def test_what_no_request_does_comes_from_nowhere_also_after_one(admins_desk, payments):
    admins_desk.post(PLACE, WORD)
    audit.record("reminded", team_id=payments.pk, at=NOW)
    assert Event.objects.get(verb="reminded").address == ""


def test_an_address_is_forgotten_when_what_came_from_there_fails():
    with pytest.raises(ValueError, match="no"), callers.acting_from("192.0.2.1"):
        assert callers.address() == "192.0.2.1"
        raise ValueError("no")
    assert callers.address() == ""


def test_what_is_under_the_mark_is_as_it_was_before_there_were_addresses_where_there_is_none():
    link = Link(1, 2, "ab", NOW, None, "told", None, None, "", "", {"n": 1})
    before = b'["event",1,2,"ab","2026-11-23T14:10:00.000000+00:00",null,"told","","","","",{"n":1}]'
    assert link.text() == before
    assert replace(link, address="192.0.2.7").text() == before.removesuffix(b"]") + b',"192.0.2.7"]'


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6,, 203.0.113.9 ,", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        # Whoever comes past the outer proxy cannot say more than the inner one wrote.
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
        (1, "<script>", ""),
        (1, "unknown", ""),
        (1, "fe80::1%" + "x" * 99, "fe80::1"),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_own_proxies_wrote_it(
    admins_desk, settings, proxies, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    admins_desk.post(PLACE, WORD, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert Event.objects.get(verb="team_changed").address == address


@pytest.mark.parametrize("address", ["", None])
def test_a_server_that_knows_no_address_is_no_failure(admins_desk, address):
    extra = {} if address is None else {"REMOTE_ADDR": address}
    admins_desk.post(PLACE, WORD, **extra)
    assert Event.objects.get(verb="team_changed").address == ("127.0.0.1" if address is None else "")
