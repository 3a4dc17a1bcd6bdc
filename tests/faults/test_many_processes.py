"""Several of each, killed in the middle of a batch or replaced under load (faults.md, rows 29 and 30)."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import urllib3

from backups.models import Backup
from tests.faults.test_killed import caller_of
from tests.faults.visitor import Visitor
from tests.faults.waiting import until

ROUNDS = 4
TIME_TO_THINK = 2.0


def test_row_29_two_reconcilers_and_two_workers_do_nothing_twice_and_one_may_die_in_the_middle_of_a_batch(
    quick, quick_instances, simulator, celery_worker, reconciler, ask_now, complete, assert_exactly_once
):
    simulator.hold("create_backup", at="received")
    backups = [
        ask_now(instance, f"{instance.name}-{number}")
        for number in range(ROUNDS)
        for instance in quick_instances[:5]
    ]
    reconcilers = [reconciler(**quick), reconciler(**quick)]
    [held] = simulator.wait_until_held()
    caller_of(Backup.objects.get(name=held["fields"]["name"]), *reconcilers).kill()
    simulator.release()
    celery_worker(**quick)
    celery_worker(**quick)
    complete(*backups)
    assert_exactly_once(*backups)


class Crowd:
    """People who go on clicking while processes are replaced; each turns to whichever pages are up."""

    def __init__(self, urls: list[str], username: str, password: str, places: list[str]) -> None:
        self.urls, self.places = urls, places
        self.username, self.password = username, password
        self.refusals: list[str] = []
        self.clicked: list[str] = []

    def click(self, number: int, stop: threading.Event) -> None:
        """Ask for one backup after the other; a form without an answer is sent again."""
        visitor = Visitor(self.urls[-1])
        self._insist(visitor, lambda: visitor.sign_in(self.username, self.password))
        count = 0
        while not stop.wait(TIME_TO_THINK):
            name, token, count = f"crowd-{number}-{count}", str(uuid4()), count + 1
            place = self.places[(number + count) % len(self.places)]
            form = {"client_token": token, "instances": place, "name": name}
            self._insist(visitor, lambda form=form: visitor.post("/backups/new", **form))
            self.clicked.append(name)

    def _insist(self, visitor: Visitor, act) -> None:
        while True:
            try:
                act()
                return
            except urllib3.exceptions.HTTPError:
                visitor.url = self.urls[-1]  # what a load balancer does
            except AssertionError as error:
                self.refusals.append(str(error))
                return


def test_row_30_processes_replaced_under_load_lose_nothing_repeat_nothing_and_show_nobody_a_5xx(
    quick, quick_instances, celery_worker, reconciler, web, dba, password, complete, assert_exactly_once
):
    old_web, old_worker, old_reconciler = web(**quick), celery_worker(**quick), reconciler(**quick)
    crowd = Crowd([old_web.url], dba.username, password, [str(place.pk) for place in quick_instances])
    stop = threading.Event()
    with ThreadPoolExecutor(3) as people:
        clicking = [people.submit(crowd.click, number, stop) for number in range(3)]
        until(lambda: len(crowd.clicked) >= 5)
        crowd.urls.append(web(**quick).url)
        celery_worker(**quick)
        reconciler(**quick)
        for process in (old_web, old_worker, old_reconciler):
            process.send(signal.SIGTERM)
            assert process.process.wait(60) == 0, process.output()
        seen = len(crowd.clicked)
        until(lambda: len(crowd.clicked) >= seen + 5)
        stop.set()
        for each in clicking:
            each.result()
    assert crowd.refusals == []
    backups = list(Backup.objects.all())
    assert sorted(backup.name for backup in backups) == sorted(crowd.clicked)
    complete(*backups, patience=200)
    assert_exactly_once(*backups)
