"""What the cloud or a colleague wrote is text: it runs nothing and breaks no page (security.md, row 8)."""

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, expect

from backups.models import ApiToken, Attempt, Backup, Credential, Instance, Project
from backups.operations import access, claims, creation
from tests.fixtures.cast import NOW

HOSTILE = """'"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}<svg/onload=alert(3)>"""


@pytest.fixture
def site(web) -> str:
    """No worker: what is queued stays so."""
    return web().url


@pytest.fixture
def backup(orders, dba, admin) -> Backup:
    """A backup with hostile words in every column that takes words."""
    draft = creation.Draft(orders, name="before-release", reason=HOSTILE)
    [backup] = creation.create_backups([draft], by=dba, at=NOW, client_token=uuid4())
    claims.claim(backup.pk, at=NOW)
    Attempt.objects.update(
        reply=HOSTILE, error_code="DBS.<b>", error_message=HOSTILE, request_id=HOSTILE[:60]
    )
    Backup.objects.update(
        error_message=HOSTILE,
        error_remedy=HOSTILE,
        raw_status=HOSTILE[:60],
    )
    Instance.objects.update(name=HOSTILE, engine=HOSTILE[:60], status=HOSTILE[:60])
    Project.objects.update(name=HOSTILE[:100], sync_error=HOSTILE)
    Credential.objects.update(failed_at=NOW, failure=HOSTILE)
    grant = access.Grant(admin, orders.team, HOSTILE[:100])
    access.issue_token(grant, by=None, at=timezone.now())
    return backup


def test_hostile_text_is_shown_as_it_is_and_runs_nothing(backup, admin, sign_in, site):
    page = sign_in(admin)
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    project = backup.instance.project_id
    for place in (
        "/backups/",
        f"/backups/{backup.pk}/",
        f"/backups/new?instance={backup.instance_id}",
        "/instances/",
        f"/instances/{backup.instance_id}/",
        "/projects/",
        f"/projects/{project}/",
        f"/projects/{project}/edit",
        "/account/access/",
        f"/account/access/{ApiToken.objects.get().pk}/revoke",
    ):
        page.goto(site + place)
        text = page.evaluate(
            "document.body.innerText + [...document.querySelectorAll('input')].map((i) => i.value)"
        )
        assert HOSTILE[:50] in text, place
        expect(page.locator("img")).to_have_count(0)
    assert not opened
