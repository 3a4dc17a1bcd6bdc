"""The cloud's regions and the addresses of its services there (contract.md, "Regions and endpoints") [S]."""

import re

DATABASE_SERVICES = ("gaussdb", "gaussdbformysql", "gaussdb-mysql")

_REGIONS_OF_SERVICE = {
    "gaussdb": (
        "cn-north-2 cn-north-4 cn-north-9 cn-east-3 cn-south-1 cn-south-4 cn-southwest-2 "
        "ap-southeast-3 ap-southeast-4 ru-northwest-2 sa-brazil-1"
    ),
    "gaussdbformysql": "ap-southeast-1 ap-southeast-2 tr-west-1 cn-north-11 me-east-1",
    "gaussdb-mysql": "af-south-1 cn-east-5 cn-southwest-3 la-north-2",
}

REGIONS = {region: service for service, regions in _REGIONS_OF_SERVICE.items() for region in regions.split()}
"""Each region with the name of the database service there."""

_CLOUD_HOST = re.compile(
    r"(?:gaussdb|gaussdbformysql|gaussdb-mysql|iam)"
    r"\.[a-z]{2}-[a-z]{2,20}-[0-9]{1,3}"
    r"\.myhuaweicloud\.(?:com|eu)",
    re.ASCII,
)


class UnknownRegionError(LookupError):
    """A region for which the contract gives no endpoint."""


def endpoint_of(region: str) -> str:
    """The database service's origin in `region`; raises `UnknownRegionError`."""
    if region not in REGIONS:
        raise UnknownRegionError(region)
    return f"https://{REGIONS[region]}.{region}.myhuaweicloud.com"


def iam_endpoint_of(region: str) -> str:
    """The sign-in service's origin in `region`; raises `UnknownRegionError`."""
    if region not in REGIONS:
        raise UnknownRegionError(region)
    return f"https://iam.{region}.myhuaweicloud.com"


def is_cloud_host(host: str) -> bool:
    """Whether `host` is a host of the vendor's cloud (security.md, row 5): exact, in lower case.

    A region that the table does not know yet is fine; another service or another domain is not.
    """
    return _CLOUD_HOST.fullmatch(host) is not None
