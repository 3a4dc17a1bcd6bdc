"""Who may do what in a team, as an admin chooses it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backups.models import Membership, Role, Team
from backups.models.people import SERVICE_ROLES
from backups.operations.governance import MOST_BREAK_GLASS
from backups.operations.refusals import Refused
from dashboard.forms.described import DescribedForm

ROLES = [
    (Role.VIEWER, _("Viewer: sees everything of the team")),
    (Role.REQUESTER, _("Requester: asks for backups")),
    (Role.APPROVER, _("Approver: agrees to what others ask for")),
    (Role.ADMIN, _("Admin: looks after projects, members and rules")),
]

ROLES_OF_SERVICES = [choice for choice in ROLES if choice[0] in SERVICE_ROLES]


class RulesForm(DescribedForm):
    """A change of the rules of a team."""

    def tell(self, refused: Refused) -> None:
        """Show what the operation said, at its field if the form has it."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class RemovalForm(RulesForm):
    """Taking a person out. `despite` shows only once it is asked for."""

    despite = forms.BooleanField(label=_("Do it nevertheless"), required=False)

    @property
    def asks_despite(self) -> bool:
        """Whether the change would leave a policy that nobody can satisfy."""
        return bool(self.errors.get("despite") or (self.is_bound and self["despite"].value()))


class MemberForm(RemovalForm):
    """A person's roles; of a member the name stays."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Exactly as the person signs in."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    may_break_glass = forms.BooleanField(
        label=_("May break the glass"),
        required=False,
        help_text=_("Have a backup run without approval, with a reason and a ticket; another reviews it."),
    )
    field_order = ("username", "roles", "may_break_glass", "despite")

    def __init__(self, *args: Any, team: Team, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._team, self._member = team, member
        if member:
            del self.fields["username"]
            self.initial = {"roles": member.roles, "may_break_glass": member.may_break_glass}
            if member.user.is_service:
                cast("forms.MultipleChoiceField", self.fields["roles"]).choices = ROLES_OF_SERVICES
                del self.fields["may_break_glass"]

    def clean_username(self) -> str:
        """Whoever is in the team already is changed, not added."""
        username: str = self.cleaned_data["username"]
        if self._team.memberships.filter(user__username=username).exists():
            raise forms.ValidationError(_("This person is a member already."), code="taken")
        return username

    @property
    def change(self) -> dict[str, Any]:
        """What was chosen, as `membership.change` takes it."""
        username = self._member.user.username if self._member else self.cleaned_data["username"]
        return change_of(
            username, **{name: self.cleaned_data[name] for name in CHOSEN if name in self.fields}
        )


CHOSEN = ("roles", "may_break_glass", "despite")


class QuotaForm(RulesForm):
    """How often a month a team may break the glass."""

    count = forms.IntegerField(
        label=_("Times a month"),
        min_value=0,
        max_value=MOST_BREAK_GLASS,
        help_text=_("From 0 to 100; with 0 nobody may."),
    )


def change_of(username: str, *, despite: bool = False, **values: Any) -> dict[str, Any]:
    """A change of a member; `despite` is in it only where a person said so."""
    return {"username": username, **values} | ({"despite": True} if despite else {})
