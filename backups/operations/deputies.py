"""Deputies: an approver who will be away says who decides in his stead, from when until when."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from backups.models import Delegation, Membership, Role, Team, User
from backups.operations import audit, rights
from backups.operations.refusals import Refused
from backups.queries import approvers

LONGEST = timedelta(days=90)
"""A deputy is for an absence: who is to decide for good is given the role, which a second admin agrees to."""


class DeputyRefused(Refused):
    """Nobody was appointed, or nothing ended."""


@audit.act
def appoint(
    team: Team, username: str, *, starts_at: datetime, ends_at: datetime, by: User, at: datetime
) -> Delegation:
    """Have the member `username` decide in the stead of `by`, an approver of `team`, for a while.

    What begins in the past begins now. Several deputies may stand in at once: a voice counts once all the
    same, and no deputy decides his own request or that of whom he stands in for (`rights.may_decide`).
    Raises `rights.RightError`, and `DeputyRefused` at the field that is wrong.
    """
    rights.require(by, "delegate", team)
    # Two at once take their turns: the same deputy is not appointed twice.
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    starts_at = max(starts_at, at)
    deputy = _member(team, username, by=by)
    _check_span(starts_at, ends_at)
    known = Delegation.objects.filter(team=team, absent=by, deputy=deputy, ended_at=None)
    if known.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        told = _("%(person)s stands in for you already in a part of this time.")
        raise DeputyRefused("taken", told % {"person": deputy.display_name}, "deputy")
    row = Delegation.objects.create(team=team, absent=by, deputy=deputy, starts_at=starts_at, ends_at=ends_at)
    _record(row, "deputy_appointed", by=by, at=at)
    return row


@audit.act
def end(delegation: Delegation, *, by: User, at: datetime) -> None:
    """End it now, or before it begins; what the deputy has decided stands. Raises `DeputyRefused`."""
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("team", "absent", "deputy").get(pk=delegation.pk)
    right = may_end(by, row)
    if not right.is_allowed:
        raise DeputyRefused("no_right", right.why_not)
    if row.ended_at or at >= row.ends_at:
        raise DeputyRefused("over", _("It is over already."))
    Delegation.objects.filter(pk=row.pk).update(ended_at=at)
    _record(row, "deputy_ended", by=by, at=at)


@audit.act
def end_void(team: Team, *, at: datetime) -> None:
    """End what has no effect any more: who is away approves no longer, or the deputy has left the team.

    Otherwise it would come back to life with the role, when nobody thinks of it.
    """
    members = Membership.objects.filter(team=team)
    lends = members.filter(user=OuterRef("absent"), roles__contains=[Role.APPROVER])
    stands_in = members.filter(user=OuterRef("deputy"))
    rows = Delegation.objects.filter(~Exists(lends) | ~Exists(stands_in), team=team, ended_at=None)
    for row in rows.filter(ends_at__gt=at).select_related("absent", "deputy"):
        Delegation.objects.filter(pk=row.pk).update(ended_at=at)
        _record(row, "deputy_ended", by=None, at=at)


def may_end(user: User, delegation: Delegation) -> rights.Right:
    """Whether `user` may end it: who is away, the deputy, or an admin of the team."""
    if user.is_active and user in (delegation.absent, delegation.deputy):
        return rights.Right(True)
    return rights.may(user, "manage_team", delegation.team)


def _member(team: Team, username: str, *, by: User) -> User:
    row = approvers.active_members(team).filter(user__username=username).first()
    if row is None:
        raise DeputyRefused("unknown", _("%(team)s has no member of that name.") % {"team": team}, "deputy")
    if row.user == by:
        raise DeputyRefused("invalid", _("A deputy is another person."), "deputy")
    if row.user.is_service:
        raise DeputyRefused("invalid", _("A deputy is a person, not a service account."), "deputy")
    return row.user


def _check_span(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise DeputyRefused("invalid", _("It ends before it begins, or has passed."), "ends_at")
    if ends_at - starts_at > LONGEST:
        told = _("At most %(days)d days. Who is to decide for good is given the role of an approver.")
        raise DeputyRefused("invalid", told % {"days": LONGEST.days}, "ends_at")


def _record(row: Delegation, verb: str, *, by: User | None, at: datetime) -> None:
    data = {
        "absent": row.absent.display_name,
        "deputy": row.deputy.display_name,
        "from": row.starts_at.isoformat(timespec="minutes"),
        "until": row.ends_at.isoformat(timespec="minutes"),
    }
    audit.record(verb, team_id=row.team_id, at=at, by=by, data=data)
