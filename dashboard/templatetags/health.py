"""The banner of what is not well."""

from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

from django import template
from django.utils import timezone

from backups.models import User
from backups.queries import health as queries
from backups.queries import surroundings
from backups.queries.surroundings import Surroundings

register = template.Library()

SHOWN = 4
OPEN_UP_TO = 2
WELL_SECONDS = 15
AILING_SECONDS = 5


@register.inclusion_tag("pieces/health.html", takes_context=True)
def health(context: template.Context) -> dict[str, Any]:
    """What is not well, for a reader who is signed in; a project's own page tells of it in its place."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {}
    project = context.get("project") if context.get("section") == "projects" else None
    glance = surroundings_of(context, user).glance
    return banner(user, without=str(project.pk) if project else "", glance=glance)


def surroundings_of(context: template.Context, user: User) -> Surroundings:
    """What the page shows around its content; it is read once a request, when the page is rendered."""
    request = context["request"]
    if not hasattr(request, "surroundings"):
        request.surroundings = surroundings.around(user, at=timezone.now())
    return cast(Surroundings, request.surroundings)


def banner(
    user: User,
    *,
    without: str = "",
    is_placed: bool = False,
    is_live: bool = False,
    glance: queries.Glance | None = None,
) -> dict[str, Any]:
    """What the banner shows, and what its next poll asks.

    `without` the problems of one project; `is_placed`: the page was loaded with problems, so that the
    banner has its place on it; `is_live`: the page is there already, and must not move.
    """
    found = queries.problems(user, at=timezone.now(), glance=glance)
    found = [problem for problem in found if not without or str(problem.project) != without]
    is_placed = is_placed or (bool(found) and not is_live)
    digest = sha256(" ".join(problem.key for problem in found).encode()).hexdigest()[:16] if found else ""
    return {
        "is_signed_in": True,
        "problems": found[:SHOWN],
        "others": max(len(found) - SHOWN, 0),
        "is_open": is_placed and len(found) <= OPEN_UP_TO,
        "is_placed": is_placed,
        "is_live": is_live,
        "digest": digest,
        "seconds": AILING_SECONDS if found else WELL_SECONDS,
        "poll": urlencode({"seen": digest, "placed": int(is_placed), "without": without}),
    }
