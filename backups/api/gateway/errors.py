"""Saying no as the cloud does (contract.md, "Errors"), and the codes of our own for what it does not know."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from backups.contract import fields
from backups.contract.violations import Violation
from backups.models import Backup, Status
from backups.operations.creation import DraftsRefused
from backups.operations.rights import RightError
from backups.queries.described import page_of

NEEDS_APPROVAL = "SAFEPOINT.0001"
UNDER_WAY = "SAFEPOINT.0002"
REJECTED = "SAFEPOINT.0003"
EXPIRED = "SAFEPOINT.0004"
CANCELLED = "SAFEPOINT.0005"

NAME_TAKEN = "DBS.201209"
NO_INSTANCE = "DBS.200002"
NOT_AUTHORIZED = "DBS.200010"
NOT_NORMAL = "DBS.200011"
EMPTY_REQUEST = "DBS.200006"


class Said(Exception):
    """A call that is not carried out: the HTTP status, the code and the words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    @property
    def body(self) -> dict[str, Any]:
        """The cloud's form of an error."""
        return {"error_code": self.code, "error_msg": self.message}


class SignInSaid(Said):
    """The sign-in service's form of an error."""

    @property
    def body(self) -> dict[str, Any]:
        """As Keystone has it."""
        return {"error": {"code": self.status, "message": self.message, "title": self.code}}


def bad_sign_in(why: str) -> Said:
    """401, in the words by which clients tell what is wrong."""
    return Said(401, "APIGW.0301", f"Incorrect IAM authentication information: {why}")


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The reply to an exception in a view; None for a mistake of ours, which the site's 500 tells."""
    said = _said(error)
    if said is None:
        return None
    headers = {"WWW-Authenticate": "SDK-HMAC-SHA256"} if said.status == 401 else {}
    if seconds := getattr(error, "wait", None):
        headers["Retry-After"] = f"{seconds:.0f}"
    reply = Response(said.body, status=said.status, headers=headers)
    reply.exception = True
    return reply


def of_state(backup: Backup) -> Said:
    """Why a request that is recorded has no backup to show, and where to look."""
    place = page_of(backup.pk)
    match Status(backup.status):
        case Status.AWAITING_APPROVAL:
            told = _("Recorded, and waits for %(count)d approvals until %(until)s: %(place)s")
            words = {"count": backup.approvals_needed, "until": backup.approve_by, "place": place}
            return Said(403, NEEDS_APPROVAL, told % words)
        case Status.REJECTED:
            return Said(403, REJECTED, _("Rejected: %(place)s") % {"place": place})
        case Status.EXPIRED:
            told = _("Expired: %(why)s %(place)s")
            return Said(403, EXPIRED, told % {"why": backup.error_message, "place": place})
        case Status.CANCELLED:
            return Said(409, CANCELLED, _("Cancelled: %(place)s") % {"place": place})
        case Status.REFUSED:
            last = backup.attempts.order_by("-number").first()
            status = last.http_status if last and last.http_status else 400
            return Said(status, backup.error_code or fields.INVALID_PARAMETER, backup.error_message)
        case _:
            told = _("Recorded, and on its way. Make the same call again: %(place)s")
            return Said(409, UNDER_WAY, told % {"place": place})


def _said(error: Exception) -> Said | None:
    match error:
        case Said():
            return error
        case Violation():
            return Said(400, error.code or fields.INVALID_PARAMETER, f"Parameter error. {error}")
        case DraftsRefused():
            return _of_draft(error.problems[0], error.message)
        case RightError():
            return Said(403, NOT_AUTHORIZED, error.message)
    return _of_http(error)


def _of_http(error: Exception) -> Said | None:
    """What is wrong before a call is understood."""
    match error:
        case RequestDataTooBig():
            return Said(413, "APIGW.0201", "The request is too large.")
        case exceptions.Throttled():
            return Said(429, "APIGW.0308", "The throttling threshold has been reached.")
        case exceptions.MethodNotAllowed():
            return Said(404, "APIGW.0101", "The API does not exist here: create and list backups do.")
        case exceptions.APIException():
            return Said(error.status_code, fields.INVALID_PARAMETER, f"Parameter error. {error.detail}")
    return None


def _of_draft(problems: Mapping[str, list[str]], message: str) -> Said:
    """The contract's own rules were checked before: what is left is a name in use."""
    if set(problems) == {"name"}:
        return Said(409, NAME_TAKEN, f"The backup name already exists. {message}")
    return Said(400, fields.INVALID_PARAMETER, f"Parameter error. {message}")
