"""The sign-in service: tokens by password, and the projects that a caller sees."""

import json
from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def listed_with(caller):
    """What the list of instances answers to a token."""
    return lambda token: caller.send("GET", f"{caller.root}/instances", b"", {"X-Auth-Token": token})


def test_a_token_is_some_kilobytes_long_ends_in_a_day_and_opens_the_project(caller, listed_with):
    answer = caller.sign_in()
    assert answer.status == 201
    ends = datetime.fromisoformat(answer.json()["token"]["expires_at"])
    assert timedelta(hours=23) < ends - datetime.now(UTC) < timedelta(hours=25)
    token = answer.headers["X-Subject-Token"]
    assert len(token) > 2000
    assert listed_with(token).json()["total_count"] > 0


def test_a_token_for_the_project_by_its_regions_name_is_as_good(caller, listed_with):
    answer = caller.sign_in(scope={"project": {"name": caller.project["region"]}})
    assert listed_with(answer.headers["X-Subject-Token"]).status == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"password": "wrong"}, 401),
        ({"scope": {"project": {"id": "0" * 32}}}, 401),
        ({"scope": {"project": {"name": "elsewhere"}}}, 401),
    ],
)
def test_a_wrong_sign_in_is_refused(caller, changed, status):
    answer = caller.sign_in(**changed)
    assert answer.status == status
    assert answer.code.startswith("IAM.")
    assert "X-Subject-Token" not in answer.headers


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"auth": 1}', b'{"auth": {"identity": {"methods": ["totp"]}}}']
)
def test_a_sign_in_that_cannot_be_read_is_refused(caller, body):
    assert caller.send("POST", "/v3/auth/tokens", body).status == 400


def test_a_token_that_was_never_issued_is_refused(listed_with):
    answer = listed_with("MIInonsense")
    assert (answer.status, answer.code) == (401, "APIGW.0301")
    assert "decrypt token fail" in answer.json()["error_msg"]


def test_a_token_that_ended_must_be_updated(caller, simulator, listed_with):
    token = caller.sign_in().headers["X-Subject-Token"]
    simulator.control("tokens/expire")
    assert (listed_with(token).status, listed_with(token).code) == (401, "APIGW.0307")
    assert listed_with(caller.sign_in().headers["X-Subject-Token"]).status == 200


def test_a_token_ends_by_itself_after_a_day(caller, simulator, listed_with):
    token = caller.sign_in().headers["X-Subject-Token"]
    simulator.advance(24 * 3600 + 1)
    assert listed_with(token).code == "APIGW.0307"


@pytest.mark.parametrize("path", ["/v3/projects", "/v3/auth/projects"])
def test_the_project_is_found_by_its_region(caller, path):
    here = {"X-Auth-Token": caller.sign_in().headers["X-Subject-Token"]}
    (found,) = caller.send("GET", f"{path}?name={caller.project['region']}", b"", here).json()["projects"]
    assert (found["id"], found["name"]) == (caller.project["project_id"], caller.project["region"])
    assert caller.send("GET", f"{path}?name=elsewhere", b"", here).json()["projects"] == []


def test_the_project_is_found_with_a_signature_too(caller):
    target = f"/v3/projects?name={caller.project['region']}"
    answer = caller.send("GET", target, b"", caller.signed("GET", target, b""))
    assert [each["id"] for each in answer.json()["projects"]] == [caller.project["project_id"]]


def test_passwords_are_not_in_the_history(caller, simulator):
    caller.sign_in()
    assert caller.project["password"] not in json.dumps(simulator.history())
