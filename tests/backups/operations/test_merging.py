"""What a sync took for somebody else's is made one with the request that it was."""

from datetime import timedelta

from django.utils import timezone

from backups import cloud
from backups.models import Backup, Source, Status
from backups.operations import claims, outcomes, searching
from backups.operations.progress import follow
from tests.backups.operations.conftest import namesakes, read
from tests.fixtures.catalog import assert_same_as_cloud

NAME = "before-release"


def slip_in(backup: Backup, cloud_id: str, status: str = "COMPLETED") -> Backup:
    """The row of a sync that had not known better."""
    return Backup.objects.create(
        team=backup.team,
        instance=backup.instance,
        name=backup.name,
        source=Source.ELSEWHERE,
        requested_at=timezone.now(),
        begin_time=timezone.now(),
        cloud_id=cloud_id,
        raw_status=status,
        status=status,
        next_action_at=timezone.now() if status == "BUILDING" else None,
    )


def test_the_reply_of_a_call_takes_the_place_of_what_slipped_in(smallest, ask):
    backup = ask(smallest, NAME, at=timezone.now())
    claimed = claims.claim(backup.pk, at=timezone.now())
    assert claimed
    slip_in(backup, "b" * 36, "BUILDING")
    record = cloud.BackupRecord(id="b" * 36, name=NAME, instance_id=smallest.cloud_id)
    outcomes.write_accepted(claimed.attempt, record, at=timezone.now(), verb="accepted")
    assert (read(backup).status, read(backup).cloud_id) == (Status.BUILDING, "b" * 36)
    assert namesakes(backup) == []


def test_a_look_finds_what_slipped_in_and_makes_one_row_of_both(lost, simulator):
    [made] = [row for row in simulator.backups(lost.instance.project.project_id) if row["name"] == NAME]
    slip_in(lost, made["id"], "BUILDING")
    searching.look(lost.pk, at=read(lost).next_action_at)
    assert read(lost).cloud_id == made["id"]
    assert namesakes(lost) == []


def test_what_slipped_in_and_has_a_past_says_what_it_was(lost, simulator, sync, simulated):
    [made] = [row for row in simulator.backups(lost.instance.project.project_id) if row["name"] == NAME]
    twin = slip_in(lost, made["id"], "BUILDING")
    simulator.set_backup_status(made["id"], "COMPLETED")
    follow(simulated.pk, at=timezone.now() + timedelta(seconds=3))
    assert read(twin).status == Status.COMPLETED
    searching.look(lost.pk, at=read(lost).next_action_at)
    twin, backup = read(twin), read(lost)
    assert (backup.status, backup.cloud_id) == (Status.COMPLETED, made["id"])
    assert (twin.status, twin.cloud_id) == (Status.CANCELLED, None)
    merged = twin.events.get(verb="merged")
    assert merged.data == {"into": str(lost.pk), "cloud_id": made["id"]}
    sync()
    assert_same_as_cloud(simulated, simulator)
