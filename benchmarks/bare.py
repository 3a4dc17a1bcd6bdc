"""What the pages are measured against: hand-written views that do the least that gives the same rows."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import Context, Engine

PAGE = 50
CHUNK = 2000
TEMPLATE = Engine().from_string((Path(__file__).parent / "bare.html").read_text())

STARTED = "coalesce(begin_time, requested_at)"
COLUMNS = f"""
    id, name, status, {STARTED} AS started, begin_time, end_time, size_mb, instance_id, team_id,
    requested_by_id
"""
SHOWN = """
SELECT page.id::text, page.name, page.status, instance.name, instance.environment, team.name,
    to_char(page.started, 'YYYY-MM-DD HH24:MI:SS'), extract(epoch FROM page.end_time - page.begin_time)::int,
    round(page.size_mb / 1024)::int, person.first_name || ' ' || person.last_name, page.instance_id::text
FROM ({found}) AS page
JOIN backups_instance AS instance ON instance.id = page.instance_id
JOIN backups_team AS team ON team.id = page.team_id
LEFT JOIN backups_user AS person ON person.id = page.requested_by_id
ORDER BY page.started DESC, page.id DESC
"""
MINE = "SELECT team_id FROM backups_membership WHERE user_id = %(user)s"
# One walk down the history's index for each of the reader's teams, merged: no cheaper read gives these rows.
KEYSET = """
    SELECT found.* FROM ({mine}) AS seat {kinds} CROSS JOIN LATERAL (
        SELECT {columns} FROM backups_backup
        WHERE team_id = seat.team_id {narrowed} ORDER BY {started} DESC, id DESC LIMIT {limit}
    ) AS found
    ORDER BY started DESC, id DESC LIMIT {limit}
"""
# The index of a status goes by source before it goes by time.
KINDS = "CROSS JOIN (VALUES ('here'), ('elsewhere'), ('automatic')) AS kind (source)"
# One walk, of an instance; or a search, by its words or along the history as the planner thinks.
DIRECT = """
    SELECT {columns} FROM backups_backup
    WHERE team_id IN ({mine}) {narrowed} ORDER BY {started} DESC, id DESC LIMIT {limit}
"""
NARROWED = {
    "status": "AND status = %(status)s AND source = kind.source",
    "team": "AND team_id = (SELECT id FROM backups_team WHERE slug = %(team)s)",
    "instance": "AND instance_id = %(instance)s::uuid",
    "before": f"AND ({STARTED}, id) < (%(at)s::timestamptz, %(before)s::uuid)",
    "q": "AND (name ILIKE %(q)s OR description ILIKE %(q)s)",
}
NEWEST = f"""
SELECT instance.id, instance.name, newest.begin_time
FROM backups_instance AS instance LEFT JOIN LATERAL (
    SELECT begin_time FROM backups_backup AS backup
    WHERE backup.instance_id = instance.id AND status IN ('AVAILABLE', 'COMPLETED')
        AND begin_time IS NOT NULL AND end_time IS NOT NULL AND raw_status <> 'FAILED'
    ORDER BY begin_time DESC LIMIT 1
) AS newest ON true
WHERE instance.team_id IN ({MINE})
"""  # noqa: S608 - constants only
EXPORT = """
SELECT backup.id::text, backup.name, backup.status, backup.source, instance.name, team.name,
    backup.requested_at::text, backup.begin_time::text, backup.end_time::text, backup.size_mb,
    person.username, backup.description
FROM backups_backup AS backup
JOIN backups_instance AS instance ON instance.id = backup.instance_id
JOIN backups_team AS team ON team.id = backup.team_id
LEFT JOIN backups_user AS person ON person.id = backup.requested_by_id
WHERE backup.team_id IN (SELECT team_id FROM backups_membership WHERE user_id = %s)
ORDER BY backup.requested_at DESC, backup.id DESC
"""


MARKS = f"""
SELECT backup.id, backup.name, backup.instance_id, team.slug, {STARTED} FROM backups_backup AS backup
JOIN backups_team AS team ON team.id = backup.team_id
WHERE backup.team_id IN ({MINE})
ORDER BY {STARTED} DESC, backup.id DESC
OFFSET (SELECT count(*) / 2 FROM backups_backup WHERE team_id IN ({MINE}))
LIMIT 1
"""  # noqa: S608 - constants only


def signed_in(request: HttpRequest) -> HttpResponse:
    """The cheapest view that the framework allows to somebody who is signed in: session, user, 204."""
    return HttpResponse(status=204 if request.user.is_authenticated else 403)


def history(request: HttpRequest) -> HttpResponse:
    """Fifty rows of the history by the ideal query, in a plain template."""
    asked = {name: request.GET[name] for name in NARROWED if request.GET.get(name)}
    values: dict[str, Any] = {**asked, "user": request.user.pk, "at": request.GET.get("at")}
    if "q" in asked:
        values["q"] = f"%{asked['q']}%"
    walk = DIRECT if {"q", "instance"} & set(asked) else KEYSET
    narrowed = " ".join(NARROWED[name] for name in asked)
    found = walk.format(
        mine=MINE,
        kinds=KINDS if "status" in asked else "",
        columns=COLUMNS,
        narrowed=narrowed,
        started=STARTED,
        limit=PAGE + 1,
    )
    with connection.cursor() as cursor:
        cursor.execute(SHOWN.format(found=found), values)
        rows = cursor.fetchall()
    return HttpResponse(TEMPLATE.render(Context({"rows": rows[:PAGE], "has_more": len(rows) > PAGE})))


def marks(request: HttpRequest) -> HttpResponse:
    """The backup in the middle of all that the reader sees: its team, instance, name and cursor."""
    with connection.cursor() as cursor:
        cursor.execute(MARKS, {"user": request.user.pk})
        pk, name, instance, team, started = cursor.fetchone()
    told = {"name": name, "instance": instance, "team": team, "cursor": f"{started.isoformat()}_{pk}"}
    return HttpResponse(urlencode(told), content_type="text/plain")


def coverage(request: HttpRequest) -> HttpResponse:
    """How many instances the reader sees, each one's newest good backup having been read."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"user": request.user.pk})
        return HttpResponse(str(len(cursor.fetchall())), content_type="text/plain")


def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every row that the reader may see as CSV, as the database hands them over."""
    return StreamingHttpResponse(_lines(request.user.pk), content_type="text/csv")


class _Echo:
    """A file that hands back what is written."""

    def write(self, value: str) -> str:
        return value


def _lines(user: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    connection.ensure_connection()
    with connection.connection.transaction(), connection.connection.cursor("bare_export") as cursor:
        cursor.execute(EXPORT, [user])
        while rows := cursor.fetchmany(CHUNK):
            yield "".join(str(writer.writerow(row)) for row in rows)
