"""Live pages: how often to ask, and what to answer when nothing changed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

MOVING_SECONDS = 1
QUIET_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Poll:
    """The next question of a live list: since when, after which newest row, and how soon."""

    since: int
    newest: str
    is_moving: bool
    filters: str

    @property
    def seconds(self) -> int:
        """Every second while something moves, else now and then."""
        return MOVING_SECONDS if self.is_moving else QUIET_SECONDS

    @property
    def query(self) -> str:
        """The query string of the next poll."""
        asked = urlencode({"since": self.since, "newest": self.newest})
        return f"{asked}&{self.filters}" if self.filters else asked


def since_of(request: HttpRequest) -> int | None:
    """From when on the reader has not seen changes, or None where that cannot be read."""
    value = request.GET.get("since", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def filters_of(request: HttpRequest) -> str:
    """The filters of the list, as the query string carries them."""
    kept = request.GET.copy()
    for name in ("since", "newest", "before", "seen"):
        kept.pop(name, None)
    return kept.urlencode()


def nothing_new() -> HttpResponse:
    """204: htmx swaps nothing, and a 304 would be invisible to it."""
    return HttpResponse(status=204)
