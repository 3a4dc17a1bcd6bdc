"""The state of the history, kept in the URL: what is shown, and in which order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups.models import Environment, Source, Status, User
from backups.queries import offers
from backups.queries.selection import HistoryFilters
from backups.queries.sorting import NEWEST_FIRST, SORTS, Sort

DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

ORDERS = {
    "": gettext_lazy("Newest first"),
    "started": gettext_lazy("Oldest first"),
    "-size": gettext_lazy("Biggest first"),
    "size": gettext_lazy("Smallest first"),
    "-took": gettext_lazy("Longest first"),
    "took": gettext_lazy("Shortest first"),
}
"""Each order in words; for a narrow screen, where there are no columns to sort by, the only way to it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is filtered by, in words, and the query string without it."""

    label: str
    value: str
    without: str


class KnownChoices(forms.MultipleChoiceField):
    """Several of some choices; what is none of them is left out."""

    def clean(self, value: Any) -> list[str]:
        """The known ones, each once, in the order of the choices."""
        return [
            choice for choice, _label in cast("Iterable[tuple[str, Any]]", self.choices) if choice in value
        ]


class MomentInput(forms.DateInput):
    """A calendar, but for a moment within a day, which a calendar could not show."""

    input_type = "date"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Plain text where anything but a day was typed."""
        context = super().get_context(name, value, attrs)
        try:
            date.fromisoformat(str(value or date.min))
        except ValueError:
            context["widget"]["type"] = "text"
        return context


class MomentField(forms.CharField):
    """A day of the reader's own zone, or a moment as RFC 3339 spells it. As an end, a day ends at its end."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(required=False, widget=MomentInput, max_length=40, **kwargs)
        self.is_end = is_end

    def clean(self, value: Any) -> datetime | None:
        """The first moment, or as an end the first that is left out; None where nothing was typed."""
        text = super().clean(value)
        try:
            return self._read(text) if text else None
        except (ValueError, OverflowError) as error:
            words = _("“%(text)s” is no date: write 2026-11-23, or 2026-11-23T14:10:00Z.")
            raise ValidationError(words, params={"text": text}) from error

    def _read(self, text: str) -> datetime:
        if not DAY_ONLY.fullmatch(text):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("no offset")
            return moment
        day = date.fromisoformat(text) + timedelta(days=self.is_end)
        return timezone.make_aware(datetime.combine(day, time.min))


class OrderField(forms.ChoiceField):
    """An order; the one that there is without a choice may be named as well."""

    def to_python(self, value: Any) -> str:
        """The order, as an address spells it."""
        return "" if value == NEWEST_FIRST.name else super().to_python(value)


class FilterForm(forms.Form):
    """The state of the history. What cannot be read says so at its field, and filters nothing."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    status = KnownChoices(
        label=gettext_lazy("Status"),
        required=False,
        choices=Status.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    instance = forms.CharField(
        label=gettext_lazy("Instance"),
        required=False,
        max_length=128,
        widget=forms.TextInput(
            {
                "list": "instance-names",
                "autocomplete": "off",
                "hx-get": reverse_lazy("backup-instances"),
                "hx-trigger": "input changed delay:250ms, focus once",
                "hx-target": "#instance-names",
            }
        ),
    )
    environment = forms.ChoiceField(
        label=gettext_lazy("Environment"),
        required=False,
        choices=[("", gettext_lazy("All environments")), *Environment.choices],
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        required=False,
        choices=[("", gettext_lazy("All sources")), *Source.choices],
    )
    person = forms.ChoiceField(label=gettext_lazy("Asked for by"), required=False)
    since = MomentField(label=gettext_lazy("From"))
    until = MomentField(label=gettext_lazy("Until"), is_end=True)
    attention = forms.BooleanField(label=gettext_lazy("Needs a person"), required=False)
    sort = OrderField(label=gettext_lazy("Order"), required=False, choices=list(ORDERS.items()))

    def __init__(self, data: Any, *, by: User, offered: offers.Offers | None = None) -> None:
        super().__init__(data)
        named = self.data.get("instance", "")
        self.offered = offered or offers.of(by, at=timezone.now(), instance=named)
        teams = [(seat.slug, seat.name) for seat in self.offered.seats]
        self._choose("team", [("", _("All teams")), *teams])
        self._choose("person", [("", _("Everybody")), *self.offered.people])
        self.is_valid()

    def clean_instance(self) -> str:
        """A name, an id of the cloud or one of ours, of an instance of the reader's teams."""
        named = str(self.cleaned_data["instance"])
        if named and not self.offered.instances:
            words = _("No instance of your teams has the name or ID “%(named)s”.")
            raise ValidationError(words, params={"named": named})
        return named

    def clean_until(self) -> datetime | None:
        """An end that comes after the beginning."""
        end, begin = self.cleaned_data["until"], self.cleaned_data.get("since")
        if begin and end and end <= begin:
            raise ValidationError(_("This is before the beginning."))
        return cast("datetime | None", end)

    def choosers(self) -> list[forms.BoundField]:
        """The fields that fold away; the team only for whom has several."""
        names = ["instance", "environment", "team", "person", "source", "since", "until", "sort", "attention"]
        return [self[name] for name in names if name != "team" or self.offered.seats[1:]]

    def statuses(self) -> list[tuple[str, str, bool]]:
        """Each status in words, and whether it is chosen; drawn by hand: a widget is a template a box."""
        chosen = self.cleaned_data["status"]
        return [(status.value, str(status.label), status.value in chosen) for status in Status]

    @property
    def fold_shows(self) -> str:
        """All that the folded fields depend on, where none is wrong: what is chosen, and from what."""
        seats = [(seat.slug, seat.name) for seat in self.offered.seats]
        return repr((self.without("q"), self.is_narrow, seats, self.offered.people))

    def unplaced(self) -> list[forms.BoundField]:
        """The fields that are wrong and have no place of their own in the panel."""
        placed = {"status", *(field.name for field in self.choosers())}
        return [self[name] for name in self.errors if name not in placed]

    def filters(self) -> HistoryFilters:
        """What was chosen."""
        chosen = self.cleaned_data
        return HistoryFilters(
            statuses=tuple(chosen["status"]),
            team=chosen.get("team", ""),
            instances=tuple(found.id for found in self.offered.instances) if chosen.get("instance") else (),
            environment=chosen.get("environment", ""),
            source=chosen.get("source", ""),
            person=chosen.get("person", ""),
            since=chosen.get("since"),
            before=chosen.get("until"),
            q=chosen.get("q", ""),
            needs_person=chosen["attention"],
        )

    @property
    def order(self) -> Sort:
        """The order that was chosen; the newest first where none was."""
        return SORTS.get(self.cleaned_data.get("sort", ""), NEWEST_FIRST)

    @property
    def order_in_words(self) -> str:
        """The order, as a table's caption says it."""
        return str(ORDERS[self.cleaned_data.get("sort", "")])

    @property
    def query(self) -> str:
        """The state as an address spells it, without anything that the form does not understand."""
        return urlencode(list(self._pairs()))

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered out."""
        return any(name != "sort" for name, _value in self._pairs())

    @property
    def folded(self) -> int:
        """How many filters are chosen besides the words."""
        return sum(name not in ("sort", "q") for name, _value in self._pairs())

    def with_sort(self, name: str) -> str:
        """The query string with another order."""
        pairs = [(key, value) for key, value in self._pairs() if key != "sort"]
        return urlencode(pairs if name == NEWEST_FIRST.name else [*pairs, ("sort", name)])

    def chips(self) -> list[Chip]:
        """What is filtered by, one by one."""
        pairs = list(self._pairs())
        return [
            Chip(
                str(self[name].label), self._in_words(name, value), urlencode([*pairs[:at], *pairs[at + 1 :]])
            )
            for at, (name, value) in enumerate(pairs)
            if name != "sort"
        ]

    def without(self, name: str) -> list[tuple[str, str]]:
        """The state but for one field, for a form that sets it anew."""
        return [pair for pair in self._pairs() if pair[0] != name]

    def _pairs(self) -> Iterator[tuple[str, str]]:
        """What was chosen and could be read, field by field, as it was typed."""
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if not value:
                continue
            if name == "status":
                yield from ((name, status) for status in value)
            else:
                yield name, "on" if name == "attention" else self.data[name].strip()

    def _in_words(self, name: str, value: str) -> str:
        if name == "attention":
            return ""
        if name == "instance" and len(self.offered.instances) == 1:
            return self.offered.instances[0].name
        choices = getattr(self.fields[name], "choices", ())
        return str(dict(cast("Any", choices)).get(value, value))

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices
