"""How long to wait before each next step."""

from datetime import datetime, timedelta

from backups import cloud
from backups.models import Backup

SLACK = timedelta(milliseconds=500)
"""A hint may arrive a moment before its time."""

FIRST_FOLLOW = timedelta(seconds=2)
SLOWEST_FOLLOW = timedelta(seconds=30)
LOOKS_SECONDS = (2, 5, 10, 20, 40, 60)
"""When to look for a backup of unknown fate (faults.md, rule 4); each minute after that."""

LOOK_HORIZON = timedelta(minutes=10)
LOOKS_BEFORE_ASKING = 3
LOOK_FOR = timedelta(hours=24)
LOOK_AFTER_ASKING = timedelta(minutes=10)

SHORTEST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)
KEY_LOCK = timedelta(minutes=5)
"""The cloud locks a key for five minutes after five failures (contract.md, "Signing in")."""


def is_due(backup: Backup, *, at: datetime) -> bool:
    """Whether the row's next step may be taken at `at`."""
    return backup.next_action_at is not None and backup.next_action_at <= at + SLACK


def before_follow(backup: Backup, *, at: datetime) -> timedelta:
    """Until a running backup is asked for again: quick at first, slower as it runs longer."""
    running = at - (backup.begin_time or at)
    return min(max(running / 10, FIRST_FOLLOW), SLOWEST_FOLLOW)


def before_look(looks: int) -> timedelta:
    """Until look number `looks` + 1 for a backup of unknown fate."""
    return timedelta(seconds=LOOKS_SECONDS[min(looks, len(LOOKS_SECONDS) - 1)])


def before_next_attempt(error: cloud.CloudError, *, attempts: int) -> timedelta:
    """Until a call that was not executed is made again: what the cloud asks, else 5 s doubling to 5 min."""
    if isinstance(error, cloud.CredentialFailed):
        return KEY_LOCK
    if isinstance(error, cloud.CloudNotSent) and error.is_certificate_problem:
        return LONGEST_RETRY
    if isinstance(error, cloud.CloudLater) and error.retry_after is not None:
        return timedelta(seconds=max(error.retry_after, 1.0))
    doublings = min(max(attempts - 1, 0), 10)
    return min(SHORTEST_RETRY * (1 << doublings), LONGEST_RETRY)
