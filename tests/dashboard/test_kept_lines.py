"""Lines of the history that were drawn before are shown again only where they would be drawn the same."""

import time_machine
from django.urls import reverse

from backups.models import Backup, Instance
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW

LIST = reverse("backup-list")


def test_each_reader_sees_the_time_of_the_own_zone(desk, orders):
    past(orders, 1)
    seen = []
    for zone in ("UTC", "Asia/Shanghai", "UTC"):
        desk.cookies["tz"] = zone
        seen.append(desk.get(LIST).text.partition('title="')[2][:25])
    assert seen[0] == seen[2]
    assert (seen[0][-5:], seen[1][-5:]) == ("+0000", "+0800")


def test_what_was_renamed_is_told_by_its_new_name(desk, orders):
    past(orders, 1)
    assert "orders" in desk.get(LIST).text
    Instance.objects.filter(pk=orders.pk).update(name="purchases")
    assert "purchases" in desk.get(LIST).text


def test_a_running_backup_goes_on(desk, orders):
    past(orders, 10)
    running = past(orders, 0, begin_time=NOW)
    Backup.objects.filter(pk=running.pk).update(status="BUILDING", end_time=None, next_action_at=NOW)
    seen = []
    for seconds in (60, 300):
        with time_machine.travel(NOW.timestamp() + seconds, tick=False):
            seen.append(desk.get(LIST).text.partition('<progress class="bar" max="100" value="')[2][:2])
    assert seen == ["10", "50"]
