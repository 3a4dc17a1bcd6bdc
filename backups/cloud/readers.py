"""From the cloud's JSON to our records: tolerant of everything but a missing id."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backups.cloud.records import BackupRecord, InstanceRecord, JobRecord
from backups.contract.json_text import count_in, mapping_in, number_in, text_in
from backups.contract.times import parse_time

PERCENT = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]*)?\s*%?\s*")


class UnreadableError(ValueError):
    """JSON that is not what the contract says should stand there."""


def read_backup(value: Any, *, job_id: str | None = None) -> BackupRecord:
    """A backup of the create reply or of the list; raises `UnreadableError` without an id."""
    raw = mapping_in(value)
    datastore = mapping_in(raw.get("datastore"))
    return BackupRecord(
        id=id_in(raw),
        name=text_in(raw.get("name")),
        # One published table spells `descriprion` (contract.md).
        description=_first_text(raw, "description", "descriprion"),
        status=text_in(raw.get("status")),
        type=text_in(raw.get("type")),
        instance_id=text_in(raw.get("instance_id")),
        instance_name=text_in(raw.get("instance_name")),
        begin_time=time_in(raw.get("begin_time")),
        end_time=time_in(raw.get("end_time")),
        size_mb=number_in(raw.get("size")),
        job_id=job_id or text_in(raw.get("job_id")),
        datastore_type=text_in(datastore.get("type")),
        datastore_version=text_in(datastore.get("version")),
        raw=raw,
    )


def read_instance(value: Any) -> InstanceRecord:
    """An instance of the list; raises `UnreadableError` without an id."""
    raw = mapping_in(value)
    datastore, volume = mapping_in(raw.get("datastore")), mapping_in(raw.get("volume"))
    strategy = mapping_in(raw.get("backup_strategy"))
    return InstanceRecord(
        id=id_in(raw),
        name=text_in(raw.get("name")),
        status=text_in(raw.get("status")),
        type=text_in(raw.get("type")),
        region=text_in(raw.get("region")),
        datastore_type=text_in(datastore.get("type")),
        datastore_version=text_in(datastore.get("version")),
        created_at=time_in(raw.get("created")),
        updated_at=time_in(raw.get("updated")),
        volume_gb=number_in(volume.get("size")),
        volume_used_gb=number_in(volume.get("used")),
        time_zone=text_in(raw.get("time_zone")),
        backup_start_time=text_in(strategy.get("start_time")),
        keep_days=count_in(strategy.get("keep_days")),
        raw=raw,
    )


def read_job(value: Any) -> JobRecord:
    """A job as asked for by its id; raises `UnreadableError` without an id."""
    raw = mapping_in(value)
    return JobRecord(
        id=id_in(raw),
        status=text_in(raw.get("status")),
        percent=_percent_in(raw.get("process")),
        fail_reason=text_in(raw.get("fail_reason")),
    )


def _percent_in(value: Any) -> int | None:
    """A share such as "60%", from 0 to 100, else None."""
    found = PERCENT.fullmatch(text_in(value) or "")
    percent = int(found[1]) if found else None
    return percent if percent is not None and percent <= 100 else None


def id_in(value: Any) -> str:
    """The id of an entry, the one field that must be there; raises `UnreadableError`."""
    raw = mapping_in(value)
    found = (text_in(raw.get("id")) or "").strip()
    if not found:
        raise UnreadableError("an entry without an id")
    return found


def time_in(value: Any) -> datetime | None:
    """`value` as a moment, or None where it is none."""
    try:
        return parse_time(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _first_text(raw: Mapping[str, Any], *names: str) -> str | None:
    found = (text_in(raw.get(name)) for name in names)
    return next((text for text in found if text is not None), None)
