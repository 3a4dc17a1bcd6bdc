"""Who decides in somebody's stead, and how long."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backups.models import Team, User
from backups.operations import rights
from backups.operations.refusals import Refused
from backups.queries import approvers
from dashboard.forms.described import DescribedForm

MOMENT = "%Y-%m-%dT%H:%M"


class DeputyForm(DescribedForm):
    """A deputy in one of the teams in which the reader approves; times are those of the reader's clock."""

    deputy = forms.ChoiceField(label=_("Who decides"))
    starts_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    )
    ends_at = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = rights.teams_where(by, "delegate")
        chooser = cast("forms.ChoiceField", self.fields["deputy"])
        groups = [(team.name, _others(team, by)) for team in self.teams]
        chooser.choices = [("", _now("Choose a person")), *(group for group in groups if group[1])]
        self.zone = timezone.get_current_timezone_name()

    @property
    def team(self) -> Team:
        """The team of the chosen deputy."""
        slug, _slash, _username = self.cleaned_data["deputy"].partition("/")
        return next(team for team in self.teams if team.slug == slug)

    @property
    def draft(self) -> dict[str, Any]:
        """What was typed."""
        told = self.cleaned_data
        username = told["deputy"].partition("/")[2]
        return {"username": username, "starts_at": told["starts_at"], "ends_at": told["ends_at"]}

    def tell(self, refused: Refused) -> None:
        """Show what the operation said, at its field."""
        self.add_error(refused.field, refused.message)


def _others(team: Team, user: User) -> list[tuple[str, str]]:
    """The members of `team` but `user`; slugs hold no slash."""
    rows = approvers.active_members(team).exclude(user=user)
    return [(f"{team.slug}/{row.user.username}", row.user.display_name) for row in rows]
