"""What is backed up: projects of the cloud, how we sign in to them, and their instances."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backups.models.people import Team, User


class Api(models.TextChoices):
    """The generation of the cloud's API: the path before the project id."""

    MYSQL_V3 = "mysql/v3", "/mysql/v3"
    V3 = "v3", "/v3"


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects, seen from a reader."""

    def visible_to(self, user: User) -> "ProjectQuerySet":
        """The projects of the reader's teams."""
        return self.filter(team__memberships__user=user)


class Project(models.Model):
    """A tenant's project in one region of the cloud, with the endpoint that serves it.

    Its instances are read at `next_sync_at`. Its backups are read at `next_catalog_at`: the newest from
    `catalog_until` on (all that began before it is here), at `newest_due_at`; and the past in windows that go
    backward from now and round again, at `sweep_due_at`: down to `sweep_at` in this round, `sweep_seconds` a
    window, `sweep_seen` backups so far. `swept_at`: when a round came to its end; null while the first runs.
    `backups_listed`: how many the cloud has, by its own word or the last round; `backups_found`: how many
    rows were made here of what had not been asked here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="projects")
    name = models.CharField(_("name"), max_length=100)
    region = models.CharField(_("region"), max_length=64)
    endpoint = models.CharField(_("endpoint"), max_length=255)
    iam_endpoint = models.CharField(_("IAM endpoint"), max_length=255, blank=True)
    api = models.CharField(_("API path"), max_length=10, choices=Api, default=Api.MYSQL_V3)
    project_id = models.CharField(_("project ID"), max_length=32)
    allows_chinese_names = models.BooleanField(_("Chinese backup names"), default=False)
    created_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)
    sync_error = models.TextField(blank=True)
    next_sync_at = models.DateTimeField()
    next_catalog_at = models.DateTimeField(default=timezone.now)
    newest_due_at = models.DateTimeField(default=timezone.now)
    sweep_due_at = models.DateTimeField(default=timezone.now)
    catalog_synced_at = models.DateTimeField(null=True)
    catalog_error = models.TextField(blank=True)
    catalog_until = models.DateTimeField(null=True)
    sweep_at = models.DateTimeField(null=True)
    sweep_seconds = models.PositiveIntegerField(null=True)
    sweep_seen = models.PositiveIntegerField(default=0)
    swept_at = models.DateTimeField(null=True)
    backups_listed = models.PositiveIntegerField(null=True)
    backups_found = models.PositiveIntegerField(default=0)
    calls_failed = models.PositiveIntegerField(default=0)
    unreachable_since = models.DateTimeField(null=True)
    unreachable_why = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name"], name="project_name_once_per_team"),
            models.UniqueConstraint(fields=["team", "endpoint", "project_id"], name="project_once_per_team"),
            # What the composite foreign key of an instance points at.
            models.UniqueConstraint(fields=["id", "team"], name="project_with_team"),
            models.CheckConstraint(
                condition=Q(project_id__regex=r"^[A-Za-z0-9]{32}$"), name="project_id_form"
            ),
            models.CheckConstraint(condition=Q(api__in=Api.values), name="project_api_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """How a credential signs in."""

    AKSK = "aksk", _("Access key (AK/SK)")
    TOKEN = "token", _("IAM user (token)")


class Credential(models.Model):
    """What signs Safepoint in to a project. Its secrets are sealed, and bound to their own column."""

    # The cloud locks a key after five failures in a row (contract.md, "Signing in").
    FAILURES_BEFORE_A_PERSON = 3

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.OneToOneField(Project, models.CASCADE, related_name="credential")
    kind = models.CharField(_("sign-in"), max_length=5, choices=Kind)
    access_key_hint = models.CharField(max_length=4, blank=True)
    access_key_sealed = models.BinaryField(null=True)
    secret_key_sealed = models.BinaryField(null=True)
    security_token_sealed = models.BinaryField(null=True)
    domain = models.CharField(_("domain (account)"), max_length=64, blank=True)
    username = models.CharField(_("IAM user"), max_length=64, blank=True)
    password_sealed = models.BinaryField(null=True)
    token_sealed = models.BinaryField(null=True)
    token_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    skew_seconds = models.FloatField(null=True)
    calls_until = models.DateTimeField(null=True)

    SEALED_FIELDS: ClassVar = (
        "access_key",
        "secret_key",
        "security_token",
        "password",
        "token",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="credential_complete",
                condition=Q(
                    kind=Kind.AKSK,
                    access_key_sealed__isnull=False,
                    secret_key_sealed__isnull=False,
                    password_sealed__isnull=True,
                )
                | (
                    Q(
                        kind=Kind.TOKEN,
                        password_sealed__isnull=False,
                        secret_key_sealed__isnull=True,
                    )
                    & ~Q(username="")
                    & ~Q(domain="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.project}"

    @property
    def needs_a_person(self) -> bool:
        """Whether it failed so often that only a person may have it tried again."""
        return self.failures >= self.FAILURES_BEFORE_A_PERSON

    def place_of(self, field: str) -> str:
        """Where a sealed field of this credential belongs (security.md, row 1)."""
        return f"team:{self.project.team_id}/credential:{self.pk}/field:{field}"


class InstanceQuerySet(models.QuerySet["Instance"]):
    """Instances, seen from a reader."""

    def visible_to(self, user: User) -> "InstanceQuerySet":
        """The instances of the reader's teams."""
        return self.filter(team__memberships__user=user)


class Environment(models.TextChoices):
    """What an instance is for, as its team says."""

    PRODUCTION = "production", _("Production")
    STAGING = "staging", _("Staging")
    DEVELOPMENT = "development", _("Development")


class Coverage(models.TextChoices):
    """How an instance stands against its target, worst first."""

    NEVER = "never", _("Never backed up")
    UNCOVERED = "uncovered", _("Uncovered")
    AT_RISK = "at_risk", _("At risk")
    COVERED = "covered", _("Covered")


class Instance(models.Model):
    """A database instance of the cloud, as the last sync saw it. `volume_gb` in GB.

    `found_at`: since when it is known here. `coverage`: how it stood when its team was last told of changes.
    `seen_at`: when it was last written; one without `gone_at` was in the last whole list of its project, or
    has been missing in `looks` lists since `missing_since`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="instances")
    project = models.ForeignKey(Project, models.PROTECT, related_name="instances")
    cloud_id = models.CharField(_("instance ID"), max_length=36)
    name = models.CharField(_("name"), max_length=128)
    environment = models.CharField(_("environment"), max_length=11, choices=Environment, blank=True)
    labels = ArrayField(models.CharField(max_length=63), default=list, blank=True, verbose_name=_("labels"))
    status = models.CharField(_("status"), max_length=64, blank=True)
    engine = models.CharField(_("engine"), max_length=64, blank=True)
    engine_version = models.CharField(_("version"), max_length=64, blank=True)
    volume_gb = models.FloatField(_("volume"), null=True)
    found_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField()
    coverage = models.CharField(max_length=9, choices=Coverage, blank=True, default="", db_default="")
    missing_since = models.DateTimeField(null=True)
    looks = models.PositiveSmallIntegerField(default=0)
    gone_at = models.DateTimeField(null=True)

    objects = InstanceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "cloud_id"], name="instance_once"),
            # What the composite foreign key of a backup points at.
            models.UniqueConstraint(fields=["id", "team"], name="instance_with_team"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "name"], name="instance_by_team"),
            # What a filter names it by.
            models.Index(Lower("name"), name="instance_by_name"),
            models.Index(fields=["cloud_id"], name="instance_by_cloud_id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_awaited(self) -> bool:
        """Whether it was only named here so far: no list of the cloud has shown it yet."""
        return self.volume_gb is None and not (self.status or self.engine or self.engine_version)
