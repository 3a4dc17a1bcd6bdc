"""A team's own rules, and the first team of all."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backups.models import Team
from dashboard.forms.described import DescribedForm


class TeamForm(DescribedForm):
    """A team's own rules."""

    overdue_hours = forms.IntegerField(
        label=_("Hours until a backup is overdue"),
        min_value=1,
        max_value=240,
        help_text=_("From 1 to 240. Then an alarm shows on it, and the cloud is asked for it hourly."),
    )
    resends_automatically = forms.BooleanField(
        label=_("Send again by itself, once, when the cloud’s list does not show a backup"), required=False
    )

    @staticmethod
    def initial_of(team: Team) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "overdue_hours": team.overdue_hours,
            "resends_automatically": team.resends_automatically,
        }


class FirstAdminForm(DescribedForm):
    """The first person and team of an empty Safepoint."""

    team_name = forms.CharField(label=_("Team"), max_length=100)
    username = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput({"autocomplete": "username"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "email"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters, and none that everybody uses."),
    )
