"""Which path leads to which operation, and the way through the gateway to it."""

import re
from collections import deque
from collections.abc import Callable
from threading import Lock

from backups.simulator import identity, lists, manual, refusals
from backups.simulator.calls import Call, Reply
from backups.simulator.cloud import Cloud

Operation = Callable[[Cloud, Call], Reply]

PROJECT = r"/(?P<api>mysql/v3|v3)/(?P<project_id>[^/]+)"
PATHS: list[tuple[str, str, str]] = [
    ("POST", r"/v3/auth/tokens", "sign_in"),
    ("GET", r"/v3/projects|/v3/auth/projects", "list_projects"),
    ("POST", PROJECT + r"/backups/create", "create_backup"),
    ("GET", PROJECT + r"/backups", "list_backups"),
    ("DELETE", PROJECT + r"/backups/(?P<backup_id>[^/]+)", "delete_backup"),
    ("GET", PROJECT + r"/instances", "list_instances"),
    ("GET", PROJECT + r"/jobs", "show_job"),
    ("GET", PROJECT + r"/instances/(?P<instance_id>[^/]+)/backups/policy", "show_policy"),
]
ROUTES = [(method, re.compile(path), operation) for method, path, operation in PATHS]

OF_IDENTITY: dict[str, Operation] = {"sign_in": identity.sign_in, "list_projects": identity.list_projects}
OF_PROJECT: dict[str, Operation] = {
    "create_backup": manual.create,
    "list_backups": lists.list_backups,
    "delete_backup": manual.delete,
    "list_instances": lists.list_instances,
    "show_job": manual.show_job,
    "show_policy": lists.show_policy,
}
PROJECT_ID = re.compile(r"[0-9A-Za-z]{32}")


class Gateway:
    """Leads calls to their operations, and may count them."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.calls_per_second = 0
        self._lock = Lock()
        self._recent: dict[str, deque[float]] = {}

    def carry_out(self, call: Call) -> Reply:
        """Find the operation, see who calls, and do it."""
        if call.operation in OF_IDENTITY:
            return OF_IDENTITY[call.operation](self.cloud, call)
        if call.operation not in OF_PROJECT:
            raise refusals.no_such_api()
        caller = identity.caller_of(self.cloud, call)
        self._throttle(call.caller)
        project_id = call.parameters["project_id"]
        if not PROJECT_ID.fullmatch(project_id):
            raise refusals.bad_parameter("project_id is not valid.")
        if not caller.is_scoped or caller.project_id != project_id:
            raise refusals.not_authorized()
        return OF_PROJECT[call.operation](self.cloud, call)

    def _throttle(self, caller: str) -> None:
        """Refuse a call that comes too soon after others of the same credential, where a limit is set."""
        if not self.calls_per_second:
            return
        now = self.cloud.clock.now()
        with self._lock:
            recent = self._recent.setdefault(caller, deque())
            while recent and recent[0] <= now - 1:
                recent.popleft()
            if len(recent) >= self.calls_per_second:
                raise refusals.too_many_calls()
            recent.append(now)


def name_operation(call: Call) -> None:
    """Tell which operation a call is for, and what its path names."""
    for method, path, operation in ROUTES:
        match = path.fullmatch(call.path.rstrip("/") or "/")
        if match and method == call.method:
            call.operation, call.parameters = operation, match.groupdict()
            return
