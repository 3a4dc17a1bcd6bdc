"""The map of the API."""

from django.urls import path, re_path

from backups.api.views import backups, declared, document, fleet, rules
from backups.api.views.nowhere import nowhere

urlpatterns = [
    path("me/", rules.Me.as_view(), name="api-me"),
    path("backups/", backups.Backups.as_view(), name="api-backups"),
    path("backups/<uuid:pk>/", backups.OneBackup.as_view(), name="api-backup"),
    path("backups/<uuid:pk>/approve/", backups.Approve.as_view(), name="api-backup-approve"),
    path("backups/<uuid:pk>/reject/", backups.Reject.as_view(), name="api-backup-reject"),
    path("backups/<uuid:pk>/cancel/", backups.Cancel.as_view(), name="api-backup-cancel"),
    path("backups/<uuid:pk>/resend/", backups.Resend.as_view(), name="api-backup-resend"),
    path("backups/<uuid:pk>/close/", backups.Close.as_view(), name="api-backup-close"),
    path("decisions/", rules.Decisions.as_view(), name="api-decisions"),
    path("decisions/waiting/", rules.ToDecide.as_view(), name="api-waiting"),
    path("instances/", fleet.Instances.as_view(), name="api-instances"),
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
    path("events/", rules.Events.as_view(), name="api-events"),
    path("apply/", declared.Apply.as_view(), name="api-apply"),
    path("openapi.json", document.show_document, name="api-document"),
    re_path(r"^.*$", nowhere, name="api-nowhere"),
]
