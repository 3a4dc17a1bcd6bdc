"""The state of the list of what waits, kept in the URL."""

from functools import reduce
from operator import or_
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backups.models import Backup, Environment, Team, User


class WaitingFilterForm(forms.Form):
    """The state of the approvals list, kept in the URL."""

    q = forms.CharField(label=_("Search"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    environment = forms.ChoiceField(
        label=_("Environment"), required=False, choices=[("", _("All environments")), *Environment.choices]
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["team"]).choices = _teams(by)
        self.is_valid()

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return any(self.cleaned_data.values())

    def narrow(self, found: QuerySet[Backup]) -> QuerySet[Backup]:
        """Those of `found` that were asked to be shown; what cannot be read filters nothing."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if "team" in chosen:
            found = found.filter(team__slug=chosen["team"])
        if "environment" in chosen:
            found = found.filter(instance__environment=chosen["environment"])
        if "q" in chosen:
            places = ("name", "instance__name", "reason", "change_ticket", "requested_by__username")
            asked = (Q(**{f"{place}__icontains": chosen["q"]}) for place in places)
            found = found.filter(reduce(or_, asked))
        return found


def _teams(by: User) -> list[tuple[str, Any]]:
    return [("", _("All teams")), *((team.slug, team.name) for team in Team.objects.visible_to(by))]
