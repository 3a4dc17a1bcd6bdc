"""The pages as each reader sees them."""

import pytest
from django.utils import timezone

from backups.models import Attempt, Backup, Project, Pulse
from backups.operations import claims
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW


def test_the_list_shows_name_status_instance_and_who_asked(desk, orders, ask):
    ask(orders, "before-release")
    page = desk.get("/backups/").text
    for shown in ("before-release", "Queued", "orders", "Payments", "Dba", "every 1s"):
        assert shown in page


def empty_list(client) -> str:
    return client.get("/backups/").text.split("No backup yet")[1]


def test_an_empty_list_leads_to_the_first_backup(desk, orders):
    assert 'href="/backups/new">Create backup' in empty_list(desk)


def test_an_empty_list_leads_to_the_projects_while_there_is_nothing_to_back_up(desk):
    assert 'href="/projects/">Go to projects' in empty_list(desk)


def test_an_empty_list_of_somebody_without_a_team_says_whom_to_ask(desk, dba):
    dba.memberships.all().delete()
    assert "Ask an admin of a team" in empty_list(desk)


@pytest.mark.parametrize(
    "query", ["", "?q=auto&status=COMPLETED&environment=production", "?sort=size&instance=orders"]
)
def test_the_list_costs_five_queries_however_long_it_is_and_whatever_moves(
    desk, orders, ledger, ask, query, django_assert_num_queries
):
    Pulse.objects.create(name="reconciler", at=timezone.now())
    for number in range(1, 60):
        past(orders, number)
    ask(ledger, "first-one")
    running = ask(ledger, "second-one")
    Backup.objects.filter(pk=running.pk).update(status="BUILDING", cloud_id="a", begin_time=NOW)
    with django_assert_num_queries(5):  # session, reader, what there is to choose, rows, what stands around
        page = desk.get(f"/backups/{query}").text
    assert page.count('<tr id="backup-') == 50
    assert "Load more" in page


def test_load_more_brings_the_next_rows_only(desk, orders):
    for number in range(1, 60):
        past(orders, number)
    link = desk.get("/backups/").text.split('hx-get="/backups/?before=')[1].split('"')[0]
    more = desk.get(f"/backups/?before={link}", headers={"HX-Request": "true"}).text
    assert more.count('<tr id="backup-') == 9
    assert "<html" not in more


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/backups/?before=nonsense", "/backups/live?since=1&newest=nonsense"])
def test_a_cursor_that_is_not_ours_is_a_bad_request(desk, orders, ask, path):
    ask(orders, "before-release")
    assert desk.get(path).status_code == 400


def test_a_filter_that_cannot_be_read_filters_nothing(desk, orders):
    past(orders, 1)
    assert "auto-0001" in desk.get("/backups/?status=DREAMING&team=nobody&instance=x").text


def test_a_backups_page_tells_its_story_and_its_attempts(desk, orders, ask):
    backup = ask(orders, "before-release")
    claims.claim(backup.pk, at=NOW)
    Attempt.objects.update(reply="<script>alert(1)</script>", error_message="<b>bold</b>")
    page = desk.get(f"/backups/{backup.pk}/").text
    for shown in ("Asked for", "Sent to the cloud", "Attempt 1: In flight", orders.cloud_id):
        assert shown in page
    assert "<script>alert(1)" not in page
    assert "<b>bold" not in page


def test_a_queued_backup_is_cancelled_from_its_page(desk, orders, ask):
    backup = ask(orders, "before-release")
    assert "Cancel backup" in desk.get(f"/backups/{backup.pk}/").text
    reply = desk.post(f"/backups/{backup.pk}/cancel", follow=True)
    assert "Nothing was sent to the cloud" in reply.text
    assert Backup.objects.get().status == "CANCELLED"
    assert "too late" in desk.post(f"/backups/{backup.pk}/cancel", follow=True).text


def test_another_teams_pages_are_as_if_they_did_not_exist(desk, foreign):
    backup = past(foreign, 1)
    for path in (f"/backups/{backup.pk}/", f"/backups/{backup.pk}/live", f"/instances/{foreign.pk}/"):
        assert desk.get(path).status_code == 404
    project = f"/projects/{foreign.project_id}/"
    for path in (project, f"{project}edit"):
        assert desk.get(path).status_code == 404
    for path in (f"/backups/{backup.pk}/cancel", f"{project}test", f"{project}sync"):
        assert desk.post(path).status_code == 404
    for path in ("/backups/", "/instances/", "/projects/"):
        assert "catalog" not in desk.get(path).text
        assert "storefront" not in desk.get(path).text.lower()


def test_the_instances_tell_their_newest_good_backup_in_a_fixed_number_of_queries(
    desk, orders, ledger, django_assert_num_queries
):
    past(orders, 2)
    with django_assert_num_queries(8):
        page = desk.get("/instances/").text
    assert "Never backed up" in page
    assert "orders" in page
    page = desk.get(f"/instances/{orders.pk}/").text
    assert "auto-0002" in page


def test_every_page_but_the_public_ones_leads_to_signing_in(client, orders):
    for path in ("/", "/backups/", "/backups/new", "/instances/", "/projects/", f"/instances/{orders.pk}/"):
        reply = client.get(path, follow=True)
        assert reply.redirect_chain[-1][0].startswith("/sign-in/")
    assert client.get("/healthz").text == "ok\n"
    assert Project.objects.count() == 1
