"""A pipeline, a lead at a terminal, and all of Safepoint between them and the cloud."""

import json
import time

from backups.models import Backup, Status
from tests.cli.conftest import PATIENCE
from tests.faults.waiting import until
from tests.fixtures.processes import pages_answer, site_of


def test_a_pipeline_waits_for_its_backup_and_never_makes_a_second(
    safepoint, dbas, create, simulator, simulated
):
    ask = [*create("before-release"), "--key", "release-42", "--wait"]
    first, second = safepoint(dbas, *ask), safepoint(dbas, *ask)
    assert (first.returncode, second.returncode) == (0, 0)
    made = json.loads(first.stdout)
    assert made["status"] == "COMPLETED"
    assert json.loads(second.stdout)["id"] == made["id"]
    assert [each["id"] for each in simulator.backups(simulated.project_id)] == [made["cloud_id"]]
    listed = safepoint(dbas, "list", "--json", "--status", "COMPLETED", "--source", "here")
    assert [each["id"] for each in json.loads(listed.stdout)] == [made["id"]]
    assert "before-release" in safepoint(dbas, "list").stdout


def test_waiting_outlives_a_restart_of_the_site(process, stack, dbas, create, start_process, static_files):
    port = stack.url.rpartition(":")[2]
    waiting = process(stack.url, *create("before-release"), "--wait", env_more={"SAFEPOINT_TOKEN": dbas})
    until(Backup.objects.exists, patience=20)
    stack.web.kill_group()
    time.sleep(2)
    start_process("web", pages_answer, **{**site_of(static_files), "PORT": port, "SITE_URL": stack.url})
    said, errors = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 0, errors
    assert "trying again" in errors
    assert json.loads(said)["status"] == "COMPLETED"


def test_where_four_eyes_are_asked_for_the_code_says_so_until_the_lead_agrees(
    safepoint, dbas, leads, policy, create
):
    asked = safepoint(dbas, *create("before-release"))
    assert asked.returncode == 3
    backup = json.loads(asked.stdout)
    assert backup["waits_for"]
    assert safepoint(dbas, "show", backup["id"], "--wait", "--timeout", "1").returncode == 3
    assert safepoint(dbas, "approve", backup["id"]).returncode == 1  # her own, and without the scope
    agreed = safepoint(leads, "approve", backup["id"], "--comment", "go ahead")
    assert agreed.returncode == 0
    assert "before-release" in agreed.stderr
    assert safepoint(leads, "show", backup["id"], "--wait").returncode == 0
    assert safepoint(leads, "approve", backup["id"]).returncode == 1  # too late
    assert Backup.objects.get().decisions.get().comment == "go ahead"


def test_a_no_and_a_second_thought_have_codes_of_their_own(safepoint, dbas, leads, policy, create):
    refused, regretted = (json.loads(safepoint(dbas, *create(f"release-{n}")).stdout)["id"] for n in range(2))
    said = safepoint(leads, "backup", "reject", refused, "--comment", "not on a Friday")
    assert said.returncode == 0
    assert safepoint(dbas, "show", refused, "--wait").returncode == 4
    assert safepoint(dbas, "backup", "cancel", regretted).returncode == 0
    assert safepoint(dbas, "show", regretted, "--wait").returncode == 1


def test_what_the_cloud_refuses_or_fails_is_a_failure_with_its_reason(
    safepoint, dbas, create, simulator, instance
):
    simulator.fault(
        operation="create_backup",
        at="received",
        action="status",
        status=400,
        code="DBS.201501",
        message="No.",
    )
    ended = safepoint(dbas, *create("before-release"), "--wait")
    assert ended.returncode == 1
    told = json.loads(ended.stdout)
    assert (told["status"], told["error"]["code"]) == (Status.REFUSED, "DBS.201501")
    assert "DBS.201501" in safepoint(dbas, "show", told["id"]).stdout


def test_what_is_typed_wrong_is_told_at_its_option(safepoint, dbas, create, stack):
    result = safepoint(dbas, *create("1st"))
    assert result.returncode == 2
    assert "--name: " in result.stderr
    result = safepoint(dbas, "backup", "create", "--instance", "x", "--name", "before-release")
    assert (result.returncode, "--instance: " in result.stderr) == (2, True)
    assert safepoint(dbas, "list", "--since", "yesterday").returncode == 2
    assert safepoint("spt_wrong", "me").returncode == 1
    assert not Backup.objects.filter(source="here").exists()


def test_coverage_and_the_token_tell_how_it_stands(safepoint, dbas, instance):
    checked = safepoint(dbas, "coverage", "--check", "--environment", "production", "--json")
    assert checked.returncode == 1
    assert {each["state"] for each in json.loads(checked.stdout)["results"]} == {"never"}
    assert "never" in safepoint(dbas, "coverage").stdout
    me = safepoint(dbas, "me")
    assert "scopes: read, request" in me.stdout
    assert "team: payments" in me.stdout
