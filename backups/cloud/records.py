"""What the cloud knows of a backup or an instance, in our words; only `id` is sure to be there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backups.cloud.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRecord:
    """A backup as the cloud tells it (contract.md, "List backups")."""

    id: str
    name: str | None = None
    description: str | None = None
    status: str | None = None
    type: str | None = None
    instance_id: str | None = None
    instance_name: str | None = None
    begin_time: datetime | None = None
    end_time: datetime | None = None
    size_mb: float | None = None
    job_id: str | None = None
    datastore_type: str | None = None
    datastore_version: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    exchange: Exchange | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRecord:
    """An instance as the cloud tells it (contract.md, "Others used")."""

    id: str
    name: str | None = None
    status: str | None = None
    type: str | None = None
    region: str | None = None
    datastore_type: str | None = None
    datastore_version: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    volume_gb: float | None = None
    volume_used_gb: float | None = None
    time_zone: str | None = None
    backup_start_time: str | None = None
    keep_days: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job of the cloud (contract.md, "Others used"). `percent` from 0 to 100, where the cloud says."""

    id: str
    status: str | None = None
    percent: int | None = None
    fail_reason: str | None = None
