"""Who is told what, by which way: an outbox that is written with the act, and the log of its delivery."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from backups.models.audit import Event
from backups.models.backup import Backup
from backups.models.people import Team, User


class Occasion(models.TextChoices):
    """What somebody wants to be told of."""

    ASKED = "asked", _("Approval asked for")
    REMINDER = "reminder", _("Approval still missing at half time")
    DECIDED = "decided", _("Approved or rejected")
    EXPIRED = "expired", _("Expired")
    STARTED = "started", _("Backup began")
    COMPLETED = "completed", _("Backup completed")
    FAILED = "failed", _("Backup failed")
    NEEDS_DECISION = "needs_decision", _("A person must decide")
    BREAK_GLASS = "break_glass", _("Glass broken")
    REVIEW_DUE = "review_due", _("Review of broken glass overdue")
    PROPOSAL = "proposal", _("Change of the rules proposed")
    COVERAGE = "coverage", _("Coverage at risk, lost or restored")
    STATE = "state", _("Every change of a backup’s status")


class Service(models.TextChoices):
    """By which way."""

    EMAIL = "email", _("E-mail")
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    DINGTALK = "dingtalk", "DingTalk"
    FEISHU = "feishu", "Feishu"
    WECOM = "wecom", "WeCom"
    WEBHOOK = "webhook", _("Signed webhook")

    @property
    def occasions(self) -> list[Occasion]:
        """What may be told of by this way: every change of a status is for programs."""
        return [each for each in Occasion if each != Occasion.STATE or self == Service.WEBHOOK]


class ChannelQuerySet(models.QuerySet["Channel"]):
    """Channels, seen from a reader."""

    def in_use(self) -> "ChannelQuerySet":
        """Those that nobody has removed."""
        return self.filter(removed_at=None)


class Channel(models.Model):
    """One way to tell a team; its address and its secret are sealed like those of a credential.

    An e-mail channel without an address reaches the people concerned. After a failure the channel is left
    alone until `retry_at`. A removed one is kept for its log.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="channels")
    service = models.CharField(_("way"), max_length=8, choices=Service)
    name = models.CharField(_("name"), max_length=100)
    target_sealed = models.BinaryField(null=True)
    target_hint = models.CharField(max_length=254, blank=True)
    secret_sealed = models.BinaryField(null=True)
    occasions = ArrayField(models.CharField(max_length=14, choices=Occasion), verbose_name=_("tells of"))
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    SEALED_FIELDS: ClassVar = ("target", "secret")

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(service__in=Service.values), name="channel_service_known"),
            models.CheckConstraint(
                condition=Q(occasions__contained_by=Occasion.values), name="channel_occasions_known"
            ),
            models.CheckConstraint(
                condition=Q(service=Service.WEBHOOK) | ~Q(occasions__contains=[Occasion.STATE]),
                name="channel_state_by_webhook",
            ),
            models.CheckConstraint(
                condition=Q(service=Service.EMAIL) | Q(target_sealed__isnull=False),
                name="channel_has_target",
            ),
            models.CheckConstraint(
                condition=~Q(service=Service.WEBHOOK) | Q(secret_sealed__isnull=False),
                name="channel_webhook_is_signed",
            ),
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(removed_at=None), name="channel_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def place_of(self, field: str) -> str:
        """Where a sealed field of this channel belongs (security.md, row 1)."""
        return f"team:{self.team_id}/channel:{self.pk}/field:{field}"


class Notice(models.Model):
    """Something to be told of, until its deliveries are written. No event: a test of one channel.

    A change of a status that is an occasion of its own has that one: `STATE` is for the others.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_index=False)
    occasion = models.CharField(max_length=14, choices=Occasion, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="notice")
    backup = models.ForeignKey(Backup, models.PROTECT, null=True, related_name="notices", db_index=False)
    at = models.DateTimeField()
    addressed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(addressed_at=None), name="notice_to_address")
        ]


class DeliveryState(models.TextChoices):
    """How far a delivery is."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


class Delivery(models.Model):
    """One notice on one channel to one address: what a receiver may know again by its id.

    `next_at` is when it is due; a claim moves it, so a postman who dies leaves it to the next one.
    `replayed_at`: when an admin last had it sent again, from which on it is tried as if it were new.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries", db_index=False)
    recipient = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    replayed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel", "address"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "next_at"], condition=Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(F("channel"), F("id").desc(), name="delivery_log"),
        ]
