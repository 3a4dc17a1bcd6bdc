"""May this person do this here, and if not, why not: enforcement and buttons from one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups.models import Backup, Membership, Role, Team, User
from backups.operations.refusals import Refused
from backups.queries import approvers, behind
from backups.queries.approvers import Voice

VERBS: dict[str, tuple[Role, ...]] = {
    "view": (Role.VIEWER, Role.REQUESTER, Role.APPROVER, Role.ADMIN),
    "create_backup": (Role.REQUESTER,),
    "review": (Role.APPROVER, Role.ADMIN),
    "delegate": (Role.APPROVER,),
    "settle": (Role.REQUESTER, Role.APPROVER, Role.ADMIN),
    "sync": (Role.REQUESTER, Role.APPROVER, Role.ADMIN),
    "test_connection": (Role.ADMIN,),
    "manage_projects": (Role.ADMIN,),
    "manage_team": (Role.ADMIN,),
}
"""Each verb and the roles that may: one of them is enough. A superuser is no exception."""

NEEDED = {
    Role.VIEWER: gettext_lazy("a viewer"),
    Role.REQUESTER: gettext_lazy("a requester"),
    Role.APPROVER: gettext_lazy("an approver"),
    Role.ADMIN: gettext_lazy("an admin"),
}


class RightError(Refused):
    """The person lacks the role."""


@dataclass(frozen=True, slots=True)
class Right:
    """Whether a person may, and the sentence that says why not."""

    is_allowed: bool
    why_not: str = ""


def may(user: User, verb: str, team: Team) -> Right:
    """Whether `user` may do `verb` in `team`; a disabled account may nothing."""
    return _judge(user, verb, team, Membership.objects.filter(user=user, team=team).first())


def teams_where(user: User, verb: str) -> list[Team]:
    """The teams in which `user` may do `verb`, by name."""
    memberships = Membership.objects.filter(user=user).select_related("team").order_by("team__name")
    return [m.team for m in memberships if _judge(user, verb, m.team, m).is_allowed]


def allow(roles: Iterable[str], verb: str) -> bool:
    """Whether any of `roles` may do `verb`."""
    return not set(VERBS[verb]).isdisjoint(roles)


def require(user: User, verb: str, team: Team) -> None:
    """Raise `RightError` unless `user` may do `verb` in `team`."""
    right = may(user, verb, team)
    if not right.is_allowed:
        raise RightError("no_right", right.why_not)


def require_if_person(user: User | None, verb: str, team: Team) -> None:
    """As `require`; None is the operator at the terminal, of whom no role is asked."""
    if user is not None:
        require(user, verb, team)


def may_decide(user: User, backup: Backup, *, at: datetime) -> Right:
    """Whether `user` may approve or reject `backup` now: the rule of four eyes, for everybody alike.

    Never one's own request, neither as admin nor superuser nor the only approver, nor through a deputy.
    """
    if user.is_service:
        return Right(False, _("A service account decides nothing."))
    if user == backup.requested_by:
        return Right(False, _("You asked for this backup: another person must decide."))
    if user.pk in behind.selves_of(backup):
        told = _("You gave %(account)s what it asks with, so you count as who asked: another must decide.")
        return Right(False, told % {"account": backup.requested_by})
    right = may(user, "view", backup.team)
    if not right.is_allowed:
        return right
    if approvers.standing(backup).filter(person=user).exists():
        return Right(False, _("You have decided already: another person must agree as well."))
    if voices_of(user, backup, at=at):
        return Right(True)
    return Right(
        False,
        _("Only an approver of %(team)s whose voice was not given yet, or the deputy of one, may decide.")
        % {"team": backup.team},
    )


def voices_of(user: User, backup: Backup, *, at: datetime) -> list[Voice]:
    """The voices that `user` could give on `backup` now, his own first."""
    return [voice for voice in approvers.open_voices(backup, at=at) if voice.person == user]


def _judge(user: User, verb: str, team: Team, membership: Membership | None) -> Right:
    if not user.is_active:
        return Right(False, _("This account is disabled."))
    if membership is None:
        return Right(False, _("You are not a member of %(team)s.") % {"team": team})
    if not allow(membership.roles, verb):
        needed = _(" or ").join(str(NEEDED[role]) for role in VERBS[verb])
        return Right(False, _("Only %(role)s of %(team)s may do this.") % {"role": needed, "team": team})
    return Right(True)
