"""Who could decide about a request, right now: the preview shows what the decision allows."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from backups.models import Backup, Decision, Delegation, Membership, Role, Status, Team, User
from backups.queries import behind


@dataclass(frozen=True, slots=True)
class Voice:
    """A person who may decide, and in whose stead: his own, or that of somebody who is away."""

    person: User
    owner: User

    @property
    def is_own(self) -> bool:
        """Whether the person decides for himself."""
        return self.person == self.owner


def voices(team: Team, *, requester: User | None, at: datetime) -> list[Voice]:
    """Every voice that could be given in `team` on a request that `requester` makes at `at`, own ones first.

    An approver who is active has a voice; while he is away his deputy, any active member, may give it too.
    Neither the requester's own voice counts, nor one that the requester would give for another; nor of those
    who are behind a service account. Two queries, two more for a service account.
    """
    given = behind.gifts([requester])
    return without(behind.selves(requester, team, at=at, given=given), voices_in(team, at=at))


def voices_in(team: Team, *, at: datetime) -> list[Voice]:
    """Every voice of `team`, whoever asks; own ones first. Two queries."""
    approvers = {row.user_id: row.user for row in active_members(team) if Role.APPROVER in row.roles}
    own = [Voice(person, person) for person in approvers.values()]
    lent = [Voice(row.deputy, row.absent) for row in _absences(team, at=at) if row.absent_id in approvers]
    return [*own, *lent]


def without(selves: Container[int], voices: Iterable[Voice]) -> list[Voice]:
    """Those of `voices` that count on a request of the people `selves` (`behind.selves`)."""
    return [voice for voice in voices if voice.person.pk not in selves and voice.owner.pk not in selves]


def open_voices(backup: Backup, *, at: datetime) -> list[Voice]:
    """The voices that could still be given on `backup`: one a person, and each only once. Three queries.

    Two more where a service account has asked.
    """
    of_others = without(behind.selves_of(backup), voices_in(backup.team, at=at))
    return unheard(of_others, given=standing(backup))


def unheard(voices: Iterable[Voice], *, given: Iterable[Decision]) -> list[Voice]:
    """Those of `voices` that may still be given beside the decisions that count."""
    heard = list(given)
    people, owners = {row.person_id for row in heard}, {row.voice_id for row in heard}
    return [voice for voice in voices if voice.person.pk not in people and voice.owner.pk not in owners]


def standing(backup: Backup) -> QuerySet[Decision]:
    """The decisions on `backup` that count."""
    return backup.decisions.filter(voided_at=None).select_related("person", "voice")


def active_members(team: Team) -> QuerySet[Membership]:
    """The members of `team` who may sign in, by name."""
    rows = Membership.objects.filter(team=team, user__is_active=True).select_related("user")
    return rows.order_by("user__username")


def satisfied_for(team: Team, approvals: int, members: Iterable[Membership] | None = None) -> list[User]:
    """The requesters of `team` whose requests could get so many approvals at all, everybody being there."""
    rows = list(active_members(team) if members is None else members)
    approvers = {row.user_id for row in rows if Role.APPROVER in row.roles}
    return [
        row.user
        for row in rows
        if Role.REQUESTER in row.roles and len(approvers - {row.user_id}) >= approvals
    ]


def requesters(members: Iterable[Membership]) -> list[User]:
    """Those of `members` who ask for backups."""
    return [row.user for row in members if Role.REQUESTER in row.roles]


def approvers_of(members: Iterable[Membership]) -> list[User]:
    """Those of `members` who approve."""
    return [row.user for row in members if Role.APPROVER in row.roles]


def to_decide(user: User, *, at: datetime) -> QuerySet[Backup]:
    """The requests that `user` may decide now, the earliest deadline first: `open_voices`, as one query.

    Each row says `as_deputy`: whether the voice would be that of somebody who is away.
    """
    given = Decision.objects.filter(backup=OuterRef("pk"), voided_at=None)
    seat = Membership.objects.filter(team=OuterRef("team"), user=user, roles__contains=[Role.APPROVER])
    own = Exists(seat) & ~Exists(given.filter(voice=user))
    return (
        Backup.objects.filter(status=Status.AWAITING_APPROVAL)
        .exclude(requested_by=user)
        .exclude(behind.is_behind(user))
        .exclude(Exists(given.filter(person=user)))
        .annotate(as_deputy=~own)
        .filter(own | Exists(_lent_to(user, at=at)))
        .select_related("team", "requested_by", "instance__project")
        .order_by("approve_by", "id")
    )


def _lent_to(user: User, *, at: datetime) -> QuerySet[Delegation]:
    """The voices lent to `user` that could be given on the backup of the query outside."""
    heard = Decision.objects.filter(backup=OuterRef(OuterRef("pk")), voided_at=None)
    approver = Membership.objects.filter(
        team=OuterRef("team"),
        user=OuterRef("absent"),
        user__is_active=True,
        roles__contains=[Role.APPROVER],
    )
    lent = _running(at).filter(Exists(approver), team=OuterRef("team"), deputy=user)
    member = Membership.objects.filter(team=OuterRef("team"), user=user)
    return (
        lent.filter(Exists(member))
        .exclude(absent=OuterRef("requested_by"))
        .exclude(behind.is_behind(OuterRef("absent"), of=lambda name: OuterRef(OuterRef(name))))
        .exclude(absent__in=heard.values("voice"))
    )


def _absences(team: Team, *, at: datetime) -> QuerySet[Delegation]:
    rows = _running(at).filter(
        team=team, deputy__is_active=True, deputy__is_service=False, deputy__memberships__team=team
    )
    return rows.select_related("absent", "deputy").order_by("deputy__username", "starts_at")


def _running(at: datetime) -> QuerySet[Delegation]:
    return Delegation.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), starts_at__lte=at, ends_at__gt=at)
