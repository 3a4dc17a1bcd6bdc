"""Reading a document of mappings and lists, as YAML or JSON give it: each thing that is wrong, at its place.

What is told never repeats a value: one that stands in the wrong line may be a secret.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _

from backups.contract.violations import Violation
from backups.operations.refusals import Refused
from backups.secrecy.secret import Secret

Resolve = Callable[[str], Secret]
"""Gives the secret that a text stands for; raises `Refused`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: "projects[0].region"."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Entry:
    """One mapping, whose values are taken out one by one; `close` complains of what nobody took.

    Whoever asks for something that is missing or wrong gets an empty value, and the problem is noted.
    """

    def __init__(self, value: object, place: str, problems: list[Problem]) -> None:
        self.place = place
        self._problems = problems
        self._noted = len(problems)
        # In what is no mapping at all nothing more is missed.
        self._misses = isinstance(value, dict)
        self._left: dict[Any, object] = dict(value) if isinstance(value, dict) else {}
        if not self._misses:
            self.tell("", _("Here go pairs of “key: value”."))

    @property
    def is_whole(self) -> bool:
        """Whether nothing was wrong in it so far."""
        return len(self._problems) == self._noted

    def tell(self, key: str, message: str) -> None:
        """Note that the value of `key` is wrong, or with an empty one the entry itself."""
        self._problems.append(Problem(".".join(part for part in (self.place, key) if part), message))

    def close(self, *, hides_keys: bool = False) -> None:
        """Tell which keys are unknown; only that some are, where one may hold a value too ("key:value")."""
        shown = [] if hides_keys else [key for key in map(str, self._left) if key.isidentifier()]
        for key in shown:
            self.tell(key, _("This key is not known here."))
        if len(shown) < len(self._left):
            self.tell("", _("There is a key that is not known here; “key: value” needs the space."))

    def text(self, key: str, *, longest: int = 255, is_needed: bool = True) -> str:
        """A line of text, without spaces around it."""
        value = str(self._take(key, str, "", _("This must be text; put it in quotes."), is_needed)).strip()
        if len(value) > longest:
            self.tell(key, _("At most %(longest)d characters.") % {"longest": longest})
        if not value.isprintable():
            self.tell(key, _("There are characters in it that cannot be seen."))
        return value

    def checked(self, key: str, check: Callable[[str], None], *, is_needed: bool = True) -> str:
        """A text that keeps a rule of the contract."""
        value = self.text(key, is_needed=is_needed)
        try:
            if value:
                check(value)
        except Violation as violation:
            self.tell(key, _(violation.template) % violation.params)
        return value

    def choice(self, key: str, choices: Collection[str], *, is_needed: bool = True) -> str:
        """One of `choices`."""
        value = self.text(key, is_needed=is_needed)
        if value and value not in choices:
            self.tell(key, _("It must be one of: %(choices)s.") % {"choices": ", ".join(choices)})
        return value

    def number(self, key: str, *, most: int | None = None) -> int | None:
        """A whole number, from 1 to `most` where that is given; None where it is left out."""
        value = self._take(key, int, None, _("This must be a whole number."), is_needed=False)
        if value is not None and most is not None and not 1 <= value <= most:
            self.tell(key, _("From 1 to %(most)d.") % {"most": most})
        return None if value is None else int(value)

    def flag(self, key: str) -> bool | None:
        """Yes or no, or None where it is left out."""
        value = self._take(key, bool, None, _("This must be true or false."), is_needed=False)
        return None if value is None else bool(value)

    def time(self, key: str) -> str | None:
        """A time of the day, as "22:00"; None where it is left out. YAML reads a bare 22:00 as a number."""
        told = _('This must be a time such as "22:00", in quotes.')
        value = self._take(key, str, None, told, is_needed=False)
        if value is None:
            return None
        try:
            time = parse_time(value)
        except ValueError:
            time = None
        if time is None:
            self.tell(key, told)
            return None
        return f"{time:%H:%M}"

    def many(self, key: str, is_right: Callable[[Any], bool], told: str) -> list[Any] | None:
        """The different values of a list, in order; `told` is what to say of a wrong one. None: left out."""
        values = self._take(key, list, None, told, is_needed=False)
        if values is None:
            return None
        if not all(is_right(value) for value in values):
            self.tell(key, told)
            return []
        return sorted(set(values))

    def words(self, key: str, choices: Collection[str]) -> list[str]:
        """Some of `choices`, in their order; one at least."""
        values = self._left.pop(key, None)
        if not (isinstance(values, list) and values and all(word in choices for word in values)):
            self.tell(key, _("It must be a list of: %(choices)s.") % {"choices": ", ".join(choices)})
            return []
        return [word for word in choices if word in values]

    def secret(self, key: str, resolve: Resolve, *, is_needed: bool = True) -> Secret | None:
        """What the text of `key` stands for."""
        reference = self._take(key, str, None, _("This must be text; put it in quotes."), is_needed)
        if reference is None:
            return None
        if "\0" in reference:
            self.tell(key, _("There are characters in it that cannot be seen."))
            return None
        try:
            return resolve(reference)
        except Refused as refused:
            self.tell(key, refused.message)
            return None

    def entry(self, key: str, *, is_needed: bool = True) -> "Entry":
        """A mapping within this one."""
        value = self._left.pop(key, None)
        inner = Entry({} if value is None else value, f"{self.place}.{key}", self._problems)
        if value is None and is_needed:
            self._miss(key)
            inner._misses = False
        return inner

    def entries(self, key: str) -> Iterator["Entry"]:
        """The mappings of a list."""
        for number, value in enumerate(self._list(key)):
            yield Entry(value, f"{key}[{number}]", self._problems)

    def keys(self) -> list[str]:
        """The keys that nobody took yet; those that are no text stay, for `close`."""
        return [key for key in self._left if isinstance(key, str)]

    def _list(self, key: str) -> list[Any]:
        value = self._take(key, list, None, _("This must be a list."), is_needed=False)
        return list(value or [])

    def _take(self, key: str, kind: type, fallback: Any, told: str, is_needed: bool) -> Any:
        value = self._left.pop(key, None)
        if value is None or value == "":
            if is_needed:
                self._miss(key)
            return fallback
        if type(value) is not kind:
            self.tell(key, told)
            return fallback
        return value

    def _miss(self, key: str) -> None:
        if self._misses:
            self.tell(key, _("It is missing."))
