"""One act on many backups of the history: each is judged by itself, and what was not done says why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backups.models import Backup, Verdict
from backups.operations import creation
from backups.operations.refusals import Refused
from dashboard.forms import DecisionForm, FilterForm
from dashboard.forms.requests import is_uuid
from dashboard.people import reader
from dashboard.views.approvals import decide_each

AT_MOST = 200
NAMED = 5


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Cancel or approve the ticked backups, then the list as it was filtered."""
    ticked = list(dict.fromkeys(request.POST.getlist("choice")))
    if not ticked:
        messages.error(request, _("Select at least one backup."))
    elif len(ticked) > AT_MOST:
        many = _("%(count)d are selected; at most %(most)d at once. Nothing was done.")
        messages.error(request, many % {"count": len(ticked), "most": AT_MOST})
    elif request.POST.get("act") == "cancel":
        _cancel_each(request, ticked)
    elif request.POST.get("act") == "approve":
        word = DecisionForm({"verdict": Verdict.APPROVED})
        word.full_clean()
        decide_each(request, ticked, word, reader(request))
    query = FilterForm(request.GET, by=reader(request)).query
    return redirect(reverse("backup-list") + (f"?{query}" if query else ""))


def _cancel_each(request: HttpRequest, ticked: list[str]) -> None:
    user, done = reader(request), 0
    refused: dict[str, list[str]] = {}
    wanted = [pk for pk, _colon, _hash in (choice.partition(":") for choice in ticked) if is_uuid(pk)]
    visible = Backup.objects.visible_to(user).filter(pk__in=wanted).select_related("team", "instance")
    for backup in visible.order_by("requested_at", "id"):
        try:
            creation.cancel(backup, by=user, at=timezone.now())
        except Refused as why:
            refused.setdefault(why.message, []).append(backup.name)
        else:
            done += 1
    if done:
        told = ngettext(
            "%(count)d backup is cancelled. Nothing was sent to the cloud.",
            "%(count)d backups are cancelled. Nothing was sent to the cloud.",
            done,
        )
        messages.success(request, told % {"count": done})
    for message, names in refused.items():
        messages.error(request, f"{_named(names)}: {message}")
    if gone := len(ticked) - done - sum(len(names) for names in refused.values()):
        told = ngettext(
            "%(count)d that you selected is not there any more.",
            "%(count)d that you selected are not there any more.",
            gone,
        )
        messages.error(request, told % {"count": gone})


def _named(names: list[str]) -> str:
    others = len(names) - NAMED
    if others <= 0:
        return ", ".join(names)
    more = ngettext("%(count)d other", "%(count)d others", others) % {"count": others}
    return ", ".join([*names[:NAMED], more])
