"""Reading what a program sends: what is unknown is an error, so that a typing mistake does nothing else."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

FORMS: tuple[tuple[type[serializers.Field], tuple[type, ...]], ...] = (
    (serializers.CharField, (str,)),
    (serializers.BooleanField, (bool,)),
    (serializers.IntegerField, (int, float)),
)
"""What JSON has to write for a field: REST framework reads 0 as "0", as no and as nothing, too."""


class Strict(serializers.Serializer[Any]):
    """A body or a query in which every name must be known."""

    def run_validation(self, data: Any = empty) -> Any:
        """The checked values; raises `ValidationError` with every wrong and every unknown name."""
        errors: dict[str, Any] = dict(self._misnamed(data)) | dict(self._miswritten(data))
        if not errors:
            return super().run_validation(data)
        try:
            super().run_validation(data)
        except serializers.ValidationError as error:
            errors |= cast("dict[str, Any]", error.detail)
        raise serializers.ValidationError(errors)

    def _misnamed(self, data: Any) -> Iterator[tuple[str, list[str]]]:
        for name in data if isinstance(data, Mapping) else ():
            if name not in self.fields:
                yield str(name), [_("There is no such field.")]
            # Of a query: a script's variable was empty, and passed over it would show more than was meant.
            elif isinstance(data, QueryDict) and "" in data.getlist(name):
                yield name, [_("This parameter is empty.")]

    def _miswritten(self, data: Any) -> Iterator[tuple[str, list[str]]]:
        """A query has nothing but text; a body says what is a number, a text, a yes or a no."""
        if isinstance(data, QueryDict) or not isinstance(data, Mapping):
            return
        for name, value in data.items():
            field = self.fields.get(name)
            for kind, forms in FORMS:
                if value is not None and isinstance(field, kind) and not isinstance(value, forms):
                    yield name, [str(field.error_messages["invalid"])]


class Flag(serializers.BooleanField):
    """True or false of JSON, and no word for it: of "no", "off" or 0 nobody knows what was meant."""

    def to_internal_value(self, data: Any) -> bool:
        """The value; raises `ValidationError`."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field(
    {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
)
class MomentField(serializers.Field):
    """A moment as RFC 3339 spells it, or a day of UTC: its beginning, or as an end the moment after it."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_end = is_end

    def to_internal_value(self, data: Any) -> datetime:
        """The moment; raises `ValidationError`."""
        try:
            return self._read(str(data))
        except (ValueError, OverflowError) as error:
            words = _("“%(text)s” is no date: write 2026-11-23, or 2026-11-23T14:10:00Z.")
            raise serializers.ValidationError(words % {"text": data}) from error

    def _read(self, text: str) -> datetime:
        if len(text) == len("2026-11-23"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=self.is_end), time.min, UTC)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no offset")
        return moment.astimezone(UTC)
