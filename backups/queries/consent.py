"""Who has agreed to a request, who could, and until when."""

from dataclasses import dataclass
from datetime import datetime

from backups.models import Backup, Decision, Status
from backups.queries import approvers


@dataclass(frozen=True, slots=True)
class Consent:
    """What a page says of the approvals of one backup."""

    needed: int
    decisions: list[Decision]
    could: list[str]

    @property
    def given(self) -> int:
        """How many approvals count."""
        return sum(row.voided_at is None and row.verdict == "approved" for row in self.decisions)

    @property
    def missing(self) -> int:
        """How many approvals are still to come."""
        return max(self.needed - self.given, 0)


def of(backup: Backup, *, at: datetime) -> Consent:
    """The consent to `backup`: one query, three more while it waits."""
    told = backup.decisions.select_related("person", "voice").order_by("at", "id")
    could: dict[str, None] = {}
    if backup.status == Status.AWAITING_APPROVAL:
        open_now = approvers.open_voices(backup, at=at)
        could = dict.fromkeys(voice.person.display_name for voice in open_now)
    return Consent(needed=backup.approvals_needed, decisions=list(told), could=list(could))
