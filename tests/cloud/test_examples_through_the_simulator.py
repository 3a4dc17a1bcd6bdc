"""The contract's own examples, through our client and the simulated cloud, byte for byte in meaning."""

import json
import re

import pytest

from backups.cloud import AccessKeyAuth, Auth, CloudClient, Guard, MemoryKeeper, TokenAuth
from backups.secrecy.secret import Secret
from tests.cloud.test_create import BACKUP, REQUEST, RESPONSE

ASKED = json.loads(REQUEST)
FORMS = {
    "id": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}br0[17]",
    "begin_time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}",
}


@pytest.fixture(params=["aksk", "token"])
def client(request, simulator):
    """A client of a tenant that has the contract's instance."""
    tenant = simulator.control("tenants", {"instances": 1})["projects"][0]
    [instance] = simulator.instances(tenant["project_id"])
    simulator.control(f"instances/{instance['id']}", {"new_id": ASKED["instance_id"]})
    auth: Auth
    if request.param == "aksk":
        auth = AccessKeyAuth(Secret(tenant["access_key"]), Secret(tenant["secret_key"]), None)
    else:
        auth = TokenAuth(
            iam_endpoint=simulator.endpoint,
            domain=tenant["domain"],
            username=tenant["username"],
            password=Secret(tenant["password"]),
            project_id=tenant["project_id"],
            keeper=MemoryKeeper(),
        )
    return CloudClient(
        endpoint=simulator.endpoint,
        api="mysql/v3",
        project_id=tenant["project_id"],
        auth=auth,
        guard=Guard({simulator.endpoint}),
    )


def test_the_request_example_is_carried_out_and_answered_in_the_form_of_the_response_example(
    client, simulator
):
    record = client.create_backup(**ASKED)
    [call] = simulator.history("create_backup")
    assert {name: call["fields"][name] for name in ASKED} == ASKED
    answered = json.loads(record.exchange.reply_excerpt)["backup"]
    assert set(answered) == set(BACKUP)
    for name, form in FORMS.items():
        assert re.fullmatch(form, answered[name])
        assert re.fullmatch(form, BACKUP[name])
    same = {"name", "status", "type", "instance_id"}
    assert {name: answered[name] for name in same} == {name: BACKUP[name] for name in same}
    assert answered["description"] == ASKED["description"]
    [listed] = client.list_backups(backup_id=record.id)
    assert (listed.id, listed.name, listed.description) == (record.id, "backup-1", "manual backup")
    simulator.advance(7200)
    client.delete_backup(record.id)
    assert client.list_backups(backup_id=record.id) == []


def test_the_response_example_is_read_as_it_stands(client, simulator):
    simulator.fault(operation="create_backup", at="received", action="body", body=RESPONSE)
    record = client.create_backup(**ASKED)
    assert json.loads(record.exchange.reply_excerpt) == json.loads(RESPONSE)
    assert record.begin_time.isoformat() == "2020-07-06T17:17:05+00:00"
    assert (record.id, record.status, record.description) == (BACKUP["id"], "BUILDING", "desc")
