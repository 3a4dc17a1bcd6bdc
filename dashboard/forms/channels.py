"""A way to tell a team, as an admin types it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from backups.models import Channel, Occasion, Service
from backups.operations.channels import ChannelDraft, ChannelRefused
from backups.secrecy.secret import Secret
from dashboard.forms.described import DescribedForm

TEXT = {"autocomplete": "off", "spellcheck": "false"}


class ChannelForm(DescribedForm):
    """Of a stored channel neither the address nor the secret comes back: empty keeps them."""

    service = forms.ChoiceField(label=_("Way"), choices=Service.choices)
    name = forms.CharField(label=_("Name"), max_length=100)
    target = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(TEXT),
        help_text=_(
            "E-mail: an address, or nothing for the people concerned. Otherwise the webhook address "
            "exactly as the service gives it."
        ),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        widget=forms.TextInput(TEXT),
        help_text=_(
            "For a signed webhook, in the form of Standard Webhooks: copy it into the receiver now, it is "
            "not shown again. DingTalk: the robot’s secret, if it has one."
        ),
    )
    occasions = forms.MultipleChoiceField(
        label=_("Tells of"),
        required=False,
        choices=Occasion.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Every change of a backup’s status is for programs: only a signed webhook takes it. Each is told "
            "once, also where it is another occasion too."
        ),
    )

    def __init__(self, *args: Any, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel:
            # The way stays: another one is another channel.
            del self.fields["service"]
            kept = _("Stored: %(hint)s. Empty keeps it.") % {"hint": channel.target_hint}
            if channel.target_hint:
                self.fields["target"].help_text = kept
            self.fields["secret"].help_text = _("Empty keeps the stored one, unless the address changes.")
            offered = [(each.value, each.label) for each in Service(channel.service).occasions]
            cast("forms.ChoiceField", self.fields["occasions"]).choices = offered
        self._channel = channel

    @property
    def draft(self) -> ChannelDraft:
        """What was typed."""
        told = self.cleaned_data
        return ChannelDraft(
            service=Service(self._channel.service if self._channel else told["service"]),
            name=told["name"],
            occasions=[Occasion(each) for each in told["occasions"]],
            target=Secret.of(told["target"]),
            secret=Secret.of(told["secret"]),
        )

    def tell(self, refused: ChannelRefused) -> None:
        """Show what the operation said, at its field."""
        self.add_error(refused.field, refused.message)
