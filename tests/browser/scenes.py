"""What is on the pictures: each scene leads a signed-in page of a demo site to what it shows."""

from tests.browser.scene import Scene
from tests.browser.scenes_of_teams import SCENES_OF_TEAMS
from tests.browser.ways import (
    ROWS,
    ask_for_a_staging_backup,
    at,
    choose_instances,
    fill_in,
    first,
    first_backup,
    on_to,
    press,
    search_for,
    send,
    then,
    try_connection,
)

PROJECT = first("/projects/", f"{ROWS} a[href^='/projects/']")

SCENES = (
    Scene("sign-in", "sign-in", at("/sign-in/"), reader=""),
    Scene(
        "sign-in-wrong",
        "sign-in",
        then(at("/sign-in/"), fill_in("username", "dba"), fill_in("password", "wrong"), send),
        reader="",
    ),
    Scene("overview", "overview", at("/")),
    Scene("backup-building", "backup-detail", ask_for_a_staging_backup),
    Scene("backups", "backup-list", at("/backups/")),
    Scene("backups-none", "backup-list", at("/backups/?q=no-such-name")),
    Scene(
        "backups-filtered",
        "backup-list",
        at("/backups/?status=FAILED&status=COMPLETED&environment=production&sort=-size"),
    ),
    Scene("backups-unread", "backup-list", at("/backups/?instance=no-such-instance&since=yesterday")),
    Scene("backup-awaiting", "backup-detail", first_backup("AWAITING_APPROVAL")),
    Scene("backup-completed", "backup-detail", first_backup("COMPLETED")),
    Scene("backup-failed", "backup-detail", first_backup("FAILED")),
    Scene("backup-new", "backup-new", at("/backups/new")),
    Scene("backup-new-chosen", "backup-new", then(at("/backups/new"), choose_instances)),
    Scene(
        "backup-new-wrong",
        "backup-new",
        then(at("/backups/new"), choose_instances, fill_in("name", "1st backup!"), send),
    ),
    Scene("approvals", "approval-list", at("/approvals/"), reader="lead"),
    Scene("approvals-none", "approval-list", at("/approvals/")),
    Scene("approvals-asked", "approval-list", at("/approvals/?tab=asked"), reader="dba"),
    Scene(
        "approval",
        "approval-detail",
        first("/approvals/", ".request a.button"),
        reader="lead",
    ),
    Scene("instances", "instance-list", at("/instances/")),
    Scene("instances-none", "instance-list", at("/instances/?q=no-such-name")),
    Scene("instance", "instance-detail", first("/instances/", f"{ROWS} a[href^='/instances/']")),
    Scene("coverage", "coverage", at("/coverage/")),
    Scene("coverage-none", "coverage", at("/coverage/?q=no-such-name")),
    Scene("coverage-report", "coverage-report", at("/coverage/report")),
    Scene("projects", "project-list", at("/projects/")),
    Scene("project", "project-detail", PROJECT),
    Scene("project-tested", "project-detail", then(PROJECT, try_connection)),
    Scene("project-edit", "project-edit", then(PROJECT, on_to("edit"))),
    Scene("project-new", "project-new", at("/projects/new")),
    Scene("project-new-wrong", "project-new", then(at("/projects/new"), send)),
    Scene("api", "api-docs", at("/api/v1/docs/"), is_whole=False),
    Scene("audit", "audit-list", at("/audit/")),
    Scene("audit-none", "audit-list", at("/audit/?verb=vanished&person=-&last_day=2000-01-01")),
    Scene("search", "search", at("/search/?q=orders")),
    Scene("palette", "backup-list", then(at("/backups/"), press("Control+k")), is_whole=False),
    Scene(
        "palette-orders",
        "backup-list",
        then(at("/backups/"), press("Control+k"), search_for("orders")),
        is_whole=False,
    ),
    Scene("keys", "backup-list", then(at("/backups/"), press("?")), is_whole=False),
    Scene("not-found", "", at("/nowhere")),
    *SCENES_OF_TEAMS,
)

UNSEEN = {"first-admin": "an empty site alone shows it; a demo has its people"}
"""Pages without a picture, and why."""
