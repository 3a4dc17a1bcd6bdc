"""What a client asks of the cloud's endpoints, judged by the contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backups.api.gateway.errors import EMPTY_REQUEST, Said
from backups.contract import fields
from backups.contract.json_text import NotJsonError, parse_json
from backups.contract.times import parse_time
from backups.models import Source

LARGEST_LIMIT = 100
LONGEST_NUMBER = 12
SOURCES = {"auto": [Source.AUTOMATIC], "manual": [Source.HERE, Source.ELSEWHERE]}
NOT_READ = "Parameter error."


@dataclass(frozen=True, slots=True)
class Wanted:
    """The body of the create call."""

    instance_id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the list: conditions on backups, and the page."""

    offset: int
    limit: int
    conditions: dict[str, Any] = field(default_factory=dict)


def backup(body: bytes, *, allow_chinese: bool) -> Wanted:
    """The checked fields; raises `Said` and `Violation`."""
    told = json_object(body)
    fields.check_instance_id(told.get("instance_id"))
    fields.check_name(told.get("name"), allow_chinese=allow_chinese)
    description = told.get("description")
    if description is None:
        description = ""
    fields.check_description(description)
    return Wanted(told["instance_id"], told["name"], description)


def json_object(body: bytes) -> dict[str, Any]:
    """The object in `body`; raises `Said`."""
    if not body.strip():
        raise Said(400, EMPTY_REQUEST, "The request is empty.")
    try:
        told = parse_json(body)
    except NotJsonError as error:
        raise _parameter("The body is not JSON.") from error
    if not isinstance(told, dict):
        raise _parameter("The body is not an object.")
    return told


def part(query: Mapping[str, str]) -> Part:
    """The checked query of the list; raises `Said`. Names that are not the contract's are passed over."""
    conditions: dict[str, Any] = {}
    if instance_id := query.get("instance_id"):
        fields.check_instance_id(instance_id)
        conditions["instance__cloud_id"] = instance_id
    if backup_id := query.get("backup_id"):
        fields.check_backup_id(backup_id)
        conditions["cloud_id"] = backup_id
    if kind := query.get("backup_type"):
        if kind not in SOURCES:
            raise _parameter("backup_type is auto or manual.")
        conditions["source__in"] = SOURCES[kind]
    begin, end = _moment(query, "begin_time"), _moment(query, "end_time")
    if begin and end and end <= begin:
        raise _parameter("end_time is not later than begin_time.")
    conditions |= {"begin_time__gte": begin} if begin else {}
    conditions |= {"begin_time__lte": end} if end else {}
    offset = _number(query, "offset", 0, least=0, most=2**31)
    return Part(offset, _number(query, "limit", LARGEST_LIMIT, least=1, most=LARGEST_LIMIT), conditions)


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    # A plus that was not percent-encoded arrives as a space.
    text = query.get(name, "").replace(" ", "+")
    try:
        return parse_time(text) if text else None
    except ValueError as error:
        raise _parameter(f"{name} is not yyyy-mm-ddThh:mm:ssZ.") from error


def _number(query: Mapping[str, str], name: str, otherwise: int, *, least: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return otherwise
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    if not (is_number and least <= int(text) <= most):
        raise _parameter(f"{name} is from {least} to {most}.")
    return int(text)


def _parameter(why: str) -> Said:
    return Said(400, fields.INVALID_PARAMETER, f"{NOT_READ} {why}")
