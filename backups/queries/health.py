"""What is not well now, what it means for the data, and what to do: for the banner of every page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from backups.models import Project, Pulse, User

RECONCILER_SILENT = timedelta(seconds=30)
WORKER_SILENT = timedelta(seconds=60)
STARTING = timedelta(minutes=1)
"""A site this young may still be starting: nothing has beaten yet, and that frightens nobody."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not well. `is_urgent`: it does not mend itself, a person has to act."""

    kind: str
    title: str
    meaning: str
    remedy: str
    since: datetime | None
    is_urgent: bool = False
    project: UUID | None = None

    @property
    def key(self) -> str:
        """What tells it from other problems, and from itself once more urgent."""
        return f"{self.kind}:{self.project or ''}:{self.is_urgent:d}"


@dataclass(frozen=True, slots=True)
class Life:
    """Whether one kind of process shows signs of life, and since when it does not."""

    is_well: bool
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of life of the reconciler and of the queue, which ends at a worker."""

    reconciler: Life
    queue: Life


def problems(user: User, *, at: datetime) -> list[Problem]:
    """What is not well for `user`, the most general first. One query, and one more while a cloud is not well.

    Signs of life that were never seen count as missing once the reader's account is a minute old: no
    account is older than its site, so a site that just starts is given time.
    """
    ailing = Project.objects.visible_to(user).select_related("credential")
    ailing = ailing.filter(Q(unreachable_since__isnull=False) | Q(credential__failures__gt=0))
    pulses = list(Pulse.objects.annotate(is_any_ailing=Exists(ailing)))
    signs = _signs(pulses, at=at, is_starting=at - user.date_joined < STARTING)
    projects = ailing if not pulses or pulses[0].is_any_ailing else []
    return [*_of_processes(signs), *(found for project in projects for found in of_project(project))]


def signs_of_life(*, at: datetime) -> Signs:
    """How long ago reconciler and worker last showed life. One query."""
    return _signs(Pulse.objects.all(), at=at, is_starting=False)


def _signs(found: Iterable[Pulse], *, at: datetime, is_starting: bool) -> Signs:
    """The signs of life; one never seen is well only while `is_starting`.

    The reconciler sends the messages by which a worker shows life: while it is silent, no message is
    missed, and only one that could not be sent speaks against the queue.
    """
    pulses = {pulse.name: pulse for pulse in found}
    nothing = Pulse()
    reconciler = _judge(pulses.get("reconciler", nothing).at, RECONCILER_SILENT, at, is_starting=is_starting)
    answered = pulses.get("worker", nothing).at
    failed = pulses.get("queue", nothing).failed_at
    if failed is not None and (answered is None or failed > answered):
        queue = Life(False, since=answered or failed)
    elif reconciler.is_well:
        queue = _judge(answered, WORKER_SILENT, at, is_starting=is_starting)
    else:
        queue = Life(True, since=answered)
    return Signs(reconciler, queue)


def of_project(project: Project) -> Iterator[Problem]:
    """What is not well between us and the cloud of `project`, read with its credential."""
    credential, name = project.credential, {"project": project.name}
    if credential.failures:
        yield _of_sign_in(project)
    elif project.unreachable_since is not None:
        yield Problem(
            kind="cloud",
            title=_("The cloud of %(project)s does not answer") % name,
            meaning=_(
                "%(why)s Nothing is lost: backups of this project wait, and what the cloud is building goes "
                "on there."
            )
            % {"why": project.unreachable_why},
            remedy=_(
                "Nothing to do at first: Safepoint asks again by itself. If it lasts, test the connection."
            ),
            since=project.unreachable_since,
            project=project.pk,
        )


def _of_sign_in(project: Project) -> Problem:
    credential, name = project.credential, {"project": project.name}
    waits = _("Nothing is lost: backups of this project wait and nothing is sent.")
    if credential.skew_seconds is not None:
        kind, title = "clock", _("The clock is off, so the cloud of %(project)s refuses us")
        remedy = _("Set this machine’s clock by NTP, then test the project’s connection.")
    elif credential.needs_a_person:
        kind, title = "credential", _("The credential of %(project)s is stopped")
        remedy = _(
            "The cloud locks a key that goes on failing, so Safepoint does not try again by itself. "
            "An admin mends the credential and tests the connection: then everything goes on."
        )
    else:
        kind, title = "credential", _("The cloud does not accept the credential of %(project)s")
        remedy = _("Check the credential and test the connection. Safepoint tries again in a few minutes.")
    return Problem(
        kind=kind,
        title=title % name,
        meaning=f"{credential.failure} {waits}".strip(),
        remedy=remedy,
        since=credential.failed_at,
        is_urgent=credential.needs_a_person,
        project=project.pk,
    )


def _of_processes(signs: Signs) -> Iterator[Problem]:
    if not signs.reconciler.is_well:
        yield Problem(
            kind="reconciler",
            title=_("The reconciler is silent"),
            meaning=_(
                "Nothing is lost: everything asked for is in the database. New backups are still sent while "
                "the queue works, but steps that come later, such as the next look, may have to wait."
            )
            if signs.queue.is_well
            else _(
                "Nothing is lost: everything asked for is in the database. But the queue is not well either, "
                "so nothing goes on until one of the two is back."
            ),
            remedy=_("The operator starts the reconciler; its log says why it ended."),
            since=signs.reconciler.since,
            is_urgent=not signs.queue.is_well,
        )
    if not signs.queue.is_well:
        yield Problem(
            kind="queue",
            title=_("The queue is slow"),
            meaning=_(
                "Nothing is lost: messages only make things quicker. The reconciler takes every step by "
                "itself within seconds."
            )
            if signs.reconciler.is_well
            else _("Nothing is lost: messages only make things quicker."),
            remedy=_("The operator sees whether Redis and a worker run."),
            since=signs.queue.since,
        )


def _judge(seen: datetime | None, silent: timedelta, at: datetime, *, is_starting: bool) -> Life:
    if seen is None:
        return Life(is_starting)
    return Life(at - seen <= silent, since=seen)
