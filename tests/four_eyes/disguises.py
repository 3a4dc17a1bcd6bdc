"""What people may be without ever deciding on a request: the requester in disguise, and others."""

from datetime import timedelta

from backups.models import Membership, Role, Team, User
from tests.fixtures.cast import NOW, member
from tests.fixtures.consent import deputize


def give(user: User, team: Team, *roles: Role, **rights: bool) -> None:
    Membership.objects.filter(user=user, team=team).update(roles=[*roles], **rights)


def as_is(_dba: User, _team: Team) -> None:
    """A requester and nothing else."""


def in_the_approvers(dba: User, team: Team) -> None:
    give(dba, team, Role.REQUESTER, Role.APPROVER)


def as_admin(dba: User, team: Team) -> None:
    give(dba, team, Role.REQUESTER, Role.ADMIN)


def as_everything(dba: User, team: Team) -> None:
    give(dba, team, *Role, may_break_glass=True)


def as_superuser(dba: User, team: Team) -> None:
    User.objects.filter(pk=dba.pk).update(is_superuser=True, is_staff=True)
    give(dba, team, *Role)


def as_the_only_approver(dba: User, team: Team) -> None:
    give(dba, team, Role.REQUESTER, Role.APPROVER)
    User.objects.get(username="lead").memberships.all().delete()


def as_deputy_of_the_approver(dba: User, team: Team) -> None:
    deputize(team, User.objects.get(username="lead"), dba)


def as_approver_no_longer_requester(dba: User, team: Team) -> None:
    give(dba, team, Role.APPROVER)


OWN = [
    as_is,
    in_the_approvers,
    as_admin,
    as_everything,
    as_superuser,
    as_the_only_approver,
    as_deputy_of_the_approver,
    as_approver_no_longer_requester,
]
"""What a person may be, without ever deciding on what that very person asked for."""


def a_viewer(team: Team, _dba: User) -> User:
    return member("viewer", team, Role.VIEWER)


def an_admin_who_is_no_approver(team: Team, _dba: User) -> User:
    return member("boss", team, Role.ADMIN)


def a_superuser(team: Team, _dba: User) -> User:
    boss = member("root", team, Role.VIEWER)
    User.objects.filter(pk=boss.pk).update(is_superuser=True, is_staff=True)
    return boss


def a_superuser_of_no_team(_team: Team, _dba: User) -> User:
    return User.objects.create(username="root", is_superuser=True, is_staff=True)


def an_approver_of_another_team(_team: Team, _dba: User) -> User:
    return member("foreigner", Team.objects.create(name="Other", slug="other"), *Role)


def another_requester(team: Team, _dba: User) -> User:
    return member("colleague", team, Role.REQUESTER)


def the_deputy_of_the_requester(team: Team, dba: User) -> User:
    give(dba, team, Role.REQUESTER, Role.APPROVER)
    deputy = member("deputy", team, Role.VIEWER)
    deputize(team, dba, deputy)
    return deputy


def a_deputy_whose_time_is_over(team: Team, _dba: User) -> User:
    deputy = member("deputy", team, Role.VIEWER)
    deputize(team, User.objects.get(username="lead"), deputy, at=NOW - timedelta(days=7), days=7)
    return deputy


def a_deputy_of_somebody_who_is_no_approver(team: Team, _dba: User) -> User:
    deputy = member("deputy", team, Role.VIEWER)
    deputize(team, member("nobody", team, Role.ADMIN), deputy)
    return deputy


def a_deputy_who_left_the_team(team: Team, _dba: User) -> User:
    deputy = member("deputy", team, Role.VIEWER)
    deputize(team, User.objects.get(username="lead"), deputy)
    deputy.memberships.all().delete()
    return deputy


OTHERS = [
    a_viewer,
    an_admin_who_is_no_approver,
    a_superuser,
    a_superuser_of_no_team,
    an_approver_of_another_team,
    another_requester,
    the_deputy_of_the_requester,
    a_deputy_whose_time_is_over,
    a_deputy_of_somebody_who_is_no_approver,
    a_deputy_who_left_the_team,
]
