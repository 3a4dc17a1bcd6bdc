-- A year of backups over the fleet. Everything is drawn from the number of a backup, 0 being the newest, so that a
-- world is the same each time. Foreign keys hold by what is joined; checks and unique rules are the table's own.
INSERT INTO backups_backup (
    id, team_id, instance_id, name, description, source, status, revision, changed_in,
    requested_by_id, requested_at, client_token, reason, change_ticket, content_hash, policy_name, approvals_needed,
    approve_by, run_by_hours, run_by, is_break_glass, review_comment, cloud_id, job_id, begin_time, end_time, size_mb,
    raw_status, cloud_name, fence, lease_until, next_action_at, looks_first, looks, unconfirmed_since,
    needs_decision_at, alarm, alarm_detail, error_code, error_message, error_remedy {more_columns}
)
SELECT
    (milliseconds || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
    team_id,
    instance_id,
    CASE source
        WHEN 'automatic' THEN 'mysql-' || instance_name || to_char(requested_at, '-YYYYMMDDHH24MI')
        ELSE occasion || to_char(requested_at, '-YYYYMMDD-') || to_hex(number)
    END,
    CASE WHEN source = 'automatic' THEN '' ELSE initcap(replace(occasion, '-', ' ')) || ' of ' || instance_name END,
    source,
    status,
    nextval('backups_revision'),
    pg_current_xact_id()::text::bigint,
    CASE WHEN source = 'here' THEN person END,
    requested_at,
    CASE WHEN source = 'here' THEN hash::uuid END,
    CASE WHEN source = 'here' THEN 'As agreed in the change board' ELSE '' END,
    CASE WHEN source = 'here' THEN 'CHG-' || 40000 + number %% 50000 ELSE '' END,
    CASE WHEN source = 'here' THEN hash || hash ELSE '' END,
    CASE WHEN needs_two THEN 'Production' ELSE '' END,
    CASE WHEN needs_two THEN 1 ELSE 0 END,
    CASE WHEN needs_two THEN requested_at + interval '24 hours' END,
    CASE WHEN needs_two THEN 8 END,
    CASE WHEN status = 'QUEUED' THEN requested_at + interval '24 hours' END,
    false,
    '',
    CASE WHEN is_sent THEN hash || 'br07' END,
    CASE WHEN is_sent AND source = 'here' THEN md5(hash) ELSE '' END,
    CASE WHEN is_sent THEN begin_time END,
    CASE WHEN is_sent AND status <> 'BUILDING' THEN begin_time + seconds * interval '1 second' END,
    CASE WHEN is_sent AND status NOT IN ('BUILDING', 'FAILED') THEN size_mb END,
    CASE WHEN is_sent THEN CASE WHEN status IN ('BUILDING', 'FAILED', 'AVAILABLE') THEN status ELSE 'COMPLETED' END ELSE '' END,
    '',
    CASE WHEN is_sent OR status IN ('SUBMITTING', 'UNCONFIRMED') THEN 1 ELSE 0 END,
    CASE WHEN status = 'SUBMITTING' THEN %(until)s + interval '1 hour' END,
    CASE WHEN status IN ('QUEUED', 'SUBMITTING', 'BUILDING', 'AWAITING_APPROVAL', 'DELETING')
        THEN %(until)s + interval '1 hour' END,
    false,
    0,
    CASE WHEN status = 'UNCONFIRMED' THEN requested_at END,
    CASE WHEN status = 'UNCONFIRMED' THEN requested_at + interval '10 minutes' END,
    '',
    '',
    CASE status WHEN 'FAILED' THEN 'DBS.200011' WHEN 'REFUSED' THEN 'DBS.201015' ELSE '' END,
    CASE status WHEN 'FAILED' THEN 'The backup ended with an error in the cloud.'
        WHEN 'REFUSED' THEN 'The cloud refused the request: the instance was not available.' ELSE '' END,
    ''
    {more_values}
FROM (
    SELECT *,
        status IN ('BUILDING', 'COMPLETED', 'FAILED', 'AVAILABLE', 'DELETED', 'VANISHED', 'DELETING') AS is_sent,
        source = 'here' AND (status IN ('AWAITING_APPROVAL', 'REJECTED') OR (environment = 'production'
            AND status NOT IN ('QUEUED', 'SUBMITTING'))) AS needs_two
    FROM (
        SELECT *,
            requested_at + interval '40 seconds' AS begin_time,
            CASE
                WHEN status NOT IN ('COMPLETED', 'FAILED', 'AVAILABLE', 'DELETED', 'VANISHED', 'DELETING') THEN 'here'
                WHEN source_share < 0.75 THEN 'automatic'
                WHEN source_share < 0.80 THEN 'elsewhere'
                ELSE 'here'
            END AS source
        FROM (
            SELECT
                number, fleet.instance_id, fleet.team_id, fleet.name AS instance_name, fleet.environment, requested_at,
                fleet.size_gb * (0.8 + 0.4 * chance(number, 'size')) * 1024 AS size_mb,
                least(fleet.size_gb * (0.7 + 0.6 * chance(number, 'pace')) * 2 + 60, 7200) AS seconds,
                chance(number, 'source') AS source_share,
                fleet.people[1 + (number / 7) %% array_length(fleet.people, 1)] AS person,
                occasions.words[1 + (number * 13 + number / 29) %% array_length(occasions.words, 1)] AS occasion,
                lpad(to_hex((extract(epoch FROM requested_at) * 1000)::bigint), 12, '0') AS milliseconds,
                md5(number::text) AS hash,
                CASE
                    WHEN number < building THEN 'BUILDING'
                    WHEN number < building * 1.2 THEN 'QUEUED'
                    WHEN number < building * 1.5 THEN 'AWAITING_APPROVAL'
                    WHEN number < building * 1.6 THEN 'SUBMITTING'
                    WHEN number < building * 1.7 THEN 'UNCONFIRMED'
                    WHEN share < 0.925 THEN 'COMPLETED'
                    WHEN share < 0.945 THEN 'FAILED'
                    WHEN share < 0.960 THEN 'AVAILABLE'
                    WHEN share < 0.975 THEN 'DELETED'
                    WHEN share < 0.980 THEN 'CANCELLED'
                    WHEN share < 0.984 THEN 'REJECTED'
                    WHEN share < 0.988 THEN 'EXPIRED'
                    WHEN share < 0.992 THEN 'REFUSED'
                    WHEN share < 0.99999 THEN 'VANISHED'
                    ELSE 'DELETING'
                END AS status
            FROM generate_series(%(rows)s::bigint - 1, 0, -1) AS number
            CROSS JOIN (SELECT least(12, %(instances)s / 4.0)::int AS building) AS marks
            CROSS JOIN (
                SELECT ARRAY[
                    'before-release', 'schema-change', 'month-end', 'restore-drill', 'partition-cleanup', 'upgrade',
                    'data-fix', 'audit-snapshot', 'before-index', 'vendor-visit', 'load-test', 'handover', 'purge'
                ] AS words
            ) AS occasions
            CROSS JOIN LATERAL (SELECT chance(number, 'status') AS share) AS luck
            CROSS JOIN LATERAL (
                SELECT %(until)s - interval '1 minute'
                    - (number + chance(number, 'at')) * (interval '365 days' / %(rows)s) AS requested_at
            ) AS asked
            JOIN fleet ON fleet.place = (number * 7919 + number / %(instances)s) %% %(instances)s
        ) AS drawn
    ) AS sourced
) AS told
ORDER BY number DESC;

INSERT INTO backups_decision (
    id, backup_id, requester_id, content_hash, person_id, voice_id, verdict, comment, at, void_reason
)
SELECT
    md5(backup.id::text)::uuid, backup.id, backup.requested_by_id, backup.content_hash, other.id, other.id,
    CASE WHEN backup.status = 'REJECTED' THEN 'rejected' ELSE 'approved' END,
    CASE WHEN backup.status = 'REJECTED' THEN 'Not in this window' ELSE '' END,
    backup.requested_at + interval '20 seconds', ''
FROM backups_backup AS backup
JOIN fleet ON fleet.instance_id = backup.instance_id
CROSS JOIN LATERAL (
    SELECT fleet.people[1 + array_position(fleet.people, backup.requested_by_id) %% array_length(fleet.people, 1)] AS id
) AS other
WHERE backup.approvals_needed > 0 AND backup.status NOT IN ('AWAITING_APPROVAL', 'EXPIRED', 'CANCELLED');
