"""Calls to a project's cloud: whether one may be made now, and what its outcome says about the cloud.

A cloud that does not answer is left alone for a while, then asked by one call at a time; a credential that
fails is stopped before its key is locked (contract.md, "Signing in"), and at last waits for a person.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backups import cloud
from backups.models import Backup, Credential, Project
from backups.models.states import MOVING, values
from backups.operations import connections, pace
from backups.operations.lanes import Lanes

FAILURES_BEFORE_PAUSE = 3
LARGEST_SKEW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hold:
    """No call may be made before `until`; why not, in words for a person."""

    until: datetime
    message: str
    remedy: str


def held(project: Project, *, at: datetime) -> Hold | None:
    """What keeps every call back now, if anything does."""
    if project.credential.needs_a_person:
        return _hold(project, until=at + pace.STOPPED)
    if project.retry_at is not None and project.retry_at > at:
        return _hold(project, until=project.retry_at)
    return None


def admit(project: Project, *, at: datetime) -> Hold | None:
    """Whether a call may be made now: None, or until when not.

    After a failure one caller at a time gets through: whoever moves the time of the next try.
    """
    if (hold := held(project, at=at)) or project.retry_at is None:
        return hold
    lease = at + pace.lease()
    is_ours = Project.objects.filter(pk=project.pk, retry_at=project.retry_at).update(retry_at=lease)
    return None if is_ours else _hold(project, until=at + pace.FIRST_FOLLOW)


@contextmanager
def calling(project: Project, *, at: datetime) -> Iterator[cloud.CloudClient]:
    """The client for a call that was admitted; what comes of the call is noted on the project.

    1. Wait for one of the credential's lanes; it is kept until the outcome is noted.
    2. Should others have failed in the meantime, give up before the cloud hears of it.
    Raises what the call raises, `cloud.NotOurTurn`, and `connections.CredentialClosedError`.
    """
    with Lanes(project.credential.pk).lane(within_seconds=pace.lane_patience()):
        if not _is_as_admitted(project):
            raise cloud.NotOurTurn("calls that were made meanwhile have failed")
        try:
            yield connections.client_for(project)
        except cloud.CloudError as error:
            note_error(project, error, at=at)
            raise
        note_answer(project, at=at)


def note_answer(project: Project, *, at: datetime) -> None:
    """The cloud answered, and took the credential; nothing is noted where others have failed since."""
    if _credential_as_admitted(project).exists():
        _clear(project, at=at)


def note_error(project: Project, error: cloud.CloudError, *, at: datetime) -> None:
    """Note what an error says about the cloud or the credential."""
    match error:
        case cloud.CredentialFailed():
            note_sign_in_failed(project, connections.in_words(error)[0], skew=error.skew_seconds, at=at)
        case cloud.CloudNotSent() if error.is_our_own:
            return
        case cloud.CloudNotSent():
            _note_unreachable(project, error, at=at)
        case cloud.CloudAmbiguous() if error.http_status is None or error.http_status >= 500:
            _note_unreachable(project, error, at=at)
        case cloud.CloudLater() if error.http_status == 429:
            Lanes(project.credential.pk).pause(pace.after_429(error, attempts=1).total_seconds())
            note_answer(project, at=at)
        case _:
            note_answer(project, at=at)


def note_sign_in_failed(project: Project, reason: str, *, skew: float | None = None, at: datetime) -> None:
    """The cloud did not take the credential: leave it alone while a key would be locked, or for good.

    Where the clocks differ by more than the cloud allows (`skew` in seconds), that is the reason.
    """
    is_skewed = skew is not None and abs(skew) > LARGEST_SKEW.total_seconds()
    Credential.objects.filter(project=project).update(
        failures=F("failures") + 1,
        failed_at=at,
        failure=skew_in_words(skew) if is_skewed and skew is not None else reason,
        skew_seconds=skew if is_skewed else None,
    )
    Project.objects.filter(pk=project.pk).update(retry_at=at + pace.KEY_LOCK)


def resume(project: Project, *, at: datetime) -> None:
    """A person had the connection tested, and it works: whatever waited for that goes on."""
    _clear(project, at=at)
    Credential.objects.filter(project=project).update(verified_at=at)
    start_over(project, at=at)


def start_over(project: Project, *, at: datetime) -> None:
    """Forget that the cloud did not answer, and let whatever waited for it go on."""
    Project.objects.filter(pk=project.pk).update(
        calls_failed=0, unreachable_since=None, unreachable_why="", retry_at=None
    )
    Backup.objects.filter(instance__project=project, status__in=values(MOVING), next_action_at__gt=at).update(
        next_action_at=at
    )


def skew_in_words(seconds: float) -> str:
    """How far this machine's clock is from the cloud's, as a sentence."""
    minutes = round(abs(seconds) / 60)
    if seconds > 0:
        return ngettext(
            "This machine's clock is %(minutes)d minute ahead of the cloud's.",
            "This machine's clock is %(minutes)d minutes ahead of the cloud's.",
            minutes,
        ) % {"minutes": minutes}
    return ngettext(
        "This machine's clock is %(minutes)d minute behind the cloud's.",
        "This machine's clock is %(minutes)d minutes behind the cloud's.",
        minutes,
    ) % {"minutes": minutes}


def _clear(project: Project, *, at: datetime) -> None:
    Credential.objects.filter(project=project).filter(
        Q(failures__gt=0) | Q(verified_at=None) | Q(verified_at__lt=at - pace.VERIFIED_FOR)
    ).update(verified_at=at, failed_at=None, failure="", failures=0, skew_seconds=None)
    Project.objects.filter(pk=project.pk).filter(Q(calls_failed__gt=0) | Q(retry_at__isnull=False)).update(
        calls_failed=0, unreachable_since=None, unreachable_why="", retry_at=None
    )


def _is_as_admitted(project: Project) -> bool:
    """Whether the credential and the cloud stand as they did when a call to `project` was admitted."""
    few = max(project.calls_failed, FAILURES_BEFORE_PAUSE - 1)
    return _credential_as_admitted(project).filter(project__calls_failed__lte=few).exists()


def _credential_as_admitted(project: Project) -> QuerySet[Credential]:
    """The credential, unless it has failed since `project` was read."""
    return Credential.objects.filter(pk=project.credential.pk, failures__lte=project.credential.failures)


def _note_unreachable(project: Project, error: cloud.CloudError, *, at: datetime) -> None:
    """Count a call without an answer; from the third in a row on the cloud is left alone for a while."""
    Project.objects.filter(pk=project.pk).update(calls_failed=F("calls_failed") + 1)
    project.refresh_from_db(fields=["calls_failed", "unreachable_since"])
    is_certificate = isinstance(error, cloud.CertificateRefused)
    if project.calls_failed < FAILURES_BEFORE_PAUSE and not is_certificate:
        return
    wait = pace.LONGEST_RETRY if is_certificate else pace.before_probe(project.calls_failed)
    Project.objects.filter(pk=project.pk).update(
        unreachable_since=project.unreachable_since or at,
        unreachable_why=connections.in_words(error)[0],
        retry_at=at + wait,
    )


def _hold(project: Project, *, until: datetime) -> Hold:
    credential = project.credential
    if credential.failures:
        return Hold(
            until, credential.failure, _("Test the project's connection once its credential is mended.")
        )
    if project.unreachable_since:
        return Hold(until, project.unreachable_why, _("Nothing to do: Safepoint asks again by itself."))
    return Hold(until, "", "")
