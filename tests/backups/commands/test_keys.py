"""The keys of this Safepoint: made once, rotated, and refused at the start when they are wrong."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from backups.models import Credential
from backups.operations import vault
from backups.secrecy.sealing import new_key


@pytest.fixture
def keys(settings):
    """Set CREDENTIAL_KEYS, as a restart with another environment would."""

    def set_keys(*values: str) -> None:
        settings.CREDENTIAL_KEYS = [*values]
        vault.key_ring.cache_clear()

    yield set_keys
    vault.key_ring.cache_clear()


def test_keys_are_made_once_and_readable_by_their_owner_alone(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path / "var"
    call_command("make_keys")
    made = {path.name: path.read_text() for path in settings.VAR_DIR.iterdir()}
    assert set(made) == {"secret_key", "credential_keys"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in settings.VAR_DIR.iterdir()} == {0o600}
    call_command("make_keys")
    assert made == {path.name: path.read_text() for path in settings.VAR_DIR.iterdir()}
    assert all(value.strip() not in capsys.readouterr().out for value in made.values())


def test_rotation_seals_everything_anew_and_the_old_key_may_go(keys, settings, project, capsys):
    old, new = settings.CREDENTIAL_KEYS[0], new_key()
    keys(new, old)
    call_command("rotate_keys")
    assert "1 credentials, channels and key pairs sealed anew" in capsys.readouterr().out
    call_command("rotate_keys")
    assert "0 credentials, channels and key pairs sealed anew" in capsys.readouterr().out
    keys(new)
    credential = Credential.objects.select_related("project").get()
    assert vault.open_field(credential, "secret_key").reveal().startswith("CANARY")


def test_rotation_killed_in_the_middle_goes_on_where_it_was(keys, settings, project, foreign, monkeypatch):
    old, new = settings.CREDENTIAL_KEYS[0], new_key()
    keys(new, old)
    seal, calls = vault.seal_field, []

    def seal_and_die(*args):
        calls.append(args)
        if len(calls) > 3:
            raise KeyboardInterrupt
        seal(*args)

    with monkeypatch.context() as patched:
        patched.setattr(vault, "seal_field", seal_and_die)
        with pytest.raises(KeyboardInterrupt):
            call_command("rotate_keys")
    call_command("rotate_keys")
    keys(new)
    call_command("check", databases=["default"])


def test_rotation_reports_what_no_key_opens(keys, project):
    keys(new_key())
    with pytest.raises(CommandError, match="payments-north"):
        call_command("rotate_keys")


def test_a_wrong_key_is_told_at_the_start_with_a_hint(keys, project):
    keys(new_key())
    with pytest.raises(SystemCheckError, match=r"payments-north.*do not open") as refused:
        call_command("check", databases=["default"])
    assert "Put the key" in str(refused.value)


@pytest.mark.parametrize("wrong", [[], ["too-short"]])
@pytest.mark.django_db
def test_an_unusable_key_is_told_at_the_start(keys, wrong):
    keys(*wrong)
    with pytest.raises(SystemCheckError, match="CREDENTIAL_KEYS cannot be used"):
        call_command("check")
