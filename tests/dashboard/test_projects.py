"""Projects: entered and changed by an admin, their secrets written and never read."""

import pytest
from django.test import Client

from backups import cloud
from backups.cloud import Step
from backups.models import Credential, Project
from backups.operations import reach, vault

SECRETS = ("CANARYACCESSKEY00001", "CANARYsecretKEYcanarySECRETkeyCANARY0001", "typed-and-CANARY")
STEPS = [
    Step("resolve", "The endpoint is allowed and has an address", True, "10.0.0.1"),
    Step("tls", "The server answers and proves who it is", False, "<b>expired</b>", "Renew it."),
    Step("clock", "This machine's clock agrees with the cloud's"),
]


@pytest.fixture
def desk(client, admin) -> Client:
    """The admin's browser."""
    client.force_login(admin)
    return client


@pytest.fixture
def typed(payments) -> dict[str, object]:
    """A project as an admin types it; the region's own addresses are left out."""
    return {
        "team": payments.pk,
        "name": "payments-south",
        "region": "cn-south-1",
        "endpoint": "",
        "api": "v3",
        "project_id": "2483b6b16e954cb88930a360d2c4e663",
        "kind": "aksk",
        "access_key": SECRETS[0],
        "secret_key": SECRETS[1],
    }


@pytest.fixture
def unchanged(typed, project) -> dict[str, object]:
    """The form of the project there is, sent back as it came: no secret in it."""
    kept = ("name", "region", "endpoint", "api", "project_id")
    return typed | {name: getattr(project, name) for name in kept} | {"access_key": "", "secret_key": ""}


def test_a_project_is_entered_at_its_regions_own_address(desk, typed):
    reply = desk.post("/projects/new", typed)
    project = Project.objects.get()
    assert reply.url == f"/projects/{project.pk}/"
    assert project.endpoint == "https://gaussdb.cn-south-1.myhuaweicloud.com"
    page = desk.get(reply.url).text
    assert "0001" in page
    assert "Not tried yet" in page


def test_choosing_a_region_tells_its_addresses_and_overwrites_nothing(desk):
    told = desk.get("/projects/new/addresses", {"region": "cn-south-1"}).text
    assert "https://gaussdb.cn-south-1.myhuaweicloud.com" in told
    assert "https://iam.cn-south-1.myhuaweicloud.com" in told
    assert "<input" not in told
    assert "type it" in desk.get("/projects/new/addresses", {"region": "<b>"}).text


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("name", "", "required"),
        ("project_id", "short", "32"),
        ("endpoint", "https://evil.example", "CLOUD_ENDPOINTS"),
        ("endpoint", "http://169.254.169.254/", "https"),
        ("secret_key", "", "Needed to sign in"),
    ],
)
def test_a_wrong_project_is_told_at_the_field_and_no_secret_comes_back(desk, typed, field, wrong, words):
    reply = desk.post("/projects/new", typed | {field: wrong})
    assert reply.status_code == 422
    assert words in reply.text
    assert not [secret for secret in SECRETS if secret in reply.text]
    assert not Project.objects.exists()
    for kept in {"name", "project_id", "region"} - {field}:
        assert f'value="{typed[kept]}"' in reply.text


def test_a_name_may_change_without_the_secrets(desk, unchanged, project):
    reply = desk.post(f"/projects/{project.pk}/edit", unchanged | {"name": "renamed"})
    assert reply.status_code == 302
    project = Project.objects.get()
    assert project.name == "renamed"
    assert vault.open_field(project.credential, "secret_key").reveal() == SECRETS[1]


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("endpoint", "https://gaussdb.cn-south-1.myhuaweicloud.com"),
        ("region", "cn-south-1"),
        ("project_id", "2483b6b16e954cb88930a360d2c4e663"),
        ("kind", "token"),
    ],
)
def test_pointing_elsewhere_asks_for_the_secrets_again(desk, unchanged, project, field, other):
    reply = desk.post(f"/projects/{project.pk}/edit", unchanged | {field: other})
    assert reply.status_code == 422
    assert "Needed to sign in" in reply.text
    assert Project.objects.get().endpoint == project.endpoint


def test_no_page_shows_a_secret(desk, project):
    Credential.objects.update(failure="refused")
    for place in ("/projects/", f"/projects/{project.pk}/", f"/projects/{project.pk}/edit"):
        page = desk.get(place).text
        assert not [secret for secret in SECRETS if secret in page]


def test_the_test_of_a_connection_shows_each_step_and_what_to_do(desk, project, monkeypatch):
    monkeypatch.setattr(cloud, "diagnose", lambda _client: STEPS)
    reply = desk.post(f"/projects/{project.pk}/test", headers={"HX-Request": "true"})
    assert "<html" not in reply.text
    for told in ("Passed:", "10.0.0.1", "Failed:", "&lt;b&gt;expired", "Renew it.", "Not reached:"):
        assert told in reply.text
    assert "<html" in desk.post(f"/projects/{project.pk}/test").text


def test_a_refused_credential_is_told_with_what_it_means(desk, project, now):
    reach.note_sign_in_failed(project, "APIGW.0301 Incorrect IAM authentication", at=now)
    page = desk.get(f"/projects/{project.pk}/").text
    assert "APIGW.0301" in page
    assert "backups of this project wait and nothing is sent" in page
