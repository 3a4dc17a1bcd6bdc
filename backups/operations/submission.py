"""Sending a queued backup to the cloud: claim, commit, then call (faults.md, rules 1 to 3)."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from backups import cloud
from backups.contract.violations import Violation, gettext_noop
from backups.models import Backup, Project, Status
from backups.operations import claims, connections, outcomes, pace, reach, searching

Clock = Callable[[], datetime]


def submit(backup_id: UUID, *, clock: Clock = timezone.now) -> None:
    """Make the create call for a QUEUED backup whose turn it is, once, and write down what came of it.

    1. See that the credential opens: what is wrong here must not look like a call that was made. Where it
       does not, the row is not due any more, and no claim succeeds.
    2. Claim the row in one short transaction and commit.
    3. Only then open the socket; no transaction is held over HTTP.
    4. Write the result under the fence. A worker that comes too late writes to its own attempt only.
    Where this process dies in between, the lease ends and `claims.expire_lease` takes over.
    """
    _wait_for_credential(backup_id, at=clock())
    claimed = claims.claim(backup_id, at=clock())
    if claimed is None:
        return
    backup = claimed.backup
    try:
        with reach.calling(backup.instance.project, at=clock()) as client:
            if not claimed.may_begin(at=clock()):
                raise cloud.NotOurTurn("stopped after the claim")
            record = client.create_backup(
                instance_id=backup.instance.cloud_id,
                name=backup.name,
                description=backup.description,
            )
    except Violation as violation:
        outcomes.write_failure(claimed.attempt, _refused_by_contract(violation), at=clock())
    except cloud.CloudError as error:
        _settle(claimed, error, at=clock())
    else:
        outcomes.write_accepted(claimed.attempt, record, at=clock(), verb="accepted")


def _settle(claimed: claims.Claim, error: cloud.CloudError, *, at: datetime) -> None:
    """Write down a call that did not end well; a refusal may tell of an earlier call of our own."""
    if not searching.may_be_our_own_call(claimed.backup, error):
        outcomes.write_failure(claimed.attempt, error, at=at)
        return
    try:
        found = searching.search(claimed.backup, at=at)
    except cloud.CloudError as unread:
        outcomes.write_failure(claimed.attempt, _doubt(error, unread), at=at)
        return
    if found:
        outcomes.write_accepted(claimed.attempt, found[0], at=at, verb="found", twins=found[1:])
    else:
        outcomes.write_failure(claimed.attempt, error, at=at)


def _doubt(error: cloud.CloudError, unread: cloud.CloudError) -> cloud.CloudError:
    """A list that failed is never a "no": whether the earlier call went through stays open.

    Only a cloud with too many calls says nothing about an earlier one, and may refuse the list as well.
    """
    if error.http_status == 429:
        return error
    return cloud.CloudAmbiguous(str(unread), exchange=error.exchange, error_code=error.error_code)


def _wait_for_credential(backup_id: UUID, *, at: datetime) -> None:
    """Where the project's credential does not open, the row says so and waits."""
    projects = Project.objects.select_related("credential", "team")
    project = projects.filter(instances__backups=backup_id).first()
    if project is None:
        return
    try:
        connections.client_for(project)
    except connections.CredentialClosedError as error:
        message, remedy = connections.in_words(error)
        Backup.objects.filter(pk=backup_id, status=Status.QUEUED).update(
            next_action_at=at + pace.LONGEST_RETRY,
            error_message=message,
            error_remedy=remedy,
        )


def _refused_by_contract(violation: Violation) -> cloud.CloudRefused:
    """A row that breaks the contract by now, such as a name that the project no longer allows."""
    return cloud.CloudRefused(
        str(violation),
        meaning=str(violation),
        remedy=gettext_noop("Ask again with what the cloud takes."),
        field=violation.field,
        error_code=violation.code,
    )
