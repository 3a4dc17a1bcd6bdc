"""How much may be lost: a team's targets for its instances."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backups.models.fleet import Environment
from backups.models.people import Team

DEFAULT_TARGET_HOURS = 30
"""Where a team has set none: a nightly backup, with six hours for it to run late."""

AT_RISK_PERCENT = 80
"""Past this share of its target an instance is at risk: of 30 hours past 24, when the nightly one is late."""

MOST_TARGET_HOURS = 366 * 24


class RpoTarget(models.Model):
    """How old the data of the newest good backup may be, by team and environment ("" stands for all others).

    A target that is changed ends and another begins, so that the past is judged by what held then.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="targets", db_index=False)
    environment = models.CharField(_("environment"), max_length=11, choices=Environment, blank=True)
    hours = models.PositiveSmallIntegerField(
        _("target in hours"), validators=[MinValueValidator(1), MaxValueValidator(MOST_TARGET_HOURS)]
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "environment"], condition=Q(ended_at=None), name="target_once"
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=MOST_TARGET_HOURS), name="target_hours_in_range"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="target_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["team", "environment", "since"], name="target_of_team")]
