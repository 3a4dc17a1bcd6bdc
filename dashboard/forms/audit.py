"""The state of the audit's list, kept in the URL."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backups.models import Team, User
from backups.queries import audit, verbs
from backups.queries.audit import AuditFilters

Choices = list[tuple[Any, Any]]


class AuditForm(forms.Form):
    """Whose acts, of which kind, on which days of the reader's own zone."""

    team = forms.ChoiceField(label=_("Team"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)
    verb = forms.ChoiceField(label=_("What was done"), required=False)
    first_day = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(team.slug, team.name) for team in Team.objects.visible_to(by)]
        people = [(person.username, person.display_name) for person in audit.people(by)]
        acts: Choices = [
            (_("Backups"), [(verb, title) for verb, (title, _tone) in verbs.OF_BACKUPS.items()]),
            (_("Teams and projects"), [(verb, title) for verb, (title, _tone) in verbs.OF_TEAMS.items()]),
        ]
        self._choose("team", [("", _("All teams")), *teams])
        self._choose("person", [("", _("Everybody")), (audit.SAFEPOINT, _("Safepoint itself")), *people])
        self._choose("verb", [("", _("Everything")), *acts])

    def choosers(self) -> list[forms.BoundField]:
        """The fields that say by themselves what they are."""
        return [self[name] for name in ("team", "person", "verb")]

    def days(self) -> list[forms.BoundField]:
        """The fields that need a word beside them."""
        return [self[name] for name in ("first_day", "last_day")]

    def filters(self) -> AuditFilters:
        """What was chosen; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        last = chosen.get("last_day")
        return AuditFilters(
            team=chosen.get("team", ""),
            person=chosen.get("person", ""),
            verb=chosen.get("verb", ""),
            since=_begin_of(chosen.get("first_day")),
            before=_begin_of(last + timedelta(days=1)) if last and last < date.max else None,
        )

    def _choose(self, name: str, choices: Choices) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


def _begin_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
