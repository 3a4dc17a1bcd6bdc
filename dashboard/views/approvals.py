"""What waits for the reader's word, and what the reader waits for."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.models import Backup, User, Verdict
from backups.operations import content, decisions, glass, rights
from backups.operations.refusals import Refused
from backups.queries import approvers, consent
from dashboard import live
from dashboard.forms import DecisionForm, WaitingFilterForm
from dashboard.forms.requests import is_uuid
from dashboard.people import reader
from dashboard.views.backups import find
from dashboard.views.outlook import in_words

AT_MOST = 100


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Mine to decide, the earliest deadline first; on the second tab what I asked for.

    An open page asks with the digest that it has seen whether anything else waits by now.
    """
    shown = _waiting(request)
    if "seen" in request.GET:
        if request.GET["seen"] == shown["digest"]:
            return live.nothing_new()
        return render(request, "approvals/list.html#news", shown | {"has_changed": True})
    return render(request, "approvals/list.html", shown | {"form": DecisionForm()})


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request, exactly as it would run, and the reader's word on it. Reading decides nothing."""
    backup, user, now = find(request, pk), reader(request), timezone.now()
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refused = _decide(backup, form, user, seen=request.POST.get("seen", ""))
        if refused is None:
            messages.success(request, _told(form.cleaned_data["verdict"], 1))
            return redirect("backup-detail", pk=pk)
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        backup = find(request, pk)
    context = {
        "section": "approvals",
        "backup": backup,
        "exact": _in_words(backup),
        "form": form,
        "consent": consent.of(backup, at=now),
        "right": rights.may_decide(user, backup, at=now),
        "now": now,
    }
    return render(request, "approvals/detail.html", context, status=422 if form.errors else 200)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """One word on several requests, each as the reader saw it; then the list as it was filtered."""
    form, user = DecisionForm(request.POST), reader(request)
    ticked = request.POST.getlist("choice")[:AT_MOST]
    if form.is_valid():
        if not ticked:
            form.add_error(None, _("Choose at least one request."))
        decide_each(request, ticked, form, user)
    if form.errors:
        shown = _waiting(request) | {"form": form, "ticked": ticked}
        return render(request, "approvals/list.html", shown, status=422)
    filters = live.filters_of(request)
    return redirect(reverse("approval-list") + (f"?{filters}" if filters else ""))


@require_POST
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a break-glass backup was looked at."""
    backup = find(request, pk)
    try:
        comment = request.POST.get("comment", "")
        glass.review(backup, by=reader(request), comment=comment, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Your review is recorded."))
    return redirect("backup-detail", pk=pk)


def decide_each(request: HttpRequest, ticked: list[str], form: DecisionForm, user: User) -> None:
    """One word on each of the ticked, "id:hash" as the reader saw it; what cannot be decided says why."""
    done = 0
    for choice in ticked:
        pk, _colon, seen = choice.partition(":")
        backup = Backup.objects.visible_to(user).filter(pk=pk).first() if is_uuid(pk) else None
        refused = _decide(backup, form, user, seen=seen) if backup else None
        if refused and refused.field in form.fields:
            form.add_error(refused.field, refused.message)
            return  # what was typed would be wrong for the others too
        if refused and backup:
            messages.error(request, f"{backup.name}: {refused.message}")
        elif backup:
            done += 1
        else:
            messages.error(request, _("A request that you chose is not there any more."))
    if done:
        messages.success(request, _told(form.cleaned_data["verdict"], done))


def _decide(backup: Backup, form: DecisionForm, user: User, *, seen: str) -> Refused | None:
    word = form.cleaned_data
    operation = decisions.approve if word["verdict"] == Verdict.APPROVED else decisions.reject
    try:
        operation(backup, by=user, seen=seen, comment=word["comment"], at=timezone.now())
    except Refused as refused:
        return refused
    return None


def _waiting(request: HttpRequest) -> dict[str, Any]:
    """What one of the tabs shows, as it is filtered, and the digest of it."""
    user, now = reader(request), timezone.now()
    filters = WaitingFilterForm(request.GET, by=user)
    tab = "asked" if request.GET.get("tab") == "asked" else "mine"
    mine, asked = approvers.to_decide(user, at=now), consent.asked_by(user)
    reviews = glass.to_review(user) if tab == "mine" else consent.unreviewed_of(user)
    found = filters.narrow(mine if tab == "mine" else asked)
    rows = list(found.select_related("team", "requested_by", "instance__project")[: AT_MOST + 1])
    to_review = list(filters.narrow(reviews).select_related("team", "requested_by", "instance")[:AT_MOST])
    consents = consent.of_each(rows, at=now)
    seen = f"{tab} {[(row.pk, consents[row.pk].given) for row in rows]} {[row.pk for row in to_review]}"
    return {
        "section": "approvals",
        "tab": tab,
        "filters": filters,
        "query": live.filters_of(request),
        "rows": [(row, consents[row.pk], _in_words(row)) for row in rows[:AT_MOST]],
        "has_more": len(rows) > AT_MOST,
        "reviews": to_review,
        "asked_count": asked.count(),
        "digest": sha256(seen.encode()).hexdigest()[:16],
        "now": now,
    }


def _told(verdict: str, count: int) -> str:
    if verdict == Verdict.APPROVED:
        words = ngettext("%(count)d request approved.", "%(count)d requests approved.", count)
    else:
        words = ngettext("%(count)d request rejected.", "%(count)d requests rejected.", count)
    return words % {"count": count}


def _in_words(backup: Backup) -> str:
    exact = content.request_of(backup.instance, name=backup.name, description=backup.description)
    return in_words(exact)
