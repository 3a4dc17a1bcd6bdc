"""The vendor's own SDK, unchanged but for its endpoint, takes Safepoint for its cloud."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.utils import timezone
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkgaussdb.v3 import (
    CreateGaussMySqlBackupRequest,
    GaussDBClient,
    MysqlCreateBackupRequest,
    ShowGaussMySqlBackupListRequest,
)

from backups.models import Attempt, Backup, Instance, Role, Status, User
from backups.operations import access
from tests.fixtures.cast import member
from tests.fixtures.consent import approve

PATIENCE = 60
MakeSdk = Callable[..., Any]


@pytest.fixture
def sdk_of(simulated, live_stack, payments) -> MakeSdk:
    """The SDK's client with a key pair of somebody's, or with other keys."""

    def make(user: User, **changed: str) -> Any:
        pair, secret = access.issue_key_pair(
            access.Grant(user, payments, "script"), by=None, at=timezone.now()
        )
        keys = {"access_key": pair.access_key, "secret_key": secret.reveal()} | changed
        credentials = BasicCredentials(keys["access_key"], keys["secret_key"], simulated.project_id)
        builder = GaussDBClient.new_builder().with_credentials(credentials)
        return builder.with_endpoint(live_stack.url).build()

    return make


@pytest.fixture
def instance(simulated) -> Instance:
    return simulated.instances.get(name="orders")


def create(sdk: Any, instance: Instance, name: str = "before-migration") -> Any:
    body = MysqlCreateBackupRequest(instance_id=instance.cloud_id, name=name, description="ticket DBA-7")
    return sdk.create_gauss_my_sql_backup(CreateGaussMySqlBackupRequest(body=body))


def create_at_last(sdk: Any, instance: Instance) -> Any:
    """Make the call again, as its refusal says, until there is a backup."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return create(sdk, instance).backup
        except ClientRequestException as refused:
            if refused.error_code != "SAFEPOINT.0002":
                raise
            time.sleep(0.5)
    raise TimeoutError


def listed(sdk: Any, **query: str) -> list[Any]:
    return list(sdk.show_gauss_my_sql_backup_list(ShowGaussMySqlBackupListRequest(**query)).backups)


@pytest.mark.django_db(transaction=True)
def test_it_creates_and_lists_and_sees_the_end(sdk_of, dba, instance):
    sdk = sdk_of(dba)
    made = create(sdk, instance).backup
    assert (made.status, made.type, made.instance_id) == ("BUILDING", "manual", instance.cloud_id)
    assert made.id == Backup.objects.get(name="before-migration").cloud_id
    deadline = time.monotonic() + PATIENCE
    while (told := listed(sdk, backup_id=made.id)[0]).status != "COMPLETED":
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert (told.name, told.description, told.instance_name) == ("before-migration", "ticket DBA-7", "orders")
    assert told.size > 0


@pytest.mark.django_db(transaction=True)
def test_a_wrong_secret_is_refused_in_words_that_it_knows(sdk_of, dba, instance):
    with pytest.raises(ClientRequestException) as refused:
        create(sdk_of(dba, secret_key="wrong"), instance)
    assert (refused.value.status_code, refused.value.error_code) == (401, "APIGW.0301")
    assert refused.value.request_id
    assert not Backup.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_with_a_policy_it_gets_the_recorded_refusal_and_after_approval_the_backup(
    sdk_of, dba, payments, govern, instance
):
    lead = member("lead", payments, Role.APPROVER)
    govern(environment="")
    sdk = sdk_of(dba)
    with pytest.raises(ClientRequestException) as refused:
        create(sdk, instance)
    assert (refused.value.status_code, refused.value.error_code) == (403, "SAFEPOINT.0001")
    backup = Backup.objects.get()
    assert f"/backups/{backup.pk}/" in refused.value.error_msg
    approve(backup, lead, at=timezone.now())
    assert create(sdk, instance).backup.id == Backup.objects.get().cloud_id


@pytest.mark.django_db(transaction=True)
def test_fifty_calls_at_once_make_one_backup_and_each_gets_it(sdk_of, dba, instance, simulator, simulated):
    sdks = [sdk_of(dba) for _client in range(5)]
    with ThreadPoolExecutor(50) as callers:
        made = list(callers.map(lambda index: create_at_last(sdks[index % 5], instance).id, range(50)))
    assert set(made) == {Backup.objects.get().cloud_id}
    assert Attempt.objects.count() == 1
    assert [each["name"] for each in simulator.backups(simulated.project_id)] == ["before-migration"]
    assert Backup.objects.get().status in {Status.BUILDING, Status.COMPLETED}
