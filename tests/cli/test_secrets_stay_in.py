"""The token, and what a document's references lead to, are sent to Safepoint and shown nowhere."""

import json

import pytest

from tests.cli.conftest import TOKEN
from tests.cli.told import ID, backup, problem
from tests.cloud.raw_server import reply

ME = {"username": "dba", "display_name": "Dba", "is_service": False, "team": "payments"}
ME |= {"roles": ["requester"], "scopes": ["read", "request"]}
DOCUMENT = """\
teams:
  - {name: payments, members: {dba: [requester]}}
projects:
  - name: payments-north
    team: payments
    credential: {kind: aksk, access_key: "env:AK", secret_key: "file:sk.txt"}
policies:
  - {team: payments, environment: production, approvals: 1, since: 2026-11-23}
"""
SECRETS = {"AK": "ACCESS-KEY-1", "SK": "canary-of-a-secret"}


@pytest.fixture
def document(tmp_path):
    (tmp_path / "sk.txt").write_text(SECRETS["SK"] + "\n")
    path = tmp_path / "safepoint.yaml"
    path.write_text(DOCUMENT)
    return str(path)


def test_the_token_may_stand_in_a_file(run, scripted, tmp_path):
    (tmp_path / "token").write_text(TOKEN + "\n")
    server = scripted(reply(200, ME))
    result = run(server, "me", SAFEPOINT_TOKEN="", SAFEPOINT_TOKEN_FILE=str(tmp_path / "token"))
    assert "scopes: read, request" in result.stdout
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("damage", ["\n", "\x1b", "ü", " "])
def test_a_damaged_token_is_refused_without_being_shown(run, scripted, damage):
    server = scripted(reply(200, ME))
    result = run(server, "me", SAFEPOINT_TOKEN=f"half{damage}canary")
    assert result.exit_code == 2
    assert "canary" not in result.output
    assert not server.requests


@pytest.mark.parametrize(
    "answer", [problem(401), problem(500), reply(302, b"", Location="http://x/"), b"odd\r\n"]
)
def test_no_error_shows_the_token(run, scripted, answer):
    assert run(scripted(answer), "backup", "cancel", ID).exit_code == 1  # `run` looks for it


def test_there_is_no_option_for_the_token(run, scripted):
    result = run(scripted(backup()), "show", ID, "--token", "x")
    assert result.exit_code == 2


def test_another_machine_without_https_is_warned_of(run, monkeypatch):
    result = run(None, "me", "--url", "http://desk.invalid:1", "--help")
    assert "Warning" not in result.stderr
    monkeypatch.setattr("safepoint.client.OUTAGE_SECONDS", 0)
    result = run(None, "--url", "http://desk.invalid:1", "me")
    assert result.exit_code == 1
    assert "anybody on the way can read the token" in result.stderr


def test_references_are_resolved_here_and_shown_nowhere(run, scripted, document):
    server = scripted(reply(200, {"changes": ["+ team payments"], "proposals": ["policy production"]}))
    result = run(server, "apply", document, "--dry-run", AK=SECRETS["AK"])
    assert (result.exit_code, result.stdout) == (0, "+ team payments\nproposed: policy production\n")
    sent = server.requests[0].json()
    assert sent["dry_run"] is True
    credential = {"kind": "aksk", "access_key": SECRETS["AK"], "secret_key": SECRETS["SK"]}
    assert sent["document"]["projects"][0]["credential"] == credential
    assert sent["document"]["policies"][0]["since"] == "2026-11-23"
    assert not [secret for secret in SECRETS.values() if secret in result.output]


def test_a_document_may_be_json_and_nothing_may_change(run, scripted, tmp_path):
    (tmp_path / "s.json").write_text(json.dumps({"teams": [{"name": "payments"}]}))
    server = scripted(reply(200, {"changes": [], "proposals": []}))
    assert run(server, "apply", str(tmp_path / "s.json")).stdout == "Nothing to change.\n"
    assert server.requests[0].json() == {"document": {"teams": [{"name": "payments"}]}, "dry_run": False}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("env:AK", "env:NOT_THERE", "env:NOT_THERE: it is not set here."),
        ("sk.txt", "none.txt", "file:none.txt: it cannot be read."),
        ('"file:sk.txt"', '"canary-of-a-secret', "is no YAML, line"),
        (DOCUMENT, "- canary-of-a-secret", "holds no teams"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_place_and_never_sent(
    run, scripted, document, tmp_path, old, new, words
):
    (tmp_path / "safepoint.yaml").write_text(DOCUMENT.replace(old, new))
    server = scripted(reply(200, {"changes": [], "proposals": []}))
    result = run(server, "apply", document, AK=SECRETS["AK"])
    assert result.exit_code == 2
    assert words in result.stderr
    assert SECRETS["SK"] not in result.output
    assert not server.requests
