"""The law by day: limits and other rules as dated entries, each with its source; nobody asks for one without a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Literal, cast

from states.calendar import SINCE_EVER, Calendar, add_months
from states.errors import Unknown
from states.wording import Text

Unit = Literal["working_days", "months", "times"]
Status = Literal["verified", "reported", "carried_over"]


@dataclass(frozen=True, slots=True)
class Profile:
    """The regulation in force from `since` until the next profile's day, with its guidance."""

    code: str
    since: date
    title: Text
    texts: str


@dataclass(frozen=True, slots=True)
class IntroducerRow:
    """Who introduces an applicant. The first row whose conditions all hold applies; an empty condition always holds.

    `max_age` is in years, counted by the month like every age (over 30 from the month after the birthday's); `unit_has` is a unit's attribute (co_doan, co_cong_doan), `person_is` and `must_be` are
    the applicant's (doan_vien, cong_doan_vien): the former chooses the row, the latter is demanded by it. `members` is
    how many official members introduce, `documents` what the row adds to the file.
    """

    code: str
    label: Text
    max_age: int | None
    unit_has: str | None
    person_is: str | None
    must_be: str | None
    members: int
    documents: tuple[str, ...]


Value = str | tuple[str, ...] | tuple[IntroducerRow, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated entry of a rule, as written in regulations.yaml or an installation's config.yaml."""

    value: int | Value | None
    since: date
    cite: str
    status: Status


@dataclass(frozen=True, slots=True)
class Rule:
    """One key with its entries; `runs` says whether a due day can be reckoned from a start day."""

    key: str
    label: Text
    entries: tuple[Entry, ...]
    unit: Unit = "times"
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """An entry as it holds from `since` on, until the next span of its key: under which regulation, how sure."""

    since: date
    profile: str
    entry: Entry
    status: Status


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it stood on a day. `value` None: the text in force then sets no such limit."""

    key: str
    value: int | None
    unit: Unit
    profile: str
    since: date
    status: Status
    citation: str
    runs: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule that is no length, as it stood on a day: a word, a ratio "2/3", a list of codes or of introducer rows."""

    key: str
    value: Value
    profile: str
    since: date
    status: Status
    citation: str


class Law:
    """Every dated rule, asked by key and day; an installation's `overrides` replace ours or stand beside them."""

    def __init__(
        self,
        profiles: Sequence[Profile],
        limits: Sequence[Rule],
        choices: Sequence[Rule],
        documents: Mapping[str, Text],
        overrides: Mapping[str, Sequence[Entry]] | None = None,
    ) -> None:
        self.profiles = tuple(sorted(profiles, key=lambda p: p.since))
        self._profile_days = [p.since for p in self.profiles]
        self._labels = {rule.key: rule.label for rule in (*limits, *choices)}
        self._documents = dict(documents)
        overrides = overrides or {}
        for key in overrides:
            if key not in self._labels:
                raise self._unknown(key, self._labels)
        self._spans = {rule.key: self._spans_of(rule, overrides) for rule in (*limits, *choices)}
        self._limits: dict[str, tuple[list[date], list[Limit]]] = {}
        for rule in limits:
            held = [(span, span.entry) for span in self._spans[rule.key]]
            self._limits[rule.key] = (
                [span.since for span, _ in held],
                [
                    Limit(
                        rule.key,
                        cast("int | None", e.value),
                        rule.unit,
                        s.profile,
                        e.since,
                        s.status,
                        e.cite,
                        rule.runs,
                    )
                    for s, e in held
                ],
            )
        self._choices: dict[str, tuple[list[date], list[Choice]]] = {}
        for rule in choices:
            held = [(span, span.entry) for span in self._spans[rule.key]]
            self._choices[rule.key] = (
                [span.since for span, _ in held],
                [Choice(rule.key, cast("Value", e.value), s.profile, e.since, s.status, e.cite) for s, e in held],
            )

    def limit(self, key: str, on: date) -> Limit:
        """The limit `key` in force on `on`; errors.Unknown when there is no such key."""
        try:
            days, limits = self._limits[key]
        except KeyError:
            raise self._unknown(key, self._limits) from None
        return limits[bisect_right(days, on) - 1]

    def choice(self, key: str, on: date) -> Choice:
        """The rule `key` in force on `on` whose value is a word or a list; errors.Unknown when there is no such key."""
        try:
            days, choices = self._choices[key]
        except KeyError:
            raise self._unknown(key, self._choices) from None
        return choices[bisect_right(days, on) - 1]

    def profile(self, on: date) -> Profile:
        """The regulation in force on `on`; days before the first one known take the first."""
        return self.profiles[max(0, bisect_right(self._profile_days, on) - 1)]

    def due(self, limit: Limit, start: date, calendar: Calendar) -> date | None:
        """The last day still in time when `limit` starts on `start`; None where nothing runs."""
        if limit.value is None or not limit.runs:
            return None
        if limit.unit == "working_days":
            return calendar.add_working_days(start, limit.value)
        return add_months(start, limit.value)

    def spans(self, key: str) -> tuple[Span, ...]:
        """How the limit or rule `key` stood over time, the first span since ever; errors.Unknown when there is none."""
        try:
            return tuple(self._spans[key])
        except KeyError:
            raise self._unknown(key, self._spans) from None

    def keys(self) -> tuple[str, ...]:
        """The keys of all limits, in the order of the way."""
        return tuple(self._limits)

    def choice_keys(self) -> tuple[str, ...]:
        """The keys of all rules that are no length."""
        return tuple(self._choices)

    def label(self, key: str) -> Text:
        """What people call the limit or rule `key`."""
        try:
            return self._labels[key]
        except KeyError:
            raise self._unknown(key, self._labels) from None

    def document_label(self, code: str) -> Text:
        """What people call the document `code` (3-KNĐ)."""
        try:
            return self._documents[code]
        except KeyError:
            raise self._unknown(code, self._documents) from None

    def document_codes(self) -> tuple[str, ...]:
        """Every document code that rules may name."""
        return tuple(self._documents)

    def _spans_of(self, rule: Rule, overrides: Mapping[str, Sequence[Entry]]) -> list[Span]:
        """The days from which another entry or another profile holds, the first reaching back since ever."""
        entries = {entry.since: entry for entry in (*rule.entries, *overrides.get(rule.key, ()))}
        changes = sorted(entries)
        first = self.profiles[0].since
        days = sorted({SINCE_EVER, *(day for day in (*changes, *self._profile_days) if day >= changes[0]), first})
        held = [(day, entries[changes[max(0, bisect_right(changes, day) - 1)]]) for day in days]
        return [Span(day, self.profile(day).code, entry, _status(entry, day)) for day, entry in held]

    @staticmethod
    def _unknown(key: str, known: Iterable[str]) -> Unknown:
        known = list(known)
        near = get_close_matches(key, known, 1, 0.5)
        if near:
            return Unknown(
                Text(
                    "Không có khóa «{key}» trong quy định; gần nhất là «{near}».",
                    "The regulations have no key {key!r}; the nearest is {near!r}.",
                ),
                details={"keys": known},
                key=key,
                near=near[0],
            )
        return Unknown(
            Text(
                "Không có khóa «{key}» trong quy định. Các khóa: {keys}.",
                "The regulations have no key {key!r}. Keys: {keys}.",
            ),
            details={"keys": known},
            key=key,
            keys=", ".join(known),
        )


def _status(entry: Entry, day: date) -> Status:
    """An entry taken for days before its own first day is carried over, whatever it says itself."""
    return entry.status if day >= entry.since else "carried_over"
