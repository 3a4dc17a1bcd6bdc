"""The cloud says "too many calls" (faults.md, row 16)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from backups.models import Outcome, Status
from backups.operations import progress
from tests.faults.steps import connect, draft_of, let_pass, some_of, submit


def http_date(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def throttle(simulator, retry_after: str | None, *, times: int = 1) -> None:
    simulator.fault(
        operation="create_backup",
        action="status",
        status=429,
        code="APIGW.0308",
        headers={} if retry_after is None else {"Retry-After": retry_after},
        times=times,
    )


@pytest.fixture
def impatient(settings) -> None:
    """The list, which may not be read during a pause either, is given up sooner."""
    settings.CLOUD_DEADLINE_SECONDS = 1.0


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        (lambda: "7", 7, 7),
        (lambda: http_date(90), 85, 91),
        (lambda: "-5", 1, 1),
        (lambda: http_date(-90), 1, 1),
        (lambda: "86400", 900, 900),
        (lambda: "9" * 60, 900, 900),
        (lambda: http_date(86400), 900, 900),
        (lambda: None, 1.6, 2.4),
        (lambda: "soon", 1.6, 2.4),
        (lambda: "", 1.6, 2.4),
    ],
    ids=[
        "seconds", "date", "negative", "past date", "huge", "astronomical", "far date", "absent",
        "garbage", "empty",
    ],
)  # fmt: skip
def test_row_16_retry_after_is_obeyed_in_every_form_and_capped_at_15_minutes(
    simulated, simulator, ask, said, least, most
):
    [instance] = some_of(simulated, 1)
    at = timezone.now()
    backup = ask(instance, "before-release", at=at)
    throttle(simulator, said())
    backup = submit(backup, at=at)
    assert (backup.status, backup.attempts.get().outcome) == (Status.QUEUED, Outcome.LATER)
    assert backup.next_action_at
    wait = backup.next_action_at - at
    assert timedelta(seconds=least) <= wait <= timedelta(seconds=most)
    early = submit(backup, at=at + wait - timedelta(seconds=0.7))
    assert (early.status, len(simulator.history("create_backup"))) == (Status.QUEUED, 1)
    let_pass(simulated.credential, wait)
    assert submit(backup, at=at + wait).status == Status.BUILDING
    assert len(simulator.history("create_backup")) == 2


def test_row_16_without_a_time_the_waits_double_from_call_to_call(impatient, simulated, simulator, ask):
    [instance] = some_of(simulated, 1)
    backup = ask(instance, "before-release", at=timezone.now())
    throttle(simulator, None, times=0)
    waits = []
    for _ in range(12):
        at = backup.next_action_at
        backup = submit(backup, at=at)
        wait = backup.next_action_at - at
        waits.append(wait.total_seconds())
        let_pass(simulated.credential, wait)
    expected = [min(2.0 * 2**number, 900.0) for number in range(12)]
    shares = [wait / seconds for wait, seconds in zip(waits, expected, strict=True)]
    assert all(0.8 <= share <= 1.2 for share in shares), waits
    assert max(waits) <= 900
    assert backup.status == Status.QUEUED


def test_row_16_no_call_of_the_same_credential_is_made_meanwhile_and_others_go_on(
    simulated, simulator, payments, admin, ask
):
    other = connect(draft_of(simulator, simulator.projects[1], payments), by=admin)
    first, second, running = some_of(simulated, 3)
    [elsewhere] = some_of(other, 1)
    now = timezone.now()
    under_way = submit(ask(running, "under-way", at=now))
    throttle(simulator, "60")
    submit(ask(first, "before-release", at=now))
    calls = len(simulator.history())

    waits = submit(ask(second, "before-release", at=now))
    progress.follow(simulated.pk, at=now + timedelta(seconds=5))
    under_way.refresh_from_db()
    assert under_way.status == Status.BUILDING
    assert (waits.status, waits.attempts.get().outcome) == (Status.QUEUED, Outcome.NOT_SENT)
    assert len(simulator.history()) == calls
    assert submit(ask(elsewhere, "before-release", at=now)).status == Status.BUILDING


@pytest.mark.parametrize("lists_too", [False, True], ids=["by our own pause", "by the cloud"])
def test_row_16_a_row_that_may_not_even_look_now_waits_and_asks_nobody(simulated, simulator, ask, lists_too):
    [instance] = some_of(simulated, 1)
    backup = ask(instance, "before-release", at=timezone.now())
    for retry_after in ("60", "0" if lists_too else "60"):
        throttle(simulator, retry_after)
        if lists_too:
            simulator.fault(operation="list_backups", action="status", status=429, code="APIGW.0308")
        backup = submit(backup, at=backup.next_action_at)
        let_pass(simulated.credential, timedelta(seconds=60))
    assert [each.outcome for each in backup.attempts.all()] == [Outcome.LATER, Outcome.LATER]
    assert (backup.status, backup.needs_decision_at) == (Status.QUEUED, None)
    assert submit(backup, at=backup.next_action_at).status == Status.BUILDING
