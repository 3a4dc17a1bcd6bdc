"""What the server says when it does not do what was asked (RFC 9457), in words for a person."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import click
import urllib3

from safepoint.ending import FailedError, NoAnswerError, WrongInputError

REMEDIES = {
    401: "The token is wrong, has expired or was revoked.",
    403: "The token's owner has not the right, or the token not the scope.",
    404: "There is no such thing, or the token's team cannot see it.",
}
BAD_FIELDS = (400, 422)
OF_NO_FIELD = "non_field_errors"


def plain(value: object) -> str:
    """Text from elsewhere as one line that a terminal shows and never obeys."""
    return "".join(each if each.isprintable() else " " for each in str(value)).strip()


def understood(reply: urllib3.BaseHTTPResponse | urllib3.exceptions.HTTPError, url: str) -> Any:
    """The answer of a call that went well; anything else is raised with its exit code."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    if isinstance(reply, urllib3.exceptions.HTTPError):
        raise NoAnswerError(f"{origin} does not answer: {plain(reply)}")
    told = parsed(reply.data)
    if 200 <= reply.status < 300:
        if told is None:
            raise FailedError(f"{origin} does not answer as Safepoint does; is SAFEPOINT_URL right?")
        return told
    if 300 <= reply.status < 400:
        raise FailedError(
            f"{origin} leads elsewhere ({plain(reply.headers.get('Location', reply.status))}); "
            "the token was not sent there. Is SAFEPOINT_URL right?"
        )
    raise refusal(reply.status, told if isinstance(told, dict) else {})


def refusal(status: int, problem: dict[str, Any]) -> click.ClickException:
    """The error that tells of a refusal."""
    known = problem.get("detail") or problem.get("title") or REMEDIES.get(status)
    words = plain(known or f"The server answered {status}.")
    fields = problem.get("errors")
    if status in BAD_FIELDS:
        lines = list(field_lines(fields)) if isinstance(fields, dict) else []
        return WrongInputError("\n".join(lines) or words)
    return (NoAnswerError if status >= 500 else FailedError)(f"{words} ({status})")


def field_lines(fields: dict[str, Any]) -> Iterator[str]:
    """Each text at the option that it is about; options bear the names of the interface's fields inside."""
    context = click.get_current_context(silent=True)
    options = {each.name: each.opts[0] for each in context.command.params} if context else {}
    for name, texts in fields.items():
        for text in texts if isinstance(texts, list) else [texts]:
            yield plain(text) if name == OF_NO_FIELD else f"{options.get(name, plain(name))}: {plain(text)}"


def parsed(data: bytes) -> Any:
    """The JSON value, or None if it is none."""
    try:
        return json.loads(data)
    except ValueError:
        return None
