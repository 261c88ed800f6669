"""Where people stand on a day, for figures: counted by unit, told apart, or one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from states.breakdowns import PERSON
from states.indicators import Indicator
from states.way import DU_BI, XET_CHINH_THUC
from store.candidates_by_step import (
    Standing,
    is_later_recorded,
    matured_unwritten,
    people_by_step,
    people_by_step_on,
    split_standing,
    standing_on,
)
from store.counting import Dead, Part
from store.person_values import load_values
from store.unit_values import UnitValues, matcher

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection


class People:
    """Where everybody stands on the days one reading of figures asks about; each day's counts are read once."""

    def __init__(
        self,
        office: Office,
        connection: Connection,
        indicators: Iterable[Indicator],
        dead: Callable[[], list[Dead]],
        of_units: UnitValues,
        known_at: datetime | None,
    ) -> None:
        self._office = office
        self._connection = connection
        self._steps = set().union(*(one.on_the_way or one.steps for one in indicators))
        self._dead = dead
        self._of_units = of_units
        self._known_at = known_at
        self._current: dict[date, bool] = {}
        self._by_step: dict[date, dict[int, dict[str, int]]] = {}
        self._matured: dict[date, list[Standing]] = {}

    def count(self, indicator: Indicator, steps: Collection[str], day: date) -> dict[int, int]:
        """unit -> people at these steps on that day, of those the indicator is about."""
        found: dict[int, int] = {}
        if indicator.where:
            for part in self.split(indicator, steps, day, ()):
                found[part.unit_id] = found.get(part.unit_id, 0) + part.entries
            return found
        for unit, at in self._on(day).items():
            found[unit] = sum(count for step, count in at.items() if step in steps)
        for one, by in self._signed(steps, day):
            found[one.unit_id] = found.get(one.unit_id, 0) + by
        return found

    def split(self, indicator: Indicator, steps: Collection[str], day: date, keys: Sequence[str]) -> list[Part]:
        """People at these steps on that day who meet the indicator's conditions, by unit and the values of `keys`."""
        now, also = self._is_current(day), self._signed(steps, day)
        dead = [] if now else self._dead()
        return list(
            split_standing(
                self._connection,
                steps,
                day,
                keys,
                indicator.where,
                dead,
                self._of_units,
                self._known_at,
                now=now,
                also=also,
            )
        )

    def one_by_one(self, indicator: Indicator, day: date) -> list[Standing]:
        """Those a measured figure is made of."""
        found = standing_on(self._connection, indicator.steps, day, self._dead(), self._known_at)
        for one, by in self._signed(indicator.steps, day):
            if by > 0:
                found.append(one)
            else:
                found = [other for other in found if other.candidate_id != one.candidate_id]
        keys = [condition.key for condition in indicator.where if condition.of == PERSON]
        meets = matcher(self._of_units, indicator.where)
        known = load_values(self._connection, [one.candidate_id for one in found], keys, day, self._known_at)
        return [one for one in found if meets(one.unit_id, day, known.get(one.candidate_id, ()))]

    def by_step(self, steps: Collection[str], day: date) -> dict[int, dict[str, int]]:
        """unit -> step -> people at these steps on that day, as entries say it."""
        if self._is_current(day):
            return people_by_step(self._connection, steps)
        return people_by_step_on(self._connection, steps, day, self._dead(), self._known_at)

    def _on(self, day: date) -> dict[int, dict[str, int]]:
        if day not in self._by_step:
            self._by_step[day] = self.by_step(self._steps, day)
        return self._by_step[day]

    def _is_current(self, day: date) -> bool:
        """Whether people stand on that day where they stand now, as far as is recorded and to be known."""
        if day not in self._current:
            today = self._office.today
            self._current[day] = (
                self._known_at is None and day >= today and not is_later_recorded(self._connection, day)
            )
        return self._current[day]

    def _signed(self, steps: Collection[str], day: date) -> list[tuple[Standing, int]]:
        """Probationers whose `mature` is not written yet, for steps with only one of the two: 1 where it brings them
        in, -1 where it takes them out."""
        if (DU_BI in steps) is (XET_CHINH_THUC in steps):
            return []
        if day not in self._matured:
            months = self._office.law.limit("probation_months", day).value
            self._matured[day] = matured_unwritten(self._connection, day, months or 0, self._dead(), self._known_at)
        return [(one, 1 if XET_CHINH_THUC in steps else -1) for one in self._matured[day]]
