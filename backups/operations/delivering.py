"""Bringing what is in the outbox to where it belongs, however long a receiver is away.

A delivery is tried until it arrives or a day has passed since it was to be told, or sent again. A channel
that fails is left alone for a while, longer each time; then everything that waits for it is delivered. Each
is sent under its own id: should a postman die between sending and writing it down, it is sent again under
the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from backups.models import Channel, Delivery, DeliveryState, Notice, Occasion, Service
from backups.operations import outbox, senders
from backups.queries import audience, letters

BATCH = 100
POSTMEN = 2
"""At a time, over all processes: receivers that hang leave the workers to backups."""

POSTMEN_LOCK, CHANNEL_LOCK = 7_302, 7_303
LEASE = timedelta(minutes=2)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=1)

Clock = Callable[[], datetime]


def deliver(*, clock: Clock = timezone.now) -> None:
    """Address what is new and send what is due, unless enough others are at it."""
    with _locked(POSTMEN_LOCK, *range(POSTMEN)) as is_ours:
        if not is_ours:
            return
        _address_all(clock)
        for channel in _due_channels(clock()):
            with _locked(CHANNEL_LOCK, channel.pk.int % 2**31) as is_free:
                if is_free:
                    _serve(channel, clock)


def is_due(*, at: datetime) -> bool:
    """Whether there is something to address or to send."""
    new = Notice.objects.filter(addressed_at=None, at__lte=at)
    return new.exists() or _due_channels(at).exists()


@contextmanager
def _locked(lock: int, *keys: int) -> Iterator[bool]:
    """Whether one of the locks was free; it is kept until the end, and a killed process gives it up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM unnest(%s::int[]) AS key WHERE pg_try_advisory_lock(%s, key) LIMIT 1",
            [list(keys), lock],
        )
        taken = [key for (key,) in cursor.fetchall()]
    try:
        yield bool(taken)
    finally:
        for key in taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, key])


def _address_all(clock: Clock) -> None:
    new = Notice.objects.filter(addressed_at=None).order_by("id").values_list("pk", flat=True)
    for pk in list(new[:BATCH]):
        with transaction.atomic():
            notice = (
                Notice.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
                .select_related("team", "backup__team", "backup__requested_by", "event__backup")
                .filter(pk=pk, addressed_at=None)
                .first()
            )
            if notice is not None:
                _address(notice, at=clock())


def _address(notice: Notice, *, at: datetime) -> None:
    """Write a delivery for each channel that tells of it, and of mail for each person concerned."""
    wanted = [notice.occasion]
    if notice.event and outbox.changes_status(notice.event):
        wanted.append(Occasion.STATE)
    channels = Channel.objects.in_use().filter(team=notice.team, occasions__overlap=wanted)
    deliveries = []
    for channel in channels:
        if channel.service != Service.EMAIL or channel.target_sealed is not None:
            deliveries.append(Delivery(notice=notice, channel=channel, next_at=at))
        elif settings.EMAIL_HOST:
            deliveries += [
                Delivery(notice=notice, channel=channel, recipient=person, address=person.email, next_at=at)
                for person in audience.of(notice, at=at)
            ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    Notice.objects.filter(pk=notice.pk).update(addressed_at=at)


def _waiting(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=at)


def _due_channels(at: datetime) -> QuerySet[Channel]:
    """Those with something to send that are not left alone, the ones that work first."""
    return (
        Channel.objects.in_use()
        .filter(Q(retry_at=None) | Q(retry_at__lte=at))
        .filter(Exists(_waiting(at).filter(channel=OuterRef("pk"))))
        .order_by("failures", "pk")
    )


def _serve(channel: Channel, clock: Clock) -> None:
    """Send what waits for `channel`, until it fails or nothing is left."""
    rows = _waiting(clock()).filter(channel=channel).order_by("id")
    waiting = list(
        rows.select_related(
            "recipient", "notice__team", "notice__event__actor", "notice__backup__requested_by",
            "notice__backup__instance__project",
        )[:BATCH]
    )  # fmt: skip
    try:
        with senders.opened(channel) as send:
            for delivery in waiting:
                if _claim(delivery, at=clock()):
                    _send(channel, delivery, send, clock)
    except senders.NotDeliveredError as error:
        _leave_alone(channel, error, waiting, at=clock())


def _claim(delivery: Delivery, *, at: datetime) -> bool:
    """Take the delivery by moving its time, unless it was given up meanwhile."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
    return bool(waiting.update(next_at=at + LEASE))


def _send(channel: Channel, delivery: Delivery, send: senders.Send, clock: Clock) -> None:
    letter = letters.letter(delivery.notice, reader=delivery.recipient)
    try:
        status = send(delivery.pk, letter, delivery.address)
    except senders.NotDeliveredError as error:
        if not error.is_of_address:
            raise
        _note_failure(delivery, error, at=clock(), wait=_doubled(delivery.attempts + 1))
        return
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DELIVERED,
        delivered_at=clock(),
        attempts=F("attempts") + 1,
        http_status=status,
        failure="",
    )
    if channel.failures:
        channel.failures = 0
        Channel.objects.filter(pk=channel.pk).update(failures=0, retry_at=None)


def _leave_alone(
    channel: Channel, error: senders.NotDeliveredError, waiting: list[Delivery], *, at: datetime
) -> None:
    """The channel itself fails: what waits is due at once when it is tried again, unless a day has passed."""
    channel.failures += 1
    Channel.objects.filter(pk=channel.pk).update(
        failures=channel.failures, retry_at=at + _doubled(channel.failures)
    )
    for delivery in waiting:
        _note_failure(delivery, error, at=at, wait=timedelta(0))


def _note_failure(
    delivery: Delivery, error: senders.NotDeliveredError, *, at: datetime, wait: timedelta
) -> None:
    is_over = at - (delivery.replayed_at or delivery.notice.at) >= GIVE_UP_AFTER
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
        state=DeliveryState.GIVEN_UP if is_over else DeliveryState.WAITING,
        attempts=F("attempts") + 1,
        next_at=at + wait,
        http_status=error.http_status,
        failure=error.failure or _("It did not arrive."),
    )


def _doubled(failures: int) -> timedelta:
    return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LONGEST_RETRY)
