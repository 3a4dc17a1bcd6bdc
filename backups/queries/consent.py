"""Who has agreed to a request, who could, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backups.models import Backup, Decision, Instance, Policy, Status, Team, User
from backups.queries import approvers, policies


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
    could = list(dict.fromkeys(voice.person.display_name for voice in voices))
    # Everybody who has a voice may give it himself: so many people can be found as there are voices.
    owners = len({voice.owner for voice in voices})
    matched = {row.pk: policies.first_match(in_force, row, at=at) for row in instances}
    return {pk: Demand(policy, could, owners) for pk, policy in matched.items() if policies.asks(policy)}
