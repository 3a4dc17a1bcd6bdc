"""What is not well now, what it means for the data, and what to do: for the banner of every page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from backups.models import Project, Pulse, User
from backups.queries.compiled import Compiled

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


@dataclass(frozen=True, slots=True)
class Glance:
    """When the processes were last seen, and whether a project of the reader is not well."""

    reconciler_at: datetime | None = None
    worker_at: datetime | None = None
    queue_failed_at: datetime | None = None
    has_ailing: bool = False


def glance_of(user: User) -> Glance:
    """What there is to know while all is well. One query."""
    return Glance(*SEEN.read(user, user.date_joined))


def _seen(user: User, _at: datetime) -> "QuerySet[User, tuple[Any, ...]]":
    return User.objects.filter(pk=user.pk).annotate(**glanced(user)).values_list(*GLANCED)


SEEN = Compiled(_seen)
GLANCED = ("reconciler_at", "worker_at", "queue_failed_at", "has_ailing")


def glanced(user: User) -> dict[str, Combinable]:
    """The fields of a `Glance`, for a query that reads more at once."""
    return {
        "reconciler_at": Subquery(Pulse.objects.filter(name="reconciler").values("at")),
        "worker_at": Subquery(Pulse.objects.filter(name="worker").values("at")),
        "queue_failed_at": Subquery(Pulse.objects.filter(name="queue").values("failed_at")),
        "has_ailing": Exists(_ailing(user)),
    }


def problems(user: User, *, at: datetime, glance: Glance | None = None) -> list[Problem]:
    """What is not well for `user`, the most general first. Two queries, one of them the `glance`.

    Signs of life that were never seen count as missing once the reader's account is a minute old: no
    account is older than its site, so a site that just starts is given time.
    """
    glance = glance or glance_of(user)
    signs = _signs(glance, at=at, is_starting=at - user.date_joined < STARTING)
    ailing = _ailing(user).select_related("credential") if glance.has_ailing else ()
    return [*_of_processes(signs), *(found for project in ailing for found in of_project(project))]


def signs_of_life(*, at: datetime, is_starting: bool = False) -> Signs:
    """How long ago reconciler and worker last showed life; one never seen is well only while `is_starting`.

    The reconciler sends the messages by which a worker shows life: while it is silent, no message is
    missed, and only one that could not be sent speaks against the queue. One query.
    """
    pulses = {pulse.name: pulse for pulse in Pulse.objects.all()}
    nothing = Pulse()
    seen = Glance(
        reconciler_at=pulses.get("reconciler", nothing).at,
        worker_at=pulses.get("worker", nothing).at,
        queue_failed_at=pulses.get("queue", nothing).failed_at,
    )
    return _signs(seen, at=at, is_starting=is_starting)


def _signs(seen: Glance, *, at: datetime, is_starting: bool) -> Signs:
    reconciler = _judge(seen.reconciler_at, RECONCILER_SILENT, at, is_starting=is_starting)
    answered, failed = seen.worker_at, seen.queue_failed_at
    if failed is not None and (answered is None or failed > answered):
        queue = Life(False, since=answered or failed)
    elif reconciler.is_well:
        queue = _judge(answered, WORKER_SILENT, at, is_starting=is_starting)
    else:
        queue = Life(True, since=answered)
    return Signs(reconciler, queue)


def _ailing(user: User) -> QuerySet[Project]:
    is_ailing = Q(unreachable_since__isnull=False) | Q(credential__failures__gt=0)
    return Project.objects.visible_to(user).filter(is_ailing)


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
