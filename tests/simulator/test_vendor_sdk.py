"""The vendor's own SDK takes the simulator for its cloud."""

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkgaussdb.v3 import (
    CreateGaussMySqlBackupRequest,
    DeleteGaussMySqlBackupRequest,
    GaussDBClient,
    ListGaussMySqlInstancesRequest,
    MysqlCreateBackupRequest,
    ShowGaussMySqlBackupListRequest,
    ShowGaussMySqlBackupPolicyRequest,
    ShowGaussMySqlJobInfoRequest,
)

LONG = 3600


@pytest.fixture
def sdk_of(simulator):
    """The SDK's client for a project, with the right keys or others."""

    def make(project, **changed):
        keys = {**project, **changed}
        credentials = BasicCredentials(keys["access_key"], keys["secret_key"], keys["project_id"])
        return (
            GaussDBClient.new_builder()
            .with_credentials(credentials)
            .with_endpoint(simulator.endpoint)
            .build()
        )

    return make


@pytest.fixture
def sdk(sdk_of, caller):
    return sdk_of(caller.project)


def create(sdk, instance_id, name="before-migration", description="ticket DBA-7"):
    body = MysqlCreateBackupRequest(instance_id=instance_id, name=name, description=description)
    return sdk.create_gauss_my_sql_backup(CreateGaussMySqlBackupRequest(body=body))


def test_a_backup_is_created_built_listed_and_deleted(sdk, simulator, orders):
    made = create(sdk, orders)
    assert (made.backup.status, made.backup.type, made.backup.instance_id) == ("BUILDING", "manual", orders)
    listing = ShowGaussMySqlBackupListRequest(backup_id=made.backup.id)
    assert [each.status for each in sdk.show_gauss_my_sql_backup_list(listing).backups] == ["BUILDING"]

    simulator.advance(LONG)
    (done,) = sdk.show_gauss_my_sql_backup_list(listing).backups
    assert (done.status, done.name, done.description) == ("COMPLETED", "before-migration", "ticket DBA-7")
    assert done.size > 0
    assert done.end_time > done.begin_time

    gone = sdk.delete_gauss_my_sql_backup(DeleteGaussMySqlBackupRequest(backup_id=made.backup.id))
    assert gone.backup_name == "before-migration"
    assert sdk.show_gauss_my_sql_backup_list(listing).total_count == 0


def test_a_job_is_unknown_at_first_then_runs_and_completes(sdk, simulator, orders):
    asked = ShowGaussMySqlJobInfoRequest(id=create(sdk, orders).job_id)
    simulator.advance(-5)
    with pytest.raises(ClientRequestException) as unknown:
        sdk.show_gauss_my_sql_job_info(asked)
    assert unknown.value.status_code == 404
    simulator.advance(7)
    running = sdk.show_gauss_my_sql_job_info(asked).job
    assert running.status == "Running"
    assert running.process.endswith("%")
    simulator.advance(LONG)
    assert sdk.show_gauss_my_sql_job_info(asked).job.status == "Completed"


def test_pages_put_together_are_the_whole_list_without_doubles(sdk):
    whole, offset = [], 0
    while True:
        page = sdk.show_gauss_my_sql_backup_list(
            ShowGaussMySqlBackupListRequest(offset=str(offset), limit="20")
        )
        whole += [each.id for each in page.backups]
        offset += 20
        if not page.backups:
            break
    assert len(whole) == len(set(whole)) == page.total_count > 20


def test_instances_and_their_policies_are_told(sdk):
    listed = sdk.list_gauss_my_sql_instances(ListGaussMySqlInstancesRequest(offset=0, limit=100))
    assert listed.total_count == len(listed.instances)
    statuses = {each.name: each.status for each in listed.instances}
    assert statuses["orders"] == "normal"
    assert statuses["chargebacks"] == "frozen"
    asked = ShowGaussMySqlBackupPolicyRequest(instance_id=listed.instances[0].id)
    assert sdk.show_gauss_my_sql_backup_policy(asked).backup_policy.keep_days > 0


def test_a_wrong_secret_key_is_refused(sdk_of, caller, orders, made):
    with pytest.raises(ClientRequestException) as refused:
        create(sdk_of(caller.project, secret_key="wrong"), orders)
    assert (refused.value.status_code, refused.value.error_code) == (401, "APIGW.0301")
    assert "verify aksk signature fail" in refused.value.error_msg
    assert refused.value.request_id
    assert made() == []


def test_another_projects_key_is_not_authorized(sdk_of, simulator, caller, orders):
    stranger = simulator.projects[1]
    with pytest.raises(ClientRequestException) as refused:
        create(sdk_of(stranger, project_id=caller.project["project_id"]), orders)
    assert (refused.value.status_code, refused.value.error_code) == (403, "DBS.200010")
