"""Who works here: people, teams, and what each may do in them."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in. `time_zone` is an IANA name; empty means the browser's.

    `is_service`: no person but a program, which has no password, may ask for backups, and decides nothing.
    """

    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_service = models.BooleanField(_("service account"), default=False, db_default=False)

    @property
    def display_name(self) -> str:
        """The name that pages show."""
        return self.get_full_name() or self.get_username()


class Role(models.TextChoices):
    """What a member may do in a team; a person may hold several."""

    VIEWER = "viewer", _("Viewer")
    REQUESTER = "requester", _("Requester")
    APPROVER = "approver", _("Approver")
    ADMIN = "admin", _("Admin")


SERVICE_ROLES = (Role.VIEWER, Role.REQUESTER)
"""The roles that a service account may hold."""


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams, seen from a reader."""

    def visible_to(self, user: User) -> "TeamQuerySet":
        """The teams that `user` is a member of."""
        return self.filter(memberships__user=user)


class Team(models.Model):
    """A group of people and the projects they answer for. Nobody sees another team's anything."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("short name"), max_length=100, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    overdue_hours = models.PositiveSmallIntegerField(
        _("a backup is overdue after"), default=24, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    resends_automatically = models.BooleanField(_("send again by itself, once"), default=False)
    four_eyes = models.BooleanField(_("four eyes"), default=False)
    break_glass_per_month = models.PositiveSmallIntegerField(
        _("break-glass a month"), default=3, validators=[MaxValueValidator(100)]
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's roles in one team. `since` when; None for whoever came before that was kept."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=10, choices=Role))
    may_break_glass = models.BooleanField(_("may break the glass"), default=False)
    since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values) & Q(roles__len__gt=0),
                name="membership_roles_known",
            ),
        ]

    @property
    def role_names(self) -> list[str]:
        """The roles in words, in the order in which they are listed everywhere."""
        return [str(role.label) for role in Role if role in self.roles]
