"""What goes wrong, as RFC 9457 has it: one form for every error under `/api/`."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from backups.models import Api
from backups.operations.creation import DraftsRefused
from backups.operations.declarations.entries import Problem
from backups.operations.declarations.run import DeclarationRefused
from backups.operations.projects import ProjectRefused
from backups.operations.refusals import Refused

CONTENT_TYPE = "application/problem+json"
OF_NO_FIELD = "non_field_errors"
FORBIDDEN_CODES = frozenset({"no_right"})

Errors = Mapping[str, list[str]]


def problem(status: int, code: str, detail: str, errors: Errors | None = None) -> dict[str, Any]:
    """The body: what kind it is, in words of HTTP and of ours, and what is wrong with which field."""
    told: dict[str, Any] = {
        "type": f"urn:safepoint:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return told | ({"errors": dict(errors)} if errors else {})


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The reply to an exception in a view; None for a mistake of ours, which the site's 500 tells."""
    if isinstance(error, Refused):
        return _respond(*_of_refusal(error))
    if isinstance(error, RequestDataTooBig):
        return _respond(413, "too_large", _("The body is too large."))
    if isinstance(error, exceptions.ValidationError):
        return _respond(400, "invalid", _("The request does not have the right form."), _flat(error.detail))
    reply = exception_handler(error, dict(context))
    if reply is None:
        return None
    told = _respond(reply.status_code, *_code_and_detail(error))
    for name, value in reply.headers.items():
        told.headers[name] = value
    return told


def is_gateway(request: HttpRequest) -> bool:
    """Whether a client of the cloud is spoken to."""
    return request.path.startswith(tuple(f"/{api.value}/" for api in Api))


def in_the_clouds_form(status: int) -> JsonResponse:
    """The same for a client of the cloud (contract.md, "Errors")."""
    code = "DBS.108000" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "APIGW.0201"
    body = {"error_code": code, "error_msg": HTTPStatus(status).phrase}
    return JsonResponse(body, status=status)


def to_a_program(status: int, code: str, detail: str) -> JsonResponse:
    """The same for what no view of ours saw: a path that leads nowhere, a mistake of ours."""
    return JsonResponse(problem(status, code, detail), status=status, content_type=CONTENT_TYPE)


def is_api(request: HttpRequest) -> bool:
    """Whether a program is spoken to."""
    return request.path.startswith("/api/")


def _respond(status: int, code: str, detail: str, errors: Errors | None = None) -> Response:
    reply = Response(problem(status, code, detail, errors), status=status, content_type=CONTENT_TYPE)
    reply.exception = True
    return reply


def _of_refusal(refused: Refused) -> tuple[int, str, str, Errors | None]:
    """403 for who may not, 422 for a field that breaks a rule, 409 for what stands otherwise by now."""
    if isinstance(refused, DraftsRefused):
        return 422, "invalid", refused.message, _named(refused.problems[0])
    if isinstance(refused, DeclarationRefused):
        return 422, "invalid", refused.message, _by_place(refused.problems)
    if isinstance(refused, ProjectRefused):
        return 422, "invalid", refused.message, refused.problems
    if refused.code in FORBIDDEN_CODES:
        return 403, refused.code, refused.message, None
    if refused.field is not None:
        return 422, refused.code, refused.message, {refused.field: [refused.message]}
    return 409, refused.code, refused.message, None


def _named(problems: Errors) -> Errors:
    """A draft's fields as the API calls them."""
    return {"instance_id" if field == "instance" else field: texts for field, texts in problems.items()}


def _by_place(problems: Iterable[Problem]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for each in problems:
        told.setdefault(each.place or OF_NO_FIELD, []).append(each.message)
    return told


def _code_and_detail(error: Exception) -> tuple[str, str]:
    if isinstance(error, Http404):
        return "not_found", _("There is nothing here, as far as this token may know.")
    if isinstance(error, DjangoPermissionDenied):
        return "no_right", str(error)
    if isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        return codes if isinstance(codes, str) else "invalid", str(error.detail)
    return "error", ""  # pragma: no cover  the three above are all that DRF answers


def _flat(detail: Any, place: str = "") -> dict[str, list[str]]:
    """Each field by its path, such as `windows.0.from`, with its texts."""
    if isinstance(detail, dict):
        parts = [_flat(value, f"{place}.{name}" if place else str(name)) for name, value in detail.items()]
    elif detail and isinstance(detail, list) and isinstance(detail[0], dict):
        parts = [_flat(value, f"{place}.{index}") for index, value in enumerate(detail) if value]
    else:
        return {place or OF_NO_FIELD: [str(text) for text in detail]}
    return {name: texts for part in parts for name, texts in part.items()}
