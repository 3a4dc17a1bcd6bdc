"""What is on the pictures: each scene leads a signed-in page of a demo site to what it shows."""

from dataclasses import dataclass

from tests.browser.ways import (
    ROWS,
    Lead,
    ask_for_a_staging_backup,
    at,
    choose_instances,
    either,
    fill_in,
    first,
    first_backup,
    on_to,
    press,
    search_for,
    send,
    then,
    try_connection,
    visit,
)


@dataclass(frozen=True)
class Scene:
    """A picture's name, the route that it shows, the way there, and who looks; "" is nobody yet.

    `is_whole`: the page, not only what the window shows of it.
    """

    name: str
    route: str
    lead: Lead
    is_whole: bool = True
    reader: str = "admin"


TEAM = "/teams/payments"
PROJECT = first("/projects/", f"{ROWS} a[href^='/projects/']")
MEMBER = first(f"{TEAM}/members/", "a[href^='/members/']")
CHANNEL = first(f"{TEAM}/channels/", "main a[href^='/channels/']")
MAIL = then(
    at(f"{TEAM}/channels/new"), fill_in("name", "Payments on call"), fill_in("target", "oncall@example.com")
)

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
    Scene("audit", "audit-list", at("/audit/")),
    Scene("audit-none", "audit-list", at("/audit/?verb=vanished&person=-&last_day=2000-01-01")),
    Scene("team", "team-settings", at(f"{TEAM}/settings")),
    Scene("members", "team-members", at(f"{TEAM}/members/")),
    Scene("member-new", "team-member-new", at(f"{TEAM}/members/new")),
    Scene("member-edit", "member-edit", MEMBER),
    Scene(
        "member-remove",
        "member-remove",
        then(MEMBER, lambda page: visit(page, page.url.replace("/edit", "/remove"))),
    ),
    Scene("policies", "team-policies", at(f"{TEAM}/policies/")),
    Scene("policies-none", "team-policies", at("/teams/storefront/policies/")),
    Scene("policy-new", "team-policy-new", at(f"{TEAM}/policies/new")),
    Scene("policy-edit", "policy-edit", first(f"{TEAM}/policies/", "a[href^='/policies/']")),
    Scene("proposals", "team-proposals", at(f"{TEAM}/proposals/")),
    Scene("channels-none", "team-channels", at("/teams/storefront/channels/")),
    Scene("channel-new", "team-channel-new", at(f"{TEAM}/channels/new")),
    Scene("channel", "channel-detail", either(CHANNEL, then(MAIL, send))),
    Scene("channels", "team-channels", at(f"{TEAM}/channels/")),
    Scene(
        "channel-edit",
        "channel-edit",
        then(CHANNEL, on_to("edit")),
    ),
    Scene("api", "api-docs", at("/api/v1/docs/"), is_whole=False),
    Scene("deputies", "deputies", at("/account/deputies/"), reader="lead"),
    Scene("deputies-none", "deputies", at("/account/deputies/"), reader="dba"),
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
)

UNSEEN = {"first-admin": "an empty site alone shows it; a demo has its people"}
"""Pages without a picture, and why."""
