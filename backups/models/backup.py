"""A backup, what was tried for it, and where it stands."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from backups.models import states
from backups.models.fleet import Instance
from backups.models.people import Team, User
from backups.models.reading import BACKUP_INDEXES
from backups.models.states import Source, Status


class Alarm(models.TextChoices):
    """What a person should look at (faults.md, rules 4 and 5)."""

    DUPLICATE = "duplicate", _("Twice in the cloud")
    WENT_BACK = "went_back", _("Changed after its end")
    OVERDUE = "overdue", _("Overdue")


class BackupQuerySet(models.QuerySet["Backup"]):
    """Backups, seen from a reader."""

    def visible_to(self, user: User) -> "BackupQuerySet":
        """The backups of the reader's teams."""
        return self.filter(team__in=Team.objects.visible_to(user).values("pk"))


class Backup(models.Model):
    """What was asked for here, and what was found in the cloud: one history.

    `revision` and `changed_in` are set by the database on every write: `revision` from a sequence,
    `changed_in` the id of the writing transaction, by which a live page reads what changed without
    missing a transaction that commits late (docs/decisions).

    `progress_percent`: what the cloud's job says of a running one. `cloud_name`: its name in the cloud where
    that is another by now, or longer than `name` can be. `gone_at`: since when the cloud's list no longer
    shows it; here it is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="backups", db_index=False)
    instance = models.ForeignKey(Instance, models.PROTECT, related_name="backups", db_index=False)
    name = models.CharField(_("name"), max_length=64)
    description = models.CharField(_("description"), max_length=256, blank=True)
    source = models.CharField(_("source"), max_length=9, choices=Source, default=Source.HERE)
    status = models.CharField(_("status"), max_length=17, choices=Status)
    revision = models.BigIntegerField(default=0, editable=False)
    changed_in = models.BigIntegerField(default=0, editable=False)

    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="backups", db_index=False)
    requested_at = models.DateTimeField(_("requested"))
    client_token = models.UUIDField(null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    change_ticket = models.CharField(_("change ticket"), max_length=64, blank=True)

    # What approvers see is what runs; all of this is settled when the backup is asked for.
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    policy_name = models.CharField(_("policy"), max_length=100, blank=True)
    approvals_needed = models.PositiveSmallIntegerField(_("approvals needed"), default=0)
    approve_by = models.DateTimeField(_("approve by"), null=True)
    run_by_hours = models.PositiveSmallIntegerField(null=True)
    run_by = models.DateTimeField(_("run by"), null=True)
    is_break_glass = models.BooleanField(_("break-glass"), default=False)
    review_by = models.DateTimeField(_("review by"), null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField(null=True)
    review_comment = models.CharField(_("review"), max_length=500, blank=True)

    cloud_id = models.CharField(_("backup ID"), max_length=36, null=True)  # noqa: DJ001 - unique where known
    job_id = models.CharField(_("job ID"), max_length=64, blank=True)
    begin_time = models.DateTimeField(_("started"), null=True)
    end_time = models.DateTimeField(_("finished"), null=True)
    size_mb = models.FloatField(_("size"), null=True)
    raw_status = models.CharField(_("status in the cloud"), max_length=64, blank=True)
    progress_percent = models.PositiveSmallIntegerField(null=True)
    cloud_name = models.CharField(_("name in the cloud"), max_length=255, blank=True)
    gone_at = models.DateTimeField(_("gone from the cloud"), null=True)

    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    next_action_at = models.DateTimeField(null=True)
    looks_first = models.BooleanField(default=False)
    looks = models.PositiveSmallIntegerField(default=0)
    unconfirmed_since = models.DateTimeField(null=True)
    needs_decision_at = models.DateTimeField(null=True)
    send_again_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    missing_since = models.DateTimeField(null=True)
    next_watch_at = models.DateTimeField(null=True)
    alarm = models.CharField(_("alarm"), max_length=9, choices=Alarm, blank=True)
    alarm_detail = models.TextField(blank=True)
    error_code = models.CharField(_("error code"), max_length=64, blank=True)
    error_message = models.TextField(_("error"), blank=True)
    error_remedy = models.TextField(_("remedy"), blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="backup_status_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="backup_source_known"),
            # contract.md, "Create a manual backup": the form and client apply the whole rule.
            models.CheckConstraint(
                condition=~Q(source=Source.HERE)
                | Q(name__regex=r"^[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff-]{3,63}$"),
                name="backup_name_form",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.HERE) | ~Q(description__regex=r"[>!<\"&'=\u0001-\u001f\u007f]"),
                name="backup_description_form",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.HERE) | Q(requested_by__isnull=False, client_token__isnull=False),
                name="backup_asked_by_a_person",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "client_token", "instance"], name="backup_once_per_token"
            ),
            models.UniqueConstraint(
                fields=["instance", "name"],
                # A closed one that may still turn up in the cloud keeps its name.
                condition=Q(source=Source.HERE)
                & (Q(status__in=states.values(states.LIVE)) | Q(next_watch_at__isnull=False)),
                name="backup_live_name_once",
            ),
            models.UniqueConstraint(
                fields=["instance"],
                condition=Q(source=Source.HERE, status__in=states.values(states.OCCUPYING)),
                name="backup_one_at_a_time",
            ),
            models.UniqueConstraint(fields=["instance", "cloud_id"], name="backup_found_once"),
            models.CheckConstraint(
                condition=~Q(status__in=states.values(states.IN_CLOUD)) | Q(cloud_id__isnull=False),
                name="backup_in_cloud_has_id",
            ),
            models.CheckConstraint(
                # One that turned out to be a request's own has given its id to that (operations.merging).
                condition=Q(source=Source.HERE) | Q(cloud_id__isnull=False) | Q(status=Status.CANCELLED),
                name="backup_found_has_id",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SUBMITTING, lease_until__isnull=False)
                | (~Q(status=Status.SUBMITTING) & Q(lease_until__isnull=True)),
                name="backup_lease_while_submitting",
            ),
            # Nothing is ever forgotten: a step is due, or a person has been asked.
            models.CheckConstraint(
                condition=~Q(status__in=states.values(states.OPEN))
                | Q(next_action_at__isnull=False)
                | Q(needs_decision_at__isnull=False),
                name="backup_never_forgotten",
            ),
            # What a decision's foreign key points at: whose request it was, and what exactly.
            models.UniqueConstraint(fields=["id", "requested_by", "content_hash"], name="backup_as_decided"),
            models.CheckConstraint(
                condition=~Q(status=Status.AWAITING_APPROVAL)
                | Q(approve_by__isnull=False, approvals_needed__gt=0, is_break_glass=False),
                name="backup_awaits_until",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("requested_by")),
                name="backup_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(is_break_glass=False)
                | (Q(review_by__isnull=False) & ~Q(reason="") & ~Q(change_ticket="")),
                name="backup_break_glass_says_why",
            ),
            models.CheckConstraint(condition=Q(alarm__in=["", *Alarm.values]), name="backup_alarm_known"),
            models.CheckConstraint(
                condition=Q(end_time__isnull=True)
                | Q(begin_time__isnull=True)
                | Q(end_time__gte=F("begin_time")),
                name="backup_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = BACKUP_INDEXES


class Outcome(models.TextChoices):
    """What one call to the cloud came to (faults.md, rule 3)."""

    IN_FLIGHT = "in_flight", _("In flight")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    LATER = "later", _("Told to come later")
    NOT_SENT = "not_sent", _("Not sent")
    AMBIGUOUS = "ambiguous", _("No clear answer")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    LOST = "lost", _("Worker lost")


class Attempt(models.Model):
    """One call to create the backup, written down before the socket opens. `number` is the fence."""

    backup = models.ForeignKey(Backup, models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=128)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, choices=Outcome, default=Outcome.IN_FLIGHT)
    http_status = models.PositiveSmallIntegerField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    request = models.JSONField(default=dict)
    reply = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["backup", "number"], name="attempt_once_per_fence"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="attempt_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.IN_FLIGHT, finished_at__isnull=True)
                | (~Q(outcome=Outcome.IN_FLIGHT) & Q(finished_at__isnull=False)),
                name="attempt_finished_has_outcome",
            ),
        ]
