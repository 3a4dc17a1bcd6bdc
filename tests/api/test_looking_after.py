"""A backup looked after through REST: its broken glass reviewed, its alarm seen; and one instance told."""

from dataclasses import replace

import pytest
from django.utils import timezone

from backups.models import Alarm, Backup, Event, Instance, Membership
from backups.operations import projects
from tests.backups.queries.test_history import past
from tests.fixtures.fleet import make_instance


@pytest.fixture
def broken(call_as, policy, dba, wanted) -> str:
    """A backup that ran without approval."""
    Membership.objects.filter(user=dba).update(may_break_glass=True)
    made = call_as(dba).post("backups/", wanted | {"break_glass": True})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_a_broken_glass_is_told_and_reviewed_by_another(call_as, broken, dba, lead, admin):
    told = call_as(dba).get(f"backups/{broken}/").json()["break_glass"]
    assert (told["reviewed_by"], told["reviewed_at"], told["comment"]) == (None, None, "")
    assert told["review_by"] > timezone.now().isoformat()
    path = f"backups/{broken}/review/"
    assert call_as(lead).post(path, {"comment": " "}).status_code == 400
    assert call_as(dba).post(path, {"comment": "fine"}).status_code == 403
    reply = call_as(lead).post(path, {"comment": "the disk did fail"}).json()["break_glass"]
    assert (reply["reviewed_by"], reply["comment"]) == ("lead", "the disk did fail")
    again = call_as(admin).post(path, {"comment": "me too"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:safepoint:problem:reviewed")


def test_what_ran_with_consent_is_not_reviewed(call_as, asked_for, lead):
    assert call_as(lead).get(f"backups/{asked_for.pk}/").json()["break_glass"] is None
    reply = call_as(lead).post(f"backups/{asked_for.pk}/review/", {"comment": "fine"})
    assert (reply.status_code, reply.json()["type"]) == (409, "urn:safepoint:problem:whole")


def test_an_alarm_is_told_until_somebody_has_seen_it(call_as, ask, orders, dba):
    backup = ask(orders, "before-release")
    Backup.objects.filter(pk=backup.pk).update(alarm=Alarm.OVERDUE, alarm_detail="It takes long.")
    call, path = call_as(dba), f"backups/{backup.pk}/"
    assert call.get(path).json()["alarm"] == {"kind": "overdue", "detail": "It takes long."}
    assert call.post(f"{path}see-alarm/").json()["alarm"] is None
    assert Event.objects.get(verb="alarm_seen").actor == dba
    assert call.post(f"{path}see-alarm/").status_code == 200
    assert Event.objects.filter(verb="alarm_seen").count() == 1


def test_an_instance_is_told_as_in_the_list(call_as, auditor, orders, ledger):
    past(orders, 1)
    call = call_as(auditor)
    told = call.get(f"instances/{orders.cloud_id}/").json()
    [listed] = call.get("instances/", {"q": "orders"}).json()["results"]
    assert {**told, "age_seconds": 0} == {**listed, "age_seconds": 0}
    assert told["last_backup_id"]


def test_an_instance_that_two_projects_have_is_the_one_that_is_there(
    call_as, auditor, admin, orders, aksk_draft
):
    south = replace(aksk_draft, name="payments-south", project_id="1" * 32)
    project = projects.create_project(south, by=admin, at=timezone.now())
    make_instance(project, "moved", cloud_id=orders.cloud_id)
    Instance.objects.filter(pk=orders.pk).update(gone_at=timezone.now())
    call, path = call_as(auditor), f"instances/{orders.cloud_id}/"
    assert call.get(path).json()["name"] == "moved"
    assert call.get(path, {"project_id": orders.project.project_id}).json()["name"] == "orders"
    assert call.get(path, {"project_id": project.project_id}).json()["name"] == "moved"
    assert call.get(path, {"project_id": "0" * 32}).status_code == 404
    assert call.get(path, {"project_id": "short"}).status_code == 400


def test_an_instance_of_another_team_is_not_there(call_as, auditor, foreign):
    assert call_as(auditor).get(f"instances/{foreign.cloud_id}/").status_code == 404
    assert call_as(auditor).get(f"instances/{'0' * 36}/").status_code == 404
    assert call_as(auditor).get("instances/short/").status_code == 404
