"""One random run from the first click to the verdict."""

import os
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from backups.models import Instance, Team, User
from backups.operations import inventory, projects
from backups.secrecy.secret import Secret
from tests.faults.chaos import people, verdict
from tests.faults.chaos.plan import LIST_LAG_SECONDS, LIST_MISHAPS, PACE, Click, Plan
from tests.faults.chaos.storm import Storm
from tests.fixtures.processes import Start
from tests.fixtures.simulated_cloud import SimulatedCloud

VISITORS = 3


@dataclass(frozen=True)
class Report:
    """What a run did, and what came of it."""

    seed: int
    counts: dict[str, int]
    invariants: dict[str, list[str]]

    @property
    def broken(self) -> dict[str, list[str]]:
        """The invariants that do not hold."""
        return {name: found for name, found in self.invariants.items() if found}

    def __str__(self) -> str:
        counts = "\n".join(f"  {count:6d} {name}" for name, count in self.counts.items())
        verdicts = "\n".join(
            f"  {'ok    ' if not found else 'BROKEN'} {name} {found[:5] or ''}"
            for name, found in self.invariants.items()
        )
        return f"chaos, seed {self.seed}\n{counts}\n{verdicts}"


@dataclass(frozen=True)
class World:
    """Where a run takes place."""

    cloud: SimulatedCloud
    worker: Start
    reconciler: Start
    web: Start
    team: Team
    requester: User
    admin: User

    def run(self, plan: Plan, *, patience: float, **environ: str) -> Report:
        """Do what `plan` says and wait for every backup's end; `environ` goes to the processes."""
        accesses = self._found(plan)
        places = list(Instance.objects.order_by("project__name", "name").values_list("pk", flat=True))
        settings = {"CLOUD_ENDPOINTS": self.cloud.endpoint, **PACE, **environ}
        site = self.web(**settings).url
        programs = {
            "worker": [self.worker(**settings), self.worker(**settings)],
            "reconciler": [self.reconciler(**settings), self.reconciler(**settings)],
        }
        storm = Storm(self.cloud, plan.chance, os.environ["REDIS_URL"], programs)
        storm.restarts("worker", lambda: self.worker(**settings))
        storm.restarts("reconciler", lambda: self.reconciler(**settings))
        clicks = list(plan.clicks())
        self._live_through(clicks, site, places, storm, plan, patience)
        running = [process for group in programs.values() for process in group]
        lists = len(self.cloud.history("list_backups"))
        return Report(
            plan.seed,
            {
                "requests": len(clicks),
                "create calls": len(self.cloud.history("create_backup")),
                "ambiguous outcomes": verdict.ambiguous_outcomes(),
                "lists broken": sum(lists // mishap["every"] for mishap in LIST_MISHAPS),
                **storm.counts,
            },
            verdict.invariants(clicks, self.cloud, [access["project_id"] for access in accesses], running),
        )

    def _live_through(
        self,
        clicks: Sequence[Click],
        site: str,
        places: Sequence[Any],
        storm: Storm,
        plan: Plan,
        patience: float,
    ) -> None:
        waiting: queue.SimpleQueue[Click] = queue.SimpleQueue()
        for click in clicks:
            waiting.put(click)
        calm, end = threading.Event(), threading.Event()
        with ThreadPoolExecutor(VISITORS + 2) as pool:
            weather = pool.submit(storm.blow, calm)
            deciders = pool.submit(people.decide, self.requester, plan.chance, end)
            visits = [
                pool.submit(people.click, waiting, site, self.requester, places, self.cloud)
                for _ in range(VISITORS)
            ]
            try:
                for visit in visits:
                    visit.result()
                deadline = time.monotonic() + patience
                while not verdict.is_over(len(clicks)) and time.monotonic() < deadline:
                    if deciders.done():
                        deciders.result()
                    time.sleep(0.5)
            finally:
                calm.set()
                end.set()
            weather.result()
            deciders.result()

    def _found(self, plan: Plan) -> list[dict[str, str]]:
        """Projects of the team in a cloud that protects nobody from calling twice, and lists late."""
        self.cloud.control("twins", {"allowed": True})
        self.cloud.control("lag", {"seconds": LIST_LAG_SECONDS})
        for mishap in LIST_MISHAPS:
            self.cloud.fault(operation="list_backups", times=0, **mishap)
        wanted = {"count": plan.projects, "instances": plan.instances_each}
        accesses: list[dict[str, str]] = self.cloud.control("tenants", wanted)["projects"]
        for number, access in enumerate(accesses):
            draft = projects.ProjectDraft(
                team=self.team,
                name=f"chaos-{number:03d}",
                region=access["region"],
                endpoint=self.cloud.endpoint,
                api="mysql/v3",
                project_id=access["project_id"],
                kind="aksk",
                access_key=Secret(access["access_key"]),
                secret_key=Secret(access["secret_key"]),
            )
            project = projects.create_project(draft, by=self.admin, at=timezone.now())
            inventory.sync(project.pk, at=timezone.now())
        return accesses
