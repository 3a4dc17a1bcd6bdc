"""Backups with all that a program is told of them: three queries, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from backups.models import Attempt, Backup, Status, Verdict
from backups.models.states import FINAL
from backups.queries import history
from backups.queries.history import BackupRow


@dataclass(frozen=True, slots=True)
class Described:
    """One backup. `given`: the approvals that count."""

    backup: Backup
    row: BackupRow
    given: int
    attempts: list[Attempt]

    @property
    def waits_for(self) -> str | None:
        """What it waits for, in words; None where nothing but the cloud."""
        backup = self.backup
        if backup.status == Status.AWAITING_APPROVAL:
            told = _("%(given)d of %(needed)d approvals by others.")
            return told % {"given": self.given, "needed": backup.approvals_needed}
        if self.row.needs_decision:
            return _("A person must decide whether it is sent again.")
        if backup.status == Status.QUEUED:
            ahead = _("“%(name)s”, which runs on the same instance.") % {"name": self.row.waits_for}
            return ahead if self.row.waits_for else backup.error_message or _("A worker.")
        return None

    @property
    def error(self) -> dict[str, str] | None:
        """What went wrong, and what to do about it; None where nothing did."""
        backup = self.backup
        if not (backup.error_code or backup.error_message):
            return None
        return {"code": backup.error_code, "message": backup.error_message, "remedy": backup.error_remedy}

    @property
    def approvals(self) -> dict[str, object]:
        """How many others must agree, how many did, and until when."""
        needed, until = self.backup.approvals_needed, self.backup.approve_by
        return {"needed": needed, "given": self.given, "approve_by": until}

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.backup.status in FINAL

    @property
    def url(self) -> str:
        """Its page, for a person."""
        return page_of(self.backup)


def page_of(backup: Backup) -> str:
    """The address of the page on which a person sees `backup`."""
    return f"{settings.SITE_URL}/backups/{backup.pk}/"


def of_rows(rows: Sequence[BackupRow]) -> list[Described]:
    """The rows of a page of the history, in their order: two queries more."""
    ids = [row.id for row in rows]
    approvals = Count("decisions", filter=Q(decisions__voided_at=None, decisions__verdict=Verdict.APPROVED))
    found = Backup.objects.filter(pk__in=ids).annotate(given=approvals)
    related = found.select_related("team", "instance__project", "instance__team", "requested_by")
    backups = {backup.pk: backup for backup in related}
    attempts: dict[UUID, list[Attempt]] = {pk: [] for pk in ids}
    for attempt in Attempt.objects.filter(backup__in=ids).order_by("backup", "number"):
        attempts[attempt.backup_id].append(attempt)
    return [
        Described(backup, row, backup.given, attempts[row.id])
        for row in rows
        if (backup := backups.get(row.id)) is not None
    ]


def one(pk: UUID) -> Described:
    """The backup with this id: three queries."""
    [found] = of_rows(history.rows_of([pk]))
    return found
