"""What the simulated cloud has been told to do wrong, and the calls that it holds back.

A fault is {"operation": "create_backup", "match": {"name": "first"}, "at": "applied", "action": "drop"}:

- operation is one of `backups.simulator.routes`, or * for any.
- match says what path, query and body must hold, such as name, instance_id, project_id, offset, api.
- at is received (nothing is done yet), applied (all is done) or reply (half of the reply's body is sent).
- times says how often it strikes, 1 unless told otherwise, 0 for always; skip how many calls it spares first;
  every that it strikes at each such-and-such call only, 1 unless told otherwise.
- action is one of: hold until released; delay by `seconds`; drop the connection; reset it; reply a `status`
  (500) with `code`, `message` and `headers`; reply a `body` with `status` (200) and `headers`; send half of
  the reply; send it slow, a byte each `seconds`, its body or also its head (`part`), or with headers that
  never end (`is_endless`); send a big body of so many `bytes`, or one that unpacks to them (`is_gzip`).
"""

import math
import threading
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from backups.simulator.calls import Call, Reply, of_refusal
from backups.simulator.refusals import Refusal, bad_request

POINTS = frozenset({"received", "applied", "reply"})
ACTIONS = frozenset({"hold", "delay", "drop", "reset", "status", "body", "half", "slow", "big"})
KNOWN = frozenset({"operation", "match", "at", "action", "times", "skip", "every"})
OPTIONS = frozenset(
    {"seconds", "status", "code", "message", "body", "headers", "bytes", "is_gzip", "part", "is_endless"}
)

NUMBERS = frozenset({"seconds", "status", "bytes", "times", "skip", "every"})


class AbandonedError(Exception):
    """The world was reset while a call waited: it is neither carried out nor answered."""


@dataclass
class Fault:
    """One thing to do wrong, with the calls that it is for."""

    id: int
    operation: str
    match: dict[str, str]
    at: str
    action: str
    times: int | None
    skip: int
    every: int
    options: dict[str, Any]

    def fits(self, call: Call) -> bool:
        """Whether it is for this call."""
        if self.operation not in {"*", call.operation}:
            return False
        facts = {**call.fields(), **call.query, **call.parameters}
        return all(str(facts.get(name)) == value for name, value in self.match.items())

    def reply(self) -> Reply:
        """The reply that it puts in place of the cloud's own; a server failure unless told otherwise."""
        status = int(self.options.get("status", 200 if self.action == "body" else 500))
        headers = {name: str(value) for name, value in self.options.get("headers", {}).items()}
        if "body" in self.options:
            body = str(self.options["body"]).encode("utf-8", "surrogateescape")
            return Reply(status, body, {"Content-Type": "application/json", **headers})
        code, message = (
            self.options.get("code", "DBS.108000"),
            self.options.get("message", "Internal server error."),
        )
        return of_refusal(Refusal(status, code, message, headers))


@dataclass
class Held:
    """A call that waits at a point until it is released."""

    call: Call
    at: str
    go: threading.Event = field(default_factory=threading.Event)
    is_abandoned: bool = False


class Faults:
    """All that is to go wrong; safe for many threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._numbers = count(1)
        self._faults: list[Fault] = []
        self._held: list[Held] = []
        self._reset = threading.Event()

    def add(self, told: dict[str, Any]) -> int:
        """Take a fault; refuses one that makes no sense."""
        fault = _read(told, next(self._numbers))
        with self._changed:
            self._faults.append(fault)
        return fault.id

    def clear(self) -> None:
        """Forget the faults; calls that are held stay so."""
        with self._changed:
            self._faults.clear()

    def take(self, call: Call, at: str) -> list[Fault]:
        """The faults for a call at a point, each one time fewer from now on."""
        with self._changed:
            return [fault for fault in self._faults if fault.at == at and fault.fits(call) and _use(fault)]

    def hold(self, call: Call, at: str) -> None:
        """Keep a call waiting until it is released."""
        held = Held(call, at)
        with self._changed:
            self._held.append(held)
            self._changed.notify_all()
        held.go.wait()
        if held.is_abandoned:
            raise AbandonedError

    def wait(self, seconds: float) -> None:
        """Let time pass, unless the world is reset."""
        if self._reset.wait(seconds):
            raise AbandonedError

    def held(self, at_least: int = 0, patience: float = 0.0) -> list[dict[str, Any]]:
        """The calls that are held, once there are enough of them or patience has ended."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._held) >= at_least, patience)
            return [
                {
                    "id": held.call.id,
                    "operation": held.call.operation,
                    "at": held.at,
                    "fields": held.call.fields(),
                }
                for held in self._held
            ]

    def release(self, call_id: str | None = None) -> int:
        """Let one held call go on, or all; also forget the faults that hold, so that none is caught again."""
        with self._changed:
            if call_id is None:
                self._faults = [fault for fault in self._faults if fault.action != "hold"]
            going = [held for held in self._held if call_id in {None, held.call.id}]
            self._held = [held for held in self._held if held not in going]
        for held in going:
            held.go.set()
        return len(going)

    def reset(self) -> None:
        """Forget everything; whatever waits is abandoned."""
        with self._changed:
            waiting, self._held = self._held, []
            self._faults.clear()
            ended, self._reset = self._reset, threading.Event()
        ended.set()
        for held in waiting:
            held.is_abandoned = True
            held.go.set()


def _use(fault: Fault) -> bool:
    """Whether a fitting fault strikes this time."""
    if fault.skip:
        fault.skip -= 1
        return False
    fault.skip = fault.every - 1
    if fault.times is None:
        return True
    fault.times -= 1
    return fault.times >= 0


def _read(told: dict[str, Any], number: int) -> Fault:
    _check(told)
    unknown = set(told) - KNOWN - OPTIONS
    action = told.get("action")
    at = told.get("at", "reply" if action in {"half", "slow", "big"} else "received")
    if unknown or action not in ACTIONS or at not in POINTS:
        raise bad_request(f"No such fault: {', '.join(sorted(unknown)) or f'{action} at {at}'}.")
    times, every = told.get("times", 1), max(int(told.get("every", 1)), 1)
    return Fault(
        id=number,
        operation=told.get("operation", "*"),
        match={name: str(value) for name, value in told.get("match", {}).items()},
        at=at,
        action=action,
        times=int(times) if times else None,
        skip=int(told.get("skip", 0)) + every - 1,
        every=every,
        options={name: told[name] for name in OPTIONS & set(told)},
    )


def _check(told: dict[str, Any]) -> None:
    """Refuse at once what would fail only when the fault strikes."""
    for name in NUMBERS & set(told):
        if not math.isfinite(float(told[name] or 0)):
            raise ValueError(name)
    if not isinstance(told.get("headers", {}), dict):
        raise TypeError("headers")
