"""What a reader's list of backups has to choose from, and where its live part begins: one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from backups.models import User
from backups.models.states import MOVING, in_sql
from backups.queries import horizon, prepared
from backups.queries.naming import DISPLAY_NAME


@dataclass(frozen=True, slots=True)
class Seat:
    """A team of the reader's, the roles in it, and whether somebody's voice is lent to the reader there."""

    id: int
    slug: str
    name: str
    roles: frozenset[str]
    is_deputy: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An instance by one of its names."""

    id: UUID
    name: str
    cloud_id: str


@dataclass(frozen=True, slots=True)
class View:
    """Filters that the reader keeps under a name."""

    id: UUID
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Offers:
    """The reader's teams, who asked for backups in them, the instances of the wanted name, the kept views.

    `since`: from when on changes are unseen. `is_moving`: a backup of the reader's teams has a next step.
    `has_instances`: there is something that can be backed up.
    """

    since: int
    is_moving: bool
    has_instances: bool
    seats: list[Seat]
    people: list[tuple[str, str]]
    instances: list[Named]
    views: list[View]

    def teams(self, slug: str) -> tuple[int, ...]:
        """The reader's teams, or the one of them that `slug` names."""
        return tuple(seat.id for seat in self.seats if slug in ("", seat.slug))


def of(user: User, *, at: datetime, instance: str = "") -> Offers:
    """What there is for `user`; `instance` is a name, the cloud's id or our own. One query."""
    name = instance.strip()
    asked: dict[str, Any] = {"reader": user.pk, "instance": name, "pk": _uuid(name), "at": at}
    with prepared.cursor() as cursor:
        cursor.execute(OFFERS, asked)
        since, is_moving, has_instances, seats, people, instances, views = cursor.fetchone()
    return Offers(
        since=since,
        is_moving=is_moving,
        has_instances=has_instances,
        seats=[Seat(pk, slug, name, frozenset(roles), lent) for pk, slug, name, roles, lent in seats],
        people=sorted(((name, shown) for name, shown in people), key=lambda person: person[1].casefold()),
        instances=[Named(UUID(pk), name, cloud_id) for pk, name, cloud_id in instances],
        views=sorted((View(UUID(pk), name, query) for pk, name, query in views), key=_by_name),
    )


def instances_like(user: User, words: str, *, most: int) -> list[str]:
    """Names of the reader's instances that have `words` in their name or id, for somebody who types one."""
    with connection.cursor() as cursor:
        cursor.execute(LIKE, {"reader": user.pk, "words": words.strip(), "most": most})
        return [name for (name,) in cursor.fetchall()]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _by_name(view: View) -> Any:
    return view.name.casefold()


MINE = "SELECT team_id FROM backups_membership WHERE user_id = %(reader)s"

LIKE = f"""
SELECT DISTINCT name FROM backups_instance
WHERE team_id IN ({MINE})
  AND (strpos(lower(name), lower(%(words)s)) > 0 OR strpos(lower(cloud_id), lower(%(words)s)) > 0)
ORDER BY name LIMIT %(most)s
"""

OFFERS = f"""
SELECT ({horizon.OLDEST_RUNNING}),
       EXISTS (
           SELECT FROM backups_backup WHERE team_id IN ({MINE}) AND status IN ({in_sql(MOVING)})
       ),
       EXISTS (SELECT FROM backups_instance WHERE team_id IN ({MINE})),
       (
           SELECT coalesce(json_agg(
               json_build_array(team.id, team.slug, team.name, seat.roles, EXISTS (
                   SELECT FROM backups_delegation AS lent
                   WHERE lent.team_id = team.id AND lent.deputy_id = seat.user_id
                     AND lent.starts_at <= %(at)s AND coalesce(lent.ended_at, lent.ends_at) > %(at)s
               )) ORDER BY team.name
           ), '[]')
           FROM backups_membership AS seat JOIN backups_team AS team ON team.id = seat.team_id
           WHERE seat.user_id = %(reader)s
       ),
       (
           SELECT coalesce(json_agg(
               json_build_array(person.username, {DISPLAY_NAME.format(person="person")})
           ), '[]')
           FROM backups_user AS person
           WHERE EXISTS (
               SELECT FROM ({MINE}) AS mine, LATERAL (
                   SELECT FROM backups_backup AS asked
                   WHERE asked.team_id = mine.team_id AND asked.requested_by_id = person.id LIMIT 1
               ) AS found
           )
       ),
       (
           SELECT coalesce(json_agg(
               json_build_array(named.id, named.name, named.cloud_id) ORDER BY named.name, named.id
           ), '[]')
           FROM backups_instance AS named
           WHERE %(instance)s <> '' AND named.team_id IN ({MINE}) AND (
               lower(named.name) = lower(%(instance)s) OR named.cloud_id = %(instance)s
               OR named.id = %(pk)s::uuid
           )
       ),
       (
           SELECT coalesce(json_agg(json_build_array(kept.id, kept.name, kept.query)), '[]')
           FROM backups_savedview AS kept WHERE kept.user_id = %(reader)s
       )
"""
