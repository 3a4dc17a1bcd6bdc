"""What a broken place in a chain looks like: told from its neighbours, as well as it can be told.

Whoever broke it may have hidden what was done; that it is broken is certain, what happened is a guess.
"""

from collections.abc import Sequence
from itertools import islice, product

from backups.models import Damage, Event
from backups.queries.marks import fits
from backups.secrecy.chain import UnknownKeyError

NEIGHBOURS = 20
CHUNK = 1000


def at(event: Event, *, number: int, previous: str, end: int) -> Damage:
    """What was done where `event` stands, and an event `number` after the mark `previous` should.

    `end` is the number at which the chain is said to end.
    """
    later = Event.objects.filter(team=event.team_id, number__gte=number).exclude(pk=event.pk)
    ahead = later.order_by("number", "id")
    if any(_fits(other, number, previous) for other in ahead.iterator(CHUNK)):
        return Damage.REORDERED if _stood_nearby(event, number, list(ahead[:NEIGHBOURS])) else Damage.INSERTED
    if event.number < number or event.number > end:
        return Damage.INSERTED
    if event.number > number or _is_moved_up(list(islice(ahead, 1)), event):
        return Damage.DELETED
    return Damage.EDITED


def _stood_nearby(event: Event, number: int, neighbours: Sequence[Event]) -> bool:
    """Whether `event` is genuine, only at another place."""
    places = range(max(number - NEIGHBOURS, 1), number + NEIGHBOURS)
    return any(_fits(event, place, other.mac) for place, other in product(places, neighbours))


def _is_moved_up(following: Sequence[Event], event: Event) -> bool:
    """Whether what follows `event` still follows it, but was written with a higher number."""
    return any(
        _fits(other, event.number + 1 + gone, event.mac)
        for other in following
        for gone in range(1, NEIGHBOURS)
    )


def _fits(event: Event, number: int, previous: str) -> bool:
    try:
        return fits(event, number, previous)
    except UnknownKeyError:
        return False
