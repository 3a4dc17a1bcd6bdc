"""An audit to be touched, and a file to be applied."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from backups.models import Team, User
from backups.operations import audit, callers
from tests.fixtures.cast import NOW
from tests.fixtures.declared import AK, SAMPLE, SK

LENGTH = 12

Run = Callable[..., str]


@pytest.fixture
def chained(payments: Team, dba: User) -> Team:
    """A team with twelve events, the odd ones made by a request."""
    for number in range(1, LENGTH + 1):
        with callers.acting_from("192.0.2.7" if number % 2 else ""):
            audit.record("told", team_id=payments.pk, at=NOW, by=dba, data={"n": number})
    return payments


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """The sample of the documentation, and what it refers to."""
    monkeypatch.setenv("AK", AK)
    monkeypatch.setenv("SK", SK)
    path = tmp_path / "safepoint.yaml"
    path.write_text(SAMPLE)
    return path


@pytest.fixture
def run(file) -> Run:
    """Apply the file, changed first where something is to stand in the place of something else."""

    def apply(*arguments: str, **instead: str) -> str:
        text = file.read_text()
        for old, new in instead.items():
            assert old in text
            text = text.replace(old, new)
        file.write_text(text)
        out = io.StringIO()
        call_command("apply", str(file), *arguments, stdout=out, stderr=out)
        return out.getvalue()

    return apply
