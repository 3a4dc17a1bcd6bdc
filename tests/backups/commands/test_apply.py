"""`manage.py apply`: a file in, lines out, and never a secret."""

import json
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from backups.models import Event, Project, User
from backups.operations import vault
from deploy.choices import REPOSITORY
from tests.backups.commands.test_verify_audit import verify
from tests.backups.secrecy.test_nothing_leaks import dump_of_the_database
from tests.fixtures.declared import SAMPLE, SK

pytestmark = pytest.mark.django_db


def test_the_sample_is_applied_and_the_second_time_nothing_is_to_do(run):
    lines = run().splitlines()
    assert lines[4] == "+ team payments"
    assert lines[-1] == "+ policy production of payments"
    written = dump_of_the_database()
    assert run() == run("--dry-run") == "Nothing to do.\n"
    assert dump_of_the_database() == written


def test_a_dry_run_writes_nothing_and_prints_what_is_done_then(run):
    before = dump_of_the_database()
    told = run("--dry-run")
    assert dump_of_the_database() == before
    assert run() == told


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_takes_back_what_would_have_been_committed(run):
    assert "+ team payments" in run("--dry-run")
    assert not User.objects.exists()
    assert "+ team payments" in run()
    assert [event.number for event in Event.objects.order_by("id")] == [1, 2, 3, 4, 5]
    assert "whole up to event 5" in verify()


def test_the_file_of_the_manual_is_applied(run, file):
    manual = (REPOSITORY / "docs/apply.md").read_text()
    file.write_text(manual.split("```yaml\n")[1].split("```")[0])
    assert "~ targets of payments: production none -> 25, other none -> 72" in run()
    assert run() == "Nothing to do.\n"


def test_json_is_read_by_the_same_words(run, file):
    file.write_text(json.dumps(yaml.safe_load(SAMPLE)))
    assert "+ project payments-north" in run()


def test_a_secret_is_rotated_through_the_environment(run, monkeypatch):
    run()
    monkeypatch.setenv("SK", "rotated")
    assert run() == "~ credential of payments-north: secret key changed\n"
    assert vault.open_field(Project.objects.get().credential, "secret_key").reveal() == "rotated"
    assert run() == "Nothing to do.\n"


def test_a_secret_is_read_from_a_file_of_its_own(run, tmp_path):
    (tmp_path / "sk").write_text(f"\n{SK} \n", encoding="utf-8")
    run(**{"env:SK": f"file:{tmp_path / 'sk'}"})
    assert vault.open_field(Project.objects.get().credential, "secret_key").reveal() == SK


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("env:NOT_SET_ANYWHERE", "The environment has no such variable, or an empty one."),
        ("file:no/such/file", "The file cannot be read: No such file or directory."),
        ("file:EMPTY", "The file is empty."),
        ("file:BINARY", "The file cannot be read: it holds no text."),
        (SK, "A secret is not written here itself: write “env:NAME” or “file:PATH”"),
    ],
)
def test_a_reference_that_leads_to_no_secret_is_told_at_its_place(
    run, tmp_path, monkeypatch, reference, told
):
    monkeypatch.chdir(tmp_path)
    Path("EMPTY").write_text("\n")
    Path("BINARY").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError) as error:
        run(**{"env:SK": reference})
    assert str(error.value).startswith(f"projects[0].credential.secret_key: {told}")
    assert SK not in str(error.value)
    assert not Project.objects.exists()


def test_all_that_is_wrong_is_told_and_nothing_is_written(run):
    before = dump_of_the_database()
    with pytest.raises(CommandError) as error:
        run(**{"env:AK": "literal", "[approver]": "[owner]", "project: payments-north": "project: nowhere"})
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == [
        "teams[0].members.lead",
        "projects[0].credential.access_key",
        "instances[0].project",
    ]
    assert dump_of_the_database() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"a: *{SK}", ", line 1: this is not YAML."),
        (f"a:\n  - [{SK}", ", line 2: this is not YAML."),
        ("a: 2026-13-45", ": this is not YAML."),
        ("a: \x00", ": this is not YAML."),
        ("[" * 5000, ": this is not YAML."),
    ],
)
def test_what_is_no_yaml_is_told_by_its_line_and_not_repeated(run, file, text, told):
    file.write_text(text)
    with pytest.raises(CommandError) as error:
        run()
    assert str(error.value) == f"{file}{told}"


def test_a_file_that_is_not_there_is_told(run, file, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("apply", str(tmp_path / "nothing.yaml"))
