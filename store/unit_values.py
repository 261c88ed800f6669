"""What is known of units on the days that count: dated attributes and kinds, read for all units at one go."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from states.breakdowns import ATTRIBUTES, KIND, UNIT, Condition
from store.units import UnitVersion

Value = str | int | None

V = UnitVersion.__table__  # type: ignore[attr-defined]


class UnitValues:
    """The values of some attributes of every unit, by day; before its first day a unit has its first value."""

    def __init__(self, dated: Mapping[int, list[tuple[date, Mapping[str, str | None]]]]) -> None:
        self._dated = dated
        self._days = {unit: [day for day, _ in versions] for unit, versions in dated.items()}

    def value(self, unit_id: int, key: str, on: date) -> str | None:
        """The value in force on a day; None = not known."""
        days = self._days.get(unit_id)
        if days is None:
            return None
        return self._dated[unit_id][max(bisect_right(days, on) - 1, 0)][1].get(key)


def load_unit_values(connection: Connection, keys: Collection[str], known_at: datetime | None = None) -> UnitValues:
    """Every dated value of these attributes (`loai` is the kind); a later recording of one day replaces the earlier."""
    c = V.c
    asked = select(c.unit_id, c.from_on, c.kind, c.attributes).order_by(c.unit_id, c.from_on, c.id)
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    dated: dict[int, list[tuple[date, Mapping[str, str | None]]]] = {}
    for unit_id, from_on, kind, attributes in connection.execute(asked):
        values = {key: kind if key == KIND else (attributes or {}).get(key) for key in keys}
        versions = dated.setdefault(unit_id, [])
        if versions and versions[-1][0] == from_on:
            versions.pop()
        versions.append((from_on, values))
    return UnitValues(dated)


def layer(
    connection: Connection, keys: Sequence[str], known_at: datetime | None
) -> Callable[[int, date, Sequence[Value]], tuple[Value, ...]]:
    """Lays what is known of a unit on a day among what is known of its people, in the order of `keys`."""
    of_units = [key for key in keys if ATTRIBUTES[key].of == UNIT]
    if not of_units:
        return lambda unit_id, on, values: tuple(values)
    known = load_unit_values(connection, of_units, known_at)

    def lay(unit_id: int, on: date, values: Sequence[Value]) -> tuple[Value, ...]:
        left = iter(values)
        return tuple(known.value(unit_id, key, on) if key in of_units else next(left) for key in keys)

    return lay


def conditions(where: Sequence[Condition], keys: Sequence[str]) -> Callable[[Sequence[Value]], bool]:
    """Whether values in the order of `keys` meet all of `where`."""
    at = [(keys.index(one.key), one) for one in where]
    return lambda values: all(one.meets(values[place]) for place, one in at)


def matcher(
    connection: Connection, where: Sequence[Condition], known_at: datetime | None = None
) -> Callable[[int, date, Sequence[Value]], bool]:
    """Whether a unit on a day, with the values of the conditions on people in their order, meets all conditions."""
    keys = [one.key for one in where]
    lay, meets = layer(connection, keys, known_at), conditions(where, keys)
    return lambda unit_id, on, values: meets(lay(unit_id, on, values))
