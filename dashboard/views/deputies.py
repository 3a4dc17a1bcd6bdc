"""Who decides in the reader's stead, and in whose stead the reader decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backups.operations import deputies
from backups.operations.refusals import Refused
from backups.queries import absences
from dashboard.forms import DeputyForm
from dashboard.people import reader


@require_http_methods(["GET", "POST"])
def show_list(request: HttpRequest) -> HttpResponse:
    """The reader's deputies and those the reader stands in for; appoint another."""
    user, now = reader(request), timezone.now()
    form = DeputyForm(request.POST if request.method == "POST" else None, initial={"starts_at": now}, by=user)
    if form.is_valid():
        try:
            row = deputies.appoint(form.team, **form.draft, by=user, at=now)
        except Refused as refused:
            form.tell(refused)
        else:
            told = _("%(person)s stands in for you in %(team)s.")
            messages.success(request, told % {"person": row.deputy.display_name, "team": row.team})
            return redirect("deputies")
    rows = list(absences.concerning(user, at=now))
    context = {
        "form": form,
        "now": now,
        "mine": [row for row in rows if row.absent == user],
        "for_others": [row for row in rows if row.deputy == user],
        "looked_after": [row for row in rows if user not in (row.absent, row.deputy)],
    }
    return render(request, "account/deputies.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End it before its time."""
    row = get_object_or_404(absences.visible_to(reader(request)), pk=pk)
    try:
        deputies.end(row, by=reader(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        told = _("%(deputy)s no longer stands in for %(absent)s.")
        names = {"deputy": row.deputy.display_name, "absent": row.absent.display_name}
        messages.success(request, told % names)
    return redirect("deputies")
