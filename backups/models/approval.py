"""Four eyes: what asks for a second person, and what that person said."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from backups.models.backup import Backup
from backups.models.fleet import Environment, Project
from backups.models.people import Team, User

MOST_APPROVALS = 5
LONGEST_HOURS = 720


class Weekday(models.IntegerChoices):
    """A day of the week, numbered as ISO 8601 does."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Policy(models.Model):
    """How many others must agree to a backup, and until when; of all that match, the weightiest holds.

    Empty conditions match everything. The window is that of the clock on the wall in `zone`, from
    `window_from` up to, not including, `window_until`; one that ends before it begins goes over midnight and
    belongs to the day on which it begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="policies")
    name = models.CharField(_("name"), max_length=100)
    weight = models.SmallIntegerField(
        _("weight"), default=0, validators=[MinValueValidator(-1000), MaxValueValidator(1000)]
    )
    environment = models.CharField(_("environment"), max_length=11, choices=Environment, blank=True)
    label = models.CharField(_("label"), max_length=63, blank=True)
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="policies")
    weekdays = ArrayField(models.SmallIntegerField(choices=Weekday), default=list, blank=True)
    window_from = models.TimeField(_("from"), null=True, blank=True)
    window_until = models.TimeField(_("until"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    approvals = models.PositiveSmallIntegerField(
        _("approvals"), default=1, validators=[MaxValueValidator(MOST_APPROVALS)]
    )
    approve_by_hours = models.PositiveSmallIntegerField(
        _("hours to decide"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HOURS)],
    )
    run_by_hours = models.PositiveSmallIntegerField(
        _("hours to begin, once approved"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HOURS)],
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-weight", "-approvals", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(retired_at=None), name="policy_name_once"
            ),
            models.CheckConstraint(condition=Q(approvals__lte=MOST_APPROVALS), name="policy_approvals_most"),
            models.CheckConstraint(
                condition=Q(approve_by_hours__range=(1, LONGEST_HOURS))
                & Q(run_by_hours__range=(1, LONGEST_HOURS)),
                name="policy_clocks",
            ),
            models.CheckConstraint(
                condition=Q(environment__in=["", *Environment.values]), name="policy_environment_known"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=Weekday.values), name="policy_weekdays_known"
            ),
            models.CheckConstraint(
                condition=Q(window_from__isnull=True, window_until__isnull=True)
                | Q(window_from__isnull=False, window_until__isnull=False),
                name="policy_window_whole",
            ),
        ]


class Verdict(models.TextChoices):
    """What a person decided."""

    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Decision(models.Model):
    """One person's word on one request, exactly as it stood.

    `requester` and `content_hash` are those of the backup: the database holds them to it by a foreign key
    over all three columns, so that no row can say of somebody's own request that another asked for it.
    `voice` is in whose stead the person decided, himself unless somebody who is away said so.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    backup = models.ForeignKey(Backup, models.PROTECT, related_name="decisions", db_index=False)
    requester = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    content_hash = models.CharField(max_length=64)
    person = models.ForeignKey(User, models.PROTECT, related_name="decisions")
    voice = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(person=F("requester")) & ~Q(voice=F("requester")), name="decision_by_another"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_verdict_known"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REJECTED) | ~Q(comment=""), name="decision_rejection_says_why"
            ),
            models.UniqueConstraint(
                fields=["backup", "person"], condition=Q(voided_at=None), name="decision_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["backup", "voice"], condition=Q(voided_at=None), name="decision_once_per_voice"
            ),
        ]


class Delegation(models.Model):
    """While one person is away another decides in their stead, in one team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="delegations")
    absent = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_ends_later"),
        ]
        indexes: ClassVar = [models.Index(fields=["team", "ends_at"], name="delegation_of_team")]


class Proposal(models.Model):
    """A change to who may do what, which waits for a second admin.

    `change` is what will be done, as the operations read it; `agreed` rows were done at `decided_at`.
    """

    class Kind(models.TextChoices):
        """What would change."""

        POLICY = "policy", _("Policy")
        RETIRE_POLICY = "retire_policy", _("Policy taken away")
        MEMBER = "member", _("Roles")
        FOUR_EYES = "four_eyes", _("Four eyes switched off")
        BREAK_GLASS = "break_glass", _("Break-glass quota")
        INSTANCE = "instance", _("Environment and labels")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("Open")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=13, choices=Kind)
    change = models.JSONField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "refused"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="proposal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="proposal_decided_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team"], condition=Q(state="open"), name="proposal_open"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="proposal_expires"),
        ]
