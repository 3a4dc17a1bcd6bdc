"""What would happen if a request were sent now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backups.models import User
from backups.operations import creation
from backups.queries import consent, line, usual
from backups.queries.consent import Demand
from backups.queries.history import BackupRow
from backups.queries.usual import Usual


@dataclass(frozen=True, slots=True)
class Outlook:
    """For one instance: the name, who has to agree, who is ahead of it, what is usual, and the exact call."""

    draft: creation.Draft
    demand: Demand | None
    ahead: list[BackupRow]
    usual: Usual
    request: str

    @property
    def first(self) -> BackupRow | None:
        """The one that runs now, or is to run first."""
        return self.ahead[0] if self.ahead else None

    @property
    def others(self) -> int:
        """How many wait behind it already."""
        return max(len(self.ahead) - 1, 0)


def outlooks(drafts: Sequence[creation.Draft], *, by: User, at: datetime) -> list[Outlook]:
    """The outlook of each draft; the same few queries, however many there are."""
    chosen = [draft.instance.pk for draft in drafts]
    if not chosen:
        return []
    ahead, past = line.by_instance(chosen), usual.by_instance(chosen)
    demands = consent.demands([draft.instance for draft in drafts], by=by, at=at)
    return [
        Outlook(
            draft=draft,
            demand=demands.get(draft.instance.pk),
            ahead=ahead[draft.instance.pk],
            usual=past.get(draft.instance.pk, Usual()),
            request=in_words(creation.request_preview(draft)),
        )
        for draft in drafts
    ]


def in_words(request: dict[str, object]) -> str:
    """The exact call, as text."""
    body = json.dumps(request["body"], indent=2, ensure_ascii=False)
    return f"{request['method']} {request['url']}\n\n{body}"
