"""What each call to the cloud proves about the backup, in plain words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backups.models import Attempt, Backup, Outcome

LOWEST_ERROR = 400
MEANINGS: dict[str, Promise] = {
    Outcome.IN_FLIGHT: _("The call is being made."),
    Outcome.ACCEPTED: _("The cloud took the request."),
    Outcome.REFUSED: _("The cloud said no before doing anything: this call made no backup."),
    Outcome.LATER: _("The cloud did not carry it out this time: this call made no backup."),
    Outcome.NOT_SENT: _("Nothing left this machine: this call made no backup."),
    Outcome.SIGN_IN_FAILED: _("The cloud did not accept the credential: this call made no backup."),
    Outcome.LOST: _(
        "The worker did not come back from this call: whether it was made, and what the cloud said, is not "
        "known."
    ),
}
NO_ANSWER = _("The request left and no answer came back: the cloud may have carried it out.")
NO_CLEAR_ERROR = _(
    "The cloud answered with an error of its own, which does not say whether it had begun the backup before."
)
UNREADABLE = _("The cloud seemed to say yes, but its answer does not say which backup it began.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One call and what it proves."""

    attempt: Attempt
    meaning: Promise


def of(backup: Backup) -> list[Evidence]:
    """The calls made for `backup`, newest first. One query."""
    return [Evidence(attempt, _meaning(attempt)) for attempt in backup.attempts.order_by("-number")]


def _meaning(attempt: Attempt) -> Promise:
    if attempt.outcome != Outcome.AMBIGUOUS:
        return MEANINGS[attempt.outcome]
    if attempt.http_status is None:
        return NO_ANSWER
    return NO_CLEAR_ERROR if attempt.http_status >= LOWEST_ERROR else UNREADABLE
