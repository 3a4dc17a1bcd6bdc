"""Whoever answers cannot prove to be the cloud (faults.md, row 22)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from backups.models import Outcome, Status
from backups.operations import projects
from deploy.choices import REPOSITORY
from deploy.lint import tracked
from tests.cloud.raw_server import always
from tests.faults.steps import submit

ACCEPTED = {"backup": {"id": "2f4ddb93-b901-4b08-93d8-1d2e472f30fe", "status": "BUILDING"}}
BAD = {
    "expired": {"ends_in_days": -1},
    "self-signed": {"is_self_signed": True},
    "for another host": {"host": "gaussdb.other.example"},
}
SWITCHES = (
    "PYTHONHTTPSVERIFY",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "SSL_NO_VERIFY",
    "NODE_TLS_REJECT_UNAUTHORIZED",
)
BYPASS = re.compile(
    r"CERT_NONE|CERT_OPTIONAL|_create_unverified|(check_hostname|verify|assert_hostname)\s*=\s*False"
)


@pytest.fixture
def backup_at(trusted_authority, serve_raw, instance_at, ask):
    """A backup to be sent to a server with such a certificate, and the server."""

    def make(**claims):
        server = serve_raw(always(202, ACCEPTED), tls=trusted_authority.server_settings(**claims))
        return ask(instance_at(server.origin), "before-release", at=timezone.now()), server

    return make


def test_row_22_a_good_certificate_is_taken(backup_at):
    backup, server = backup_at()
    assert submit(backup).status == Status.BUILDING
    assert len(server.requests) == 1


@pytest.mark.parametrize("claims", BAD.values(), ids=BAD)
def test_row_22_nothing_is_sent_and_the_project_sounds_the_alarm_at_once(backup_at, claims):
    backup, server = backup_at(**claims)
    at = timezone.now()
    backup = submit(backup, at=at)
    assert server.requests == []
    assert (backup.status, backup.attempts.get().outcome) == (Status.QUEUED, Outcome.NOT_SENT)
    assert backup.next_action_at == at + timedelta(minutes=5)
    project = backup.instance.project
    assert project.unreachable_since == at
    assert "certificate" in project.unreachable_why
    assert "certificate" in backup.error_message
    assert "trusted certificates" in backup.error_remedy


@pytest.mark.parametrize("claims", BAD.values(), ids=BAD)
def test_row_22_it_is_never_sent_however_long_it_waits(backup_at, claims):
    backup, server = backup_at(**claims)
    for _ in range(6):
        backup = submit(backup, at=backup.next_action_at)
        assert backup.status == Status.QUEUED
    assert server.requests == []


@pytest.mark.parametrize("value", ["0", "", "false"])
@pytest.mark.parametrize("claims", BAD.values(), ids=BAD)
def test_row_22_no_variable_of_the_environment_lets_it_pass(backup_at, monkeypatch, claims, value):
    for name in SWITCHES:
        monkeypatch.setenv(name, value)
    backup, server = backup_at(**claims)
    assert submit(backup).status == Status.QUEUED
    assert server.requests == []


def test_row_22_there_is_no_bypass_in_the_code_and_none_to_ask_for():
    sources = [name for name in tracked("*.py") if name.startswith(("backups/", "dashboard/"))]
    assert sources
    assert not [name for name in sources if BYPASS.search((REPOSITORY / name).read_text())]
    asked = set(projects.ProjectDraft.__dataclass_fields__)
    assert not [field for field in asked if re.search("tls|ssl|verif|insecure|certificate", field)]
