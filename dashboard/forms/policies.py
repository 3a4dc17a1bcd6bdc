"""A policy, as an admin types it."""

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from backups.models import Environment, Policy, Project, Team, Weekday
from backups.models.approval import LONGEST_HOURS, MOST_APPROVALS
from dashboard.forms.members import RulesForm

TIME = {"type": "time"}
ZONES = [(zone, zone) for zone in sorted(available_timezones())]


class PolicyForm(RulesForm):
    """For which backups, how many must agree, and until when; empty conditions match everything."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    environment = forms.ChoiceField(
        label=_("Environment"), required=False, choices=[("", _("Every environment")), *Environment.choices]
    )
    label = forms.CharField(label=_("Instance label"), required=False, max_length=63)
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("Every project")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        required=False,
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple({"class": "short"}),
        help_text=_("None means every day. A window over midnight belongs to the day on which it begins."),
    )
    window_from = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(TIME, "%H:%M"))
    window_until = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(TIME, "%H:%M"))
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=ZONES,
        error_messages={"invalid_choice": _("There is no such time zone.")},
        widget=forms.TextInput({"list": "zones", "autocomplete": "off"}),
        help_text=_("The clock on the wall there, summer time included, such as Europe/Berlin."),
    )
    approvals = forms.IntegerField(
        label=_("Approvals"),
        min_value=0,
        max_value=MOST_APPROVALS,
        help_text=_("From people who did not ask for the backup; with 0 it runs at once."),
    )
    approve_by_hours = forms.IntegerField(label=_("Hours to decide"), min_value=1, max_value=LONGEST_HOURS)
    run_by_hours = forms.IntegerField(
        label=_("Hours to begin, once approved"), min_value=1, max_value=LONGEST_HOURS
    )
    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=-1000,
        max_value=1000,
        help_text=_("Of all policies that match, the heaviest holds; of two as heavy, the stricter."),
    )

    def __init__(self, *args: Any, team: Team, policy: Policy | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = cast("forms.ModelChoiceField[Project]", self.fields["project"])
        chooser.queryset = Project.objects.filter(team=team).order_by("name")
        self._policy = policy
        self.initial = {name: getattr(policy or Policy(), name) for name in self.fields}

    @property
    def change(self) -> dict[str, Any]:
        """What was typed, as `policies.save` takes it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "project"}
        for name in ("window_from", "window_until"):
            told[name] = f"{told[name]:%H:%M}" if told[name] else None
        if project := self.cleaned_data["project"]:
            told["project"] = str(project.pk)
        return told | ({"id": str(self._policy.pk)} if self._policy else {})

    def draft(self, team: Team) -> Policy:
        """The policy as far as it can be read, for a preview."""
        return Policy(team=team, **self.cleaned_data)
