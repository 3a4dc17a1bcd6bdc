"""A string that shows itself to nobody who did not ask by name."""

import hmac
from typing import Never, Self


class Secret:
    """Holds a secret; `reveal()` is the only way to it.

    It has no repr, no text, no format, no JSON and no pickle of its content, so that neither a
    traceback nor a log line nor a task message can carry it away. Comparison takes constant time.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one line that needs it."""
        return self._value

    @classmethod
    def of(cls, value: str) -> Self | None:
        """A secret of `value`, or None where nothing was given."""
        return cls(value) if value else None

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]  # a hash would be a fingerprint of the secret

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> Never:
        raise TypeError("a secret cannot be pickled")
