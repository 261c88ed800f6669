"""Gather the figures of a period: counted from the journal, reported as numbers, then once up the tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from procedures.double_sources import DoubleSource, refuse_double_sources
from procedures.horizon import NOW, THEN
from procedures.indicators import indicators_of, some_of
from procedures.reported import ReportedFigures, read_periods
from procedures.standing import People
from states.figures import Number, Tree
from states.indicators import COUNTED, Indicator
from states.pace import as_number
from states.periods import Period
from states.targets import MEMBERS
from store.counting import MANY, Behind, Dead, Part, count_entries, entries_behind, load_dead, split_entries
from store.figures import Reported
from store.trees import load_tree, stock_of
from store.unit_values import UnitValues, matcher
from store.units import load_successions

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection


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
    above the credited body. `known_at`, `structure`: see procedures.horizon. `only`: of all indicators no more than
    these and those they are made of.
    """

    def __init__(
        self,
        office: Office,
        connection: Connection,
        as_of: date,
        *,
        known_at: datetime | None = None,
        structure: str = THEN,
        shared_with: Figures | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        self.indicators = some_of(indicators_of(office), only)
        self.as_of = as_of
        self.known_at = known_at
        self.structure = structure
        self._office, self._today = office, office.today
        self._connection = connection
        self._terms = office.terms
        self._of_units: UnitValues = (
            shared_with._of_units if shared_with is not None else UnitValues(connection, known_at)
        )
        self.standing = People(
            office, connection, self.indicators.values(), lambda: self.dead, self._of_units, known_at
        )
        self.reported = ReportedFigures(connection, self.indicators, office.terms, known_at)
        self._dead: list[Dead] | None = None
        self._trees: dict[date, Tree] = {}
        if shared_with is not None:  # the same reading of the database, looked at on another day
            self.reported, self._dead, self._trees = shared_with.reported, shared_with.dead, shared_with._trees
        self._now: Tree | None = None
        self._sums: dict[str, Sums] = {}
        self._on_the_way: dict[tuple[str, date], dict[int, Number]] = {}
        self._members: dict[date, dict[int, Number]] = {}

    @property
    def dead(self) -> list[Dead]:
        """The entries of the journal that do not count."""
        if self._dead is None:
            self._dead = load_dead(self._connection, self.known_at)
        return self._dead

    def tree(self, on: date) -> Tree:
        """The structure valid on a day; as it is now whatever the day, when that is how figures are looked at."""
        if self.structure != NOW:
            return self._tree_then(on)
        if self._now is None:
            successors: dict[int, set[int]] = {}
            for old, new, day in load_successions(self._connection):
                if day is None or day <= self._today:
                    successors.setdefault(old, set()).add(new)
            alone = {old: new for old, (new, *more) in successors.items() if not more}
            self._now = self._tree_then(self._today).succeeded(alone)
        return self._now

    def _tree_then(self, on: date) -> Tree:
        if on not in self._trees:
            self._trees[on] = (
                self._office.tree(self._connection, on)
                if self.known_at is None
                else load_tree(self._connection, on, self.known_at)
            )
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
            self._members[on] = self._stock(stock_of(self._connection, MEMBERS, on, self.known_at), on)
        return self._members[on]

    def _stock(self, said: Mapping[int, Number], on: date) -> dict[int, Number]:
        """Every subtree's sum of a number units say of themselves: what a unit said covered those under it then."""
        then = self._tree_then(on)
        total = then.sum_where_unsaid(said)
        return total if self.structure != NOW else self.tree(on).sum_up(then.own_of(total))

    def on_the_way(self, indicator: Indicator, unit_id: int, day: date) -> int | None:
        """People of the subtree who stood, on that day, in a step from which the indicator can still be reached."""
        found = self.all_on_the_way(indicator, day)
        return None if found is None else int(found.get(unit_id, 0))

    def all_on_the_way(self, indicator: Indicator, day: date) -> Mapping[int, Number] | None:
        """The same for every unit that has some; None where nobody knows (reported numbers)."""
        steps = indicator.on_the_way
        if steps is None:
            return None
        key = (indicator.name, day)
        if key not in self._on_the_way:
            own: dict[int, Number] = dict(self.standing.count(indicator, steps, day))
            self._on_the_way[key] = self.tree(day).sum_up(own)
        return self._on_the_way[key]

    # ------------------------------------------------------------------ the figures of a period

    def _compute(self, period: Period) -> Sums:
        tree = self.tree(min(period.last, self.as_of))
        own: dict[str, dict[int, Number]] = self._computed(period)
        said = self.reported.of(period, self.as_of)
        self._refuse_double(said.computed)
        for name, values in said.sums.items():
            counted = own.get(name)
            own[name] = dict(values)
            for unit_id, value in (counted or {}).items():
                own[name][unit_id] = own[name].get(unit_id, 0) + value
        subtree = {name: tree.sum_up(values) for name, values in own.items()}
        return Sums(period, self.as_of, tree, own, subtree)

    def _computed(self, period: Period, only: Collection[str] | None = None) -> dict[str, dict[int, Number]]:
        """What is counted from people or measured on the period's last day, per unit."""
        wanted = [one for one in self.indicators.values() if only is None or one.name in only]
        counted = [one for one in wanted if one.source == COUNTED]
        own: dict[str, dict[int, Number]] = {}
        own.update(
            count_entries(  # type: ignore[arg-type]
                self._connection,
                [one for one in counted if not one.where],
                period.first,
                period.last,
                self.as_of,
                self.dead,
                known_at=self.known_at,
            )
        )
        for one in counted:
            if one.where:
                own[one.name] = {}
                for part in self.split_entries(one, period, ()):
                    own[one.name][part.unit_id] = own[one.name].get(part.unit_id, 0) + part.entries
        if self.as_of >= period.first:
            own.update(
                {one.name: self._measure(one, min(period.last, self.as_of)) for one in wanted if one.is_measured}
            )
        return own

    def split_entries(
        self, indicator: Indicator, period: Period, keys: Sequence[str], units: Collection[int] | None = None
    ) -> list[Part]:
        """The live entries of a counted indicator that meet its conditions, by unit and the values of `keys`."""
        return list(
            split_entries(
                self._connection,
                indicator,
                period.first,
                period.last,
                self.as_of,
                keys,
                self.dead,
                self._of_units,
                units,
                self.known_at,
            )
        )

    def counted_in(self, indicator: Indicator, first: date, last: date, units: Collection[int]) -> int:
        """What a counted indicator comes to in these units from one day to another, without the rest of the tree."""
        narrow = units if len(units) <= MANY else None
        if indicator.where:
            period = Period(f"{first} → {last}", first, last, "")
            parts = self.split_entries(indicator, period, (), narrow)
            return sum(part.entries for part in parts if part.unit_id in units)
        found = count_entries(
            self._connection, [indicator], first, last, self.as_of, self.dead, narrow, known_at=self.known_at
        )
        return sum(count for unit_id, count in found[indicator.name].items() if unit_id in units)

    def entries_behind(self, indicator: Indicator, period: Period, units: Collection[int]) -> list[Behind]:
        """The live entries a counted figure of these units is made of, by the day that counts and code."""
        return entries_behind(
            self._connection,
            indicator,
            period.first,
            period.last,
            self.as_of,
            self.dead,
            self._of_units,
            units,
            self.known_at,
        )

    def _measure(self, indicator: Indicator, day: date) -> dict[int, Number]:
        if indicator.attribute is not None:
            said = stock_of(self._connection, indicator.attribute, day, self.known_at)
            meets = matcher(self._of_units, indicator.where)
            kept: dict[int, Number] = {unit: number for unit, number in said.items() if meets(unit, day, ())}
            then = self._tree_then(day)
            return then.own_of(then.sum_where_unsaid(kept))
        return dict(self.standing.count(indicator, indicator.steps, day))

    def double_sources(self, reported: Sequence[Reported] | None = None) -> list[DoubleSource]:
        """Every unit, indicator and period with both sources, among `reported` or all reported figures."""
        if reported is None:
            reported = self.reported.every(self.as_of)
        found: list[DoubleSource] = []
        for period in read_periods(sorted({r.period for r in reported}), self._terms):
            of_period = [r for r in reported if r.period == period.code]
            counted = self._computed(period, {r.indicator for r in of_period})
            for r in of_period:
                count = counted.get(r.indicator, {}).get(r.credited_unit_id, 0)
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
