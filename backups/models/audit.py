"""Who did what, when: written in the same transaction as the act, and never changed."""

from typing import ClassVar

from django.db import models

from backups.models.backup import Backup
from backups.models.fleet import Project
from backups.models.people import Team, User


class Event(models.Model):
    """One act. The database refuses to change or delete it. No actor: Safepoint itself."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="events")
    verb = models.CharField(max_length=64)
    backup = models.ForeignKey(Backup, models.PROTECT, null=True, related_name="events", db_index=False)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="events")
    from_status = models.CharField(max_length=17, blank=True)
    to_status = models.CharField(max_length=17, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["backup", "id"], name="event_of_backup"),
            models.Index(fields=["team", "-id"], name="event_of_team"),
        ]
