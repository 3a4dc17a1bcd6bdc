"""Who asks when a service account does: whoever gave it the token or key pair that it asks with.

A program has no eyes of its own. So everybody who gave it something that was good when it asked counts as who
asked, and does not decide (security.md, row 16).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from backups.models import ApiToken, Backup, KeyPair, Team, User


@dataclass(frozen=True, slots=True)
class Gift:
    """A token or a key pair of a service account, and who gave it."""

    team_id: int
    user_id: int
    issued_by_id: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_good(self, *, at: datetime) -> bool:
        """Whether it opened anything then."""
        is_revoked = self.revoked_at is not None and self.revoked_at <= at
        return self.created_at <= at < self.expires_at and not is_revoked


COLUMNS = ("team_id", "user_id", "issued_by_id", "created_at", "expires_at", "revoked_at")


def gifts(requesters: Iterable[User | None]) -> list[Gift]:
    """What service accounts among `requesters` were given by people: two queries, or none."""
    services = {user.pk for user in requesters if user is not None and user.is_service}
    return list(_gifts(services)) if services else []


def selves(requester: User | None, team: Team, *, at: datetime, given: Iterable[Gift]) -> set[int]:
    """The people who count as `requester` in what was asked for in `team` at `at`."""
    if requester is None:
        return set()
    of_it = (gift for gift in given if (gift.team_id, gift.user_id) == (team.pk, requester.pk))
    return {requester.pk, *(gift.issued_by_id for gift in of_it if gift.is_good(at=at))}


def selves_of(backup: Backup) -> set[int]:
    """The people who count as who asked for `backup`."""
    given = gifts([backup.requested_by])
    return selves(backup.requested_by, backup.team, at=backup.requested_at, given=given)


def is_behind(person: object, *, of: Callable[[str], OuterRef] = OuterRef) -> Q:
    """Whether `person` gave the requester of a backup what it may have asked with.

    `of` refers to a column of the backup, that of the query outside unless it stands further out.
    """
    is_good = Q(revoked_at=None) | Q(revoked_at__gt=of("requested_at"))
    tokens, pairs = (
        model.objects.filter(
            is_good,
            team=of("team"),
            user=of("requested_by"),
            user__is_service=True,
            issued_by=person,
            created_at__lte=of("requested_at"),
            expires_at__gt=of("requested_at"),
        )
        for model in (ApiToken, KeyPair)
    )
    return Q(Exists(tokens)) | Q(Exists(pairs))


def _gifts(services: set[int]) -> Iterator[Gift]:
    for model in (ApiToken, KeyPair):
        rows = model.objects.filter(user__in=services, issued_by__isnull=False)
        yield from (Gift(*row) for row in rows.values_list(*COLUMNS))
