"""What people type. Forms never save: they give drafts, and the operations judge them."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backups.contract import regions
from backups.models import Api, Backup, Instance, Kind, Project, Status, Team, User
from backups.operations import creation, projects, rights
from backups.queries.history import HistoryFilters
from backups.secrecy.secret import Secret

WORDS = ("name", "description", "reason", "change_ticket")
FIELD_OF = {"instance": "instances"}
SECRETS = ("access_key", "secret_key", "security_token", "password")


class BackupForm(forms.Form):
    """A request for backups: one name pattern, one or more instances."""

    client_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    instances = forms.ModelMultipleChoiceField(
        Instance.objects.none(),
        label=_("Instances"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one instance."),
            "invalid_choice": _("There is no such instance."),
            "invalid_pk_value": _("There is no such instance."),
        },
    )
    name = forms.CharField(
        label=_("Name"),
        strip=False,
        help_text=_(
            "4 to 64 letters, digits, - or _, beginning with a letter. {instance} stands for the instance."
        ),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("A backup needs a name.")},
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        strip=False,
        help_text=_("Up to 256 characters on one line, without > ! < \" & ' ="),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.CharField(label=_("Reason"), required=False, help_text=_("Kept here, for the record."))
    change_ticket = forms.CharField(label=_("Change ticket"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.drafts: list[creation.Draft] = []
        self.made_before: list[Backup] = []
        for name in WORDS:
            self.fields[name].widget.attrs |= _judged_while_typed(name)
        visible = Instance.objects.visible_to(by).filter(gone_at=None)
        chooser = cast("forms.ModelMultipleChoiceField[Instance]", self.fields["instances"])
        chooser.queryset = visible.select_related("team", "project")

    def clean(self) -> dict[str, Any]:
        """Make a draft for each chosen instance, and put what the domain finds wrong at its field."""
        token = self.cleaned_data.get("client_token")
        self.made_before = creation.made_before(by=self.by, client_token=token) if token else []
        if self.made_before:
            return self.cleaned_data
        words = {name: self.cleaned_data.get(name, "") for name in WORDS}
        pattern = words.pop("name")
        chosen = self.cleaned_data.get("instances", [])
        self.drafts = [
            creation.Draft(instance, name=creation.name_for(pattern, instance), **words)
            for instance in chosen
        ]
        problems = [creation.check(draft, by=self.by) for draft in self.drafts]
        if not self.drafts:
            problems = [creation.check_words(name=creation.name_for(pattern, None), **words)]
        self.tell(problems)
        return self.cleaned_data

    def tell(self, problems: Iterable[creation.Problems]) -> None:
        """Put the problems of the drafts at their fields; the same words stand once."""
        told: dict[str, dict[str, None]] = {}
        for problem in problems:
            for name, texts in problem.items():
                told.setdefault(FIELD_OF.get(name, name), {}).update(dict.fromkeys(texts))
        for field, found in told.items():
            if field not in self.errors:
                self.add_error(field, list(found))


def _judged_while_typed(name: str) -> dict[str, str]:
    """The attributes of an input whose note follows what is typed."""
    return {
        "hx-post": reverse("backup-check"),
        "hx-trigger": "input changed delay:300ms",
        "hx-swap": "none",
        "hx-sync": "this:replace",
        "aria-describedby": f"hint-{name} note-{name}",
    }


class FilterForm(forms.Form):
    """The state of the backups list, kept in the URL."""

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All statuses")), *Status.choices]
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    instance = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All teams")), *((team.slug, team.name) for team in teams)]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> HistoryFilters:
        """What was chosen; what cannot be read filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        instance: UUID | None = chosen.get("instance")
        return HistoryFilters(
            status=chosen.get("status", ""),
            team=chosen.get("team", ""),
            instance=instance,
            q=chosen.get("q", ""),
        )


class ProjectForm(forms.Form):
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
        for name in SECRETS:
            # Typed secrets go back to nobody, not even into the form that comes back with an error.
            self.fields[name].widget = forms.PasswordInput({"autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        """Fill in the region's own addresses, and put what the domain finds wrong at its field."""
        typed = self.cleaned_data
        if typed.get("team") is None:
            return typed
        region = typed.get("region", "")
        is_known = region in regions.REGIONS
        self.draft = projects.ProjectDraft(
            team=typed["team"],
            name=typed.get("name", ""),
            region=region,
            endpoint=typed.get("endpoint") or (regions.endpoint_of(region) if is_known else ""),
            api=typed.get("api", ""),
            project_id=typed.get("project_id", ""),
            kind=typed.get("kind", ""),
            iam_endpoint=typed.get("iam_endpoint") or (regions.iam_endpoint_of(region) if is_known else ""),
            allows_chinese_names=typed.get("allows_chinese_names", False),
            domain=typed.get("domain", ""),
            username=typed.get("username", ""),
            **{name: Secret.of(typed.get(name, "")) for name in SECRETS},
        )
        problems = projects.check(self.draft, by=self.by, project=self.project)
        for field, texts in problems.items():
            if field not in self.errors:
                self.add_error(field, texts)
        return typed


class FirstAdminForm(forms.Form):
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
