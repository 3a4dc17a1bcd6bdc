"""Asking for a backup."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backups.models import Backup, Instance, User
from backups.operations import creation, glass
from dashboard.forms.described import DescribedForm

WORDS = ("name", "description", "reason", "change_ticket")
FIELD_OF = {"instance": "instances"}
JUDGED_WHILE_TYPED = {
    "hx-post": reverse_lazy("backup-check"),
    "hx-trigger": "input changed delay:300ms",
    "hx-swap": "none",
    "hx-sync": "this:replace",
}
"""The attributes of an input whose note follows what is typed."""
OFFERED = 50
"""How many instances are offered besides the chosen ones: the page costs the same with thousands."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One instance that can be chosen."""

    instance: Instance
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The chosen instances, then those that match a search, by name; `has_more` where not all are offered."""

    offered: list[Choice]
    has_more: bool


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
    breaks_glass = forms.BooleanField(
        label=_("Break the glass: run at once, without approval"),
        required=False,
        help_text=_(
            "The cloud is called at once, and nobody has agreed. All admins and approvers of the team are "
            "told, with your reason and ticket. Another person must review it within a day."
        ),
        widget=forms.CheckboxInput(JUDGED_WHILE_TYPED | {"hx-trigger": "change"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.drafts: list[creation.Draft] = []
        self.made_before: list[Backup] = []
        self.quotas = glass.quotas(by, at=timezone.now())
        for name in WORDS:
            self.fields[name].widget.attrs |= JUDGED_WHILE_TYPED
        self._visible = Instance.objects.visible_to(by).filter(gone_at=None).select_related("team", "project")
        cast("forms.ModelMultipleChoiceField[Instance]", self.fields["instances"]).queryset = self._visible

    def chosen(self) -> list[Instance]:
        """The instances that are ticked, or that a link brought along, by name."""
        ids = [each for each in map(str, self["instances"].value() or []) if is_uuid(each)]
        return list(self._visible.filter(pk__in=ids)) if ids else []

    def choices(self, q: str = "") -> Choices:
        """What can be chosen by a part of a name or an ID; what is chosen stays. Two queries at most."""
        chosen = self.chosen()
        asked = Q(name__icontains=q) | Q(cloud_id__icontains=q) if q else Q()
        others = self._visible.filter(asked).exclude(pk__in=[each.pk for each in chosen])
        matching = list(others[: OFFERED + 1])
        offered = [Choice(each, is_chosen=True) for each in chosen]
        offered += [Choice(each, is_chosen=False) for each in matching[:OFFERED]]
        return Choices(offered, has_more=len(matching) > OFFERED)

    def clean(self) -> dict[str, Any]:
        """Make a draft for each chosen instance, and put what the domain finds wrong at its field."""
        words = {name: self.cleaned_data.get(name, "") for name in WORDS}
        pattern = words.pop("name")
        chosen = self.cleaned_data.get("instances", [])
        breaks = self.cleaned_data["breaks_glass"]
        self.drafts = [
            creation.Draft(instance, name=creation.name_for(pattern, instance), breaks_glass=breaks, **words)
            for instance in chosen
        ]
        problems = [creation.check(draft, by=self.by) for draft in self.drafts]
        if not self.drafts:
            problems = [creation.check_words(name=creation.name_for(pattern, None), **words)]
        if breaks:
            objections = glass.objections(chosen, by=self.by, at=timezone.now())
            problems.append(glass.missing(words["reason"], words["change_ticket"]))
            problems.append({"breaks_glass": objections})
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
            if found and field not in self.errors:
                self.add_error(field, list(found))


def is_uuid(text: str) -> bool:
    """Whether `text` may name a row."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
