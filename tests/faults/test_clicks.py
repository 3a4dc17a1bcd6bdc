"""From the click to its row (faults.md, rows 1 to 3)."""

import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
import urllib3
from django.db import connection, transaction
from django.utils import timezone

from backups.models import Backup, Event, Instance, Status
from deploy.engine import EmbeddedValkey
from tests.faults.visitor import Visitor
from tests.faults.waiting import until


@pytest.fixture
def frozen_broker(tmp_path: Path) -> Iterator[str]:
    """The address of a broker that takes connections and never answers."""
    server = EmbeddedValkey(tmp_path / "v", is_durable=False)
    server.prepare()
    process = subprocess.Popen(server.argv(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server.wait_ready()
    process.send_signal(signal.SIGSTOP)
    yield server.url()
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


def visitors(url: str, username: str, password: str, count: int) -> list[Visitor]:
    """So many tabs of one person."""
    tabs = [Visitor(url) for _ in range(count)]
    for tab in tabs:
        tab.sign_in(username, password)
    return tabs


def test_row_01_a_double_click_a_reload_and_a_second_tab_make_one_row_and_lead_to_it(
    web, orders, dba, password
):
    tabs = visitors(web().url, dba.username, password, 8)
    form = {"client_token": str(uuid4()), "instances": str(orders.pk), "name": "before-release"}
    with ThreadPoolExecutor(8) as clicks:
        led_to = list(clicks.map(lambda tab: tab.post("/backups/new", **form), tabs))
    led_to.append(tabs[0].post("/backups/new", **form))
    [backup] = Backup.objects.all()
    assert set(led_to) == {f"/backups/{backup.pk}/"}
    assert "before-release" in tabs[0].get(led_to[0])


def test_row_02_a_web_process_killed_before_the_commit_leaves_no_row_and_the_person_sees_an_error(
    web, reconciler, quick, simulator, quick_instances, dba, password
):
    instance, pages = quick_instances[0], web(**quick)
    [visitor] = visitors(pages.url, dba.username, password, 1)
    with ThreadPoolExecutor(1) as clicks:
        with transaction.atomic():
            Instance.objects.select_for_update().get(pk=instance.pk)  # the click's transaction waits for it
            click = clicks.submit(visitor.ask, "before-release", str(instance.pk))
            until(waits_for_a_lock, patience=20)
            pages.kill_group()
        with pytest.raises(urllib3.exceptions.HTTPError):
            click.result()
    reconciler(**quick)
    until(lambda: not waits_for_a_lock(), patience=20)
    assert not Backup.objects.exists()
    assert not Event.objects.filter(verb="requested").exists()
    assert not simulator.history("create_backup")


def waits_for_a_lock() -> bool:
    """Whether another session of this database waits for a row that is locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.alone
def test_row_03_a_web_process_killed_between_commit_and_message_is_made_good_within_15_seconds(
    web, reconciler, quick, simulator, quick_instances, frozen_broker, dba, password
):
    pages = web(**quick, REDIS_URL=frozen_broker)
    [visitor] = visitors(pages.url, dba.username, password, 1)
    reconciler(**quick)
    with ThreadPoolExecutor(1) as clicks:
        click = clicks.submit(visitor.ask, "before-release", str(quick_instances[0].pk))
        until(Backup.objects.exists, patience=20)  # committed, and the message hangs
        pages.kill_group()
        committed_at = timezone.now()
        with pytest.raises(urllib3.exceptions.HTTPError):
            click.result()
    until(lambda: Backup.objects.get().status in (Status.BUILDING, Status.COMPLETED), patience=30)
    assert (Backup.objects.get().attempts.get().started_at - committed_at).total_seconds() < 15
    assert len(simulator.history("create_backup")) == 1
