"""What programs sign in to Safepoint with: API tokens, and AK/SK pairs for the cloud's own endpoints."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from backups.models.people import Membership, Team, User


class Scope(models.TextChoices):
    """What a token is good for. It never gives more than its owner's roles do."""

    READ = "read", _("Read")
    REQUEST = "request", _("Ask for backups, cancel, send again, close")
    APPROVE = "approve", _("Approve and reject")
    MANAGE = "manage", _("Look after projects, members and policies")


class AccessQuerySet(models.QuerySet):
    """Tokens or key pairs."""

    def in_use(self) -> "AccessQuerySet":
        """Those that nobody has revoked."""
        return self.filter(revoked_at=None)


class Access(models.Model):
    """What a program signs in with, in one person's name and one team. `last_used_at` to the minute.

    `issued_by`: who made it and has seen its secret; None for the operator at a terminal.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="%(class)ss")
    user = models.ForeignKey(User, models.CASCADE, related_name="%(class)ss")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["-created_at", "id"]

    @property
    def membership(self) -> Membership | None:
        """The seat of its owner in its team; None once there is none."""
        return Membership.objects.filter(team=self.team_id, user=self.user_id).first()


class KeyPair(Access):
    """An AK/SK pair that Safepoint has issued: signing in the cloud's own way. The secret key is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    access_key = models.CharField(max_length=32, unique=True)
    secret_key_sealed = models.BinaryField()

    SEALED_FIELDS: ClassVar = ("secret_key",)

    def __str__(self) -> str:
        return f"key pair {self.hint}"

    @property
    def hint(self) -> str:
        """Enough to know it again."""
        return f"…{self.access_key[-4:]}"

    def place_of(self, field: str) -> str:
        """Where a sealed field of this pair belongs (security.md, row 1)."""
        return f"team:{self.team_id}/keypair:{self.pk}/field:{field}"


class ApiToken(Access):
    """A bearer token, of which only a digest is kept. `key_pair`: the pair that signed in for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=7, choices=Scope))
    key_pair = models.ForeignKey(KeyPair, models.CASCADE, null=True, related_name="tokens")

    class Meta(Access.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0),
                name="apitoken_scopes_known",
            ),
        ]
