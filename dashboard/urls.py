"""The map of the site."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from dashboard.views import (
    account,
    approvals,
    audit,
    backups,
    channels,
    deputies,
    health,
    instances,
    members,
    projects,
    proposals,
    settling,
    teams,
)

handler400 = "dashboard.views.errors.bad_request"
handler403 = "dashboard.views.errors.permission_denied"
handler404 = "dashboard.views.errors.page_not_found"
handler500 = "dashboard.views.errors.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="backup-list"), name="overview"),
    path("backups/", backups.show_list, name="backup-list"),
    path("backups/live", backups.show_changes, name="backup-live"),
    path("backups/new", backups.create, name="backup-new"),
    path("backups/new/check", backups.check, name="backup-check"),
    path("backups/new/instances", backups.choose_instances, name="backup-choose"),
    path("backups/<uuid:pk>/", backups.show, name="backup-detail"),
    path("backups/<uuid:pk>/live", backups.show_live, name="backup-detail-live"),
    path("backups/<uuid:pk>/cancel", backups.cancel, name="backup-cancel"),
    path("backups/<uuid:pk>/send-again", settling.send_again, name="backup-send-again"),
    path("backups/<uuid:pk>/close", settling.close, name="backup-close"),
    path("backups/<uuid:pk>/alarm-seen", settling.see_alarm, name="backup-alarm-seen"),
    path("backups/<uuid:pk>/review", approvals.review, name="backup-review"),
    path("approvals/", approvals.show_list, name="approval-list"),
    path("approvals/decide", approvals.decide, name="approval-decide"),
    path("approvals/<uuid:pk>/", approvals.show, name="approval-detail"),
    path("instances/", instances.show_list, name="instance-list"),
    path("instances/<uuid:pk>/", instances.show, name="instance-detail"),
    path("projects/", projects.show_list, name="project-list"),
    path("projects/new", projects.create, name="project-new"),
    path("projects/new/addresses", projects.show_addresses, name="project-addresses"),
    path("projects/<uuid:pk>/", projects.show, name="project-detail"),
    path("projects/<uuid:pk>/edit", projects.edit, name="project-edit"),
    path("projects/<uuid:pk>/test", projects.test, name="project-test"),
    path("projects/<uuid:pk>/sync", projects.sync, name="project-sync"),
    path("audit/", audit.show_list, name="audit-list"),
    path("audit/export.csv", audit.export_csv, name="audit-csv"),
    path("audit/export.json", audit.export_json, name="audit-json"),
    path("teams/<slug:slug>/settings", teams.settings, name="team-settings"),
    path("teams/<slug:slug>/members/", members.show_list, name="team-members"),
    path("teams/<slug:slug>/members/new", members.add, name="team-member-new"),
    path("teams/<slug:slug>/members/four-eyes", members.switch_off, name="team-four-eyes"),
    path("teams/<slug:slug>/members/break-glass", members.set_quota, name="team-break-glass"),
    path("members/<int:pk>/edit", members.edit, name="member-edit"),
    path("members/<int:pk>/remove", members.remove, name="member-remove"),
    path("teams/<slug:slug>/proposals/", proposals.show_list, name="team-proposals"),
    path("proposals/<uuid:pk>/agree", proposals.agree, name="proposal-agree"),
    path("proposals/<uuid:pk>/refuse", proposals.refuse, name="proposal-refuse"),
    path("proposals/<uuid:pk>/withdraw", proposals.withdraw, name="proposal-withdraw"),
    path("teams/<slug:slug>/channels/", channels.show_list, name="team-channels"),
    path("teams/<slug:slug>/channels/new", channels.create, name="team-channel-new"),
    path("channels/<uuid:pk>/", channels.show, name="channel-detail"),
    path("channels/<uuid:pk>/edit", channels.edit, name="channel-edit"),
    path("channels/<uuid:pk>/test", channels.test, name="channel-test"),
    path("channels/<uuid:pk>/remove", channels.remove, name="channel-remove"),
    path("account/deputies/", deputies.show_list, name="deputies"),
    path("account/deputies/<uuid:pk>/end", deputies.end, name="deputy-end"),
    path("health/live", health.show_changes, name="health-live"),
    path("sign-in/", account.SignInView.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("welcome/", account.welcome, name="first-admin"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
