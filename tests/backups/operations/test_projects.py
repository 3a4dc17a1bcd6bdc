"""Projects and their credentials."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backups.models import Credential, Event, Project
from backups.operations import projects, vault
from backups.operations.rights import RightError
from backups.secrecy.sealing import SealError
from backups.secrecy.secret import Secret
from tests.fixtures.cast import NOW


def refusal_of(draft, by) -> dict[str, list[str]]:
    with pytest.raises(projects.ProjectRefused) as refused:
        projects.create_project(draft, by=by, at=NOW)
    assert not Project.objects.exists()
    return refused.value.problems


def test_a_project_is_created_with_its_credential_sealed_and_its_event(aksk_draft, admin):
    project = projects.create_project(aksk_draft, by=admin, at=NOW)
    credential = Credential.objects.get(project=project)
    assert credential.access_key_hint == "0001"
    assert vault.open_field(credential, "secret_key") == aksk_draft.secret_key
    stored = b"".join(
        bytes(getattr(credential, f"{name}_sealed") or b"") for name in credential.SEALED_FIELDS
    )
    assert b"CANARY" not in stored
    event = Event.objects.get(project=project)
    assert (event.verb, event.actor) == ("project_created", admin)
    assert "CANARY" not in str(event.data)


def test_a_project_is_read_at_once_when_it_is_created_and_when_it_is_changed(aksk_draft, admin, hints):
    later = NOW + timedelta(days=1)
    created: list[Project] = []
    told = hints(lambda: created.append(projects.create_project(aksk_draft, by=admin, at=NOW)))
    assert told == [("sync", str(created[0].pk), None)]
    assert due(created[0]) == {NOW}
    told = hints(projects.change_project, created[0], replace(aksk_draft, name="other"), by=admin, at=later)
    assert told == [("sync", str(created[0].pk), None)]
    assert due(created[0]) == {later}


def due(project: Project) -> set[datetime | None]:
    """When all that is read of a project is to be read."""
    columns = ("next_sync_at", "next_catalog_at", "newest_due_at", "sweep_due_at")
    return set(Project.objects.values_list(*columns).get(pk=project.pk))


def test_only_an_admin_of_the_team_may_create_a_project(aksk_draft, dba, lead, auditor, stranger):
    for person in (dba, lead, auditor, stranger):
        assert "team" in refusal_of(aksk_draft, person)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " "}),
        ("region", {"region": ""}),
        ("project_id", {"project_id": "short"}),
        ("project_id", {"project_id": "0483b6b16e954cb88930a360d2c4e66-"}),
        ("endpoint", {"endpoint": "http://gaussdb.cn-north-4.myhuaweicloud.com"}),
        ("endpoint", {"endpoint": "https://gaussdb.cn-north-4.myhuaweicloud.com.evil.example"}),
        ("endpoint", {"endpoint": "https://127.0.0.1"}),
        ("endpoint", {"endpoint": "file:///etc/passwd"}),
        ("secret_key", {"secret_key": None}),
        ("access_key", {"access_key": None}),
        ("kind", {"kind": "wish"}),
        ("password", {"kind": "token", "domain": "d", "username": "u"}),
        ("iam_endpoint", {"kind": "token", "iam_endpoint": "https://evil.example"}),
    ],
)
def test_each_broken_rule_is_told_at_its_field(aksk_draft, admin, field, values):
    assert field in refusal_of(replace(aksk_draft, **values), admin)


def test_the_same_project_of_the_cloud_stands_once_in_a_team(aksk_draft, project, admin):
    with pytest.raises(projects.ProjectRefused) as refused:
        projects.create_project(replace(aksk_draft, name="again"), by=admin, at=NOW)
    assert "payments-north" in refused.value.problems["endpoint"][0]


@pytest.mark.parametrize(
    "moved",
    [
        {"endpoint": "https://gaussdb.cn-north-9.myhuaweicloud.com"},
        {"region": "cn-north-9"},
        {"project_id": "f" * 32},
    ],
)
def test_a_project_that_points_elsewhere_asks_for_the_secret_again(aksk_draft, project, admin, moved):
    unsecret = replace(aksk_draft, access_key=None, secret_key=None)
    with pytest.raises(projects.ProjectRefused) as refused:
        projects.change_project(project, replace(unsecret, **moved), by=admin, at=NOW)
    assert {"access_key", "secret_key"} <= set(refused.value.problems)
    project.refresh_from_db()
    assert project.endpoint == aksk_draft.endpoint


def test_a_new_name_alone_keeps_the_secret(aksk_draft, project, admin):
    before = project.credential.pk
    draft = replace(aksk_draft, name="payments-renamed", access_key=None, secret_key=None)
    projects.change_project(project, draft, by=admin, at=NOW)
    project = Project.objects.get(pk=project.pk)
    assert (project.name, project.credential.pk) == ("payments-renamed", before)


def test_a_new_secret_replaces_the_old_one(aksk_draft, project, admin):
    draft = replace(aksk_draft, access_key=Secret("NEWKEY9999"), secret_key=Secret("new"))
    projects.change_project(project, draft, by=admin, at=NOW)
    credential = Credential.objects.get(project=project)
    assert credential.access_key_hint == "9999"
    assert vault.open_field(credential, "secret_key") == Secret("new")


def test_a_stranger_cannot_change_a_project(aksk_draft, project, stranger):
    with pytest.raises(RightError):
        projects.change_project(project, aksk_draft, by=stranger, at=NOW)


def test_the_sealed_secrets_of_two_teams_cannot_be_swapped(project, foreign):
    ours = Credential.objects.get(project=project)
    theirs = Credential.objects.get(project=foreign.project)
    for field in ("access_key", "secret_key"):
        Credential.objects.filter(pk=ours.pk).update(
            **{f"{field}_sealed": getattr(theirs, f"{field}_sealed")}
        )
        with pytest.raises(SealError):
            vault.open_field(Credential.objects.get(pk=ours.pk), field)


def test_the_columns_of_one_credential_cannot_be_swapped(project):
    credential = Credential.objects.get(project=project)
    credential.access_key_sealed = credential.secret_key_sealed
    with pytest.raises(SealError):
        vault.open_field(credential, "access_key")
