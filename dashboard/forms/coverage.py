"""Which instances are wanted, and as of when: kept in the URL."""

from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backups.models import Coverage, Environment, Team, User
from backups.models.coverage import DEFAULT_TARGET_HOURS, MOST_TARGET_HOURS
from backups.operations.targets import ENVIRONMENTS, TargetRefused
from backups.queries.coverage import CoverageFilters
from dashboard.forms.described import DescribedForm

LAST_SECOND = time(23, 59, 59)


class InstanceForm(forms.Form):
    """The state of the list of instances."""

    q = forms.CharField(label=_("Search by name or ID"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    environment = forms.ChoiceField(
        label=_("Environment"), required=False, choices=[("", _("All environments")), *Environment.choices]
    )
    state = forms.ChoiceField(
        label=_("Coverage"), required=False, choices=[("", _("Any coverage")), *Coverage.choices]
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(team.slug, team.name) for team in Team.objects.visible_to(by)]
        cast("forms.ChoiceField", self.fields["team"]).choices = [("", _("All teams")), *teams]
        self.is_valid()

    def choosers(self) -> list[forms.BoundField]:
        """The fields that say by themselves what they are."""
        return [self[name] for name in ("team", "environment", "state")]

    def filters(self) -> CoverageFilters:
        """What was chosen; what cannot be read filters nothing."""
        names = ("team", "environment", "state", "q")
        return CoverageFilters(**{name: self.cleaned_data.get(name, "") for name in names})

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self.filters() != CoverageFilters()


class CoverageForm(InstanceForm):
    """The state of the coverage page: with the day at whose end, in the reader's zone, it is read."""

    day = forms.DateField(
        label=_("As of the end of"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def at(self, now: datetime) -> datetime:
        """The end of the day that was chosen, or `now` where that is sooner or none was."""
        day: date | None = self.cleaned_data.get("day")
        if day is None or day >= timezone.localtime(now).date():
            return now
        return timezone.make_aware(datetime.combine(day, LAST_SECOND))


class TargetsForm(DescribedForm):
    """A team's targets; an empty one is none of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        labels = dict(Environment.choices) | {"": _("Every other instance")}
        super().__init__(*args, **kwargs)
        for environment in ENVIRONMENTS:
            name = _field(environment)
            told = {"inputmode": "numeric", "aria-describedby": f"note-{name} hint-targets"}
            self.fields[name] = forms.IntegerField(
                label=labels[environment],
                required=False,
                min_value=1,
                max_value=MOST_TARGET_HOURS,
                widget=forms.NumberInput(
                    told if environment else told | {"placeholder": DEFAULT_TARGET_HOURS}
                ),
            )

    @staticmethod
    def initial_of(targets: dict[str, int]) -> dict[str, int]:
        """What the form shows first."""
        return {_field(environment): hours for environment, hours in targets.items()}

    @property
    def wanted(self) -> dict[str, int | None]:
        """What was typed, in hours by environment."""
        return {environment: self.cleaned_data[_field(environment)] for environment in ENVIRONMENTS}

    @property
    def default_hours(self) -> int:
        """What holds where nothing is set."""
        return DEFAULT_TARGET_HOURS

    def tell(self, refused: TargetRefused) -> None:
        """Show what the operation said, at its field."""
        self.add_error(_field(refused.field or ""), refused.message)


def _field(environment: str) -> str:
    return f"target_{environment or 'others'}"
