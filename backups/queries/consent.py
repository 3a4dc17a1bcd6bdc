"""Who has agreed to a request, who could, and until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from backups.models import Backup, Decision, Instance, Policy, Status, Team, User
from backups.queries import approvers, behind, policies


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
    """The consent to `backup`: one query, two more while it waits."""
    return of_each([backup], at=at)[backup.pk]


def of_each(backups: Sequence[Backup], *, at: datetime) -> dict[UUID, Consent]:
    """The consent to each of `backups`: one query, two more for each team in which one waits.

    Two more where a service account has asked.
    """
    decided = Decision.objects.filter(backup__in=backups).select_related("person", "voice")
    told: dict[UUID, list[Decision]] = {backup.pk: [] for backup in backups}
    for row in decided.order_by("at", "id"):
        told[row.backup_id].append(row)
    waiting = {backup.team for backup in backups if backup.status == Status.AWAITING_APPROVAL}
    voices = {team: approvers.voices_in(team, at=at) for team in waiting}
    gifts = behind.gifts(backup.requested_by for backup in backups if backup.team in waiting)
    found: dict[UUID, Consent] = {}
    for backup in backups:
        could: list[str] = []
        if backup.status == Status.AWAITING_APPROVAL:
            asked = (backup.requested_by, backup.team)
            selves = behind.selves(*asked, at=backup.requested_at, given=gifts)
            of_others = approvers.without(selves, voices[backup.team])
            given = [row for row in told[backup.pk] if row.voided_at is None]
            could = _names(approvers.unheard(of_others, given=given))
        found[backup.pk] = Consent(backup.approvals_needed, told[backup.pk], could)
    return found


def asked_by(user: User) -> QuerySet[Backup]:
    """What `user` asked for and others have not decided, the earliest deadline first."""
    waiting = Backup.objects.visible_to(user).filter(requested_by=user, status=Status.AWAITING_APPROVAL)
    return waiting.order_by("approve_by", "id")


def unreviewed_of(user: User) -> QuerySet[Backup]:
    """What ran for `user` without approval, and nobody has reviewed."""
    broken = Backup.objects.visible_to(user).filter(requested_by=user, is_break_glass=True, reviewed_at=None)
    return broken.order_by("review_by", "id")


def _names(voices: Iterable[approvers.Voice]) -> list[str]:
    return list(dict.fromkeys(voice.person.display_name for voice in voices))


@dataclass(frozen=True, slots=True)
class Demand:
    """What the policy would ask of a request made now, and who could agree to it at this moment."""

    policy: Policy
    could: list[str]
    voices: int

    @property
    def is_hopeless(self) -> bool:
        """Whether there are too few voices, as things are."""
        return self.voices < self.policy.approvals


def demands(instances: Iterable[Instance], *, by: User, at: datetime) -> dict[UUID, Demand]:
    """The demand for each of `instances` on which others would have to agree with `by`.

    Three queries for a team with four eyes, however many of its instances.
    """
    of_team: dict[Team, list[Instance]] = {}
    for instance in instances:
        of_team.setdefault(instance.team, []).append(instance)
    found: dict[UUID, Demand] = {}
    for team, chosen in of_team.items():
        if team.four_eyes:
            found |= _demands_in(team, chosen, by=by, at=at)
    return found


def _demands_in(team: Team, instances: list[Instance], *, by: User, at: datetime) -> dict[UUID, Demand]:
    in_force = list(policies.in_force(team))
    voices = approvers.voices(team, requester=by, at=at)
    # Everybody who has a voice may give it himself: so many people can be found as there are voices.
    owners = len({voice.owner for voice in voices})
    matched = {row.pk: policies.first_match(in_force, row, at=at) for row in instances}
    return {
        pk: Demand(policy, _names(voices), owners) for pk, policy in matched.items() if policies.asks(policy)
    }
