"""The form that asks for backups, while it is being filled in."""

from datetime import timedelta

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backups.models import Backup, Instance
from tests.backups.queries.test_history import past
from tests.fixtures.cast import NOW
from tests.fixtures.fleet import make_instance

NEW, CHECK, CHOOSE = "/backups/new", "/backups/new/check", "/backups/new/instances"


def test_typing_a_wrong_name_is_told_before_anything_is_sent(desk, typed):
    reply = desk.post(CHECK, typed | {"name": "1st-backup"}, headers={"HX-Trigger-Name": "name"})
    assert "“1”" in reply.text
    assert 'id="note-name"' in reply.text
    assert 'id="note-description"' not in reply.text
    assert not Backup.objects.exists()


def test_typing_shows_the_exact_request_and_whom_it_waits_for(desk, typed, orders, ask):
    past(orders, 10)  # took ten minutes
    running = ask(orders, "running-now")
    for name in ("waiting-1", "waiting-2"):
        ask(orders, name)
    Backup.objects.filter(pk=running.pk).update(status="BUILDING", cloud_id="a", begin_time=NOW)
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        reply = desk.post(CHECK, typed, headers={"HX-Trigger-Name": "instances"})
    told = " ".join(reply.text.split())
    assert "after running-now, which runs now, about 6 min left and 2 more" in told
    assert "&quot;name&quot;: &quot;orders-before-release&quot;" in reply.text
    assert "/mysql/v3/0483b6b16e954cb88930a360d2c4e663/backups/create" in reply.text


def test_a_name_is_judged_before_an_instance_is_chosen(desk, typed):
    reply = desk.post(CHECK, typed | {"instances": [], "name": "a!"}, headers={"HX-Trigger-Name": "name"})
    assert 'data-tone="error"' in reply.text


def test_the_search_narrows_the_choice_and_keeps_what_is_chosen(desk, orders, ledger):
    reply = desk.get(CHOOSE, {"search": "ledg", "instances": [str(orders.pk)]})
    assert "ledger" in reply.text
    assert "orders" in reply.text
    assert reply.text.count("checked") == 1
    assert "orders" not in desk.get(CHOOSE, {"search": "ledg"}).text


def test_a_search_that_matches_nothing_says_so(desk, orders):
    assert "No instance has “nonsense” in its name or ID." in desk.get(CHOOSE, {"search": "nonsense"}).text


def test_of_thousands_a_few_are_offered_and_the_others_found_by_searching(desk, orders):
    with CaptureQueriesContext(connection) as with_one:
        desk.get(NEW, {"instance": str(orders.pk)})
    many = [make_instance(orders.project, f"shard-{number:03d}") for number in range(60)]
    with CaptureQueriesContext(connection) as with_many:
        page = desk.get(NEW, {"instance": str(many[-1].pk)}).text
    assert len(with_many) == len(with_one)
    assert page.count('type="checkbox" name="instances"') == 51  # the chosen one beside the first fifty
    assert page.index("shard-059") < page.index("orders") < page.index("shard-048")
    assert "shard-049" not in page
    assert "There are more" in page
    found = desk.get(CHOOSE, {"search": many[55].cloud_id[:12]}).text
    assert "shard-055" in found
    assert "There are more" not in found


def test_a_link_from_an_instance_brings_it_along(desk, orders):
    page = desk.get(NEW, {"instance": str(orders.pk)}).text
    assert "checked" in page
    assert "The exact request" in page
    assert desk.get(NEW, {"instance": "nonsense"}).status_code == 200


def test_a_queue_without_a_running_one_is_waited_for_too(desk, typed, orders, ask):
    ask(orders, "waiting-1")
    told = " ".join(desk.post(CHECK, typed, headers={"HX-Trigger-Name": "instances"}).text.split())
    assert "after waiting-1, which is queued" in told


def test_the_outlook_costs_the_same_queries_however_many_are_chosen(desk, typed, orders, ledger):
    def cost(instances: list[Instance]) -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.post(CHECK, typed | {"instances": [each.pk for each in instances]})
        return len([q for q in queries if "backups_backup" in q["sql"] and "percentile" in q["sql"]])

    assert cost([orders]) == cost([orders, ledger]) == 1


def test_who_may_not_ask_is_told_before_typing(client, auditor, orders):
    client.force_login(auditor)
    assert "You are a requester of no team" in client.get(NEW).text


def test_an_instance_that_is_not_well_says_so_in_the_picker(desk, orders):
    Instance.objects.filter(pk=orders.pk).update(status="frozen")
    assert "frozen" in desk.get(NEW).text


def test_the_description_is_counted_as_it_is_typed(desk, typed):
    reply = desk.post(CHECK, typed | {"description": "Ω" * 12}, headers={"HX-Trigger-Name": "description"})
    assert "12 of 256 characters" in reply.text
