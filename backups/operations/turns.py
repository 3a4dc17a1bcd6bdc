"""Turn-taking: when an instance becomes free, the next in line goes."""

from datetime import datetime

from backups.models import Backup, Instance
from backups.operations import wake
from backups.queries import waiting


def pass_on(instance: Instance, *, at: datetime) -> None:
    """Make the next queued backup of `instance` due now, unless it waits for a reason of its own."""
    following = waiting.next_in_line(instance)
    if following is None or following.error_code:
        return
    Backup.objects.filter(pk=following.pk).update(next_action_at=at)
    wake.submit(following.pk)
