"""The audit page: who did what, when, filtered and taken along; and whether the chain is whole."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from backups.models import AuditHead, Damage, Event
from backups.operations import audit
from backups.queries import verbs
from tests.fixtures.cast import NOW

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]


def record(team, verb="told", **told) -> None:
    audit.record(verb, team_id=team.pk, **{"at": NOW, **told})


def exported(client, query: str = "") -> list[dict[str, str]]:
    reply = client.get(f"/audit/export.csv{query}")
    assert reply["Content-Disposition"].startswith('attachment; filename="audit-')
    assert (reply["X-Content-Type-Options"], reply.streaming) == ("nosniff", True)
    text = b"".join(reply.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_page_says_when_who_did_what_on_what(desk, orders, ask, dba):
    backup = ask(orders, "before-release")
    page = desk.get("/audit/").text
    for shown in ("2026-11-23 14:10:00 +0000", "Dba", "Asked for", "before-release", "orders", "Payments"):
        assert shown in page
    assert f'href="/backups/{backup.pk}/"' in page
    assert "Project entered" in page
    assert "payments-north" in page


def test_a_viewer_sees_the_team_and_nobody_sees_another_teams(client, auditor, stranger, orders, foreign):
    client.force_login(auditor)
    for path in ("/audit/", "/audit/?team=storefront", "/audit/?person=stranger"):
        assert not re.search('catalog|storefront(?!")', client.get(path).text.lower())
    for query in ("", "?team=storefront", "?person=stranger"):
        assert {row["team"] for row in exported(client, query)} == {"Payments"}
    assert "payments-north" in client.get("/audit/").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"a", "b", "c", "d"}),
        ("?team=payments", {"a", "b", "c", "d"}),
        ("?person=lead", {"b"}),
        ("?person=-", {"c"}),
        ("?verb=closed", {"d"}),
        ("?first_day=2026-11-24", {"d"}),
        ("?last_day=2026-11-23", {"a", "b", "c"}),
        ("?first_day=2026-11-23&last_day=2026-11-23&person=dba", {"a"}),
        ("?person=dba&verb=closed", {"d"}),
        ("?person=nobody&verb=nothing&first_day=soon", {"a", "b", "c", "d"}),
    ],
)
def test_filters_are_in_the_url_and_the_exports_are_exactly_what_is_filtered(
    desk, payments, dba, lead, query, expected
):
    record(payments, "told", data={"n": "a"}, by=dba)
    record(payments, "team_changed", by=lead, data={"n": ["b", "b"]})
    record(payments, "requested", data={"n": "c"})
    record(payments, "closed", data={"n": "d"}, by=dba, at=NOW + timedelta(days=1))
    verbs_of = {"told": "a", "team_changed": "b", "requested": "c", "closed": "d"}
    assert {verbs_of[row["verb"]] for row in exported(desk, query)} == expected
    told = json.loads(b"".join(desk.get(f"/audit/export.json{query}").streaming_content))
    assert {verbs_of[each["verb"]] for each in told} == expected
    page = desk.get(f"/audit/{query}").text
    assert page.count('class="deed"') == len(expected)
    assert not query or f'href="/audit/export.csv{query.replace("&", "&amp;")}"' in page


def test_an_empty_export_is_whole(desk):
    assert exported(desk) == []
    assert json.loads(b"".join(desk.get("/audit/export.json").streaming_content)) == []
    assert "Nothing happened yet" in desk.get("/audit/").text
    assert "No event matches" in desk.get("/audit/?verb=closed").text


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_the_table_starts_a_formula(desk, payments, dba, formula):
    dba.first_name = formula
    dba.save()
    record(payments, formula, by=dba, data={"comment": formula})
    [row] = exported(desk)
    assert (row["person"], row["verb"]) == (f"'{dba.display_name}", f"'{formula}")
    assert json.loads(row["data"]) == {"comment": formula}


def test_pages_of_fifty_cost_the_same_queries_however_long_the_audit_is(
    desk, orders, payments, ask, django_assert_max_num_queries
):
    backup = ask(orders, "before-release")
    for number in range(60):
        record(payments, "cancelled", by=backup.requested_by, backup=backup, at=NOW + timedelta(number))
    with django_assert_max_num_queries(12):
        page = desk.get("/audit/").text
    assert page.count('class="deed"') == 50
    link = page.split('hx-get="/audit/?before=')[1].split('"')[0]
    more = desk.get(f"/audit/?before={link}", headers={"HX-Request": "true"}).text
    assert (more.count('class="deed"'), "<html" in more) == (Event.objects.count() - 50, False)
    assert desk.get("/audit/?before=nonsense").status_code == 400


def test_the_page_says_until_when_the_chain_is_verified(desk, payments):
    assert "Payments:\n          not verified yet" in desk.get("/audit/").text
    AuditHead.objects.update(verified_number=1234, verified_at=NOW)
    assert "verified until event 1,234" in desk.get("/audit/").text


@pytest.mark.parametrize("damage", Damage)
def test_a_broken_chain_is_told_with_what_to_do(desk, payments, damage):
    AuditHead.objects.update(
        damage=damage, broken_number=5, broken_at=NOW, verified_number=4, verified_at=NOW
    )
    page = desk.get("/audit/").text
    assert 'role="alert"' in page
    assert "verify_audit" in page
    if damage != Damage.KEY_GONE:
        assert "broken at event 5" in page
        assert str(damage.label) in page


def test_every_verb_that_is_written_has_its_words_and_tells_any_data(payments):
    for verb in verbs.TITLES:
        record(payments, verb, data={"kind": "policy", "change": {"name": "x", "weekdays": [1, 2]}})
    for event in Event.objects.exclude(verb="team_changed"):
        assert verbs.title(event.verb) not in {event.verb, ""}
        assert verbs.detail(event) is not None


def test_data_of_a_form_that_is_not_ours_do_not_hide_the_rest(desk, payments):
    for data in ({"change": 5}, {"a": 1}, {"a": [1, 2, 3]}):
        for verb in verbs.TITLES:
            record(payments, verb, data=data)
    assert desk.get("/audit/").status_code == 200
    assert len(exported(desk)) == 3 * len(verbs.TITLES)
