"""The API's description as a page shows it: operations by resource, their fields in words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from backups.api.views.document import document

REF = "#/components/schemas/"
JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is sent or told, and in which form."""

    name: str
    form: str
    words: str = ""
    place: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A body, as it is written."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    inputs: list[Field]
    outputs: list[Field]
    examples: list[Example]
    statuses: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of one resource."""

    name: str
    operations: list[Operation] = field(default_factory=list)


@cache
def groups() -> list[Group]:
    """All operations, by resource, in the order of the document."""
    found: dict[str, Group] = {}
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if told := methods.get(method):
                name = told["tags"][0]
                found.setdefault(name, Group(name)).operations.append(_operation(path, method, told))
    return list(found.values())


def _operation(path: str, method: str, told: dict[str, Any]) -> Operation:
    body = told.get("requestBody", {}).get("content", {}).get(JSON, {})
    good = [reply for code, reply in told["responses"].items() if code < "300"]
    reply = good[0].get("content", {}).get(JSON, {}) if good else {}
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        paragraphs=[" ".join(part.split()) for part in told.get("description", "").split("\n\n")],
        inputs=[*_parameters(told), *_fields(body.get("schema", {}), _("body"))],
        outputs=list(_fields(reply.get("schema", {}), "")),
        examples=[*_examples(_("You send"), body), *_examples(_("You get"), reply)],
        statuses=[(code, each["description"]) for code, each in sorted(told["responses"].items())],
    )


def _parameters(told: dict[str, Any]) -> Iterator[Field]:
    for each in told.get("parameters", []):
        words, form = each.get("description", ""), _form(each["schema"])
        yield Field(each["name"], form, words, each["in"], each.get("required", False))


def _fields(schema: dict[str, Any], place: str) -> Iterator[Field]:
    whole = _resolved(schema)
    for name, each in whole.get("properties", {}).items():
        words = each.get("description", "") if "$ref" not in each else ""
        yield Field(name, _form(each), words, place, name in whole.get("required", []))


def _form(schema: dict[str, Any]) -> str:
    """In which form a value is, such as "string, at most 64 characters" or "one of a, b"."""
    schema = _resolved(schema)
    if choices := [part for part in schema.get("oneOf", schema.get("anyOf", [])) if part]:
        return _(" or ").join(filter(None, dict.fromkeys(_form(part) for part in choices)))
    if "enum" in schema:
        return _("one of %(values)s") % {"values": ", ".join(str(each or "–") for each in schema["enum"])}
    kinds = schema.get("type", "object")
    kind = _(" or ").join(kinds) if isinstance(kinds, list) else str(kinds)
    if kind == "array":
        kind = _("list of %(what)s") % {"what": _form(schema["items"])}
    return ", ".join([schema.get("format", kind) if "string" in kind else kind, *_bounds(schema)])


def _bounds(schema: dict[str, Any]) -> Iterator[str]:
    if "maxLength" in schema:
        least = schema.get("minLength", 0)
        yield _("%(least)d to %(most)d characters") % {"least": least, "most": schema["maxLength"]}
    if "maximum" in schema and "minimum" in schema:
        yield _("%(least)d to %(most)d") % {"least": schema["minimum"], "most": schema["maximum"]}


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """What the schema points at."""
    for pointer in (schema, *schema.get("allOf", [])):
        if "$ref" in pointer:
            found: dict[str, Any] = document()["components"]["schemas"][pointer["$ref"].removeprefix(REF)]
            return found
    return schema


def _examples(heading: str, body: dict[str, Any]) -> Iterator[Example]:
    for name, example in body.get("examples", {}).items():
        text = json.dumps(example["value"], indent=2, ensure_ascii=False)
        yield Example(f"{heading}: {example.get('summary', name)}", text)
