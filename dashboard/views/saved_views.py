"""The views of the history that a reader keeps: saved, renamed, deleted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backups.models import SavedView
from backups.operations import saved_views
from backups.operations.refusals import Refused
from dashboard.forms import FilterForm
from dashboard.people import reader
from dashboard.views.history import listed


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the address filters by and sorts, under a name."""
    form, name = FilterForm(request.GET, by=reader(request)), request.POST.get("name", "")
    try:
        view = saved_views.save(reader(request), name=name, query=form.query)
    except Refused as refused:
        shown = listed(request, form) | {"view_error": refused.message, "view_name": name}
        return render(request, "backups/list.html", shown, status=422)
    messages.success(request, _("Kept as “%(name)s”: you find it under Views.") % {"name": view.name})
    return redirect(f"{reverse('backup-list')}?{view.query}")


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a view another name."""
    view = get_object_or_404(SavedView, user=reader(request), pk=pk)
    try:
        saved_views.rename(view, name=request.POST.get("name", ""))
    except Refused as refused:
        messages.error(request, refused.message)
    return _back(request)


@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget a view."""
    view = get_object_or_404(SavedView, user=reader(request), pk=pk)
    saved_views.delete(reader(request), view.pk)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    query = FilterForm(request.GET, by=reader(request)).query
    return redirect(reverse("backup-list") + (f"?{query}" if query else ""))
