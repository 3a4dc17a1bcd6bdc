"""How long to wait before each next step."""

import random
from datetime import datetime, timedelta

from django.conf import settings

from backups import cloud
from backups.models import Backup

SLACK = timedelta(milliseconds=500)
"""A hint may arrive a moment before its time."""

FIRST_FOLLOW = timedelta(seconds=2)
SLOWEST_FOLLOW = timedelta(minutes=1)
OVERDUE_FOLLOW = timedelta(hours=1)
PAGE = 100

LOOK_MOMENTS_SECONDS = (2, 5, 10, 20, 40, 60)
"""When to look for a backup of unknown fate (faults.md, rule 4); each minute after that."""

LOOK_EACH = timedelta(minutes=1)
LOOKS_BEFORE_ASKING = 3
LOOK_FOR = timedelta(hours=24)
LOOK_BEFORE_SENDING = timedelta(seconds=5)
"""A person said "send again", and the last list was not whole."""

LOOK_AFTER_ASKING = timedelta(minutes=10)

SHORTEST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
LONGEST_PROBE = timedelta(minutes=1)
FIRST_AFTER_429 = timedelta(seconds=2)
LONGEST_AFTER_429 = timedelta(minutes=15)
KEY_LOCK = timedelta(minutes=5)
"""The cloud locks a key for five minutes after five failures (contract.md, "Signing in")."""

STOPPED = timedelta(minutes=5)
"""How often a row asks whether a person has mended the credential that it waits for."""

VERIFIED_FOR = timedelta(minutes=1)
"""How exactly a project's page knows when its credential last worked."""


def look_horizon() -> timedelta:
    """How long the cloud's list may hide a backup before a person is asked (faults.md, rule 4)."""
    return timedelta(seconds=settings.SETTLE_HORIZON_SECONDS)


def lease() -> timedelta:
    """How long a process may be away with a call before another one takes its place."""
    return timedelta(seconds=settings.CLOUD_DEADLINE_SECONDS + settings.LEASE_MARGIN_SECONDS)


def lane_patience() -> float:
    """How many seconds a call waits for others of its credential; its lease then still lasts for it."""
    return settings.LEASE_MARGIN_SECONDS / 2


def is_due(backup: Backup, *, at: datetime) -> bool:
    """Whether the row's next step may be taken at `at`."""
    return backup.next_action_at is not None and backup.next_action_at <= at + SLACK


def before_follow(running: timedelta, *, usual: timedelta | None, pages: int) -> timedelta:
    """Until a running backup is asked for again.

    Quick at first and slower as it runs longer; quick again around the time that this instance usually
    takes. Never so often that the pages of its list would use up more than half of our calls.
    """
    wait = running / 10
    if usual is not None:
        wait = min(wait, max(abs(usual - running) / 5, running / 60))
    affordable = timedelta(seconds=2 * pages / settings.CLOUD_CALLS_PER_SECOND)
    return max(min(max(wait, FIRST_FOLLOW), SLOWEST_FOLLOW), affordable)


def before_look(unknown_for: timedelta) -> timedelta:
    """Until the next look for a backup whose fate is unknown for so long."""
    moments = [timedelta(seconds=seconds) for seconds in LOOK_MOMENTS_SECONDS]
    horizon = look_horizon()
    coming = [moment - unknown_for for moment in [*moments, horizon] if moment > unknown_for + SLACK]
    return min([*coming, LOOK_EACH])


def before_probe(failures: int) -> timedelta:
    """Until a cloud that gave no answer so many times in a row is asked again: 5 s doubling to a minute."""
    return _doubled(SHORTEST_RETRY, failures - 3, LONGEST_PROBE)


def after_429(error: cloud.CloudError, *, attempts: int) -> timedelta:
    """What the cloud asks for; where it does not say, 2 s, doubling, with jitter (contract.md, "Errors")."""
    if error.retry_after is not None:
        return timedelta(seconds=max(error.retry_after, 1.0))
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads calls, guards nothing
    return min(_doubled(FIRST_AFTER_429, attempts - 1, LONGEST_AFTER_429) * jitter, LONGEST_AFTER_429)


def before_next_attempt(error: cloud.CloudError, *, attempts: int) -> timedelta:
    """Until a call that was not executed is made again: what the cloud asks, else 5 s doubling to 5 min."""
    if isinstance(error, cloud.CredentialFailed):
        return KEY_LOCK
    if isinstance(error, cloud.CloudNotSent) and error.is_certificate_problem:
        return LONGEST_RETRY
    if error.http_status == 429 or error.retry_after is not None:
        return after_429(error, attempts=attempts)
    return _doubled(SHORTEST_RETRY, attempts - 1, LONGEST_RETRY)


def _doubled(first: timedelta, doublings: int, longest: timedelta) -> timedelta:
    return min(first * (1 << min(max(doublings, 0), 10)), longest)
