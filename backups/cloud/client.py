"""The one door to the cloud: values in, frozen records out, one error family (contract.md)."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from backups.cloud.answers import Answer
from backups.cloud.auth import Auth
from backups.cloud.caller import Caller, Query
from backups.cloud.errors import CloudAmbiguous
from backups.cloud.guard import Guard, Target
from backups.cloud.listing import PAGE_LIMIT, IncompleteListError, Page, Tally, read_all, read_page
from backups.cloud.projects import find_project_id
from backups.cloud.readers import UnreadableError, read_backup, read_instance, read_job
from backups.cloud.records import BackupRecord, InstanceRecord, JobRecord
from backups.cloud.throttle import Throttle
from backups.cloud.transport import Transport
from backups.cloud.wire import Wire, utc_now
from backups.contract import fields
from backups.contract.json_text import mapping_in, text_in
from backups.contract.times import format_time

APIS = ("mysql/v3", "v3")
"""The generations of the path (contract.md); which one a cloud answers belongs to the project."""

LANGUAGES = ("en-us", "zh-cn")
DEADLINE_SECONDS = 30.0

Record = TypeVar("Record")


class CloudClient:
    """Speaks for one credential to one project. Thread-safe; keep it, so that reads reuse connections.

    Every method raises only `CloudError` and its kinds, and `Violation`, before anything is sent, where
    an argument breaks a rule of the contract.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        api: str,
        project_id: str,
        auth: Auth,
        guard: Guard,
        throttle: Throttle | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        language: str = "en-us",
        allows_chinese_names: bool = False,
        ssl_context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        if api not in APIS:
            raise ValueError(f"api is one of {', '.join(APIS)}")
        if language not in LANGUAGES:
            raise ValueError(f"language is one of {', '.join(LANGUAGES)}")
        self._endpoint = endpoint
        self._api = api
        self._project_id = project_id
        self._allows_chinese_names = allows_chinese_names
        wire = Wire(Transport(guard, ssl_context=ssl_context), throttle, now)
        self._caller = Caller(wire, guard, auth, language, deadline_seconds)

    def __repr__(self) -> str:
        return f"CloudClient({self._endpoint!r}, {self._api!r}, {self._project_id!r})"

    def create_backup(self, *, instance_id: str, name: str, description: str = "") -> BackupRecord:
        """Ask for a manual backup, once; the call is not idempotent and is never repeated on doubt.

        Raises `CloudAmbiguous` where a success does not name a backup of this instance.
        """
        fields.check_instance_id(instance_id)
        fields.check_name(name, allow_chinese=self._allows_chinese_names)
        fields.check_description(description)
        body = {"instance_id": instance_id, "name": name}
        if description:
            body["description"] = description
        answer = self._call("POST", "backups/create", body=body, at_step="create_backup")
        return _created(answer, instance_id)

    def list_backups(
        self,
        *,
        instance_id: str | None = None,
        backup_id: str | None = None,
        backup_type: Literal["auto", "manual"] | None = None,
        begin_time: datetime | None = None,
        end_time: datetime | None = None,
    ) -> list[BackupRecord]:
        """All backups that match, all pages; a list that is not whole raises, it is never returned."""
        query = {
            "instance_id": instance_id,
            "backup_id": backup_id,
            "backup_type": backup_type,
            "begin_time": format_time(begin_time) if begin_time else None,
            "end_time": format_time(end_time) if end_time else None,
        }
        return self._list("backups", query, read_backup)

    def pages_of_backups(
        self, *, begin_time: datetime, end_time: datetime, tally: Tally
    ) -> Iterator[list[BackupRecord]]:
        """The backups that began between two moments, page by page as they come.

        Whether they are all of them, `tally` tells in the end; raises at the page that fails.
        """
        period = {"begin_time": format_time(begin_time), "end_time": format_time(end_time)}
        while not tally.is_over:
            page = self._page("backups", period, offset=tally.offset)
            tally.add(page)
            yield [read_backup(entry) for entry in page.entries.values()]

    def show_job(self, job_id: str) -> JobRecord:
        """How far a job is; tells of its progress only, never whether there is a backup (contract.md)."""
        answer = self._call("GET", "jobs", query={"id": job_id}, at_step="show_job")
        try:
            return read_job(mapping_in(answer.json(at_step="show_job")).get("job"))
        except UnreadableError as error:
            raise answer.unclear(str(error), at_step="show_job") from None

    def list_instances(self) -> list[InstanceRecord]:
        """All instances of the project, all pages; a list that is not whole raises."""
        return self._list("instances", {}, read_instance)

    def delete_backup(self, backup_id: str) -> None:
        """Delete a manual backup."""
        fields.check_backup_id(backup_id)
        self._call("DELETE", f"backups/{backup_id}", at_step="delete_backup")

    def find_project_id(self, iam_endpoint: str, region: str) -> str:
        """The id of the project in `region`; raises `CloudRefused` where the credential sees none."""
        return find_project_id(self._caller, iam_endpoint, region)

    def resolve(self) -> Target:
        """Where the endpoint leads, as far as the guard allows it."""
        return self._caller.guard.check(self._endpoint)

    def connect(self) -> None:
        """Open a connection to the endpoint, TLS included, and close it."""
        self._caller.connect(self._endpoint)

    def clock_skew(self) -> float | None:
        """By how many seconds this machine is ahead of the cloud; None where the cloud does not tell."""
        request = self._caller.request("GET", self._endpoint, self._path("instances"))
        return self._caller.ask_unsigned(request, at_step="clock").skew_seconds

    def sign_in(self) -> None:
        """Prove the credential by itself: a new token; an access key is proved only by a call."""
        self._caller.sign_in()

    def try_lists(self) -> None:
        """Read one entry of each list that Safepoint needs, to see whether the rights suffice."""
        for name in ("instances", "backups"):
            self._page(name, {}, offset=0, limit=1)

    def _list(self, name: str, query: Query, read: Callable[[Mapping[str, Any]], Record]) -> list[Record]:
        try:
            entries = read_all(lambda offset: self._page(name, query, offset=offset))
        except IncompleteListError as error:
            raise CloudAmbiguous(str(error), at_step=f"list_{name}") from None
        return [read(entry) for entry in entries]

    def _page(self, name: str, query: Query, *, offset: int, limit: int = PAGE_LIMIT) -> Page:
        at_step = f"list_{name}"
        paged = {**query, "offset": str(offset), "limit": str(limit)}
        answer = self._call("GET", name, query=paged, at_step=at_step)
        try:
            return read_page(answer.json(at_step=at_step), name)
        except UnreadableError as error:
            raise answer.unclear(str(error), at_step=at_step) from None

    def _call(
        self,
        method: str,
        rest: str,
        *,
        at_step: str,
        query: Query | None = None,
        body: Mapping[str, str] | None = None,
    ) -> Answer:
        request = self._caller.request(
            method,
            self._endpoint,
            self._path(rest),
            query=query,
            body=body,
            project_id=self._project_id,
        )
        return self._caller.call(request, at_step=at_step)

    def _path(self, rest: str) -> str:
        fields.check_project_id(self._project_id)
        return f"/{self._api}/{self._project_id}/{rest}"


def _created(answer: Answer, instance_id: str) -> BackupRecord:
    """The backup in the reply to the create call (faults.md, rule 3)."""
    at_step = "create_backup"
    reply = mapping_in(answer.json(at_step=at_step))
    try:
        # The newer generation names the job beside the backup (contract.md).
        record = read_backup(reply.get("backup"), job_id=text_in(reply.get("job_id")))
    except UnreadableError as error:
        raise answer.unclear(str(error), at_step=at_step) from None
    if record.instance_id not in (None, instance_id):
        raise answer.unclear("the reply names another instance", at_step=at_step)
    return replace(record, exchange=answer.exchange)
