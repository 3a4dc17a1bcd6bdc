"""A world: teams, people, a fleet, and a year of its backups, in the database that Django is connected to.

1. Teams, people, projects and instances through the product's models.
2. Backups and decisions by `world.sql`. Triggers of a row do not run meanwhile, the SQL sets what they would;
   those of a statement do. Indexes that back no constraint are made after, which proves the unique ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from backups.models import Backup, Instance, Membership, Project, Pulse, Role, Team, User
from backups.operations import audit, projects
from backups.secrecy.secret import Secret
from benchmarks.names import LONER, PASSWORD, PEOPLE, PERSON, READER

SHARES = (0.30, 0.20, 0.14, 0.10, 0.08, 0.06, 0.05, 0.04, 0.02, 0.01)
"""How much of the fleet each team has, in thousandths of what is drawn."""
FOREIGN = frozenset({2, 9})
"""The teams that `dana`, whose pages are measured, is not in: she sees 85 of 100 backups."""
SEATS = 12

STAGES = ("production", "staging", "production", "development")
SERVICES = ("orders", "ledger", "catalog", "payments", "search", "profiles", "sessions", "invoices", "stock")
SITES = ("eu", "us", "cn", "ap")
FAR = timedelta(days=3650)
TABLE = Backup._meta.db_table
STATEMENTS = Path(__file__).with_suffix(".sql").read_text()
CHANCE = """
CREATE FUNCTION pg_temp.chance(number bigint, word text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (hashtextextended(word, number) & 16777215) / 16777216.0 $$
"""
FLEET = """
CREATE TEMP TABLE fleet AS
SELECT row_number() OVER (ORDER BY instance.name) - 1 AS place, instance.id AS instance_id, instance.team_id,
    instance.name, instance.environment, instance.volume_gb / 2 AS size_gb, seats.people
FROM backups_instance AS instance
JOIN (
    SELECT team_id, array_agg(user_id ORDER BY user_id) AS people
    FROM backups_membership GROUP BY team_id
) AS seats ON seats.team_id = instance.team_id
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""

ROW_TRIGGERS = """
SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgtype & 1 = 1 AND tgenabled = 'O' AND (
    NOT tgisinternal OR tgconstrrelid <> 0 AND EXISTS (
        SELECT FROM pg_constraint WHERE pg_constraint.oid = tgconstraint AND conrelid = tgrelid
    )
)
"""
"""What would run once a row: stamps, and the foreign keys of the table itself."""


def fill(rows: int, instances: int, *, at: datetime) -> None:
    """Make everything, and let the database look at what it has."""
    with audit.act():
        make_fleet(make_people(at=at), instances, at=at)
    Pulse.objects.bulk_create(Pulse(name=name, at=at + FAR) for name in ("reconciler", "worker"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off; SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
        cursor.execute(CHANCE)
        cursor.execute(FLEET)
        with without_indexes(cursor):
            more = _more_columns()
            for statement in STATEMENTS.split(";\n\n"):
                told = statement.replace("{more_columns}", "".join(f", {name}" for name in more))
                told = told.replace("{more_values}", "".join(f", %({name})s" for name in more))
                told = told.replace("chance(", "pg_temp.chance(")
                cursor.execute(told, {"rows": rows, "instances": instances, "until": at, **more})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_people(*, at: datetime) -> list[Team]:
    """Ten teams of twelve; `dana` is in eight of them, `lone` in the smallest alone."""
    hashed = make_password(PASSWORD)
    named = {READER: ("Dana", "Brandt"), LONER: ("Lone", "Holm")}
    names = [*named, *(PERSON.format(number) for number in range(PEOPLE))]
    people = [User(username=name, password=hashed, date_joined=at - timedelta(days=400)) for name in names]
    for number, person in enumerate(people):
        person.first_name, person.last_name = named.get(person.username, ("Person", f"Nr {number}"))
    User.objects.bulk_create(people)
    teams = [
        Team.objects.create(name=f"Team {number}", slug=f"team-{number}") for number in range(len(SHARES))
    ]
    seats = [
        Membership(team=team, user=people[2 + (number * 5 + seat) % PEOPLE], roles=[*Role], since=at)
        for number, team in enumerate(teams)
        for seat in range(SEATS)
    ]
    mine = [team for number, team in enumerate(teams) if number not in FOREIGN]
    seats += [Membership(team=team, user=people[0], roles=[Role.REQUESTER], since=at) for team in mine]
    seats.append(Membership(team=teams[-1], user=people[1], roles=[Role.REQUESTER], since=at))
    Membership.objects.bulk_create(seats)
    return teams


def make_fleet(teams: list[Team], instances: int, *, at: datetime) -> None:
    """A project for each team, and its share of the instances."""
    fleet: list[Instance] = []
    for number, team in enumerate(teams):
        project = _make_project(team, number, at=at)
        first = round(instances * sum(SHARES[:number]))
        last = max(round(instances * sum(SHARES[: number + 1])), first + 1)
        fleet += [_instance(project, each, at=at) for each in range(first, min(last, instances))]
    Instance.objects.bulk_create(fleet, batch_size=1000)


def _make_project(team: Team, number: int, *, at: datetime) -> Project:
    admin = User.objects.filter(memberships__team=team, memberships__roles__contains=[Role.ADMIN]).order_by(
        "pk"
    )
    draft = projects.ProjectDraft(
        team=team,
        name=f"{team.slug}-north",
        region="cn-north-4",
        endpoint="https://gaussdb.cn-north-4.myhuaweicloud.com",
        api="mysql/v3",
        project_id=f"{number:032x}",
        kind="aksk",
        access_key=Secret(f"BENCHACCESSKEY{number:06d}"),
        secret_key=Secret(f"benchSecretKey{number:026d}"),
    )
    return projects.create_project(draft, by=admin[0], at=at)


def _instance(project: Project, number: int, *, at: datetime) -> Instance:
    service, site = SERVICES[number % len(SERVICES)], SITES[number % len(SITES)]
    return Instance(
        team_id=project.team_id,
        project=project,
        cloud_id=f"{number:032x}in07",
        name=f"{service}-{site}-{number:05d}",
        environment=STAGES[number % len(STAGES)],
        status="normal",
        engine="gaussdb-mysql",
        engine_version="8.0",
        volume_gb=40.0 * (1 + number * 37 % 25),
        seen_at=at,
    )


@contextmanager
def without_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """Write much at once: no trigger for each row, and indexes made again after."""
    cursor.execute(INDEXES, [TABLE])
    indexes = dict(cursor.fetchall())
    for name in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute(ROW_TRIGGERS, [TABLE])
    triggers = [name for (name,) in cursor.fetchall()]
    for name in triggers:
        cursor.execute(f'ALTER TABLE {TABLE} DISABLE TRIGGER "{name}"')
    yield
    for name in triggers:
        cursor.execute(f'ALTER TABLE {TABLE} ENABLE TRIGGER "{name}"')
    for definition in indexes.values():
        cursor.execute(definition)


def _more_columns() -> dict[str, Any]:
    """Columns that `world.sql` does not name though they must not be empty, with what a new row gets."""
    told = STATEMENTS.partition("backups_backup (")[2].partition("{")[0]
    named = {name.strip() for name in told.split(",")}
    return {
        str(field.column): field.get_default()
        for field in Backup._meta.concrete_fields
        if not (field.null or field.generated or field.column in named)
    }
