"""How far running backups are, by the cloud's jobs: progress only, never the truth about a backup."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from backups import cloud
from backups.models import Backup, Project, Source, Status
from backups.operations import reach
from backups.queries import waiting

AT_A_TIME = 5
"""Calls for jobs in one round of a project; its list comes first."""

WITHOUT_RIGHTS = timedelta(hours=1)


def to_ask(running: Sequence[Backup]) -> list[Backup]:
    """Whose jobs to ask for in this round: those asked for here, of which least is known."""
    asked_here = [each for each in running if each.source == Source.HERE and each.job_id]
    asked_here.sort(key=lambda each: (each.progress_percent or 0, each.pk))
    return asked_here[:AT_A_TIME]


def ask(project: Project, backups: Sequence[Backup], *, at: datetime) -> None:
    """Write how far the jobs of `backups` are; a job that is not known yet, or fails to answer, says nothing.

    Reading jobs is no right that Safepoint needs: a credential without it is not asked with for a while. Nor
    is any while somebody's request is to be sent: all calls of a credential share one pace.
    """
    credential = project.credential.pk
    for backup in backups:
        if _left_alone.get(credential, at) > at or reach.admit(project, at=at):
            return
        if waiting.is_anything_to_send(project, at=at):
            return
        try:
            with reach.calling(project, at=at) as client:
                percent = _percent(client, backup.job_id)
        except cloud.CloudError:
            return
        if percent == NOT_ALLOWED:
            _left_alone[credential] = at + WITHOUT_RIGHTS
        elif percent not in (None, backup.progress_percent):
            Backup.objects.filter(pk=backup.pk, status=Status.BUILDING).update(progress_percent=percent)


def _percent(client: cloud.CloudClient, job_id: str) -> int | None:
    """How far the job is, `NOT_ALLOWED`, or None where that is not known."""
    try:
        return client.show_job(job_id).percent
    except cloud.CloudRefused:
        return None
    except cloud.CredentialFailed as error:
        if error.is_rights_problem:
            return NOT_ALLOWED
        raise


NOT_ALLOWED = -1

_left_alone: dict[UUID, datetime] = {}
"""Credentials that may not read jobs, and until when they are not asked with, in this process."""
