"""Who did what, when: written in the same transaction as the act, chained, and never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backups.models.backup import Backup
from backups.models.fleet import Project
from backups.models.people import Team, User
from backups.secrecy.chain import Head, Link, Mark


class EventQuerySet(models.QuerySet["Event"]):
    """Events, seen from a reader."""

    def visible_to(self, user: User) -> "EventQuerySet":
        """The events of the teams that `user` is a member of."""
        return self.filter(team__in=Team.objects.visible_to(user))


class Event(models.Model):
    """One act. The database refuses to change or delete it. No actor: Safepoint itself.

    `address`: from where the person acted; empty for what no request made, and before there was the column.
    `number` is its place in its team's chain; `mac` is made over it and the one before, with the key
    `mac_key` (docs/decisions/0008-audit-chain.md).
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="events")
    verb = models.CharField(max_length=64)
    backup = models.ForeignKey(Backup, models.PROTECT, null=True, related_name="events", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="events")
    from_status = models.CharField(max_length=17, blank=True)
    to_status = models.CharField(max_length=17, blank=True)
    data = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True, default="", db_default="")
    mac_key = models.CharField(max_length=8)
    mac = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["backup", "id"], name="event_of_backup"),
            models.Index(fields=["team", "-at", "-id"], name="event_of_team"),
            models.Index(fields=["-at", "-id"], name="event_by_time"),
            models.Index(
                fields=["project", "-id"], condition=Q(project__isnull=False), name="event_of_project"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "number"], name="event_once_in_chain"),
            models.CheckConstraint(condition=Q(number__gt=0), name="event_number_from_one"),
        ]

    def link(self, *, number: int, previous: str) -> Link:
        """What its mark is made over at place `number` after the mark `previous`."""
        return Link(
            team=self.team_id,
            number=number,
            previous=previous,
            at=self.at,
            actor=self.actor_id,
            verb=self.verb,
            backup=self.backup_id,
            project=self.project_id,
            from_status=self.from_status,
            to_status=self.to_status,
            data=self.data,
            address=self.address,
        )

    @property
    def mark(self) -> Mark:
        """Its mark as stored."""
        return Mark(self.mac_key, self.mac)


class Damage(models.TextChoices):
    """What a broken place in a chain looks like."""

    EDITED = "edited", _("an event was edited")
    DELETED = "deleted", _("events were deleted")
    INSERTED = "inserted", _("an event was inserted")
    REORDERED = "reordered", _("events were put in another order")
    CUT_OFF = "cut_off", _("the newest events were cut off")
    HEAD = "head", _("the record of the chain’s end was changed")
    KEY_GONE = "key_gone", _("the key of an event is no longer in CREDENTIAL_KEYS")


class AuditHead(models.Model):
    """The end of a team's chain, and what the last verification found. The database makes it with the team.

    `seal` is a mark over the end. `verified_number` and `verified_mac` are the last event up to which the
    chain was found whole; `verified_whole_at`: when it was last walked from its beginning.
    """

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="audit_head")
    number = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)
    seal_key = models.CharField(max_length=8, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    exported_number = models.PositiveBigIntegerField(default=0)
    exported_at = models.DateTimeField(null=True)
    verified_number = models.PositiveBigIntegerField(default=0)
    verified_mac = models.CharField(max_length=64, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_whole_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    broken_number = models.PositiveBigIntegerField(null=True)
    damage = models.CharField(max_length=9, blank=True, choices=Damage)

    def end(self) -> Head:
        """What its seal is made over."""
        return Head(self.team_id, self.number, self.mac)
