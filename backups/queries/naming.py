"""How people are called, where SQL says it."""

DISPLAY_NAME = (
    "coalesce(nullif(trim({person}.first_name || ' ' || {person}.last_name), ''), {person}.username)"
)
"""`User.display_name`, of a table called `{person}`."""

APPROVED_BY = f"""
SELECT string_agg({DISPLAY_NAME.format(person="person")}, ', ' ORDER BY given.at, given.id)
FROM backups_decision AS given JOIN backups_user AS person ON person.id = given.person_id
WHERE given.backup_id = b.id AND given.voided_at IS NULL AND given.verdict = 'approved'
"""
"""Whose approvals of `b` count, inside a query that reads backups."""
