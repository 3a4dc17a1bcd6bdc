"""How a team is told: its channels, a test of each, and what became of every message."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.models import Channel, DeliveryState, Occasion, Service, Team
from backups.operations import channels, rights
from backups.queries import deliveries
from dashboard import live
from dashboard.forms import ChannelForm
from dashboard.people import reader

SECRETS = ("target", "secret")


@require_GET
def show_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The channels of a team."""
    team = _managed(request, get_object_or_404(Team.objects.visible_to(reader(request)), slug=slug))
    context = {"section": "projects", "team": team, "channels": deliveries.channels(team)}
    return render(request, "channels/list.html", context)


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a channel."""
    team = _managed(request, get_object_or_404(Team.objects.visible_to(reader(request)), slug=slug))
    initial = {"secret": channels.new_signing_secret(), "occasions": Service.EMAIL.occasions}
    form = ChannelForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            channel = channels.add(team, form.draft, by=reader(request), at=timezone.now())
        except channels.ChannelRefused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("The channel is saved. Send a test to see whether it works."))
            return redirect("channel-detail", pk=channel.pk)
    return _form_page(request, form, team)


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a channel; its address and secret stay as they are unless typed anew."""
    channel = _find(request, pk)
    initial = {"name": channel.name, "occasions": channel.occasions}
    form = ChannelForm(request.POST if request.method == "POST" else None, initial=initial, channel=channel)
    if form.is_valid():
        try:
            channels.change(channel, form.draft, by=reader(request), at=timezone.now())
        except channels.ChannelRefused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("The channel is saved."))
            return redirect("channel-detail", pk=pk)
    return _form_page(request, form, channel.team, channel)


@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One channel with the log of what it told; htmx asks for the next page's lines only."""
    channel, before, state = _find(request, pk), request.GET.get("before"), request.GET.get("state", "")
    try:
        page = deliveries.of_channel(channel, state=state, before=UUID(before) if before else None)
    except ValueError as error:
        raise BadRequest("before") from error
    context = {
        "section": "projects",
        "channel": channel,
        "occasions": [label for value, label in Occasion.choices if value in channel.occasions],
        "page": page,
        "state": state,
        "states": DeliveryState.choices,
        "filters": live.filters_of(request),
    }
    is_next = request.htmx and before  # type: ignore[attr-defined]
    return render(request, "channels/detail.html#next-page" if is_next else "channels/detail.html", context)


@require_POST
def replay(request: HttpRequest, pk: UUID, delivery: UUID) -> HttpResponse:
    """Have a line of the log sent again."""
    channel = _find(request, pk)
    line = get_object_or_404(channel.deliveries.select_related("channel__team", "recipient"), pk=delivery)
    try:
        channels.replay(line, by=reader(request), at=timezone.now())
    except channels.ChannelRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("It is on its way again, under the same ID: the log shows how it ends."))
    page = reverse("channel-detail", args=[pk])
    return redirect(f"{page}?{live.filters_of(request)}".removesuffix("?"))


@require_POST
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a test."""
    channels.send_test(_find(request, pk), by=reader(request), at=timezone.now())
    messages.success(request, _("A test is on its way: the log shows what became of it."))
    return redirect("channel-detail", pk=pk)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell nothing more by this way."""
    channel = _find(request, pk)
    channels.remove(channel, by=reader(request), at=timezone.now())
    messages.success(request, _("The channel “%(name)s” is removed.") % {"name": channel.name})
    return redirect("team-channels", slug=channel.team.slug)


def _find(request: HttpRequest, pk: UUID) -> Channel:
    channel = get_object_or_404(deliveries.visible_to(reader(request)), pk=pk)
    _managed(request, channel.team)
    return channel


def _managed(request: HttpRequest, team: Team) -> Team:
    right = rights.may(reader(request), "manage_team", team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    return team


def _form_page(
    request: HttpRequest, form: ChannelForm, team: Team, channel: Channel | None = None
) -> HttpResponse:
    context = {"section": "projects", "form": form, "team": team, "channel": channel}
    return render(request, "channels/form.html", context, status=422 if form.errors else 200)
