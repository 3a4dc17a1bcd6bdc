"""What each day of the history came to, kept as it happens so that no page counts the history.

Each change of a backup appends what it adds to a day or takes from it (triggers of migration 0013): nobody
waits for anybody's row, and the sum of a day's rows is exact in every snapshot. `operations/folding.py` makes
one row of many now and then. A backup belongs to the UTC day on which it began, or was asked for if it never
did: what the history is sorted and filtered by, so that a day's figures are the rows that the list shows.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backups.models.fleet import Instance
from backups.models.people import Team
from backups.models.states import Status


class DayOutcome(models.TextChoices):
    """What a backup came to, as a day counts it."""

    GOOD = "good", _("Good")
    FAILED = "failed", _("Failed")
    OTHER = "other", _("Not carried out")


OUTCOMES: dict[Status, DayOutcome] = {
    Status.COMPLETED: DayOutcome.GOOD,
    Status.AVAILABLE: DayOutcome.GOOD,
    # It was made; that it was deleted later is another day's matter.
    Status.DELETING: DayOutcome.GOOD,
    Status.DELETED: DayOutcome.GOOD,
    Status.FAILED: DayOutcome.FAILED,
    Status.REFUSED: DayOutcome.FAILED,
    Status.VANISHED: DayOutcome.FAILED,
    Status.REJECTED: DayOutcome.OTHER,
    Status.EXPIRED: DayOutcome.OTHER,
    Status.CANCELLED: DayOutcome.OTHER,
}
"""How a day counts each status; one that is not here is not over yet, and counts nowhere."""


class TeamTally(models.Model):
    """So many more (or fewer) backups of a team came to an outcome on a day.

    `is_extra`: there was another row of its kind already, they may be folded into one. The database has no
    foreign key here: the backups' own vouch for it, and a million that are copied in are not checked twice.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    day = models.DateField()
    outcome = models.CharField(max_length=6, choices=DayOutcome)
    count = models.IntegerField()
    is_extra = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["team", "day", "outcome"], include=["count"], name="tally_of_team"),
            models.Index(fields=["id"], condition=Q(is_extra=True), name="tally_of_team_extra"),
        ]


class InstanceTally(models.Model):
    """So many more (or fewer) good backups of an instance on a day, and what they took and weighed together.

    `timed` and `sized`: of how many that is known. The sums are decimals: what goes is what was added.
    """

    instance = models.ForeignKey(
        Instance, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    count = models.IntegerField()
    timed = models.IntegerField()
    seconds = models.DecimalField(max_digits=24, decimal_places=6)
    sized = models.IntegerField()
    size_mb = models.DecimalField(max_digits=24, decimal_places=6)
    is_extra = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["instance", "day"], name="tally_of_instance"),
            models.Index(fields=["id"], condition=Q(is_extra=True), name="tally_of_instance_extra"),
        ]
