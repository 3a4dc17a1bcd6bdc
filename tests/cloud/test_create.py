"""The create call: what goes out, what comes back, and what a doubtful success means."""

import json
from datetime import UTC, datetime

import pytest

from backups.cloud import CloudAmbiguous
from backups.contract.violations import Violation
from tests.cloud.conftest import INSTANCE_ID, PROJECT_ID
from tests.cloud.raw_server import always

REQUEST = (
    '{"instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01", "name": "backup-1",'
    ' "description": "manual backup"}'
)
RESPONSE = """{"backup": {"id": "2f4ddb93-b901-4b08-93d8-1d2e472f30fe", "name": "backup-1",
"begin_time": "2020-07-07T01:17:05+0800", "status": "BUILDING", "type": "manual",
"instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01", "description": "desc"}}"""
BACKUP = json.loads(RESPONSE)["backup"]


@pytest.mark.parametrize("api", ["mysql/v3", "v3"])
def test_the_contracts_examples_pass_in_both_generations(serve, client_of, api):
    server = serve(always(200, RESPONSE.encode(), X_Request_Id="r-1"))
    record = client_of(server, api=api).create_backup(
        instance_id=INSTANCE_ID, name="backup-1", description="manual backup"
    )
    [request] = server.requests
    assert (request.method, request.target) == ("POST", f"/{api}/{PROJECT_ID}/backups/create")
    assert request.json() == json.loads(REQUEST)
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Language"] == "en-us"
    assert request.headers["X-Project-Id"] == PROJECT_ID
    assert request.headers["Accept-Encoding"] == "identity"
    assert record.id == "2f4ddb93-b901-4b08-93d8-1d2e472f30fe"
    assert (record.name, record.description) == ("backup-1", "desc")
    assert (record.status, record.type) == ("BUILDING", "manual")
    assert record.instance_id == INSTANCE_ID
    assert record.begin_time == datetime(2020, 7, 6, 17, 17, 5, tzinfo=UTC)
    assert record.raw == BACKUP


def test_the_record_carries_the_evidence_of_the_call(serve, create_on):
    exchange = create_on(serve(always(202, RESPONSE.encode(), X_Request_Id="r-1"))).exchange
    assert (exchange.method, exchange.http_status, exchange.request_id) == ("POST", 202, "r-1")
    assert exchange.url.endswith("/backups/create")
    assert json.loads(exchange.request_body) == {"instance_id": INSTANCE_ID, "name": "backup-1"}
    assert json.loads(exchange.reply_excerpt) == json.loads(RESPONSE)
    assert exchange.took_ms >= 0


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_with_a_backup_is_accepted(serve, create_on, status):
    record = create_on(serve(always(status, {"backup": BACKUP, "job_id": "job-7"})))
    assert (record.id, record.job_id) == (BACKUP["id"], "job-7")


def test_any_field_but_the_id_may_be_absent_null_or_new(serve, create_on):
    for backup in (
        {"id": "b-1"},
        {**dict.fromkeys(BACKUP), "id": "b-1"},
        {**BACKUP, "id": "b-1", "color": {"of": ["the", "sky"]}},
    ):
        assert create_on(serve(always(200, {"backup": backup}))).id == "b-1"


def test_the_misspelled_description_of_one_published_table_is_read(serve, create_on):
    server = serve(always(200, {"backup": {"id": "b-1", "descriprion": "before 4.2"}}))
    assert create_on(server).description == "before 4.2"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Welcome</html>",
        RESPONSE.encode()[:-40],
        b"null",
        b"[]",
        b"{}",
        b'{"backup": null}',
        b'{"backup": []}',
        b'{"backup": {"name": "backup-1"}}',
        b'{"backup": {"id": null}}',
        b'{"backup": {"id": "  "}}',
        b'{"backup": {"id": {"a": 1}}}',
        b'{"error_code": "DBS.200001", "error_msg": "Parameter error."}',
        json.dumps({"backup": {**BACKUP, "instance_id": INSTANCE_ID[::-1]}}).encode(),
        b"\x00\x01\x02",
        b"\xff\xfe{}",
    ],
)
def test_a_success_that_names_no_backup_of_the_instance_is_ambiguous(serve, create_on, body):
    with pytest.raises(CloudAmbiguous) as unclear:
        create_on(serve(always(200, body, X_Request_Id="r-9")))
    assert unclear.value.at_step == "create_backup"
    assert unclear.value.request_id == "r-9"
    assert unclear.value.http_status == 200


def test_a_byte_order_mark_is_passed_over(serve, create_on):
    assert create_on(serve(always(200, b"\xef\xbb\xbf" + RESPONSE.encode()))).id == BACKUP["id"]


@pytest.mark.parametrize(
    "broken",
    [
        {"instance_id": "orders"},
        {"name": "1st"},
        {"name": "备份备份"},
        {"description": "a<b"},
    ],
)
def test_what_breaks_the_contract_is_refused_before_anything_is_sent(serve, client_of, broken):
    server = serve(always(200, RESPONSE.encode()))
    with pytest.raises(Violation):
        client_of(server).create_backup(
            **{"instance_id": INSTANCE_ID, "name": "backup-1", "description": "", **broken}
        )
    assert server.connections == 0


def test_chinese_names_pass_where_the_project_allows_them(serve, client_of):
    server = serve(always(200, RESPONSE.encode()))
    client_of(server, allows_chinese_names=True).create_backup(instance_id=INSTANCE_ID, name="备份备份")
    assert server.requests[0].json()["name"] == "备份备份"
