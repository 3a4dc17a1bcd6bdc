"""The map of the API."""

from django.urls import path, re_path, register_converter

from backups.api import paths
from backups.api.views import backups, channels, declared, document, fleet, people, rules, team
from backups.api.views.nowhere import nowhere

register_converter(paths.Username, "username")
register_converter(paths.CloudId, "cloud_id")

urlpatterns = [
    path("me/", rules.Me.as_view(), name="api-me"),
    path("backups/", backups.Backups.as_view(), name="api-backups"),
    path("backups/<uuid:pk>/", backups.OneBackup.as_view(), name="api-backup"),
    path("backups/<uuid:pk>/approve/", backups.Approve.as_view(), name="api-backup-approve"),
    path("backups/<uuid:pk>/reject/", backups.Reject.as_view(), name="api-backup-reject"),
    path("backups/<uuid:pk>/cancel/", backups.Cancel.as_view(), name="api-backup-cancel"),
    path("backups/<uuid:pk>/resend/", backups.Resend.as_view(), name="api-backup-resend"),
    path("backups/<uuid:pk>/close/", backups.Close.as_view(), name="api-backup-close"),
    path("backups/<uuid:pk>/review/", backups.Review.as_view(), name="api-backup-review"),
    path("backups/<uuid:pk>/see-alarm/", backups.SeeAlarm.as_view(), name="api-backup-see-alarm"),
    path("decisions/", rules.Decisions.as_view(), name="api-decisions"),
    path("decisions/waiting/", rules.ToDecide.as_view(), name="api-waiting"),
    path("instances/", fleet.Instances.as_view(), name="api-instances"),
    path("instances/<cloud_id:instance_id>/", fleet.OneInstance.as_view(), name="api-instance"),
    path("coverage/", fleet.Coverage.as_view(), name="api-coverage"),
    path("projects/", fleet.Projects.as_view(), name="api-projects"),
    path("projects/<uuid:pk>/", fleet.OneProject.as_view(), name="api-project"),
    path("projects/<uuid:pk>/test/", fleet.TestProject.as_view(), name="api-project-test"),
    path("projects/<uuid:pk>/sync/", fleet.SyncProject.as_view(), name="api-project-sync"),
    path("policies/", rules.Policies.as_view(), name="api-policies"),
    path("policies/<uuid:pk>/", rules.OnePolicy.as_view(), name="api-policy"),
    path("proposals/", rules.Proposals.as_view(), name="api-proposals"),
    path("proposals/<uuid:pk>/agree/", rules.Agree.as_view(), name="api-proposal-agree"),
    path("proposals/<uuid:pk>/refuse/", rules.Refuse.as_view(), name="api-proposal-refuse"),
    path("proposals/<uuid:pk>/withdraw/", rules.Withdraw.as_view(), name="api-proposal-withdraw"),
    path("team/", team.OneTeam.as_view(), name="api-team"),
    path("team/four-eyes/", team.FourEyes.as_view(), name="api-team-four-eyes"),
    path("team/break-glass/", team.BreakGlass.as_view(), name="api-team-break-glass"),
    path("members/", team.Members.as_view(), name="api-members"),
    path("members/<username:username>/", team.OneMember.as_view(), name="api-member"),
    path("deputies/", people.Deputies.as_view(), name="api-deputies"),
    path("deputies/<uuid:pk>/end/", people.EndDeputy.as_view(), name="api-deputy-end"),
    path("channels/", channels.Channels.as_view(), name="api-channels"),
    path("channels/<uuid:pk>/", channels.OneChannel.as_view(), name="api-channel"),
    path("channels/<uuid:pk>/test/", channels.TestChannel.as_view(), name="api-channel-test"),
    path("channels/<uuid:pk>/deliveries/", channels.Deliveries.as_view(), name="api-channel-deliveries"),
    path(
        "channels/<uuid:pk>/deliveries/<uuid:delivery>/replay/",
        channels.Replay.as_view(),
        name="api-delivery-replay",
    ),
    path("tokens/", people.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:pk>/revoke/", people.Revoke.as_view(), name="api-token-revoke"),
    path("events/", rules.Events.as_view(), name="api-events"),
    path("apply/", declared.Apply.as_view(), name="api-apply"),
    path("openapi.json", document.show_document, name="api-document"),
    re_path(r"^.*$", nowhere, name="api-nowhere"),
]
