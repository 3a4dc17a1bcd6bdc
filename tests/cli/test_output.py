"""Data goes to stdout, words to stderr; a person's terminal has 80 columns."""

import json

import pytest

from tests.cli.told import CREATE, ID, INSTANCE, backup, made, page, problem, told

LONG = "before-the-very-long-release-of-november-with-all-its-migrations"
HOSTILE = "[red]x[/]\x1b[2J\x9b31m\u202e:smile:\nsecond"
ATTEMPT = {
    "number": 1,
    "started_at": "2026-11-23T14:10:03.5Z",
    "finished_at": "2026-11-23T14:10:04Z",
    "outcome": "refused",
    "http_status": 400,
    "error_code": "DBS.200461",
    "error_message": "Another backup is running.",
    "request_id": "r-1",
}
ROW = {
    "instance_id": INSTANCE,
    "instance_name": "orders",
    "environment": "production",
    "team": "payments",
    "project": "payments-north",
    "state": "covered",
    "target_hours": 30,
    "age_seconds": 93_784,
    "begin_time": "2026-11-22T12:00:00Z",
    "backup_id": ID,
    "backup_name": "nightly",
}
SUMMARY = {"covered": 1, "at_risk": 0, "uncovered": 0, "never": 0}
NEVER = ROW | {"state": "never", "age_seconds": None, "begin_time": None, "backup_id": None}


@pytest.mark.parametrize("how", [["--json"], ["--output", "json"]])
def test_json_is_the_servers_own_whatever_happens_on_the_way(run, scripted, how):
    result = run(scripted(made(), backup("BUILDING"), backup("FAILED")), *CREATE, "--wait", *how)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == told("FAILED")


def test_a_list_as_json_is_a_list_through_all_its_pages(run, scripted):
    rows = [told(name=f"n{number}") for number in range(3)]
    server = scripted(page(*rows[:2], following="http://x/?cursor=b"), page(rows[2]))
    assert json.loads(run(server, "list", "--all", "--json").stdout) == rows


def test_a_limit_ends_the_list_and_says_that_there_is_more(run, scripted):
    server = scripted(page(told(), told(), following="http://x/?cursor=b"))
    result = run(server, "list", "--limit", "2")
    assert result.stdout.count(ID) == 2
    assert "There are more than 2" in result.stderr


def test_filters_are_asked_of_the_server(run, scripted):
    server = scripted(page())
    filters = "--status building --status QUEUED --team payments -q orders --since 2026-11-01 --source here"
    run(server, "backup", "list", *filters.split(), "--instance", INSTANCE)
    assert server.requests[0].target == (
        "/api/v1/backups/?team=payments&q=orders&since=2026-11-01&source=here"
        f"&instance_id={INSTANCE}&status=BUILDING&status=QUEUED&limit=51"
    )


def test_tables_keep_to_80_columns_and_ids_whole(run, scripted):
    rows = [
        told("AWAITING_APPROVAL", name=LONG, instance_name=LONG),
        told(
            "COMPLETED",
            size_mb=52_224,
            requested_by=None,
            requested_at=None,
            begin_time="2026-11-23T14:10:00Z",
        ),
    ]
    for server, arguments in [
        (scripted(page(*rows)), ["list"]),
        (scripted(backup("REFUSED", name=LONG, reason=LONG * 3, attempts=[ATTEMPT])), ["show", ID]),
        (scripted(page(ROW | {"instance_name": LONG}, at="2026", summary=SUMMARY)), ["coverage"]),
    ]:
        lines = run(server, *arguments).stdout.splitlines()
        assert max(map(len, lines)) <= 80
        assert any(ID in line or INSTANCE in line for line in lines)


def test_showing_tells_all_of_a_backup(run, scripted):
    error = {"code": "DBS.200461", "message": "Another backup is running.", "remedy": "Wait for its end."}
    shown = run(scripted(backup("REFUSED", error=error, attempts=[ATTEMPT])), "show", ID).stdout
    for words in [
        ID,
        "orders",
        "CHG-42",
        "release 42",
        "0 of 1, until 2026-11-24 14:10 UTC",
        *error.values(),
    ]:
        assert words in shown


@pytest.mark.parametrize("arguments", [["list"], ["show", ID], ["show", ID, "--wait"]])
def test_text_from_elsewhere_is_shown_and_never_obeyed(run, scripted, arguments):
    hostile = told("COMPLETED", name=HOSTILE, reason=HOSTILE)
    server = scripted(page(hostile) if arguments == ["list"] else backup("COMPLETED", name=HOSTILE))
    output = run(server, *arguments).output
    assert "[red]x[/]" in output
    assert ":smile:" in output.replace("\n", "")
    assert not {each for each in output if not each.isprintable()} - {"\n"}


def test_a_hostile_refusal_is_one_line(run, scripted):
    result = run(scripted(problem(409, HOSTILE)), "show", ID)
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr


def test_waiting_tells_each_change_once_and_whom_it_waits_for(run, scripted):
    steps = ["AWAITING_APPROVAL", "AWAITING_APPROVAL", "BUILDING", "COMPLETED"]
    said = run(scripted(made("AWAITING_APPROVAL"), *map(backup, steps)), *CREATE, "--wait").stderr
    assert said.count("AWAITING_APPROVAL orders before-release: Waits for lead.") == 1
    assert said.count("BUILDING 40 % orders before-release") == 1


@pytest.mark.parametrize(
    ("rows", "code"), [([ROW], 0), ([ROW, ROW | {"state": "at_risk"}], 1), ([NEVER], 1), ([], 1)]
)
def test_coverage_can_fail_a_pipeline(run, scripted, rows, code):
    server = scripted(page(*rows, at="2026-11-23T14:10:00Z", summary=SUMMARY))
    assert run(server, "coverage").exit_code == 0
    result = run(server, "coverage", "--check", "--environment", "production", "--json")
    assert result.exit_code == code
    assert json.loads(result.stdout)["results"] == rows
    assert server.requests[-1].query == {"environment": "production"}


def test_coverage_tells_the_age_against_the_target(run, scripted):
    shown = run(scripted(page(ROW, at="2026-11-23T14:10:00Z", summary=SUMMARY)), "coverage").stdout
    for words in ["orders", "1 d 2 h", "of 30 h", "1 covered, 0 at risk"]:
        assert words in shown
