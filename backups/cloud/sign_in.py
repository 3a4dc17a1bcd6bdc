"""Fetching a token from the sign-in service, IAM, which speaks Keystone's dialect (contract.md) [R]."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from backups.cloud.answers import Answer
from backups.cloud.errors import (
    CloudAmbiguous,
    CloudError,
    CloudLater,
    CloudNotSent,
    CredentialFailed,
)
from backups.cloud.tokens import Token
from backups.contract.error_bodies import one_line
from backups.contract.errors import Kind
from backups.contract.json_text import NotJsonError, mapping_in, parse_json, text_in
from backups.contract.meanings import IAM_REFUSED
from backups.contract.times import parse_time
from backups.contract.violations import gettext_noop
from backups.secrecy.secret import Secret

TOKENS_PATH = "/v3/auth/tokens"
AT_STEP = "sign_in"
SHORTEST_LIFE = timedelta(minutes=10)
"""How long a token is used whose end the service does not tell."""

Other = TypeVar("Other", bound=CloudError)
Post = Callable[[str, str, Secret], Answer]
"""Posts a secret body to a path of an endpoint, within the deadline of the call that needs it."""


@dataclass(frozen=True, slots=True)
class UserPassword:
    """An IAM user; without a project the token is not scoped to one."""

    domain: str
    name: str
    password: Secret
    project_id: str = ""


def fetch_token(endpoint: str, user: UserPassword, *, post: Post, at: datetime) -> Token:
    """A new token. Every error proves that the call which needed it was not sent.

    `CredentialFailed`: a person must look. `CloudLater`, `CloudNotSent`: the service is busy, away, or
    answers what nobody can read.
    """
    failure: CloudError
    try:
        answer = post(endpoint, TOKENS_PATH, _body(user))
    except CloudAmbiguous as error:
        failure = _not_signed_in(error)
    else:
        if answer.is_success:
            return _token(answer, at)
        failure = _refusal(answer)
    raise failure


def _body(user: UserPassword) -> Secret:
    password: dict[str, Any] = {
        "name": user.name,
        "password": user.password.reveal(),
        "domain": {"name": user.domain},
    }
    auth: dict[str, Any] = {
        "identity": {"methods": ["password"], "password": {"user": password}},
    }
    if user.project_id:
        auth["scope"] = {"project": {"id": user.project_id}}
    return Secret(json.dumps({"auth": auth}))


def _token(answer: Answer, at: datetime) -> Token:
    value = Secret(str(answer.headers.get("X-Subject-Token", "")).strip())
    if not value or not value.reveal().isascii() or not value.reveal().isprintable():
        raise _not_signed_in(answer.unclear("the reply holds no token", at_step=AT_STEP))
    return Token(value, _end_of(answer) or at + SHORTEST_LIFE)


def _end_of(answer: Answer) -> datetime | None:
    try:
        token = mapping_in(mapping_in(parse_json(answer.body)).get("token"))
        return parse_time(text_in(token.get("expires_at")) or "")
    except (NotJsonError, ValueError):
        return None


def _refusal(answer: Answer) -> CloudError:
    error = answer.refusal(at_step=AT_STEP)
    match error.kind:
        case Kind.LATER:
            return _as(CloudLater, error)
        case Kind.AMBIGUOUS:
            return _not_signed_in(error)
        case _:
            return _as_refused(error)


def _as_refused(error: CloudError) -> CredentialFailed:
    refused = _as(CredentialFailed, error)
    if error.http_status in (400, 401, 403):
        refused.meaning, refused.remedy = IAM_REFUSED.meaning, IAM_REFUSED.remedy
        refused.field = IAM_REFUSED.field
    else:
        refused.remedy = gettext_noop("Check the project's IAM endpoint and its project ID.")
    return refused


def _not_signed_in(error: CloudError) -> CloudNotSent:
    """The sign-in came to no clear end; whatever needed it was surely not sent."""
    away = _as(CloudNotSent, error)
    away.meaning = gettext_noop("The cloud's sign-in service gave no usable answer.")
    away.remedy = gettext_noop("Nothing was sent. Check the IAM endpoint; Safepoint tries again by itself.")
    return away


def _as(kind: type[Other], error: CloudError) -> Other:
    return kind(
        one_line(error.detail),
        at_step=AT_STEP,
        meaning=error.meaning,
        remedy=error.remedy,
        field=error.field,
        http_status=error.http_status,
        error_code=error.error_code,
        error_msg=error.error_msg,
        request_id=error.request_id,
        retry_after=error.retry_after,
        skew_seconds=error.skew_seconds,
        exchange=error.exchange,
    )
