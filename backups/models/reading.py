"""The indexes by which the history of backups is read, each with what reads it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Collate, Lower

from backups.models import states
from backups.models.states import Source, Status

STARTED = Coalesce("begin_time", "requested_at")
"""When a backup began, or was asked for while it has not."""

BACKUP_INDEXES: list[models.Index] = [
    # The history, in each order and by each filter (backups/queries/keyset.py).
    models.Index(
        F("team"),
        STARTED.desc(),
        F("id").desc(),
        include=["begin_time", "requested_at"],
        name="backup_by_start",
    ),
    models.Index(fields=["team", "size_mb", "id"], name="backup_by_size"),
    models.Index(F("team"), F("end_time") - F("begin_time"), F("id"), name="backup_by_took"),
    models.Index(
        F("team"), F("status"), F("source"), STARTED.desc(), F("id").desc(), name="backup_by_status"
    ),
    models.Index(F("instance"), STARTED.desc(), F("id").desc(), name="backup_by_instance"),
    models.Index(
        F("team"),
        F("requested_by"),
        STARTED.desc(),
        F("id").desc(),
        condition=Q(requested_by__isnull=False),
        name="backup_by_person",
    ),
    models.Index(
        F("team"),
        STARTED.desc(),
        F("id").desc(),
        condition=Q(needs_decision_at__isnull=False) | ~Q(alarm=""),
        name="backup_needs_person",
    ),
    GinIndex(
        fields=["name", "description"],
        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
        name="backup_words",
    ),
    models.Index(fields=["instance", "-requested_at", "-id"], name="backup_of_instance"),
    models.Index(
        fields=["review_by"],
        condition=Q(is_break_glass=True, reviewed_at=None),
        name="backup_review",
    ),
    models.Index(fields=["team", "changed_in"], name="backup_changes"),
    models.Index(
        fields=["next_action_at"],
        condition=Q(next_action_at__isnull=False),
        name="backup_due",
    ),
    models.Index(
        fields=["run_by"],
        condition=Q(status=Status.QUEUED, run_by__isnull=False),
        name="backup_run_by",
    ),
    models.Index(
        fields=["team", "approve_by"],
        condition=Q(status=Status.AWAITING_APPROVAL),
        name="backup_awaiting",
    ),
    models.Index(
        fields=["team", "requested_at"],
        condition=Q(is_break_glass=True),
        name="backup_break_glass",
    ),
    models.Index(
        fields=["next_watch_at"],
        condition=Q(next_watch_at__isnull=False),
        name="backup_watched",
    ),
    # What the overview asks for: what goes on, and what somebody should look at.
    models.Index(
        fields=["team", "requested_at", "id"],
        condition=Q(status__in=states.values(states.MOVING)),
        name="backup_moving",
    ),
    models.Index(
        fields=["team", "-requested_at", "-id"],
        condition=Q(status__in=states.values(states.BAD)),
        name="backup_bad",
    ),
    models.Index(
        fields=["team"],
        condition=Q(needs_decision_at__isnull=False) | ~Q(alarm=""),
        name="backup_to_look_at",
    ),
    # What coverage is read from, for any moment, without a look at the table (queries/coverage.py).
    models.Index(
        fields=["instance", "-begin_time"],
        include=["end_time", "gone_at", "id"],
        condition=Q(begin_time__isnull=False, end_time__isnull=False)
        & (
            Q(status__in=["AVAILABLE", "COMPLETED", "DELETING"]) & ~Q(raw_status="FAILED")
            # What is gone was good if the cloud's last word of it was.
            | Q(
                status__in=["DELETED", "VANISHED"],
                raw_status__in=["", "AVAILABLE", "COMPLETED", "DELETING"],
                gone_at__isnull=False,
            )
        ),
        name="backup_covers",
    ),
    # What people jump to by the beginning of a name, or by an id of the cloud.
    models.Index("team", Collate(Lower("name"), "C"), name="backup_by_name"),
    models.Index(
        OpClass("cloud_id", "varchar_pattern_ops"),
        condition=Q(cloud_id__isnull=False),
        name="backup_by_cloud_id",
    ),
    # Whose call may be what a sync finds.
    models.Index(
        fields=["instance"],
        condition=Q(source=Source.HERE)
        & (Q(next_watch_at__isnull=False) | Q(cloud_id__isnull=True, status__in=states.values(states.OPEN))),
        name="backup_in_doubt",
    ),
    # What a window of the cloud's list is compared with, and what it did not show.
    models.Index(
        fields=["team", "begin_time"],
        condition=Q(cloud_id__isnull=False, gone_at=None),
        name="backup_in_window",
    ),
    models.Index(
        fields=["team", "missing_since"],
        condition=Q(missing_since__isnull=False),
        name="backup_missing",
    ),
]
