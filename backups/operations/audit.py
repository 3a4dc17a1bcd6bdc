"""Events of the audit, written in the transaction of the act."""

from datetime import datetime
from typing import Any

from django.db import transaction

from backups.models import Backup, Event, Project, User

act = transaction.atomic


def record(
    verb: str,
    *,
    team_id: int,
    at: datetime,
    by: User | None = None,
    backup: Backup | None = None,
    project: Project | None = None,
    from_status: str = "",
    to_status: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    Event.objects.create(
        team_id=team_id, at=at, actor=by, verb=verb, backup=backup, project=project,
        from_status=from_status, to_status=to_status, data=data or {},
    )
