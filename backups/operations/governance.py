"""Changes to who may do what: in a team with four eyes a second admin agrees to them first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backups.models import Proposal, Role, Team, User
from backups.operations import audit, instances, membership, policies, rights
from backups.operations.refusals import Refused
from backups.queries import approvers

AGREE_WITHIN = timedelta(days=7)
MOST_BREAK_GLASS = 100
Kind = Proposal.Kind
State = Proposal.State
Change = dict[str, Any]


class GovernanceRefused(Refused):
    """The change was not made, nor will it be."""


@audit.act
def propose(team: Team, kind: Kind, change: Change, *, by: User, at: datetime) -> Proposal | None:
    """Make `change` at once, and return None; in a team with four eyes, have a second admin asked.

    `change` holds what the operation of its kind takes: `policies.save`, `policies.retire`,
    `membership.change`, `instances.change`, or {} for switching four eyes off, {"count": n} for the
    break-glass quota. Nothing that is open is touched by it. Raises `rights.RightError`, and `Refused` at
    the field that is wrong.
    """
    return propose_to(_lock_team(team.pk, kind, change), kind, change, by=by, at=at)


@audit.act
def propose_to(team: Team, kind: Kind, change: Change, *, by: User | None, at: datetime) -> Proposal | None:
    """As `propose`, to a team that was locked in the act that this is part of.

    Whether a second admin has to agree is as it was then: a file that makes a team has all of its policies
    put in force, not only the first. No `by` is the operator at the terminal, who proposes nothing: where
    there are four eyes, people look.
    """
    rights.require_if_person(by, "manage_team", team)
    CHECKS[kind](team, change)
    if not team.four_eyes:
        _apply(team, kind, change, by=by, at=at)
        return None
    if by is None:
        told = _("%(team)s has four eyes: an admin of the team has to propose this, and another to agree.")
        raise GovernanceRefused("nobody_proposes", told % {"team": team})
    if not others(team, by):
        raise GovernanceRefused(
            "nobody", _("%(team)s has no second admin who could agree to this.") % {"team": team}
        )
    proposal = Proposal.objects.create(
        team=team, kind=kind, change=change, proposed_by=by, proposed_at=at, expires_at=at + AGREE_WITHIN
    )
    audit.record("proposed", team_id=team.pk, at=at, by=by, data={"kind": kind.value, "change": change})
    return proposal


def agree(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Let the change be made. Raises `GovernanceRefused`; a refusal for lack of a right is recorded."""
    _settle(proposal, State.AGREED, by=by, at=at)


def refuse(proposal: Proposal, *, by: User, at: datetime, comment: str) -> None:
    """Say no to the change, and why."""
    _settle(proposal, State.REFUSED, by=by, at=at, comment=comment.strip())


@audit.act
def withdraw(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Take one's own proposal back."""
    row = _locked(proposal)
    if row.state != State.OPEN or row.proposed_by != by:
        raise GovernanceRefused("not_open", _("Only who proposed an open change may take it back."))
    _close(row, State.WITHDRAWN, by=None, at=at)
    audit.record("proposal_withdrawn", team_id=row.team_id, at=at, by=by, data=_told(row))


def may_agree(user: User, proposal: Proposal) -> rights.Right:
    """Whether `user` may settle `proposal`: an admin of the team, never who proposed it."""
    if user == proposal.proposed_by:
        return rights.Right(False, _("You proposed this: another admin must decide."))
    return rights.may(user, "manage_team", proposal.team)


def others(team: Team, user: User) -> list[User]:
    """The admins of `team` but `user`."""
    rows = approvers.active_members(team)
    return [row.user for row in rows if Role.ADMIN in row.roles and row.user != user]


def _settle(proposal: Proposal, state: State, *, by: User, at: datetime, comment: str = "") -> None:
    with audit.act():
        _lock_team(proposal.team_id, Kind(proposal.kind), proposal.change)
        row = _locked(proposal)
        refusal = _why_not(row, state, by=by, at=at, comment=comment)
        if refusal is None:
            _close(row, state, by=by, at=at, comment=comment)
            verb = "proposal_agreed" if state == State.AGREED else "proposal_refused"
            told = _told(row) | {"comment": comment}
            audit.record(verb, team_id=row.team_id, at=at, by=by, data=told)
            if state == State.AGREED:
                _apply(row.team, Kind(row.kind), row.change, by=by, at=at)
        elif refusal.code == "no_right":
            data = {"kind": row.kind, "why": refusal.message}
            audit.record("agreement_refused", team_id=row.team_id, at=at, by=by, data=data)
    if refusal is not None:
        raise refusal


def _why_not(
    row: Proposal, state: State, *, by: User, at: datetime, comment: str
) -> GovernanceRefused | None:
    right = may_agree(by, row)
    if not right.is_allowed:
        return GovernanceRefused("no_right", right.why_not)
    if row.state == State.OPEN and at >= row.expires_at:
        _close(row, State.EXPIRED, by=None, at=at)
        audit.record("proposal_expired", team_id=row.team_id, at=at, data=_told(row))
    if row.state != State.OPEN:
        told = _("It is settled already: %(state)s.") % {"state": row.get_state_display().lower()}
        return GovernanceRefused("not_open", told)
    if state == State.REFUSED and not comment:
        return GovernanceRefused("invalid", _("Say why you refuse it."), "comment")
    if state == State.AGREED:
        try:
            # What was right when it was proposed may have become wrong.
            CHECKS[Kind(row.kind)](row.team, row.change)
        except Refused as refused:
            return GovernanceRefused("outdated", refused.message)
    return None


def _apply(team: Team, kind: Kind, change: Change, *, by: User | None, at: datetime) -> None:
    MAKE[kind](team, change, at)
    audit.record("changed", team_id=team.pk, at=at, by=by, data={"kind": kind.value, "change": change})


def _close(row: Proposal, state: State, *, by: User | None, at: datetime, comment: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.comment = state, by, at, comment
    row.save(update_fields=["state", "decided_by", "decided_at", "comment"])


def _told(row: Proposal) -> dict[str, Any]:
    return {"kind": row.kind, "change": row.change, "proposed_by": row.proposed_by.username}


def _lock_team(team_id: int, kind: Kind, change: Change) -> Team:
    if kind == Kind.INSTANCE:
        instances.lock(change)
    return Team.objects.select_for_update(no_key=True).get(pk=team_id)


def _locked(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("team", "proposed_by").get(pk=proposal.pk)


def _check_quota(team: Team, change: Change) -> None:
    if not 0 <= change["count"] <= MOST_BREAK_GLASS:
        told = _("From 0 to %(most)d.") % {"most": MOST_BREAK_GLASS}
        raise GovernanceRefused("invalid", told, "count")
    if change["count"] == team.break_glass_per_month:
        raise GovernanceRefused("same", _("That is so already."), "count")


def _switch_off(team: Team, _change: Change, _at: datetime) -> None:
    Team.objects.filter(pk=team.pk).update(four_eyes=False)


def _set_quota(team: Team, change: Change, _at: datetime) -> None:
    Team.objects.filter(pk=team.pk).update(break_glass_per_month=change["count"])


def _check_four_eyes(team: Team, _change: Change) -> None:
    if not team.four_eyes:
        raise GovernanceRefused("same", _("Four eyes are off already."))


CHECKS: dict[Kind, Callable[[Team, Change], None]] = {
    Kind.POLICY: policies.check,
    Kind.RETIRE_POLICY: policies.check_retired,
    Kind.MEMBER: membership.check,
    Kind.FOUR_EYES: _check_four_eyes,
    Kind.BREAK_GLASS: _check_quota,
    Kind.INSTANCE: instances.check,
}
"""What must hold of a change, when it is proposed and again when it is made."""

MAKE: dict[Kind, Callable[[Team, Change, datetime], None]] = {
    Kind.POLICY: policies.save,
    Kind.RETIRE_POLICY: policies.retire,
    Kind.MEMBER: membership.change,
    Kind.FOUR_EYES: _switch_off,
    Kind.BREAK_GLASS: _set_quota,
    Kind.INSTANCE: instances.change,
}
