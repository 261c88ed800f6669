"""Gather the figures of a period: counted from the journal, reported as numbers, then once up the tree."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from procedures.indicators import indicators_of
from states.errors import BadInput
from states.figures import Number, PeriodPicker, Tree
from states.indicators import COUNTED, MEASURED, Indicator
from states.pace import as_number
from states.periods import Period, parse_period
from states.targets import MEMBERS
from states.wording import Text
from store.candidates_by_step import people_by_step, people_by_step_on
from store.counting import Dead, count_entries, load_dead, load_tree, stock_of
from store.figures import Reported, known_periods, load_reported
from store.unit_names import load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection


class DoubleSource(NamedTuple):
    """One unit, indicator and period with a number counted from people and a number reported."""

    unit_id: int
    indicator: str
    period: str
    counted: int
    reported: Number


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of one period as of a day; an absent unit or indicator is nothing."""

    period: Period
    as_of: date
    tree: Tree
    own: dict[str, dict[int, Number]]
    subtree: dict[str, dict[int, Number]]


class Figures:
    """Everything one reading of the database needs for figures as of a day; what several periods share is read once.

    A reported figure counts for the body credited with it (by default the unit itself): it is that body's own figure
    and goes up to that body's superiors. The unit the event took place in and its superiors have it only if they stand
    above the credited body.
    """

    def __init__(self, office: Office, connection: Connection, as_of: date) -> None:
        self.indicators = indicators_of(office)
        self.as_of = as_of
        self._today = office.today
        self._connection = connection
        self._terms = office.terms
        self._dead: list[Dead] | None = None
        self._known: list[Period] | None = None
        self._trees: dict[date, Tree] = {}
        self._sums: dict[str, Sums] = {}
        self._people: dict[date, dict[int, dict[str, int]]] = {}
        self._on_the_way: dict[tuple[str, date], dict[int, Number]] = {}
        self._members: dict[date, dict[int, Number]] = {}

    @property
    def dead(self) -> list[Dead]:
        """The entries of the journal that do not count."""
        if self._dead is None:
            self._dead = load_dead(self._connection)
        return self._dead

    def tree(self, on: date) -> Tree:
        """The structure valid on a day."""
        if on not in self._trees:
            self._trees[on] = load_tree(self._connection, on)
        return self._trees[on]

    def of(self, period: Period) -> Sums:
        """Every unit's own figure and its subtree's, in the structure of the period's last day (or as_of, if earlier).

        BadInput when a unit has both a counted and a reported number for one indicator and period.
        """
        if period.code not in self._sums:
            self._sums[period.code] = self._compute(period)
        return self._sums[period.code]

    def members(self, on: date) -> dict[int, Number]:
        """Membership of every subtree on a day, from the units' attribute so_dang_vien."""
        if on not in self._members:
            said = stock_of(self._connection, MEMBERS, on)
            self._members[on] = self.tree(on).sum_where_unsaid(said)
        return self._members[on]

    def on_the_way(self, indicator: Indicator, unit_id: int, day: date) -> int | None:
        """People of the subtree who stood, on that day, in a step from which the indicator can still be reached."""
        steps = indicator.on_the_way
        if steps is None:
            return None
        key = (indicator.name, day)
        if key not in self._on_the_way:
            own = {
                unit: sum(count for step, count in at.items() if step in steps)
                for unit, at in self._people_on(day).items()
            }
            self._on_the_way[key] = self.tree(day).sum_up(own)
        return int(self._on_the_way[key].get(unit_id, 0))

    def _people_on(self, day: date) -> dict[int, dict[str, int]]:
        if day not in self._people:
            steps = set().union(*(one.on_the_way or () for one in self.indicators.values()))
            if day >= self._today:
                self._people[day] = people_by_step(self._connection, steps)
            else:
                self._people[day] = people_by_step_on(self._connection, steps, day, self.dead)
        return self._people[day]

    def _compute(self, period: Period) -> Sums:
        tree = self.tree(min(period.last, self.as_of))
        own: dict[str, dict[int, Number]] = {}
        own.update(self._counted(period))  # type: ignore[arg-type]
        reported = self._reported(period)
        self._refuse_double([r for r in reported if self.indicators[r.indicator].source == COUNTED])
        self._add_reported(own, reported, period)
        subtree = {name: tree.sum_up(values) for name, values in own.items()}
        return Sums(period, self.as_of, tree, own, subtree)

    def _counted(self, period: Period, only: Collection[str] | None = None) -> dict[str, dict[int, int]]:
        counted = [i for i in self.indicators.values() if i.source == COUNTED and (only is None or i.name in only)]
        return count_entries(self._connection, counted, period.first, period.last, self.as_of, self.dead)

    def _reported(self, period: Period | None) -> list[Reported]:
        if self._known is None:
            self._known = _read_periods(known_periods(self._connection), self._terms)
        periods = [p.code for p in self._known if period is None or (period.first <= p.first and p.last <= period.last)]
        names = [one.name for one in self.indicators.values() if not one.is_ratio]
        return load_reported(self._connection, names, periods, self.as_of)

    def _add_reported(self, own: dict[str, dict[int, Number]], reported: Sequence[Reported], period: Period) -> None:
        by_body: dict[tuple[str, int, int], dict[str, Number]] = {}
        for one in reported:
            values = by_body.setdefault((one.indicator, one.unit_id, one.credited_unit_id), {})
            values[one.period] = as_number(one.value) or 0
        picker = PeriodPicker(period, self._known or [])
        for (name, _unit_id, credited_unit_id), values in by_body.items():
            value = picker.pick(values, stock=self.indicators[name].source == MEASURED)
            if value is not None:
                sums = own.setdefault(name, {})
                sums[credited_unit_id] = sums.get(credited_unit_id, 0) + value

    def double_sources(self, reported: Sequence[Reported] | None = None) -> list[DoubleSource]:
        """Every unit, indicator and period with both sources, among `reported` or all reported figures."""
        if reported is None:
            reported = [r for r in self._reported(None) if self.indicators[r.indicator].source == COUNTED]
        found: list[DoubleSource] = []
        for period in _read_periods(sorted({r.period for r in reported}), self._terms):
            of_period = [r for r in reported if r.period == period.code]
            counted = self._counted(period, {r.indicator for r in of_period})
            for r in of_period:
                count = counted[r.indicator].get(r.credited_unit_id, 0)
                if count:
                    number = as_number(r.value) or 0
                    found.append(DoubleSource(r.credited_unit_id, r.indicator, r.period, count, number))
        return found

    def _refuse_double(self, reported: Sequence[Reported]) -> None:
        found = self.double_sources(reported) if reported else []
        if found:
            refuse_double_sources(self._connection, found, self.indicators, self.as_of)


def find_double_sources(office: Office, connection: Connection) -> list[DoubleSource]:
    """Every unit, indicator and period that has both a counted and a reported number, whatever the day."""
    return Figures(office, connection, date.max).double_sources()


def refuse_double_sources(
    connection: Connection, found: Sequence[DoubleSource], indicators: dict[str, Indicator], on: date
) -> None:
    """BadInput that names both sources of the first and lists all in its details."""
    codes = {unit: name.code for unit, name in load_unit_names(connection, [d.unit_id for d in found], on).items()}
    first = found[0]
    raise BadInput(
        Text(
            "Đơn vị {unit}, «{label}», kỳ {period}: đếm từ hồ sơ được {counted}, số báo cáo là {reported}. "
            "Mỗi đơn vị chỉ dùng một nguồn cho một kỳ: xin bỏ số báo cáo hoặc hồ sơ. ({count} trường hợp)",
            "Unit {unit}, {indicator}, {period}: counted from the journal {counted}, reported as a number {reported}. "
            "A unit has one source for a period: drop the reported number or the people. ({count} such cases)",
        ),
        details={
            "double_sources": [
                {
                    "unit": codes.get(d.unit_id),
                    "indicator": d.indicator,
                    "period": d.period,
                    "counted": d.counted,
                    "reported": d.reported,
                }
                for d in found
            ]
        },
        unit=codes.get(first.unit_id),
        indicator=first.indicator,
        label=indicators[first.indicator].label,
        period=first.period,
        counted=first.counted,
        reported=first.reported,
        count=len(found),
    )


def _read_periods(codes: Sequence[str], terms: dict[str, tuple[date, date]]) -> list[Period]:
    """The periods of codes found in the database; a term config.yaml no longer declares is left out."""
    periods = []
    for code in codes:
        try:
            periods.append(parse_period(code, terms))
        except BadInput:
            continue
    return periods
