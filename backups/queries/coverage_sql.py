"""How coverage is read from the database.

For each instance one look into the index `backup_covers`, whose condition is repeated here word for word:
the newest good backup that had ended by then and was not gone. No look at the table, however many there are.
"""

from backups.models import Coverage
from backups.models.coverage import AT_RISK_PERCENT, DEFAULT_TARGET_HOURS

WORST_FIRST = (Coverage.NEVER, Coverage.UNCOVERED, Coverage.AT_RISK, Coverage.COVERED)
"""The place of a state in it is its rank."""


TARGETS = """
LEFT JOIN backups_rpotarget own ON own.team_id = i.team_id AND own.environment = i.environment
    AND own.since <= %(at)s AND (own.ended_at IS NULL OR own.ended_at > %(at)s)
LEFT JOIN backups_rpotarget other ON other.team_id = i.team_id AND other.environment = ''
    AND other.since <= %(at)s AND (other.ended_at IS NULL OR other.ended_at > %(at)s)
"""

NEWEST_GOOD = """
LEFT JOIN LATERAL (
    SELECT b.id, b.begin_time, b.end_time
    FROM backups_backup b
    WHERE b.instance_id = i.id
      AND b.begin_time IS NOT NULL AND b.end_time IS NOT NULL
      AND ((b.status IN ('AVAILABLE', 'COMPLETED', 'DELETING') AND NOT (b.raw_status = 'FAILED'))
           OR (b.gone_at IS NOT NULL AND b.raw_status IN ('', 'AVAILABLE', 'COMPLETED', 'DELETING')
               AND b.status IN ('DELETED', 'VANISHED')))
      AND b.begin_time <= %(at)s AND b.end_time <= %(at)s AND (b.gone_at IS NULL OR b.gone_at > %(at)s)
    ORDER BY b.begin_time DESC
    LIMIT 1
) good ON true
"""

HOURS = f"coalesce(own.hours, other.hours, {DEFAULT_TARGET_HOURS})"

RANK = f"""
CASE WHEN good.id IS NULL THEN 0
     WHEN %(at)s - good.begin_time > {HOURS} * interval '1 hour' THEN 1
     WHEN %(at)s - good.begin_time > {HOURS} * interval '1 hour' * {AT_RISK_PERCENT} / 100 THEN 2
     ELSE 3 END
"""

EXISTED = """
(i.gone_at IS NULL OR i.gone_at > %(at)s) AND (i.found_at <= %(at)s OR good.id IS NOT NULL)
"""

JUDGED = f"""
WITH judged AS MATERIALIZED (
    SELECT i.id, i.cloud_id, i.name, i.environment, i.team_id, i.project_id, {HOURS} AS hours,
           good.id AS backup_id, good.begin_time, good.end_time, {RANK} AS rank
    FROM backups_instance i {TARGETS} {NEWEST_GOOD}
    WHERE i.team_id = ANY(%(teams)s) AND {EXISTED}
      AND %(environment)s IN ('', i.environment)
      AND (%(q)s = '' OR position(lower(%(q)s) IN lower(i.name)) > 0
           OR position(lower(%(q)s) IN lower(i.cloud_id)) > 0)
)
"""

TALLY = """
SELECT team_id, count(*) FILTER (WHERE rank = 3) AS covered, count(*) FILTER (WHERE rank = 2) AS at_risk,
       count(*) FILTER (WHERE rank = 1) AS uncovered, count(*) FILTER (WHERE rank = 0) AS never
FROM judged GROUP BY team_id
"""

COLUMNS = """
j.id, j.cloud_id, j.name, j.environment, j.team_id, p.name AS project_name, j.rank, j.hours,
extract(epoch FROM %(at)s - j.begin_time)::float8 AS age, j.begin_time, j.end_time, j.backup_id,
coalesce(b.name, '') AS backup_name, coalesce(b.source, '') AS source
"""

NAMED = """
JOIN backups_project p ON p.id = j.project_id LEFT JOIN backups_backup b ON b.id = j.backup_id
"""

COUNTED = JUDGED + TALLY

PAGED = f"""
{JUDGED}
SELECT tally.counts, shown.*
FROM (SELECT json_agg(json_build_array(team_id, covered, at_risk, uncovered, never)) AS counts
      FROM ({TALLY}) each) tally
LEFT JOIN (
    SELECT {COLUMNS}
    FROM (SELECT * FROM judged
          WHERE (%(rank)s::int IS NULL OR rank = %(rank)s)
            AND (%(after_rank)s::int IS NULL
                 OR (rank, name, id) > (%(after_rank)s, %(after_name)s, %(after_id)s))
          ORDER BY rank, name, id LIMIT %(limit)s) j {NAMED}
) shown ON true
ORDER BY shown.rank, shown.name, shown.id
"""

LISTED = f"""
{JUDGED}
SELECT {COLUMNS} FROM judged j {NAMED} JOIN backups_team t ON t.id = j.team_id
WHERE (%(rank)s::int IS NULL OR rank = %(rank)s)
ORDER BY CASE WHEN %(by_team)s THEN t.name END, j.rank, j.name, j.id
"""

CHANGED = f"""
WITH judged AS (
    SELECT i.id, i.cloud_id, i.name, i.team_id, i.coverage AS told, {RANK} AS rank,
           i.found_at + {HOURS} * interval '1 hour' <= %(at)s AS is_known
    FROM backups_instance i {TARGETS} {NEWEST_GOOD}
    WHERE {EXISTED}
)
SELECT id, cloud_id, name, team_id, told, rank, is_known
FROM judged
WHERE told <> (ARRAY{[state.value for state in WORST_FIRST]})[rank + 1]
ORDER BY team_id, name, id
"""
