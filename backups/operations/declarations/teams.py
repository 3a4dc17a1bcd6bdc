"""Teams as a document declares them: the roles of people and of service accounts, and a team's own rules."""

from collections.abc import Collection
from dataclasses import dataclass

from backups.models import Environment, Membership, Proposal, Role, Team, User
from backups.models.coverage import MOST_TARGET_HOURS
from backups.models.people import SERVICE_ROLES
from backups.operations import services, targets, teams
from backups.operations.declarations.entries import Entry
from backups.operations.declarations.run import Difference, Run
from backups.operations.refusals import Refused
from backups.queries import targets as held

OTHER = "other"
"""In a document, the target of instances of any other environment."""

MOST_OVERDUE_HOURS = 240


@dataclass(frozen=True, slots=True)
class DeclaredTeam:
    """A team with the roles of people and of service accounts by name; `targets` in hours by environment."""

    place: str
    name: str
    members: dict[str, list[str]]
    service_accounts: dict[str, list[str]]
    targets: dict[str, int]
    overdue_hours: int | None

    @property
    def known_by(self) -> tuple[str, ...]:
        """What it is known again by."""
        return (self.name,)


def read(entry: Entry) -> DeclaredTeam:
    """The team of `entry`."""
    return DeclaredTeam(
        place=entry.place,
        name=entry.text("name", longest=100),
        members=_read_roles(entry.entry("members", is_needed=False), Role.values),
        service_accounts=_read_roles(entry.entry("service_accounts", is_needed=False), SERVICE_ROLES),
        targets=_read_targets(entry.entry("targets", is_needed=False)),
        overdue_hours=entry.number("overdue_hours", most=MOST_OVERDUE_HOURS),
    )


def _read_roles(entry: Entry, choices: Collection[str]) -> dict[str, list[str]]:
    roles, names = {}, entry.keys()
    for name in names:
        try:
            username = services.username_of(name)
        except Refused as refused:
            entry.tell(name, refused.message)
            username = name
        roles[username] = entry.words(name, choices)
    entry.close()
    return roles


def _read_targets(entry: Entry) -> dict[str, int]:
    hours = {name: entry.number(name, most=MOST_TARGET_HOURS) for name in (*Environment.values, OTHER)}
    entry.close()
    return {"" if name == OTHER else name: value for name, value in hours.items() if value is not None}


def apply(run: Run, declared: DeclaredTeam) -> None:
    """Make or change the team; each person is an entry of its own."""
    people = _people(run, declared)
    if declared.name not in run.teams:
        with run.entry(declared.place):
            _create(run, declared, people)
    else:
        # Whoever comes to be admin or approver does so before another ceases to be.
        for user, roles in sorted(people.items(), key=lambda item: _loses(item[1])):
            with run.entry(_place(declared, user), has_keys=False):
                _change_roles(run, run.teams[declared.name], user, roles)
    if team := run.teams.get(declared.name):
        with run.entry(declared.place):
            _change_settings(run, team, declared)
        with run.entry(f"{declared.place}.targets"):
            _change_targets(run, team, declared)


def _loses(roles: Collection[str]) -> tuple[bool, bool]:
    return Role.ADMIN not in roles, Role.APPROVER not in roles


def _place(declared: DeclaredTeam, user: User) -> str:
    section = "service_accounts" if user.is_service else "members"
    return f"{declared.place}.{section}.{user.username}"


def _people(run: Run, declared: DeclaredTeam) -> dict[User, list[str]]:
    """The accounts that the team names, with their roles; new ones are made, without a password."""
    found = {}
    for section, is_service in (("members", False), ("service_accounts", True)):
        for username, roles in getattr(declared, section).items():
            with run.entry(f"{declared.place}.{section}.{username}", has_keys=False):
                found[_person(run, username, is_service=is_service)] = roles
    return found


def _person(run: Run, username: str, *, is_service: bool) -> User:
    user, is_new = services.find_or_make(username, is_service=is_service)
    if is_new:
        run.differ("+", f"service account {username}" if is_service else f"account {username}")
    return user


def _create(run: Run, declared: DeclaredTeam, people: dict[User, list[str]]) -> None:
    roles = {user: [Role(role) for role in held] for user, held in people.items()}
    team = teams.create(declared.name, roles, by=run.by, at=run.at)
    run.differ("+", f"team {team.name}")
    for user, names in people.items():
        run.differ("+", f"member {user.username} of {team.name}", f"roles {', '.join(names)}")
    run.teams[team.name] = team


def _change_roles(run: Run, team: Team, user: User, roles: list[str]) -> None:
    row = Membership.objects.filter(team=team, user=user).first()
    now = [role for role in Role.values if row and role in row.roles]
    if now == roles:
        return
    may_break_glass = bool(row and row.may_break_glass and Role.REQUESTER in roles)
    change = {"username": user.username, "roles": sorted(roles), "may_break_glass": may_break_glass}
    what, wanted = f"member {user.username} of {team.name}", ", ".join(roles)
    how = f"roles {', '.join(now)} -> {wanted}" if now else f"roles {wanted}"
    run.rule(team, Proposal.Kind.MEMBER, change, Difference("~" if now else "+", what, how))


def _change_settings(run: Run, team: Team, declared: DeclaredTeam) -> None:
    old, new = team.overdue_hours, declared.overdue_hours
    if new in (None, old):
        return
    teams.change_settings(
        team, overdue_hours=new, resends_automatically=team.resends_automatically, by=run.by, at=run.at
    )
    run.differ("~", f"team {team.name}", f"overdue hours {old} -> {new}")


def _change_targets(run: Run, team: Team, declared: DeclaredTeam) -> None:
    standing = held.of(team)
    told = [
        f"{name or OTHER} {standing.get(name, 'none')} -> {hours}"
        for name, hours in declared.targets.items()
        if standing.get(name) != hours
    ]
    if told:
        targets.change(team, standing | declared.targets, by=run.by, at=run.at)
        run.differ("~", f"targets of {team.name}", ", ".join(told))
