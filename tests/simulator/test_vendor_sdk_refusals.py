"""The vendor's own SDK is refused as the cloud refuses it, and reads why."""

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
)

UNKNOWN_INSTANCE = "0" * 32 + "in07"


@pytest.fixture
def sdk_with(simulator, caller):
    """The SDK's client with these keys."""

    def make(access_key, secret_key, security_token=None):
        keys = BasicCredentials(access_key, secret_key, caller.project["project_id"])
        if security_token:
            keys = keys.with_security_token(security_token)
        return GaussDBClient.new_builder().with_credentials(keys).with_endpoint(simulator.endpoint).build()

    return make


@pytest.fixture
def sdk(sdk_with, caller):
    return sdk_with(caller.project["access_key"], caller.project["secret_key"])


def instances(client):
    return client.list_gauss_my_sql_instances(ListGaussMySqlInstancesRequest()).instances


def refusal_of(act):
    with pytest.raises(ClientRequestException) as refused:
        act()
    assert refused.value.request_id
    assert refused.value.error_msg
    return refused.value


@pytest.mark.parametrize(
    ("broken", "status", "code"),
    [
        ({"instance_id": "orders"}, 400, "DBS.200001"),
        ({"instance_id": None}, 400, "DBS.200001"),
        ({"instance_id": UNKNOWN_INSTANCE}, 404, "DBS.200002"),
        ({"name": None}, 400, "DBS.200001"),
        ({"name": "abc"}, 400, "DBS.201210"),
        ({"name": "a" * 65}, 400, "DBS.201210"),
        ({"name": "1st-backup"}, 400, "DBS.201210"),
        ({"name": "before migration"}, 400, "DBS.201210"),
        ({"description": "d" * 257}, 400, "DBS.280127"),
        *[({"description": f"before{sign}after"}, 400, "DBS.280127") for sign in ">!<\"&'=\n"],
    ],
)
def test_each_broken_field_is_refused_with_its_code(sdk, orders, made, broken, status, code):
    fields = {"instance_id": orders, "name": "before-migration", "description": "ticket", **broken}
    request = CreateGaussMySqlBackupRequest(body=MysqlCreateBackupRequest(**fields))
    refused = refusal_of(lambda: sdk.create_gauss_my_sql_backup(request))
    assert (refused.status_code, refused.error_code) == (status, code)
    assert made() == []


@pytest.mark.parametrize("broken", [{"limit": "101"}, {"offset": "-1"}, {"backup_type": "nightly"}])
def test_a_broken_question_is_refused(sdk, broken):
    request = ShowGaussMySqlBackupListRequest(**broken)
    refused = refusal_of(lambda: sdk.show_gauss_my_sql_backup_list(request))
    assert (refused.status_code, refused.error_code) == (400, "DBS.200001")


def test_a_backup_that_is_none_cannot_be_deleted(sdk):
    request = DeleteGaussMySqlBackupRequest(backup_id="seven")
    refused = refusal_of(lambda: sdk.delete_gauss_my_sql_backup(request))
    assert (refused.status_code, refused.error_code) == (400, "DBS.280124")


@pytest.mark.parametrize("offset", [-1200, 1200])
def test_a_skewed_clock_is_refused(sdk, simulator, offset):
    simulator.set_clock_offset(offset)
    refused = refusal_of(lambda: instances(sdk))
    assert (refused.status_code, refused.error_code) == (401, "APIGW.0301")
    assert "15 minutes" in refused.error_msg


def test_five_wrong_signatures_lock_the_right_one_out_too(sdk, sdk_with, caller, simulator):
    wrong = sdk_with(caller.project["access_key"], "wrong")
    for _ in range(5):
        assert "verify aksk signature fail" in refusal_of(lambda: instances(wrong)).error_msg
    assert "AK access failed to reach the limit" in refusal_of(lambda: instances(sdk)).error_msg
    simulator.advance(301)
    assert instances(sdk)


def test_a_temporary_key_is_good_only_with_its_security_token(sdk_with, caller, simulator):
    key = simulator.control("keys", {"project_id": caller.project["project_id"]})
    assert instances(sdk_with(**key))
    key["security_token"] = None
    assert refusal_of(lambda: instances(sdk_with(**key))).error_code == "APIGW.0301"
