"""Who gets what from which resource: a new route without a row here fails (security.md, row 6)."""

READERS = ("nobody", "stranger", "auditor", "dba", "lead", "admin", "service")

ROUTES = {
    # route and method: the answer to a call without a token, a stranger's, a viewer's, a requester's, an
    # approver's, an admin's, each with every scope, and to a service account's
    ("api-me", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-backups", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-backups", "post"): (401, 422, 403, 201, 403, 403, 201),
    ("api-backup", "get"): (401, 404, 200, 200, 200, 200, 200),
    ("api-backup-approve", "post"): (401, 404, 403, 403, 200, 403, 403),
    ("api-backup-reject", "post"): (401, 404, 403, 403, 403, 403, 403),
    ("api-backup-cancel", "post"): (401, 404, 403, 200, 403, 403, 200),
    ("api-backup-resend", "post"): (401, 404, 403, 409, 409, 409, 409),
    ("api-backup-close", "post"): (401, 404, 403, 409, 409, 409, 409),
    ("api-decisions", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-waiting", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-instances", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-coverage", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-projects", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-projects", "post"): (401, 201, 403, 403, 403, 201, 403),
    ("api-project", "get"): (401, 404, 200, 200, 200, 200, 200),
    ("api-project", "patch"): (401, 404, 403, 403, 403, 200, 403),
    ("api-project-test", "post"): (401, 404, 403, 403, 403, 200, 403),
    ("api-project-sync", "post"): (401, 404, 403, 202, 202, 202, 202),
    ("api-policies", "get"): (401, 200, 200, 200, 200, 200, 200),
    ("api-policies", "post"): (401, 201, 403, 403, 403, 409, 403),
    ("api-policy", "get"): (401, 404, 200, 200, 200, 200, 200),
    ("api-policy", "put"): (401, 404, 403, 403, 403, 409, 403),
    ("api-policy", "delete"): (401, 404, 403, 403, 403, 409, 403),
    ("api-proposals", "get"): (401, 200, 403, 403, 403, 200, 403),
    ("api-proposal-agree", "post"): (401, 404, 403, 403, 403, 403, 403),
    ("api-proposal-refuse", "post"): (401, 404, 403, 403, 403, 403, 403),
    ("api-proposal-withdraw", "post"): (401, 404, 409, 409, 409, 200, 403),
    ("api-apply", "post"): (401, 422, 403, 403, 403, 200, 403),
    ("api-events", "get"): (401, 200, 200, 200, 200, 200, 200),
}
