"""What would happen if a request were sent now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from backups.operations import creation
from backups.queries import usual, waiting
from backups.queries.usual import Usual


@dataclass(frozen=True, slots=True)
class Outlook:
    """For one instance: the name that results, whom it waits for, what is usual, and the exact call."""

    draft: creation.Draft
    waits_for: str
    usual: Usual
    request: str


def outlooks(drafts: Sequence[creation.Draft]) -> list[Outlook]:
    """The outlook of each draft; two queries, however many there are."""
    chosen = [draft.instance.pk for draft in drafts]
    occupied, past = waiting.occupied_by(chosen), usual.by_instance(chosen)
    return [
        Outlook(
            draft=draft,
            waits_for=occupied.get(draft.instance.pk, ""),
            usual=past.get(draft.instance.pk, Usual()),
            request=_in_words(creation.request_preview(draft)),
        )
        for draft in drafts
    ]


def _in_words(request: dict[str, object]) -> str:
    body = json.dumps(request["body"], indent=2, ensure_ascii=False)
    return f"{request['method']} {request['url']}\n\n{body}"
