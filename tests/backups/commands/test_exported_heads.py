"""What the log knows of the audit, and what becomes of it when keys are rotated."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from backups.models import AuditHead, Event, Team
from backups.operations import audit, verification
from backups.secrecy.sealing import new_key
from tests.backups.commands.test_verify_audit import attack, verify, verify_broken
from tests.fixtures.cast import NOW
from tests.fixtures.running import wait_until

AS_TYPED = (
    "audit head   [backups.operations.verification] at=x mac={mac} number={number} team=x team_id={team_id}"
)
AS_JSON = (
    "2026-11-23 host safepoint[1]: "
    '{{"team_id": {team_id}, "number": {number}, "mac": "{mac}", "event": "audit head"}}'
)


@pytest.fixture
def exported(caplog):
    """The heads that went to the log so far."""

    def read() -> list[dict[str, object]]:
        lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
        return [line for line in lines if line["event"] == "audit head"]

    return read


def test_a_head_goes_to_the_log_every_five_minutes_if_it_has_grown(chained, storefront, exported):
    verification.export_heads(at=NOW)
    audit.record("told", team_id=chained.pk, at=NOW)
    verification.export_heads(at=NOW + timedelta(minutes=4, seconds=59))
    [told] = exported()
    assert (told["team"], told["number"]) == ("payments", 12)
    assert told["mac"] == Event.objects.get(number=12).mac
    verification.export_heads(at=NOW + timedelta(minutes=5))
    verification.export_heads(at=NOW + timedelta(minutes=10))
    assert [told["number"] for told in exported()] == [12, 13]


@pytest.mark.parametrize("line", [AS_TYPED, AS_JSON])
def test_what_was_cut_off_back_to_an_old_true_head_is_missed_in_the_log(chained, exported, tmp_path, line):
    old = AuditHead.objects.values("number", "mac", "seal", "seal_key").get()
    audit.record("shameful", team_id=chained.pk, at=NOW)
    verification.export_heads(at=NOW)
    log = tmp_path / "log"
    log.write_text(f"noise\n{line.format(**exported()[0])}\naudit head without words\n")
    assert "comes by all of 1 exported heads" in verify(f"--head={log}")
    attack(
        "DELETE FROM backups_event WHERE verb = 'shameful'",
        "UPDATE backups_audithead SET number = {number}, mac = '{mac}', seal = '{seal}', "
        "seal_key = '{seal_key}', verified_number = 0".format(**old),
    )
    assert "whole up to event 12" in verify()
    assert "BROKEN at event 13: it looks as if the newest events were cut off" in verify_broken(
        f"--head={log}"
    )


def test_a_team_that_is_gone_with_its_audit_is_missed_in_the_log(db, tmp_path):
    log = tmp_path / "log"
    log.write_text(AS_JSON.format(team_id=999_999, number=3, mac="0" * 64))
    with pytest.raises(CommandError, match="team 999999, which is gone"):
        verify(f"--head={log}")


def test_only_what_has_grown_is_verified_each_few_minutes_and_all_of_it_each_day(chained, caplog):
    verification.verify_due(at=NOW)
    head = AuditHead.objects.get()
    assert (head.verified_number, head.verified_at, head.verified_whole_at) == (12, NOW, NOW)
    audit.record("told", team_id=chained.pk, at=NOW)
    attack("UPDATE backups_event SET verb = 'forged' WHERE number = 5")
    verification.verify_due(at=NOW + timedelta(minutes=4))
    assert AuditHead.objects.get().verified_number == 12
    verification.verify_due(at=NOW + timedelta(minutes=5))
    assert (AuditHead.objects.get().verified_number, AuditHead.objects.get().damage) == (13, "")
    for hours in (24, 25):
        verification.verify_due(at=NOW + timedelta(hours=hours))
    head = AuditHead.objects.get()
    assert (head.damage, head.broken_number, head.broken_at) == ("edited", 5, NOW + timedelta(hours=24))
    assert sum(record.levelname == "ERROR" for record in caplog.records) == 2
    attack("UPDATE backups_event SET verb = 'told' WHERE number = 5")
    verify()
    assert (AuditHead.objects.get().damage, AuditHead.objects.get().broken_at) == ("", None)


def test_a_chain_outlives_its_key_as_long_as_the_old_one_is_listed(chained, settings, capsys):
    old, new = settings.CREDENTIAL_KEYS[0], new_key()
    settings.CREDENTIAL_KEYS = [new, old]
    call_command("rotate_keys")
    assert "12 audit events can be verified only while the older keys stay listed" in capsys.readouterr().out
    audit.record("told", team_id=chained.pk, at=NOW)
    assert "whole up to event 13" in verify()
    settings.CREDENTIAL_KEYS = [new]
    said = verify_broken()
    assert "Event 1 was marked with a key that is not in CREDENTIAL_KEYS" in said
    assert "put the old key back" in said
    call_command("rotate_keys")
    assert "12 audit events cannot be verified: their key is not listed" in capsys.readouterr().out


def test_the_reconciler_tells_the_log_and_verifies(transactional_db, reconciler):
    team = Team.objects.create(name="Payments", slug="payments")
    audit.record("told", team_id=team.pk, at=NOW)
    running = reconciler(LOG_FORMAT="json")
    wait_until(lambda: AuditHead.objects.filter(verified_number=1).exists(), running)
    [line] = [json.loads(line) for line in running.output().splitlines() if '"audit head"' in line]
    assert (line["team"], line["number"], line["mac"]) == ("payments", 1, Event.objects.get().mac)
