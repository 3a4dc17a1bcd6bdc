"""Of the pictures those of a team's rules, and of what somebody has of his own: deputies and tokens."""

from tests.browser.scene import Scene
from tests.browser.ways import (
    ROWS,
    at,
    choose_a_team,
    either,
    fill_in,
    first,
    on_to,
    send,
    then,
    tick,
    type_password,
    unless_empty,
    visit,
)

TEAM = "/teams/payments"
MEMBER = first(f"{TEAM}/members/", "a[href^='/members/']")
CHANNEL = first(f"{TEAM}/channels/", "main a[href^='/channels/']")
ACCESS = "/account/access"
TOKEN = then(at(f"{ACCESS}/new"), fill_in("name", "nightly pipeline"), choose_a_team, type_password)
SERVICES = "/teams/storefront/service-accounts"
SERVICE = then(at(f"{SERVICES}/new"), fill_in("username", "deploy-pipeline"), tick("roles", "requester"))
MAIL = then(
    at(f"{TEAM}/channels/new"), fill_in("name", "Payments on call"), fill_in("target", "oncall@example.com")
)

SCENES_OF_TEAMS = (
    Scene("team", "team-settings", at(f"{TEAM}/settings")),
    Scene("members", "team-members", at(f"{TEAM}/members/")),
    Scene("member-new", "team-member-new", at(f"{TEAM}/members/new")),
    Scene("member-edit", "member-edit", MEMBER),
    Scene(
        "member-remove",
        "member-remove",
        then(MEMBER, lambda page: visit(page, page.url.replace("/edit", "/remove"))),
    ),
    Scene("services-none", "team-services", at(f"{TEAM}/service-accounts/")),
    Scene("service-new", "team-service-new", at(f"{TEAM}/service-accounts/new")),
    Scene(
        "services",
        "team-services",
        either(unless_empty(f"{SERVICES}/", f"{ROWS} a"), then(SERVICE, send)),
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
    Scene("deputies", "deputies", at("/account/deputies/"), reader="lead"),
    Scene("deputies-none", "deputies", at("/account/deputies/"), reader="dba"),
    Scene("access-none", "access", at(f"{ACCESS}/"), reader="auditor"),
    Scene("access-new", "access-new", at(f"{ACCESS}/new")),
    Scene("access-new-wrong", "access-new", then(at(f"{ACCESS}/new"), send)),
    Scene("access-made", "access-new", then(TOKEN, send)),
    Scene("access-made-key-pair", "access-new", then(TOKEN, tick("kind", "aksk"), send)),
    Scene("access", "access", at(f"{ACCESS}/")),
    Scene("access-revoke", "access-revoke", first(f"{ACCESS}/", f"{ROWS} a[href$='/revoke']")),
)
