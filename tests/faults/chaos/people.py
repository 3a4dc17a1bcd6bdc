"""Those who click, and those who decide when they are asked."""

import queue
import random
import threading
from collections.abc import Sequence
from uuid import UUID

import urllib3
from django.db import connection
from django.utils import timezone

from backups.models import Backup, Status, User
from backups.operations import settling
from backups.operations.refusals import Refused
from tests.faults.chaos.plan import Click
from tests.faults.visitor import Visitor
from tests.fixtures.cast import PASSWORD
from tests.fixtures.simulated_cloud import SimulatedCloud

CLOSE_SHARE = 0.15


def click(
    clicks: "queue.SimpleQueue[Click]", site: str, person: User, places: Sequence[UUID], cloud: SimulatedCloud
) -> None:
    """Ask for one backup after the other; whoever gets no answer sends the same form again."""
    visitor = Visitor(site)
    _insist(lambda: visitor.sign_in(person.username, PASSWORD))
    while True:
        try:
            wanted = clicks.get_nowait()
        except queue.Empty:
            return
        if wanted.mishap is not None:
            cloud.fault(operation="create_backup", match={"name": wanted.name}, **wanted.mishap)
        for _ in range(1 + wanted.is_double):
            _insist(lambda wanted=wanted: _ask(visitor, wanted, places))


def _ask(visitor: Visitor, wanted: Click, places: Sequence[UUID]) -> None:
    token, instance = str(wanted.token), str(places[wanted.place])
    # Any page has the token of a form; this one is the cheapest.
    visitor.post("/backups/new", page="/search/", client_token=token, instances=instance, name=wanted.name)


def _insist(act) -> None:
    for _ in range(300):
        try:
            act()
            return
        except urllib3.exceptions.HTTPError:
            threading.Event().wait(0.2)
    raise AssertionError("the pages never came back")


def decide(person: User, chance: random.Random, stop: threading.Event) -> None:
    """Decide about every backup that asks for it, as people do: mostly once more, sometimes not."""
    while not stop.wait(0.5):
        asking = Backup.objects.filter(status=Status.UNCONFIRMED, needs_decision_at__isnull=False)
        for backup in asking.filter(send_again_by=None).select_related("team", "instance"):
            choice = settling.close if chance.random() < CLOSE_SHARE else settling.send_again
            try:
                choice(backup, by=person, at=timezone.now())
            except Refused:
                continue
    connection.close()
