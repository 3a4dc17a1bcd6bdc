"""What is wrong before anything is sent must not look as if it had been sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Attempt, Instance, Project, Status
from backups.operations import creation, submission, vault
from backups.secrecy.sealing import new_key
from tests.fixtures.cast import NOW


def test_a_credential_that_does_not_open_claims_nothing_and_says_why(
    settings, orders, ask, aksk_draft, admin
):
    backup = ask(orders, "before-release")
    settings.CREDENTIAL_KEYS = [new_key()]
    vault.key_ring.cache_clear()
    try:
        submission.submit(backup.pk, clock=lambda: NOW)
    finally:
        vault.key_ring.cache_clear()
    backup.refresh_from_db()
    assert (backup.status, backup.fence) == (Status.QUEUED, 0)
    assert backup.next_action_at == NOW + timedelta(minutes=5)
    assert "CREDENTIAL_KEYS" in backup.error_remedy
    assert not Attempt.objects.exists()


def test_a_row_that_breaks_the_contract_by_now_is_refused_unsent(simulated, simulator, dba):
    Project.objects.update(allows_chinese_names=True)
    instance = Instance.objects.select_related("project", "team").filter(status="normal")[0]
    draft = creation.Draft(instance, "备份备份")
    [backup] = creation.create_backups([draft], by=dba, at=timezone.now(), client_token=instance.pk)
    Project.objects.update(allows_chinese_names=False)
    submission.submit(backup.pk)
    backup.refresh_from_db()
    assert backup.status == Status.REFUSED
    assert "备" in backup.error_message
    assert simulator.history("create_backup") == []


@pytest.mark.parametrize("is_allowed", [True, False])
def test_chinese_names_pass_where_the_project_allows_them(simulated, dba, is_allowed):
    Project.objects.update(allows_chinese_names=is_allowed)
    instance = Instance.objects.select_related("project", "team").filter(status="normal")[0]
    problems = creation.check(creation.Draft(instance, "备份备份"), by=dba)
    assert ("name" in problems) is not is_allowed
