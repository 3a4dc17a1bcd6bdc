import pytest
from huaweicloudsdkgaussdb.v3.region.gaussdb_region import GaussDBRegion
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.regions import (
    REGIONS,
    UnknownRegionError,
    endpoint_of,
    iam_endpoint_of,
    is_cloud_host,
)


def test_our_regions_and_endpoints_are_those_of_the_vendors_sdk():
    theirs = {name: region.endpoints[0] for name, region in GaussDBRegion.static_fields.items()}
    assert {region: endpoint_of(region) for region in REGIONS} == theirs


@pytest.mark.parametrize("region", REGIONS)
def test_every_endpoint_has_the_clouds_own_pattern(region):
    assert is_cloud_host(endpoint_of(region).removeprefix("https://"))
    assert is_cloud_host(iam_endpoint_of(region).removeprefix("https://"))


def test_the_eu_site_and_regions_still_to_come_have_it_too():
    assert is_cloud_host("gaussdb.eu-west-101.myhuaweicloud.eu")
    assert is_cloud_host("gaussdb.cn-north-99.myhuaweicloud.com")


@pytest.mark.parametrize("region", ["", "nowhere-1", "cn-north-4.evil", "CN-NORTH-4"])
def test_an_unknown_region_has_no_endpoint(region):
    for look_up in (endpoint_of, iam_endpoint_of):
        with pytest.raises(UnknownRegionError):
            look_up(region)


@given(st.text(max_size=60))
def test_no_other_text_is_a_host_of_the_cloud(host):
    assert not is_cloud_host(host)
    assert not is_cloud_host(f"gaussdb.cn-north-4.myhuaweicloud.com{host}") or not host
