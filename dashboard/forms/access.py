"""What a program shall sign in with, and who asks for it."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backups.models import Membership, Scope, User
from backups.operations import access
from backups.operations.refusals import Refused
from backups.queries import members
from dashboard.forms.members import ROLES_OF_SERVICES, RulesForm

TOKEN, KEY_PAIR = "token", "aksk"
KINDS = [(TOKEN, _("API token")), (KEY_PAIR, _("AK/SK key pair"))]
SCOPES = [
    (Scope.READ, _("Read: everything of the team")),
    (Scope.REQUEST, _("Request: ask for backups, settle them")),
    (Scope.APPROVE, _("Approve: agree to requests, reject them")),
    (Scope.MANAGE, _("Manage: projects, members, policies")),
]
LIVES = [(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (366, _("366 days"))]
FIELD_OF = {"team": "holder", "expires_at": "days"}


class AccessForm(RulesForm):
    """A token or a key pair: in the reader's own name, or in that of a service account he looks after.

    `client_token` becomes the id of what is made: the form makes one, however often it is sent.
    """

    client_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=TOKEN)
    name = forms.CharField(
        label=_("Name"),
        max_length=access.NAME_MAX,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("What uses it, so that you know it again: “nightly pipeline”."),
    )
    holder = forms.ChoiceField(label=_("Team and account"))
    scopes = forms.MultipleChoiceField(
        label=_("Good for"),
        required=False,
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=access.UNLESS_ASKED,
        help_text=_(
            "A token gives no more than your roles do. With approve or manage, whoever holds it gives your "
            "voice or changes the rules in your name: only for a program that you trust as yourself. A "
            "service account can have neither."
        ),
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"), choices=LIVES, coerce=int, initial=90, widget=forms.RadioSelect
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text=_("Once more, so that nobody makes one at a desk that you left open."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        self._holders = {f"{row.team.slug}/{row.user.username}": row for row in members.signing_in_for(by)}
        chooser = cast("forms.ChoiceField", self.fields["holder"])
        names = [(key, self._told(row)) for key, row in self._holders.items()]
        chooser.choices = names if len(names) == 1 else [("", _now("Choose")), *names]

    @property
    def has_holders(self) -> bool:
        """Whether the reader is in any team."""
        return bool(self._holders)

    def clean_password(self) -> str:
        """Whoever is signed in must be the one at the desk."""
        password: str = self.cleaned_data["password"]
        if not self._by.check_password(password):
            raise forms.ValidationError(_("This is not your password."), code="wrong")
        return password

    def grant(self, *, at: datetime) -> access.Grant:
        """What is asked for."""
        told = self.cleaned_data
        seat = self._holders[told["holder"]]
        ends = at + timedelta(days=told["days"])
        return access.Grant(seat.user, seat.team, told["name"], ends, told["client_token"])

    def tell(self, refused: Refused) -> None:
        """Show what the operation said, at the field that holds it here."""
        self.add_error(FIELD_OF.get(refused.field or "", refused.field), refused.message)

    def _told(self, row: Membership) -> str:
        if row.user == self._by:
            return _now("%(team)s: me") % {"team": row.team}
        return _now("%(team)s: %(name)s, service account") % {"team": row.team, "name": row.user.username}


class ServiceForm(RulesForm):
    """A service account that comes into a team."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Of the program, as the audit names it: “deploy-pipeline”. Nobody can sign in with it."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLES_OF_SERVICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
