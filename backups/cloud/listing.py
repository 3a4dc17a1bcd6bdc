"""Reading a list in pages, whole or not at all (faults.md, rule 4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backups.cloud.readers import UnreadableError, id_in
from backups.contract.json_text import count_in, mapping_in

PAGE_LIMIT = 100
"""The most that the contract allows."""

READINGS = 3
PAGES_MAX = 1000


class IncompleteListError(Exception):
    """Pages that do not add up to one list: they moved while they were read, or never end."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its entries by id, how many it has, and how many the whole list is said to have."""

    entries: Mapping[str, Mapping[str, Any]]
    count: int
    total: int | None


@dataclass(slots=True)
class Tally:
    """Adds up the pages of a list that are taken as they come.

    What stands on them is in the cloud in any case; what does not is known to be missing only where the list
    `is_whole`: it kept its total from page to page, ended there, and showed as many different entries.
    """

    offset: int = 0
    total: int | None = None
    ids: set[str] = field(default_factory=set)
    is_over: bool = False
    has_moved: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of the list was seen, and it stood still meanwhile."""
        return self.is_over and not self.has_moved and self.total in (None, len(self.ids))

    def add(self, page: Page) -> None:
        """Take in the page that begins at `offset`, which moves on."""
        known = len(self.ids)
        self.has_moved = self.has_moved or (self.offset > 0 and page.total != self.total)
        self.total = page.total
        self.ids.update(page.entries)
        self.offset += page.count
        if self.total is not None and self.offset >= self.total:
            self.is_over = True
        elif self.offset >= PAGES_MAX * PAGE_LIMIT:
            self.is_over = self.has_moved = True
        elif len(self.ids) == known:
            self.is_over = True
            self.has_moved = self.has_moved or self.total is not None or page.count >= PAGE_LIMIT


def read_page(value: Any, name: str) -> Page:
    """The page in a reply whose entries stand under `name`; raises `UnreadableError`.

    `total_count` is a text on some pages of the reference. Null stands for no entries only where the
    total says so too: an empty answer by mistake must not pass for an empty list.
    """
    top = mapping_in(value)
    entries, total = top.get(name), count_in(top.get("total_count"))
    if entries is None and total == 0:
        entries = []
    if not isinstance(entries, list):
        raise UnreadableError(f"no list of {name}")
    by_id = {id_in(entry): entry for entry in entries}
    return Page(by_id, len(entries), total)


def read_all(fetch: Callable[[int], Page]) -> list[Mapping[str, Any]]:
    """Every entry of the list whose page from an offset `fetch` gives.

    1. Read pages until as many different entries are seen as the list is said to have, or, where it
       does not say, until a page brings nothing new.
    2. The total must stay the same from page to page, and no page may end the list early: otherwise
       entries have moved between pages, and one may have slipped through.
    3. Then begin again, three times in all, and at last raise `IncompleteListError`.
    """
    for _ in range(READINGS):
        found = _read_once(fetch)
        if found is not None:
            return list(found.values())
    raise IncompleteListError("the list kept moving while it was read")


def _read_once(fetch: Callable[[int], Page]) -> Mapping[str, Mapping[str, Any]] | None:
    page = fetch(0)
    seen, offset, total = dict(page.entries), page.count, page.total
    for _ in range(PAGES_MAX):
        if total is not None and offset >= total:
            return seen if len(seen) == total else None
        page = fetch(offset)
        known = len(seen)
        seen.update(page.entries)
        offset += page.count
        if page.total != total:
            return None
        if len(seen) == known:
            return seen if total is None and page.count < PAGE_LIMIT else None
    raise IncompleteListError("the list has no end")
