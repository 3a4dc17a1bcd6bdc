"""The control interface, `/_control/`: tells the cloud to fail, and tells what it knows.

POST faults               {operation, match, at, action, times, skip, ...}; see `backups.simulator.faults`
DELETE faults             forget them; calls that are held stay so
GET  held?count=&seconds= the calls that are held, once there are so many
POST release              {id} or all
GET  history?project_id=  every call, and every backup with those that are deleted or not listed yet
GET  instances?project_id=
POST clock                {advance} the world, or {offset} of the clock on the wall
POST instances/{id}       {status, is_deleted, new_id}
POST backups/{id}         {status, is_deleted, name}; BUILDING without an end
POST backups              a backup taken by somebody else: {instance_id, name, ...}
POST lag                  {seconds} until a fresh backup is listed
POST twins                {allowed}: take a name twice, and several backups at a time
POST throttle             {calls_per_second}, 0 for no limit
POST tokens/expire
POST keys                 {project_id, seconds}: a temporary pair of keys with its security token
POST tenants              {count, instances, name, region}: more projects, with their keys
POST fill                 {projects, instances, backups, name, region}: as many in all, in seconds
POST reset                the world of the seed, with the same keys
"""

import math
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from backups.simulator import filling, tampering
from backups.simulator.calls import Call, Reply, of_json, of_refusal
from backups.simulator.exchange import Exchange
from backups.simulator.refusals import Refusal, bad_request, no_such_api

Command = Callable[[dict[str, Any]], Any]
MOST_PATIENCE = 60.0


class Control:
    """Answers calls below /_control/."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        cloud = exchange.cloud
        commands: list[tuple[str, str, Command]] = [
            ("POST", "faults", lambda told: {"id": exchange.faults.add(told)}),
            ("DELETE", "faults", lambda _: exchange.faults.clear()),
            ("GET", "held", self._held),
            ("POST", "release", lambda told: {"released": exchange.faults.release(told.get("id"))}),
            ("GET", "history", self._history),
            ("GET", "instances", lambda told: {"instances": tampering.instances(cloud, told)}),
            ("POST", "clock", self._clock),
            ("POST", "instances/(?P<id>[^/]+)", lambda told: tampering.change_instance(cloud, told)),
            ("POST", "backups/(?P<id>[^/]+)", lambda told: tampering.change_backup(cloud, told)),
            ("POST", "backups", lambda told: {"id": tampering.plant_backup(cloud, told)}),
            ("POST", "lag", self._lag),
            ("POST", "twins", self._twins),
            ("POST", "throttle", self._throttle),
            ("POST", "tokens/expire", lambda _: tampering.expire_tokens(cloud)),
            ("POST", "keys", lambda told: tampering.temporary_key(cloud, told)),
            ("POST", "tenants", lambda told: {"projects": tampering.add_tenants(cloud, told)}),
            ("POST", "fill", lambda told: {"projects": filling.fill(cloud, filling.size_of(told))}),
            ("POST", "reset", lambda _: exchange.reset()),
        ]
        self._commands = [(method, re.compile(path), command) for method, path, command in commands]

    def answer(self, call: Call) -> Reply:
        """Do what a call says."""
        path = call.path.removeprefix("/_control/").rstrip("/")
        try:
            for method, pattern, command in self._commands:
                match = pattern.fullmatch(path)
                if match and method == call.method:
                    return of_json(command({**call.query, **call.fields(), **match.groupdict()}) or {})
        except Refusal as refusal:
            return of_refusal(refusal)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return of_refusal(bad_request(f"Not understood: {error!r}.", HTTPStatus.BAD_REQUEST))
        return of_refusal(no_such_api())

    def _held(self, told: dict[str, Any]) -> dict[str, Any]:
        patience = min(float(told.get("seconds", 0)), MOST_PATIENCE)
        return {"held": self._exchange.faults.held(int(told.get("count", 0)), patience)}

    def _history(self, told: dict[str, Any]) -> dict[str, Any]:
        backups = tampering.backups(self._exchange.cloud, told)
        return {"calls": self._exchange.history.told(), "backups": backups}

    def _clock(self, told: dict[str, Any]) -> dict[str, Any]:
        clock = self._exchange.cloud.clock
        if "offset" in told:
            clock.set_offset(_number(told["offset"]))
        clock.advance(_number(told.get("advance", 0)))
        return {"now": clock.now(), "shown": clock.shown()}

    def _lag(self, told: dict[str, Any]) -> None:
        self._exchange.cloud.lag_seconds = _number(told["seconds"])

    def _twins(self, told: dict[str, Any]) -> None:
        self._exchange.cloud.takes_twins = bool(told["allowed"])

    def _throttle(self, told: dict[str, Any]) -> None:
        self._exchange.gateway.calls_per_second = int(told["calls_per_second"])


def _number(value: Any) -> float:
    """A number that time can be reckoned with."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number
