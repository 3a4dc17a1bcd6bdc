"""What people type. Forms never save: they give drafts, and the operations judge them."""

from collections.abc import Callable, Iterable
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backups.contract import regions
from backups.models import Api, Backup, Instance, Kind, Project, Status, Team, User
from backups.operations import creation, projects, rights
from backups.queries.history import HistoryFilters
from backups.secrecy.secret import Secret

WORDS = ("name", "description", "reason", "change_ticket")
FIELD_OF = {"instance": "instances"}
SECRETS = ("access_key", "secret_key", "security_token", "password")
JUDGED_WHILE_TYPED = {
    "hx-post": reverse_lazy("backup-check"),
    "hx-trigger": "input changed delay:300ms",
    "hx-swap": "none",
    "hx-sync": "this:replace",
}
"""The attributes of an input whose note follows what is typed."""


class DescribedForm(forms.Form):
    """A form whose inputs name their hint and their note, as templates/pieces/field.html spells them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            hint = f"hint-{name} " if field.help_text else ""
            field.widget.attrs["aria-describedby"] = f"{hint}note-{name}"


class BackupForm(DescribedForm):
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
            self.fields[name].widget.attrs |= JUDGED_WHILE_TYPED
        visible = Instance.objects.visible_to(by).filter(gone_at=None)
        chooser = cast("forms.ModelMultipleChoiceField[Instance]", self.fields["instances"])
        chooser.queryset = visible.select_related("team", "project")

    def clean(self) -> dict[str, Any]:
        """Make a draft for each chosen instance, and put what the domain finds wrong at its field."""
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
        # Only now: the name may have been taken a moment ago by the first half of a double click.
        self._remember()
        if not self.made_before:
            self.tell(problems)
        return self.cleaned_data

    def _remember(self) -> None:
        """Find what this very form made already; a form that was changed since gets a token of its own."""
        token = self.cleaned_data.get("client_token")
        made = creation.made_before(by=self.by, client_token=token) if token else []
        typed = {(draft.instance.pk, draft.name) for draft in self.drafts}
        if not made or typed == {(backup.instance_id, backup.name) for backup in made}:
            self.made_before = made
            return
        data = cast(QueryDict, self.data).copy()
        data["client_token"] = str(uuid4())
        self.data = data
        names = ", ".join(backup.name for backup in made)
        sent = _("This form was sent before, as %(names)s. To ask for what it says now, send it again.")
        self.add_error(None, sent % {"names": names})

    def tell(self, problems: Iterable[creation.Problems]) -> None:
        """Put the problems of the drafts at their fields; the same words stand once."""
        told: dict[str, dict[str, None]] = {}
        for problem in problems:
            for name, texts in problem.items():
                told.setdefault(FIELD_OF.get(name, name), {}).update(dict.fromkeys(texts))
        for field, found in told.items():
            if field not in self.errors:
                self.add_error(field, list(found))


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
