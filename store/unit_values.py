"""What is known of units on the days that count: dated attributes and kinds, read for all units at one go."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection, String, select, type_coerce

from states.breakdowns import ATTRIBUTES, KIND, UNIT, Condition
from store.base import loads
from store.bulk import plain_rows
from store.units import UnitVersion

Value = str | int | None
Versions = tuple[list[date], list[tuple[str, Any]]]  # first days, and from each on the kind and the attributes

V = UnitVersion.__table__  # type: ignore[attr-defined]


class UnitValues:
    """The attributes of every unit by day, as known at an instant; before its first day a unit has its first value.

    Read when the first value is asked for: most figures ask nothing of units.
    """

    def __init__(self, connection: Connection, known_at: datetime | None = None) -> None:
        self._connection = connection
        self._known_at = known_at

    def value(self, unit_id: int, key: str, on: date) -> str | None:
        """The value in force on a day (`loai` is the kind); None = not known."""
        versions = self._versions.get(unit_id)
        if versions is None:
            return None
        days, held = versions
        kind, attributes = held[max(bisect_right(days, on) - 1, 0) if len(days) > 1 else 0]
        return kind if key == KIND else _read(attributes).get(key)

    @cached_property
    def _versions(self) -> dict[int, Versions]:
        """Plain rows: a later recording of one day replaces the earlier, and JSON is read where somebody asks."""
        c = V.c
        asked = select(c.unit_id, type_coerce(c.from_on, String), c.kind, type_coerce(c.attributes, String))
        if self._known_at is not None:
            asked = asked.where(c.recorded_at <= self._known_at)
        found: dict[int, Versions] = {}
        ordered = asked.order_by(c.unit_id, c.from_on, c.recorded_at)
        for unit_id, from_on, kind, attributes in plain_rows(self._connection.execute(ordered)):
            day = _day(from_on) if isinstance(from_on, str) else from_on
            days, held = found.setdefault(unit_id, ([], []))
            if days and days[-1] == day:
                held[-1] = (kind, attributes)
            else:
                days.append(day)
                held.append((kind, attributes))
        return found


@lru_cache(maxsize=4096)
def _day(written: str) -> date:
    return date.fromisoformat(written)


def _read(attributes: Any) -> Mapping[str, str | None]:
    return _loads(attributes) if isinstance(attributes, str) else attributes or {}


@lru_cache(maxsize=65_536)
def _loads(written: str) -> Mapping[str, str | None]:
    return loads(written) or {}


def layer(units: UnitValues, keys: Sequence[str]) -> Callable[[int, date, Sequence[Value]], tuple[Value, ...]]:
    """Lays what is known of a unit on a day among what is known of its people, in the order of `keys`."""
    of_units = frozenset(key for key in keys if ATTRIBUTES[key].of == UNIT)
    if not of_units:
        return lambda unit_id, on, values: tuple(values)

    def lay(unit_id: int, on: date, values: Sequence[Value]) -> tuple[Value, ...]:
        left = iter(values)
        return tuple([units.value(unit_id, key, on) if key in of_units else next(left) for key in keys])

    return lay


def conditions(where: Sequence[Condition], keys: Sequence[str]) -> Callable[[Sequence[Value]], bool]:
    """Whether values in the order of `keys` meet all of `where`."""
    at = [(keys.index(one.key), one) for one in where]
    return lambda values: all(one.meets(values[place]) for place, one in at)


def matcher(units: UnitValues, where: Sequence[Condition]) -> Callable[[int, date, Sequence[Value]], bool]:
    """Whether a unit on a day, with the values of the conditions on people in their order, meets all conditions."""
    keys = [one.key for one in where]
    lay, meets = layer(units, keys), conditions(where, keys)
    return lambda unit_id, on, values: meets(lay(unit_id, on, values))
