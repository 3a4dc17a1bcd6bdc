"""The list of instances."""

from datetime import timedelta

from django.utils import timezone

from backups.models import Instance
from tests.dashboard.test_coverage import backed_up
from tests.fixtures.fleet import make_instance


def names(page: str) -> list[str]:
    return [row.split(">")[1].split("<")[0] for row in page.split('data-label="Name"><a')[1:]]


def test_pages_follow_each_other_by_name_and_those_that_are_gone_come_last(desk, project):
    for number in range(59):
        make_instance(project, f"db_{number:02d}")
    make_instance(project, "aged", gone_at=timezone.now())
    page = desk.get("/instances/").text
    link = page.split('hx-get="/instances/?before=')[1].split('"')[0]
    more = desk.get(f"/instances/?before={link}", headers={"HX-Request": "true"}).text
    assert names(page) + names(more) == [*(f"db_{number:02d}" for number in range(59)), "aged"]
    assert "gone from the cloud" in more
    assert "<html" not in more


def test_it_can_be_asked_who_is_not_covered(desk, orders, ledger, project):
    backed_up(orders, 1)
    backed_up(ledger, 31)
    make_instance(project, "aged", gone_at=timezone.now())
    assert names(desk.get("/instances/?state=uncovered").text) == ["ledger"]
    assert names(desk.get("/instances/?state=never").text) == []
    assert "31 h 0 min of 30 h" in desk.get("/instances/?q=ledger").text


def test_what_runs_on_an_instance_is_shown_beside_its_newest_good_backup(desk, orders, ask):
    backed_up(orders, 1)
    running = ask(orders, "before-release")
    lease = timezone.now() + timedelta(minutes=1)
    type(running).objects.filter(pk=running.pk).update(status="SUBMITTING", lease_until=lease)
    page = desk.get("/instances/").text
    assert "before-release runs now" in page
    assert "1 h 0 min of 30 h" in page


def test_an_empty_list_says_what_to_do(desk, dba):
    assert "Instances appear when" in desk.get("/instances/").text
    assert "No instance matches" in desk.get("/instances/?q=zzz").text
    assert not Instance.objects.exists()
