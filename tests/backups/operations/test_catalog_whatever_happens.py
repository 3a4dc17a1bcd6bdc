"""After whatever happened in the cloud, and enough syncs, both sides' books are the same."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from backups.models import Backup, Source, Status
from backups.operations import catalog, pace, progress, searching, submission
from tests.fixtures.catalog import assert_same_as_cloud

STEPS = 40
STATUSES = ("COMPLETED", "AVAILABLE", "FAILED", "DELETING", "DREAMING", "BUILDING")


class Story:
    """One random course of events, in the cloud and here."""

    def __init__(self, seed: int, project: Any, simulator: Any, plant: Any, ask: Any) -> None:
        self.chance = random.Random(seed)
        self.project, self.simulator, self.plant, self.ask = project, simulator, plant, ask
        ours, theirs, *_ = project.instances.filter(status="normal").order_by("volume_gb")
        self.ours, self.theirs = ours, theirs
        self.at = timezone.now()
        self.asked: list[Backup] = []

    def go_on(self) -> None:
        """One thing happens."""
        theirs = [self.somebody_takes, self.somebody_changes, self.somebody_deletes]
        self.chance.choice([*theirs, self.we_take, self.we_sync, self.we_look])()

    def let_pass(self, time: timedelta) -> None:
        """Time goes by, here and there."""
        self.at += time
        self.simulator.advance(time.total_seconds())

    def some(self) -> str:
        """A backup that the cloud has, or had."""
        made = self.simulator.backups(self.project.project_id, has_past=True)
        theirs = [row for row in made if row["instance_id"] == self.theirs.cloud_id]
        return str(self.chance.choice(theirs)["id"])

    def somebody_takes(self) -> None:
        name = f"by-hand-{self.chance.randrange(10)}"
        age = timedelta(hours=self.chance.randrange(100))
        self.plant(name, instance=self.theirs, age=age, status=self.chance.choice(STATUSES))

    def somebody_changes(self) -> None:
        told = {"status": self.chance.choice(STATUSES)}
        if self.chance.random() < 0.5:
            told = {"name": f"renamed-{self.chance.randrange(5)}"}
        self.simulator.control(f"backups/{self.some()}", told)

    def somebody_deletes(self) -> None:
        self.simulator.control(f"backups/{self.some()}", {"is_deleted": self.chance.random() < 0.7})

    def we_take(self) -> None:
        backup = self.ask(self.ours, f"ours-{len(self.asked)}", at=self.at)
        self.asked.append(backup)
        if self.chance.random() < 0.7:
            self.simulator.fault(operation="create_backup", at="applied", action="drop")
        submission.submit(backup.pk, clock=lambda: self.at)
        self.simulator.clear_faults()

    def we_sync(self) -> None:
        if self.chance.random() < 0.3:
            told = {"action": "body", "body": '{"backups": [], "total_count": 0}'}
            self.simulator.fault(operation="list_backups", at="reply", **told)
        self.simulator.control("lag", {"seconds": self.chance.choice((0, 0, 60))})
        catalog.make_due(self.project, at=self.at)
        catalog.sync_all(self.project.pk, at=self.at)
        self.simulator.clear_faults()

    def we_look(self) -> None:
        self.let_pass(timedelta(seconds=self.chance.randrange(600)))
        for backup in Backup.objects.filter(next_action_at__lte=self.at):
            if backup.status == Status.UNCONFIRMED:
                searching.look(backup.pk, at=self.at)
            elif backup.status == Status.QUEUED:
                submission.submit(backup.pk, clock=lambda: self.at)
        progress.follow(self.project.pk, at=self.at)

    def come_to_rest(self) -> datetime:
        """No more happens in the cloud; Safepoint goes on for some hours."""
        self.simulator.control("lag", {"seconds": 0})
        self.let_pass(timedelta(hours=2))
        for _ in range(12):
            self.we_look()
            self.let_pass(pace.look_horizon())
            catalog.make_due(self.project, at=self.at)
            catalog.sync_all(self.project.pk, at=self.at)
        return self.at


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_sides_say_the_same_and_nothing_that_was_asked_for_here_is_doubled(
    seed, due, simulator, plant, ask
):
    simulator.control("twins", {"allowed": True})
    story = Story(seed, due, simulator, plant, ask)
    for _ in range(STEPS):
        story.go_on()
    story.come_to_rest()
    assert_same_as_cloud(due, simulator)
    made = simulator.backups(due.project_id)
    for backup in story.asked:
        there = [row["id"] for row in made if row["name"] == backup.name]
        here = Backup.objects.filter(instance=story.ours, name=backup.name)
        assert there == [row.cloud_id for row in here if row.cloud_id]
        assert [row.source for row in here] == [Source.HERE]
