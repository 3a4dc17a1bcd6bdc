"""A project's page when its cloud or its credential is not well."""

import pytest
from django.test import Client
from django.utils import timezone

from backups import cloud
from backups.models import Project
from backups.operations import reach


@pytest.fixture
def desk(client, admin) -> Client:
    """The admin's browser."""
    client.force_login(admin)
    return client


def test_a_stopped_credential_says_that_it_waits_for_a_person_and_how_all_goes_on(desk, project):
    for _ in range(3):
        reach.note_sign_in_failed(project, "Incorrect IAM authentication.", at=timezone.now())
    page = desk.get(f"/projects/{project.pk}/").text
    for told in (
        "The credential of payments-north is stopped",
        "Incorrect IAM authentication.",
        "tests the connection: then everything goes on",
        "Test connection",
    ):
        assert told in page


def test_a_test_that_succeeds_takes_all_of_it_away(desk, project, monkeypatch):
    monkeypatch.setattr(cloud, "diagnose", lambda _client: [])
    for _ in range(3):
        reach.note_sign_in_failed(project, "refused", at=timezone.now())
    page = desk.post(f"/projects/{project.pk}/test", headers={"HX-Request": "true"}).text
    assert "is stopped" not in page
    assert "The cloud accepted the credential" in page


@pytest.mark.parametrize(("seconds", "told"), [(1200.0, "20 min ahead of"), (-1200.0, "20 min behind")])
def test_the_clocks_skew_is_told_in_numbers(desk, project, seconds, told):
    reach.note_sign_in_failed(project, "refused", skew=seconds, at=timezone.now())
    page = desk.get(f"/projects/{project.pk}/").text
    assert f"{told} the cloud’s" in page
    assert "NTP" in page


def test_a_cloud_that_does_not_answer_says_since_when(desk, project):
    for _ in range(reach.FAILURES_BEFORE_PAUSE):
        reach.note_error(Project.objects.get(), cloud.CloudNotSent(), at=timezone.now())
    page = desk.get(f"/projects/{project.pk}/").text
    assert "The cloud of payments-north does not answer" in page
    assert "Not reached" in page
    assert "asks again by itself" in page


def test_a_project_that_is_well_tells_nothing_of_this(desk, project):
    page = desk.get(f"/projects/{project.pk}/").text
    for words in ("Not reached", "Clock</dt>", "is stopped"):
        assert words not in page
