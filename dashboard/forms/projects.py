"""A project and how to sign in to it."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backups.contract import regions
from backups.models import Api, Kind, Project, Team, User
from backups.operations import projects, rights
from backups.secrecy.secret import Secret
from dashboard.forms.described import DescribedForm

SECRETS = ("access_key", "secret_key", "security_token", "password")


class ProjectForm(DescribedForm):
    """A project and how Safepoint signs in to it. Secrets are written, never shown."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=100)
    region = forms.CharField(label=_("Region"), max_length=64, widget=forms.TextInput({"list": "regions"}))
    endpoint = forms.CharField(
        label=_("Endpoint"),
        required=False,
        max_length=255,
        help_text=_("Leave it empty for the region’s own."),
    )
    api = forms.ChoiceField(
        label=_("API path"),
        choices=Api.choices,
        help_text=_("/mysql/v3 is the documented path; newer regions serve /v3."),
    )
    project_id = forms.CharField(label=_("Project ID"), help_text=_("32 letters and digits."))
    kind = forms.ChoiceField(
        label=_("Sign in with"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.AKSK
    )
    access_key = forms.CharField(label=_("Access key (AK)"), required=False)
    secret_key = forms.CharField(label=_("Secret key (SK)"), required=False)
    security_token = forms.CharField(
        label=_("Security token"), required=False, help_text=_("Only with temporary keys.")
    )
    domain = forms.CharField(label=_("Domain (account name)"), required=False, max_length=64)
    username = forms.CharField(label=_("IAM user"), required=False, max_length=64)
    password = forms.CharField(label=_("Password"), required=False)
    iam_endpoint = forms.CharField(
        label=_("IAM endpoint"),
        required=False,
        max_length=255,
        help_text=_("Leave it empty for the region’s own."),
    )
    allows_chinese_names = forms.BooleanField(
        label=_("Allow Chinese characters in backup names"), required=False
    )

    def __init__(self, *args: Any, by: User, project: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.project = project
        self.draft: projects.ProjectDraft | None = None
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        managed = [found.pk for found in rights.teams_where(by, "manage_projects")]
        team.queryset = Team.objects.filter(pk__in=[project.team_id] if project else managed)
        self.fields["region"].widget.attrs |= {
            "hx-get": reverse_lazy("project-addresses"),
            "hx-trigger": "input changed delay:300ms",
            "hx-swap": "none",
        }
        for name in SECRETS:
            # Typed secrets go back to nobody, not even into the form that comes back with an error.
            attrs = self.fields[name].widget.attrs | {"autocomplete": "off"}
            self.fields[name].widget = forms.PasswordInput(attrs)

    def clean(self) -> dict[str, Any]:
        """Fill in the region's own addresses, and have the domain judge."""
        typed = self.cleaned_data
        if typed.get("team") is None:
            return typed
        self.draft = projects.ProjectDraft(
            team=typed["team"],
            name=typed.get("name", ""),
            region=typed.get("region", ""),
            endpoint=typed.get("endpoint") or self._own(regions.endpoint_of),
            api=typed.get("api", ""),
            project_id=typed.get("project_id", ""),
            kind=typed.get("kind", ""),
            iam_endpoint=typed.get("iam_endpoint")
            or (self._own(regions.iam_endpoint_of) if typed.get("kind") == Kind.TOKEN else ""),
            allows_chinese_names=typed.get("allows_chinese_names", False),
            domain=typed.get("domain", ""),
            username=typed.get("username", ""),
            **{name: Secret.of(typed.get(name, "")) for name in SECRETS},
        )
        self.tell(projects.check(self.draft, by=self.by, project=self.project))
        return typed

    def _own(self, address_of: Callable[[str], str]) -> str:
        """The address that the typed region has of its own, if it is a known one."""
        region = self.cleaned_data.get("region", "")
        return address_of(region) if region in regions.REGIONS else ""

    def tell(self, problems: projects.Problems) -> None:
        """Put what the domain finds wrong at its field, unless the form found something there."""
        for field, texts in problems.items():
            if field not in self.errors:
                self.add_error(field, texts)
