"""A person's word on a request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backups.models import Verdict
from backups.operations.decisions import COMMENT_MAX
from dashboard.forms.described import DescribedForm


class DecisionForm(DescribedForm):
    """Approve or reject, and why; the buttons carry the verdict."""

    verdict = forms.ChoiceField(choices=Verdict.choices, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=COMMENT_MAX,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed to reject. Everybody of the team can read it."),
    )
