"""Walking a team's chain of events: whether it is whole, and where and how it is not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from backups.models import AuditHead, Damage, Event
from backups.queries import damage, marks
from backups.secrecy.chain import Mark, UnknownKeyError

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """An event's place in a chain: its number and its mark. Number 0 is before the first."""

    number: int = 0
    mac: str = ""


BEGINNING = Place()


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which a chain is not as it was written, and what that looks like."""

    number: int
    damage: Damage


@dataclass(frozen=True, slots=True)
class Walk:
    """The last place up to which a chain is whole, and the break after it, if any."""

    sound: Place
    broken: Break | None = None


def walk(team: int, *, after: Place = BEGINNING, exported: Iterable[Place] = ()) -> Walk:
    """Verify the chain of `team` from `after` to its end, a thousand events in memory at a time.

    1. The head is read first: every event up to its number is there by then.
    2. Each event must have the next number, and a genuine mark over itself and the one before.
    3. The chain must come by its head, and by the heads that were `exported` earlier.
    4. The head is read again: it must not stand before an event that was found.
    """
    head = AuditHead.objects.filter(team=team).first()
    if head is None:
        return Walk(after, Break(after.number + 1, Damage.HEAD))
    if head.number < after.number:
        return Walk(after, Break(head.number + 1, Damage.CUT_OFF))
    walker = _Walker(head.number, after)
    for place in (Place(head.number, head.mac), *exported):
        walker.expect(place)
    events = Event.objects.filter(team=team, number__gt=after.number).order_by("number", "id")
    found = walker.go(events.iterator(CHUNK))
    if found is None and not _is_sealed(head):
        # All fits, but for the seal: the head was set back to where events were cut off.
        found = Damage.CUT_OFF
    if found is None and AuditHead.objects.get(team=team).number < walker.sound.number:
        found = Damage.HEAD
    return Walk(walker.sound, Break(walker.sound.number + 1, found) if found else None)


def under_other_keys() -> tuple[int, int]:
    """How many events were marked with an older key of the list, and how many with one that is not in it."""
    used = dict(Event.objects.order_by().values_list("mac_key").annotate(events=Count("pk")))
    unknown = marks.keys().unknown(used)
    lost = sum(used[key] for key in unknown)
    return sum(used.values()) - used.get(marks.keys().newest, 0) - lost, lost


@dataclass(slots=True)
class _Walker:
    """Goes along one chain that is said to end at `end`. `known`: marks that it must come by."""

    end: int
    sound: Place
    known: dict[int, set[str]] = field(default_factory=dict)

    def expect(self, place: Place) -> None:
        """The chain must come by `place`, if that is still ahead."""
        if place.number > self.sound.number:
            self.known.setdefault(place.number, set()).add(place.mac)

    def go(self, events: Iterable[Event]) -> Damage | None:
        """Go as far as the chain is whole."""
        for event in events:
            if found := self._judge(event):
                return found
            self.sound = Place(event.number, event.mac)
        return Damage.CUT_OFF if any(number > self.sound.number for number in self.known) else None

    def _judge(self, event: Event) -> Damage | None:
        number, previous = self.sound.number + 1, self.sound.mac
        try:
            if event.number != number or not marks.fits(event, number, previous):
                return damage.at(event, number=number, previous=previous, end=self.end)
        except UnknownKeyError:
            return Damage.KEY_GONE
        # Genuine, but not what stood here earlier: events were cut off, and others written since.
        return Damage.CUT_OFF if self.known.get(number, {event.mac}) != {event.mac} else None


def _is_sealed(head: AuditHead) -> bool:
    if not head.number:
        return True
    try:
        return marks.keys().is_genuine(head.end(), Mark(head.seal_key, head.seal))
    except UnknownKeyError:
        return False
