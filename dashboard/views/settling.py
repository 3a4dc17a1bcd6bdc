"""What a person decides about a backup that the cloud left open, and alarms that a person has seen."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backups.operations import alarms, settling
from backups.operations.refusals import Refused
from dashboard.people import reader
from dashboard.views.backups import find


@require_POST
def send_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the call made again, after one more look."""
    try:
        settling.send_again(find(request, pk), by=reader(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("backup-detail", pk=pk)


@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the backup up."""
    try:
        settling.close(find(request, pk), by=reader(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("backup-detail", pk=pk)


@require_POST
def see_alarm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the alarm off: the reader has seen it."""
    try:
        alarms.acknowledge(find(request, pk), by=reader(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The alarm is marked as seen; the timeline keeps it."))
    return redirect("backup-detail", pk=pk)
