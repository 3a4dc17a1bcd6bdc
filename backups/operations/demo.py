"""A team's two months, made from what the cloud lists: what the first start of a demo shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

from backups.contract import statuses
from backups.models import (
    Api,
    Attempt,
    Backup,
    Environment,
    Event,
    Instance,
    Kind,
    Membership,
    Outcome,
    Project,
    Proposal,
    Role,
    Source,
    Status,
    Team,
    User,
)
from backups.operations import audit, catalog, creation, governance, inventory, projects, targets
from backups.secrecy.secret import Secret

ACCOUNTS: dict[str, tuple[str, str, list[Role]]] = {
    "dba": ("Dana", "Brandt", [Role.REQUESTER]),
    "lead": ("Leo", "Okafor", [Role.APPROVER, Role.ADMIN]),
    "admin": ("Ada", "Lindqvist", [Role.ADMIN, Role.REQUESTER]),
    "auditor": ("Aiko", "Mori", [Role.VIEWER]),
}
"""The demo accounts, members of every team: first name, last name, roles."""

COLLEAGUES = {"mei": ("Mei", "Chen"), "jonas": ("Jonas", "Weber"), "priya": ("Priya", "Nair")}
"""People of the history, who cannot sign in."""

REASONS = (
    ("Before the schema migration of the week", "CHG-4{:03d}"),
    ("Before the quarterly partition clean-up", "CHG-4{:03d}"),
    ("Before the release", "REL-{:03d}"),
    ("Month-end snapshot asked for by finance", "FIN-{:03d}"),
    ("Before raising the version", "CHG-4{:03d}"),
    ("Restore drill", ""),
)

POLICY = {
    "name": "Production",
    "environment": Environment.PRODUCTION,
    "approvals": 1,
    "approve_by_hours": 24,
    "run_by_hours": 8,
}
"""What the first team asks for."""

TARGETS: dict[str, int | None] = {Environment.PRODUCTION: 25, Environment.STAGING: 72}
"""How old its newest good backups may be, in hours."""


@dataclass(frozen=True, slots=True)
class CloudAccess:
    """One project of the cloud and both ways to sign in to it, as the cloud handed them out."""

    name: str
    region: str
    endpoint: str
    iam_endpoint: str
    project_id: str
    access_key: Secret
    secret_key: Secret
    domain: str
    username: str
    password: Secret


def read_access(keys: Mapping[str, Any]) -> list[CloudAccess]:
    """The projects of a keys file; raises KeyError where something is missing."""
    return [
        CloudAccess(
            name=str(entry["name"]),
            region=entry["region"],
            endpoint=keys["endpoint"],
            iam_endpoint=keys["iam_endpoint"],
            project_id=entry["project_id"],
            access_key=Secret(entry["access_key"]),
            secret_key=Secret(entry["secret_key"]),
            domain=entry["domain"],
            username=entry["username"],
            password=Secret(entry["password"]),
        )
        for entry in keys["projects"]
    ]


def load(accesses: Sequence[CloudAccess], *, password: Secret, at: datetime) -> bool:
    """Fill an empty Safepoint; returns False, with only moved endpoints followed, where it is filled."""
    if Project.objects.exists():
        for access in accesses:
            Project.objects.filter(project_id=access.project_id).update(
                endpoint=access.endpoint, iam_endpoint=access.iam_endpoint
            )
        return False
    with audit.act():
        people = _make_people(password)
        made = [
            _make_project(access, kind, people, at=at)
            for access, kind in zip(accesses, cycle((Kind.AKSK, Kind.TOKEN)), strict=False)
        ]
    for project in made:
        inventory.sync(project.pk, at=at)
        _name_environments(project)
        catalog.sync_all(project.pk, at=at)
        _tell_history(project)
    for project in made[:1]:
        _ask_for_a_second_person(project, people, at=at)
    return True


def _make_people(password: Secret) -> dict[str, User]:
    people = {}
    for username, (first, last, _roles) in ACCOUNTS.items():
        user = User(username=username, first_name=first, last_name=last)
        user.email = f"{username}@example.com"
        user.set_password(password.reveal())
        user.save()
        people[username] = user
    for username, (first, last) in COLLEAGUES.items():
        user = User(username=username, first_name=first, last_name=last)
        user.set_unusable_password()
        user.save()
        people[username] = user
    return people


def _make_project(access: CloudAccess, kind: Kind, people: Mapping[str, User], *, at: datetime) -> Project:
    team = Team.objects.create(name=access.name.capitalize(), slug=access.name)
    for username, (_, _, roles) in ACCOUNTS.items():
        Membership.objects.create(team=team, user=people[username], roles=roles, since=at)
    for username in COLLEAGUES:
        Membership.objects.create(team=team, user=people[username], roles=[Role.REQUESTER], since=at)
    signs_with_key = kind == Kind.AKSK
    draft = projects.ProjectDraft(
        team=team,
        name=f"{access.name}-{access.region}",
        region=access.region,
        endpoint=access.endpoint,
        api=Api.MYSQL_V3 if signs_with_key else Api.V3,
        project_id=access.project_id,
        kind=kind,
        iam_endpoint=access.iam_endpoint,
        access_key=access.access_key if signs_with_key else None,
        secret_key=access.secret_key if signs_with_key else None,
        domain="" if signs_with_key else access.domain,
        username="" if signs_with_key else access.username,
        password=None if signs_with_key else access.password,
    )
    return projects.create_project(draft, by=people["admin"], at=at)


def _name_environments(project: Project) -> None:
    for instance in Instance.objects.filter(project=project):
        instance.environment = next(
            (
                environment
                for word, environment in (
                    ("stag", Environment.STAGING),
                    ("dev", Environment.DEVELOPMENT),
                    ("test", Environment.DEVELOPMENT),
                )
                if word in instance.name
            ),
            Environment.PRODUCTION,
        )
        instance.save(update_fields=["environment"])


@audit.act
def _tell_history(project: Project) -> None:
    """Give the manual backups of the past to people of the team, with what happened to each."""
    people = cycle(
        User.objects.filter(
            memberships__team=project.team_id, memberships__roles__contains=["requester"]
        ).order_by("username")
    )
    found = Backup.objects.filter(instance__project=project, source=Source.ELSEWHERE)
    reasons = cycle(REASONS)
    events: list[Event] = []
    attempts: list[Attempt] = []
    for number, backup in enumerate(found.select_related("instance").order_by("begin_time"), 1):
        reason, ticket = next(reasons)
        backup.source = Source.HERE
        backup.requested_by = next(people)
        backup.requested_at = (backup.begin_time or backup.requested_at) - timedelta(seconds=3)
        backup.client_token = uuid4()
        backup.fence = 1
        backup.reason = reason
        backup.change_ticket = ticket.format(number)
        if backup.status == Status.FAILED:
            backup.error_message = "The cloud could not take its backup lock on the instance."
        backup.save()
        events += _events_of(backup)
        attempts.append(_attempt_of(backup))
    audit.record_all(events)
    Attempt.objects.bulk_create(attempts)


def _ask_for_a_second_person(project: Project, people: Mapping[str, User], *, at: datetime) -> None:
    """Give the project's team a policy, somebody who may break the glass, and requests that wait."""
    team, dba = project.team, people["dba"]
    Membership.objects.filter(team=team, user=dba).update(may_break_glass=True)
    governance.propose(team, Proposal.Kind.POLICY, POLICY, by=people["admin"], at=at)
    drafts = [
        creation.Draft(instance, f"{instance.name}-release", reason=REASONS[2][0], change_ticket="REL-128")
        for instance in Instance.objects.filter(project=project, environment=Environment.PRODUCTION)
        if statuses.instance_is_available(instance.status)
    ]
    targets.change(team, TARGETS, by=people["admin"], at=at)
    creation.create_backups(drafts[:2], by=dba, at=at, client_token=uuid4())


def _events_of(backup: Backup) -> list[Event]:
    asked, begun = backup.requested_at, backup.begin_time or backup.requested_at
    ended = backup.end_time or begun
    sent = {"attempt": 1}
    accepted = {"cloud_id": backup.cloud_id, "attempt": 1}
    path = [
        ("requested", asked, backup.requested_by, "", Status.QUEUED, {"name": backup.name}),
        ("submitting", asked + timedelta(seconds=1), None, Status.QUEUED, Status.SUBMITTING, sent),
        ("accepted", begun, None, Status.SUBMITTING, Status.BUILDING, accepted),
        (
            "failed" if backup.status == Status.FAILED else "completed",
            ended,
            None,
            Status.BUILDING,
            backup.status,
            {},
        ),
    ]
    return [
        Event(
            team_id=backup.team_id,
            backup=backup,
            verb=verb,
            at=at,
            actor=actor,
            from_status=origin,
            to_status=to,
            data=data,
        )
        for verb, at, actor, origin, to, data in path
    ]


def _attempt_of(backup: Backup) -> Attempt:
    begun = backup.begin_time or backup.requested_at
    return Attempt(
        backup=backup,
        number=1,
        worker="worker",
        started_at=begun - timedelta(seconds=1),
        finished_at=begun,
        outcome=Outcome.ACCEPTED,
        http_status=202,
        request={"instance_id": backup.instance.cloud_id, "name": backup.name},
    )
