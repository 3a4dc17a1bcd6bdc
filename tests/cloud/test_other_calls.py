"""Instances, deletion, and the project's id by its region."""

from datetime import UTC, datetime

import pytest

from backups.cloud import CloudAmbiguous, CloudRefused
from backups.contract.violations import Violation
from tests.cloud.conftest import PROJECT_ID
from tests.cloud.raw_server import always, reply

INSTANCE = {
    "id": "d8e6ca5a624745bcb546a227aa3ae1cfin07",
    "name": "orders",
    "status": "normal",
    "type": "Cluster",
    "region": "cn-north-4",
    "datastore": {"type": "gaussdb-mysql", "version": "8.0"},
    "created": "2020-07-07T01:17:05+0800",
    "updated": "2020-07-07T01:17:05+0800",
    "volume": {"type": "DL6", "size": 100, "used": "3.5"},
    "backup_strategy": {"start_time": "17:00-18:00", "keep_days": "7"},
    "time_zone": "UTC+08:00",
    "tags": [],
}


@pytest.mark.parametrize("api", ["mysql/v3", "v3"])
def test_instances_are_read_in_both_generations(serve, client_of, api):
    server = serve(always(200, {"instances": [INSTANCE], "total_count": 1}))
    [record] = client_of(server, api=api).list_instances()
    assert server.requests[0].path == f"/{api}/{PROJECT_ID}/instances"
    assert (record.id, record.name, record.status) == (INSTANCE["id"], "orders", "normal")
    assert (record.datastore_type, record.datastore_version) == ("gaussdb-mysql", "8.0")
    assert record.created_at == datetime(2020, 7, 6, 17, 17, 5, tzinfo=UTC)
    assert (record.volume_gb, record.volume_used_gb) == (100, 3.5)
    assert (record.backup_start_time, record.keep_days) == ("17:00-18:00", 7)
    assert record.time_zone == "UTC+08:00"


def test_an_instance_with_nothing_but_an_id_is_a_record(serve, client_of):
    body = {"instances": [{"id": "i", "volume": 7, "datastore": None}], "total_count": 1}
    [record] = client_of(serve(always(200, body))).list_instances()
    assert (record.id, record.volume_gb, record.name) == ("i", None, None)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_backup_is_deleted(serve, client_of, status):
    server = serve(always(status, b""))
    client_of(server, api="v3").delete_backup("2f4ddb93-b901-4b08-93d8-1d2e472f30fe")
    [request] = server.requests
    assert request.method == "DELETE"
    assert request.path == f"/v3/{PROJECT_ID}/backups/2f4ddb93-b901-4b08-93d8-1d2e472f30fe"


@pytest.mark.parametrize("backup_id", ["", "..", "a/b", "a?b", "a b"])
def test_no_backup_id_leads_to_another_path(serve, client_of, backup_id):
    server = serve(always(200))
    with pytest.raises(Violation):
        client_of(server).delete_backup(backup_id)
    assert server.connections == 0


@pytest.mark.parametrize("project_id", ["", "../../../v3/auth/tokens", "a" * 31 + "/"])
def test_no_project_id_leads_to_another_path(serve, client_of, project_id):
    server = serve(always(200))
    with pytest.raises(Violation):
        client_of(server, project_id=project_id).list_instances()
    assert server.connections == 0


def test_a_projects_id_is_found_by_its_region(serve, client_of):
    projects = [{"id": "p-sub", "name": "cn-north-4_sub"}, {"id": "p-1", "name": "cn-north-4"}]
    server = serve(always(200, {"projects": projects}))
    found = client_of(server, project_id="").find_project_id(server.origin, "cn-north-4")
    [request] = server.requests
    assert (found, request.target) == ("p-1", "/v3/projects?name=cn-north-4")
    assert "X-Project-Id" not in request.headers


@pytest.mark.parametrize("error", [{"error": {"code": 403}}, {"error_code": "IAM.0002"}])
def test_who_may_not_list_all_projects_lists_his_own(serve, client_of, error):
    def play(sock, received):
        own = {"projects": [{"id": "p-1", "name": "cn-north-4"}]}
        is_own = received.path == "/v3/auth/projects"
        sock.sendall(reply(200, own) if is_own else reply(403, error))

    server = serve(play)
    assert client_of(server).find_project_id(server.origin, "cn-north-4") == "p-1"


def test_a_region_without_a_project_is_refused_with_a_remedy(serve, client_of):
    server = serve(always(200, {"projects": []}))
    with pytest.raises(CloudRefused) as refused:
        client_of(server).find_project_id(server.origin, "cn-north-4")
    assert refused.value.field == "region"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"projects": 7}', b'{"projects": [{"name": "r"}]}'])
def test_a_project_list_that_cannot_be_read_is_ambiguous(serve, client_of, body):
    server = serve(always(200, body))
    with pytest.raises(CloudAmbiguous):
        client_of(server).find_project_id(server.origin, "r")


@pytest.mark.parametrize("body", [{}, {"job": None}, {"job": {"status": "Running"}}, []])
def test_a_job_that_cannot_be_read_says_nothing(serve, client_of, body):
    with pytest.raises(CloudAmbiguous) as unclear:
        client_of(serve(always(200, body))).show_job("job-1")
    assert unclear.value.at_step == "show_job"
