"""What every page shows around its content: what is not well, and how much waits for the reader's word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery

from backups.models import User
from backups.queries import approvers, health
from backups.queries.health import Glance

MOST = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How the site is, and how many requests the reader may decide now: counted up to 100."""

    glance: Glance
    to_decide: int


def around(user: User, *, at: datetime) -> Surroundings:
    """What a page of `user` shows around its content. One query, since every page pays it."""
    waiting = approvers.to_decide(user, at=at).order_by().values("pk")[:MOST]
    fields = {**health.glanced(user), "waiting": ArraySubquery(waiting)}
    found: dict[str, Any] = {**User.objects.values(**fields).get(pk=user.pk)}
    return Surroundings(to_decide=len(found.pop("waiting")), glance=Glance(**found))
