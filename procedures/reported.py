"""The figures units reported, read once for a period whatever the days it is looked at on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from states.errors import BadInput
from states.figures import Number, PeriodPicker
from states.indicators import MEASURED, Indicator
from states.periods import Period, parse_period
from store.base import Connection
from store.figures import Body, Reported, Reports, known_periods, load_reports

Credit = tuple[int, int]  # the unit that reported, the body credited
ByBody = dict[str, dict[Credit, dict[str, Number]]]  # indicator -> who for whom -> period -> number


class Said(NamedTuple):
    """What was reported for a period by a day: the sums by indicator and credited body, and figures for counted indicators."""

    sums: Mapping[str, Mapping[int, Number]]
    computed: Sequence[Reported]


class ReportedFigures:
    """Reported figures of one reading of the database. Days on which nothing new was reported share what was summed."""

    def __init__(
        self,
        connection: Connection,
        indicators: Mapping[str, Indicator],
        terms: Mapping[str, tuple[date, date]],
        known_at: datetime | None = None,
    ) -> None:
        self._connection, self._indicators, self._known_at = connection, indicators, known_at
        self._terms = dict(terms)
        self._names = [one.name for one in indicators.values() if not one.is_ratio]
        self._known: list[Period] | None = None
        self._reports: dict[str, Reports] = {}
        self._pickers: dict[str, PeriodPicker] = {}
        self._said: dict[tuple[str, int], Said] = {}

    @property
    def known(self) -> list[Period]:
        """Every period anything was reported for; a term config.yaml no longer declares is left out."""
        if self._known is None:
            self._known = read_periods(known_periods(self._connection, self._known_at), self._terms)
        return self._known

    def every(self, as_of: date) -> list[Reported]:
        """Every reported figure in force for an indicator that is counted too, whatever its period."""
        names = [name for name in self._names if self._indicators[name].is_computed]
        reports = load_reports(self._connection, names, [one.code for one in self.known], self._known_at)
        return [Reported(*key, value) for key, value in reports.in_force(as_of).items()]

    def of(self, period: Period, as_of: date) -> Said:
        """What was reported by `as_of` for the period or for parts of it, each body's parts added up."""
        reports = self._read(period)
        key = (period.code, bisect_right(reports.days, as_of))
        if key not in self._said:
            self._said[key] = self._sum(period, reports.in_force(as_of))
        return self._said[key]

    def by_body(self, period: Period, as_of: date) -> ByBody:
        """What was reported by `as_of` for the period or for parts of it."""
        return self._by_body(self._read(period).in_force(as_of))

    def added(self, name: str, period: Period, parts: Mapping[str, Number]) -> Number | None:
        """The numbers of one body for parts of the period as one: of a stock the last, else their sum; None for none."""
        if period.code not in self._pickers:
            self._pickers[period.code] = PeriodPicker(period, self.known)
        return self._pickers[period.code].pick(parts, stock=self._indicators[name].source == MEASURED)

    def _read(self, period: Period) -> Reports:
        if period.code not in self._reports:
            inside = [one.code for one in within(period, self.known)]
            self._reports[period.code] = load_reports(self._connection, self._names, inside, self._known_at)
        return self._reports[period.code]

    def _by_body(self, values: Mapping[Body, Number]) -> ByBody:
        by_body: ByBody = {name: {} for name in self._names}
        for (unit_id, credited, name, code), value in values.items():
            bodies, body = by_body[name], (unit_id, credited)
            if body in bodies:
                bodies[body][code] = value
            else:
                bodies[body] = {code: value}
        return by_body

    def _sum(self, period: Period, values: Mapping[Body, Number]) -> Said:
        computed = {name for name in self._names if self._indicators[name].is_computed}
        doubtful = [Reported(*body, value) for body, value in values.items() if body[2] in computed]
        sums: dict[str, dict[int, Number]] = {}
        for name, bodies in self._by_body(values).items():
            found: dict[int, Number] = {}
            for (_unit_id, credited), parts in bodies.items():
                picked = self.added(name, period, parts)
                if picked is not None:
                    found[credited] = found[credited] + picked if credited in found else picked
            if found:
                sums[name] = found
        return Said(sums, doubtful)


def within(period: Period, known: Iterable[Period]) -> list[Period]:
    """Those that are the period or a part of it."""
    return [one for one in known if period.first <= one.first and one.last <= period.last]


def read_periods(codes: Sequence[str], terms: dict[str, tuple[date, date]]) -> list[Period]:
    """The periods of codes found in the database; a term config.yaml no longer declares is left out."""
    periods = []
    for code in codes:
        try:
            periods.append(parse_period(code, terms))
        except BadInput:
            continue
    return periods
