"""The forms in which the cloud, its gateway and the proxies before it say no (contract.md, "Errors")."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from backups.contract.json_text import NotJsonError, mapping_in, parse_json, text_in

MESSAGE_MAX = 500
_CODES = ("error_code", "errorCode", "code")
_MESSAGES = ("error_msg", "errorMsg", "message", "error_message")
_REQUEST_IDS = ("request_id", "requestId")
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,500})", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


class ErrorBody(NamedTuple):
    """What a reply says of an error; "" for what it does not say."""

    code: str
    message: str
    request_id: str


def read_error(body: bytes) -> ErrorBody:
    """The code, message and request id in `body`, whatever its form; never an exception.

    Known forms: `error_code`/`error_msg`, `errorCode`/`errorMsg`, `code`/`message`, each also one level
    down, the gateway's `message`/`request_id`, and HTML, of which the title is kept.
    """
    try:
        levels = list(_levels(parse_json(body)))
    except NotJsonError:
        title = _TITLE.search(body)
        return ErrorBody("", one_line(title[1].decode("utf-8", "replace")) if title else "", "")
    code = _first(levels, _CODES)
    return ErrorBody(
        code if _CODE.fullmatch(code) else "",
        one_line(_first(levels, _MESSAGES)),
        one_line(_first(levels, _REQUEST_IDS)),
    )


def one_line(text: str) -> str:
    """`text` in one line of reasonable length, without control characters."""
    return _UNSEEN.sub(" ", text).strip()[:MESSAGE_MAX]


def _levels(value: Any) -> Iterator[Mapping[str, Any]]:
    top = mapping_in(value)
    yield top
    yield from (nested for nested in top.values() if isinstance(nested, dict))


def _first(levels: list[Mapping[str, Any]], names: tuple[str, ...]) -> str:
    found = (text_in(level.get(name)) for level in levels for name in names)
    return next((text for text in found if text), "")
