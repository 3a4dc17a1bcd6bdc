"""The contract's rule for each field of a request."""

import json
import re
from datetime import datetime
from typing import Any

from backups.simulator import refusals

NAME_LENGTHS = range(4, 65)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
DESCRIPTION_LENGTH = 256
FORBIDDEN_IN_DESCRIPTION = re.compile(r"[>!<\"&'=\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
INSTANCE_ID = re.compile(
    r"[0-9a-f]{32}in[0-9]{2}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
BACKUP_ID = re.compile(
    r"[0-9a-f]{32}br[0-9]{2}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{4})")
WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
PAGE_SIZES = range(1, 101)


def json_object(body: bytes) -> dict[str, Any]:
    """The object that a request's body holds."""
    if not body.strip():
        raise refusals.empty_request()
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refusals.bad_parameter("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise refusals.bad_parameter("The body is not an object.")
    if not value:
        raise refusals.empty_request()
    return value


def text(fields: dict[str, Any], name: str) -> str:
    """A field that must be there and be a string."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise refusals.bad_parameter(f"{name} must be a string.")
    return value


def backup_name(value: str) -> str:
    """4 to 64 characters: a letter, then letters, digits, hyphens and underscores."""
    if len(value) not in NAME_LENGTHS:
        raise refusals.bad_name("It must have 4 to 64 characters.")
    if not NAME.fullmatch(value):
        raise refusals.bad_name("It must start with a letter and hold letters, digits, - and _ only.")
    return value


def description(value: Any) -> str:
    """At most 256 characters, without line breaks and the seven characters that the cloud refuses."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise refusals.bad_parameter("description must be a string.")
    if len(value) > DESCRIPTION_LENGTH:
        raise refusals.bad_description("It must have at most 256 characters.")
    if FORBIDDEN_IN_DESCRIPTION.search(value):
        raise refusals.bad_description("It must not hold line breaks or any of > ! < \" & ' =")
    return value


def instance_id(value: str) -> str:
    """A UUID, or 32 hex digits, `in` and two digits."""
    if not INSTANCE_ID.fullmatch(value):
        raise refusals.bad_parameter("instance_id is not valid.")
    return value


def backup_id(value: str) -> str:
    """A UUID, or 32 hex digits, `br` and two digits."""
    if not BACKUP_ID.fullmatch(value):
        raise refusals.bad_backup_id()
    return value


def backup_type(value: str) -> str:
    """`auto` or `manual`."""
    if value not in {"auto", "manual"}:
        raise refusals.bad_parameter("backup_type must be auto or manual.")
    return value


def moment(value: str, field: str) -> float:
    """A time such as 2020-07-07T01:17:05+0800, as seconds since 1970."""
    if not TIME.fullmatch(value):
        raise refusals.bad_parameter(f"{field} is not a time like yyyy-mm-ddThh:mm:ss+0800.")
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except (ValueError, OverflowError) as error:
        raise refusals.bad_parameter(f"{field} is not a time.") from error


def period(query: dict[str, str]) -> tuple[float, float] | None:
    """From begin_time to end_time, where a call asks for a period."""
    if "begin_time" not in query and "end_time" not in query:
        return None
    begin = moment(query["begin_time"], "begin_time") if "begin_time" in query else 0.0
    end = moment(query["end_time"], "end_time") if "end_time" in query else float("inf")
    if end <= begin:
        raise refusals.bad_parameter("end_time must be later than begin_time.")
    return begin, end


def page(query: dict[str, str]) -> tuple[int, int]:
    """Which part of a list is asked for: offset, limit."""
    offset, limit = query.get("offset", "0"), query.get("limit", "100")
    if not WHOLE_NUMBER.fullmatch(offset):
        raise refusals.bad_parameter("offset must be a number from 0.")
    if not WHOLE_NUMBER.fullmatch(limit) or int(limit) not in PAGE_SIZES:
        raise refusals.bad_parameter("limit must be a number from 1 to 100.")
    return int(offset), int(limit)
