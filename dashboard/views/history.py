"""The history: the list as its address says, what changed in it, and what a reader can choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from backups.models import Role, Status, User
from backups.operations import rights
from backups.queries import changes, history, offers
from backups.queries.history import BackupRow
from backups.queries.offers import Offers
from dashboard import live
from dashboard.forms import FilterForm
from dashboard.people import reader

SUGGESTED = 20
CAN_CANCEL = frozenset({Status.AWAITING_APPROVAL, Status.QUEUED})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that sorts: where it leads, and how the list is sorted by it now."""

    label: str
    href: str
    aria_sort: str
    is_number: bool


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The history in the wanted order; htmx asks for the next page's rows only."""
    form = FilterForm(request.GET, by=reader(request))
    shown = listed(request, form)
    is_next_page = request.htmx and request.GET.get("before")  # type: ignore[attr-defined]
    return render(request, "backups/list.html" + ("#next-page" if is_next_page else ""), shown)


@require_GET
def show_changes(request: HttpRequest) -> HttpResponse:
    """The rows that changed since the reader's list was read, or 204."""
    user, seen = reader(request), live.since_of(request)
    told = changes.since(user, seen=seen) if seen is not None else None
    if told is None:
        return live.nothing_new()
    form = FilterForm(request.GET, by=user)
    newest = request.GET.get("newest", "")
    try:
        newer = history.newer_than(user, filters=form.filters(), after=newest)
    except history.CursorError as error:
        raise BadRequest("newest") from error
    context = {
        "rows": told.rows,
        "poll": live.Poll(told.since, newest, told.is_moving, form.query),
        "newer": newer,
        "wanted": form.filters().statuses,
        "can_choose": True,
        "choosable": choosable(told.rows, form.offered, user),
    }
    return render(request, "backups/list.html#changes", context)


@require_GET
def suggest_instances(request: HttpRequest) -> HttpResponse:
    """Names of instances for somebody who types one."""
    words = request.GET.get("instance", "")[:128].replace("\0", "")
    names = offers.instances_like(reader(request), words, most=SUGGESTED)
    return render(request, "backups/_suggested.html", {"names": names})


def listed(request: HttpRequest, form: FilterForm) -> dict[str, Any]:
    """What the list shows as `form` says."""
    user, filters = reader(request), form.filters()
    teams = form.offered.teams(filters.team)
    try:
        page = history.page(
            user,
            filters=filters,
            sort=form.order,
            before=request.GET.get("before") or None,
            teams=teams,
        )
    except history.CursorError as error:
        raise BadRequest("before") from error
    return {
        "section": "backups",
        "form": form,
        "page": page,
        "poll": live.Poll(form.offered.since, page.newest, form.offered.is_moving, form.query),
        "heads": list(heads(form)),
        "caption": _("Backups: %(order)s") % {"order": form.order_in_words},
        "can_choose": True,
        "choosable": choosable(page.rows, form.offered, user),
    }


def heads(form: FilterForm) -> Iterable[Head]:
    """The columns that sort; the first click shows the newest, biggest or longest first."""
    words = {"started": _("Started"), "took": _("Took"), "size": _("Size")}
    for column, label in words.items():
        is_sorted = form.order.name.removeprefix("-") == column
        state = "descending" if form.order.is_descending else "ascending"
        query = form.with_sort(column if form.order.name == f"-{column}" else f"-{column}")
        href = reverse("backup-list") + (f"?{query}" if query else "")
        yield Head(label, href, state if is_sorted else "", column != "started")


def choosable(rows: Iterable[BackupRow], offered: Offers, user: User) -> frozenset[UUID]:
    """The rows with which the reader may be able to do something; the operation has the last word."""
    seats = {seat.id: seat for seat in offered.seats}
    return frozenset(
        row.id
        for row in rows
        if row.status in CAN_CANCEL and (seat := seats.get(row.team_id)) is not None
        if rights.allow(seat.roles, "create_backup")
        or (
            row.status == Status.AWAITING_APPROVAL
            and row.requested_by_id != user.pk
            and (Role.APPROVER in seat.roles or seat.is_deputy)
        )
    )
