"""The state of a list, kept in the URL."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backups.models import Instance, Status, Team, User
from backups.queries.history import HistoryFilters


class FilterForm(forms.Form):
    """The state of the backups list, kept in the URL."""

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All statuses")), *Status.choices]
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    instance = forms.ModelChoiceField(
        Instance.objects.none(), label=_("Instance"), required=False, empty_label=_("All instances")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(by)
        choices = [("", _("All teams")), *((team.slug, team.name) for team in teams)]
        cast("forms.ChoiceField", self.fields["team"]).choices = choices
        chooser = cast("forms.ModelChoiceField[Instance]", self.fields["instance"])
        chooser.queryset = Instance.objects.visible_to(by).order_by("name", "pk")

    def filters(self) -> HistoryFilters:
        """What was chosen; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        instance = chosen.get("instance")
        return HistoryFilters(
            status=chosen.get("status", ""),
            team=chosen.get("team", ""),
            instance=instance.pk if instance else None,
            q=chosen.get("q", ""),
        )
