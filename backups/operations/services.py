"""Accounts that are not made by signing up: service accounts, and those that a document names."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from backups.models import Membership, Proposal, Team, User
from backups.operations import audit, governance, rights
from backups.operations.refusals import Refused


class AccountRefused(Refused):
    """There is no such account, and none is made."""


@audit.act
def add(team: Team, text: str, roles: Collection[str], *, by: User, at: datetime) -> Proposal | None:
    """Give the service account called `text` these roles; it is made if nobody has that name.

    None where that is so at once; in a team with four eyes, what a second admin is asked. Until he agrees the
    account is of no team, and good for nothing. Raises `rights.RightError`, and `Refused` at "username" or
    "roles".
    """
    rights.require(by, "manage_team", team)
    account, _is_new = find_or_make(username_of(text), is_service=True)
    if Membership.objects.filter(team=team, user=account).exists():
        told = _("%(team)s has this service account already.") % {"team": team}
        raise AccountRefused("taken", told, "username")
    change = {"username": account.username, "roles": sorted(roles), "may_break_glass": False}
    return governance.propose(team, Proposal.Kind.MEMBER, change, by=by, at=at)


def username_of(text: str) -> str:
    """The user name that `text` is; raises `AccountRefused` where it is none."""
    username: str = User.normalize_username(text)
    try:
        User._meta.get_field("username").clean(username, None)
    except ValidationError as error:
        raise AccountRefused("invalid", " ".join(error.messages), "username") from error
    return username


def find_or_make(username: str, *, is_service: bool) -> tuple[User, bool]:
    """The account of that name, and whether it is new; a new one has no password.

    Raises `AccountRefused` where a person was taken for a service account, or the other way round.
    """
    values = {"is_service": is_service, "password": make_password(None)}
    user, is_new = User.objects.get_or_create(username=username, defaults=values)
    if user.is_service and not is_service:
        told = _("This is a service account: it goes under service_accounts.")
        raise AccountRefused("service", told, "username")
    if is_service and not user.is_service:
        raise AccountRefused("person", _("This is a person: it goes under members."), "username")
    return user, is_new
