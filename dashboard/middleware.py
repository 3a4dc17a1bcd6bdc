"""Who reads a page, from where, and in which time zone."""

import ipaddress
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from backups.operations import callers

ZONES = frozenset(zoneinfo.available_timezones())


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for a reader, but for those that say otherwise.

    Django's own looks the reader up first: then `/healthz` would hang with a frozen database.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to signing in, unless the view is for everybody."""
        if not getattr(view, "login_required", True):
            return None
        return super().process_view(request, view, args, kwargs)


class ReaderZoneMiddleware:
    """Shows times in the zone of the reader's account, else of the browser (its `tz` cookie), else in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, in UTC until the reader's zone is known."""
        with timezone.override(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> None:
        """Take the reader's zone; a page that needs no reader asks the database for none (`/healthz`)."""
        user = request.user if getattr(view, "login_required", True) else None
        chosen = getattr(user, "time_zone", "") or request.COOKIES.get("tz", "")
        if chosen in ZONES:
            timezone.activate(zoneinfo.ZoneInfo(chosen))


class CallerMiddleware:
    """What a request does is done from its client's address: the audit says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the client's address known to the operations."""
        with callers.acting_from(client_address(request)):
            return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """Who called; empty where that cannot be told.

    Whatever a client writes into X-Forwarded-For, each of the operator's own proxies appends whom it heard:
    the address is the one that the outermost of TRUSTED_PROXIES wrote.
    """
    told = request.headers.get("X-Forwarded-For", "").split(",")
    hops = [*(hop.strip() for hop in told if hop.strip()), request.META.get("REMOTE_ADDR", "")]
    hop = hops[-min(settings.TRUSTED_PROXIES + 1, len(hops))]
    try:
        return str(ipaddress.ip_address(hop.partition("%")[0]))
    except ValueError:
        return ""
