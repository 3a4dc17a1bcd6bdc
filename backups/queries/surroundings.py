"""What every page shows around its content: what is not well, and how much waits for the reader's word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from backups.models import User
from backups.queries import approvers, health
from backups.queries.compiled import Compiled
from backups.queries.health import Glance

MOST = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How the site is, and how many requests the reader may decide now: counted up to 100."""

    glance: Glance
    to_decide: int


def around(user: User, *, at: datetime) -> Surroundings:
    """What a page of `user` shows around its content. One query, since every page pays it."""
    waiting, *seen = AROUND.read(user, at)
    return Surroundings(Glance(*seen), to_decide=len(waiting))


def _around(user: User, at: datetime) -> "QuerySet[User, tuple[Any, ...]]":
    waiting = approvers.to_decide(user, at=at).order_by().values("pk")[:MOST]
    read = User.objects.filter(pk=user.pk).annotate(waiting=ArraySubquery(waiting), **health.glanced(user))
    return read.values_list("waiting", *health.GLANCED)


AROUND = Compiled(_around)
