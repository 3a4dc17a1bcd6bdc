"""Each rule of the contract, for each field, with the cloud's own code."""

import pytest

NO_SUCH_INSTANCE = "0" * 32 + "in07"
GOOD = {"name": "before-migration", "description": "ticket DBA-7"}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"instance_id": None}, "DBS.200001"),
        ({"instance_id": 7}, "DBS.200001"),
        ({"instance_id": "orders"}, "DBS.200001"),
        ({"name": None}, "DBS.200001"),
        ({"name": ["before"]}, "DBS.200001"),
        ({"name": ""}, "DBS.201210"),
        ({"name": "abc"}, "DBS.201210"),
        ({"name": "a" * 65}, "DBS.201210"),
        ({"name": "1before"}, "DBS.201210"),
        ({"name": "before migration"}, "DBS.201210"),
        ({"name": "before.migration"}, "DBS.201210"),
        ({"name": "备份-one"}, "DBS.201210"),
        ({"name": "before\n"}, "DBS.201210"),
        ({"description": 7}, "DBS.200001"),
        ({"description": "d" * 257}, "DBS.280127"),
        *[({"description": f"before {sign} after"}, "DBS.280127") for sign in ">!<\"&'=\n\r\t\0\x7f"],
    ],
)
def test_a_broken_field_is_refused_with_its_code(caller, orders, made, broken, code):
    answer = caller.call("POST", "backups/create", {"instance_id": orders, **GOOD, **broken})
    assert (answer.status, answer.code) == (400, code)
    assert answer.json()["error_msg"]
    assert made() == []


@pytest.mark.parametrize(
    "good",
    [
        {"name": "abcd"},
        {"name": "A" * 64},
        {"name": "Before_2026-11"},
        {"description": ""},
        {"description": None},
        {"description": "d" * 256},
        {"description": "备份 (before) #7, 50%"},
        {"unknown": 1},
    ],
)
def test_what_the_contract_allows_is_accepted(caller, orders, made, good):
    assert caller.call("POST", "backups/create", {"instance_id": orders, **GOOD, **good}).status == 202
    assert made() == [good.get("name", GOOD["name"])]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "DBS.200006"),
        (b"  ", "DBS.200006"),
        (b"{}", "DBS.200006"),
        (b"[]", "DBS.200001"),
        (b"{", "DBS.200001"),
        (b"\xff", "DBS.200001"),
        (b"[" * 100_000, "DBS.200001"),
    ],
)
def test_a_body_that_is_no_request_is_refused(caller, body, code):
    answer = caller.call("POST", "backups/create", body)
    assert (answer.status, answer.code) == (400, code)


def test_an_unknown_instance_does_not_exist(caller):
    answer = caller.create(NO_SUCH_INSTANCE)
    assert (answer.status, answer.code) == (404, "DBS.200002")


def test_an_instance_takes_one_backup_at_a_time(caller, simulator, orders):
    caller.create(orders, "the-first")
    answer = caller.create(orders, "the-second")
    assert (answer.status, answer.code) == (409, "DBS.200019")
    simulator.advance(3600)
    assert caller.create(orders, "the-second").status == 202


def test_a_name_is_given_once_per_instance_and_case_matters(caller, simulator, instance_ids):
    caller.create(instance_ids["orders"], "pre-release")
    simulator.advance(3600)
    answer = caller.create(instance_ids["orders"], "pre-release")
    assert (answer.status, answer.code) == (409, "DBS.201209")
    assert caller.create(instance_ids["orders"], "Pre-Release").status == 202
    assert caller.create(instance_ids["ledger"], "pre-release").status == 202


def test_an_instance_that_is_not_normal_is_left_alone(caller, instance_ids):
    answer = caller.create(instance_ids["chargebacks"])
    assert (answer.status, answer.code) == (409, "DBS.200011")


def test_both_generations_take_backups_and_only_the_newer_tells_the_job(caller, instance_ids):
    assert "job_id" not in caller.create(instance_ids["orders"]).json()
    caller.api = "v3"
    assert caller.create(instance_ids["ledger"]).json()["job_id"]


@pytest.mark.parametrize(
    "target", ["/", "/v3", "/v2/{}/backups", "/mysql/v3/{}/backup", "/v3/{}/backups/create", "//"]
)
def test_a_path_that_leads_nowhere_is_no_api(caller, target):
    answer = caller.send("GET", target.format(caller.project["project_id"]))
    assert (answer.status, answer.code) == (404, "APIGW.0101")


def test_a_body_beyond_the_limit_is_too_large(caller):
    answer = caller.send("POST", f"{caller.root}/backups/create", b"", {"Content-Length": str(2**30)})
    assert (answer.status, answer.code) == (413, "APIGW.0201")
