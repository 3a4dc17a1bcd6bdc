"""What waits for the reader's word, and what the reader waits for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.models import Backup, Status, User, Verdict
from backups.operations import content, decisions, glass, rights
from backups.operations.refusals import Refused
from backups.queries import approvers, consent
from dashboard.forms import DecisionForm
from dashboard.people import reader
from dashboard.views.backups import find, is_uuid
from dashboard.views.outlook import in_words

AT_MOST = 100


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Mine to decide, the earliest deadline first; on the second tab what I asked for."""
    user, now = reader(request), timezone.now()
    context: dict[str, object] = {"section": "approvals", "form": DecisionForm(), "now": now}
    if request.GET.get("tab") == "asked":
        asked = Backup.objects.filter(requested_by=user, status=Status.AWAITING_APPROVAL)
        asked = asked.select_related("team", "requested_by", "instance__project").order_by("approve_by", "id")
        waiting = [(row, consent.of(row, at=now)) for row in asked[:AT_MOST]]
        return render(request, "approvals/list.html", context | {"tab": "asked", "waiting": waiting})
    rows = approvers.to_decide(user, at=now)[:AT_MOST]
    reviews = Backup.objects.visible_to(user).filter(is_break_glass=True, reviewed_at=None)
    reviews = reviews.exclude(requested_by=user).select_related("team", "requested_by", "instance")
    return render(
        request,
        "approvals/list.html",
        context
        | {
            "tab": "mine",
            "rows": [(row, _in_words(row)) for row in rows],
            "reviews": [row for row in reviews.order_by("review_by")[:AT_MOST] if _may_review(user, row)],
        },
    )


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
    """One word on several requests, each as the reader saw it."""
    form, user = DecisionForm(request.POST), reader(request)
    chosen = [choice.partition(":") for choice in request.POST.getlist("choice")[:AT_MOST]]
    if not form.is_valid() or not chosen:
        messages.error(request, _("Choose at least one request, and whether you approve or reject."))
        return redirect("approval-list")
    done = 0
    for pk, _colon, seen in chosen:
        backup = Backup.objects.visible_to(user).filter(pk=pk).first() if is_uuid(pk) else None
        if backup is None:
            continue
        if refused := _decide(backup, form, user, seen=seen):
            messages.error(request, f"{backup.name}: {refused.message}")
        else:
            done += 1
    if done:
        messages.success(request, _told(form.cleaned_data["verdict"], done))
    return redirect("approval-list")


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


def _decide(backup: Backup, form: DecisionForm, user: User, *, seen: str) -> Refused | None:
    word = form.cleaned_data
    operation = decisions.approve if word["verdict"] == Verdict.APPROVED else decisions.reject
    try:
        operation(backup, by=user, seen=seen, comment=word["comment"], at=timezone.now())
    except Refused as refused:
        return refused
    return None


def _told(verdict: str, count: int) -> str:
    if verdict == Verdict.APPROVED:
        words = ngettext("%(count)d request approved.", "%(count)d requests approved.", count)
    else:
        words = ngettext("%(count)d request rejected.", "%(count)d requests rejected.", count)
    return words % {"count": count}


def _in_words(backup: Backup) -> str:
    exact = content.request_of(backup.instance, name=backup.name, description=backup.description)
    return in_words(exact)


def _may_review(user: User, backup: Backup) -> bool:
    return glass.may_review(user, backup).is_allowed
