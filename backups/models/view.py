"""Filters that a person keeps under a name."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backups.models.people import User


class SavedView(models.Model):
    """A part of the history that one person wants to see again: filters and sort, as an address has them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", db_index=False)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_view_says_what"),
        ]
