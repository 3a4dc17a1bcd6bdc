"""The reader's time zone, for every page."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

ZONES = frozenset(zoneinfo.available_timezones())


class ReaderZoneMiddleware:
    """Shows times in the zone of the reader's account, else of the browser (its `tz` cookie), else in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's zone."""
        chosen = getattr(request.user, "time_zone", "") or request.COOKIES.get("tz", "")
        with timezone.override(zoneinfo.ZoneInfo(chosen) if chosen in ZONES else None):
            return self.get_response(request)
