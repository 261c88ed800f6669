"""What stands behind the figures of a unit's period: entries, people, units' own numbers, and numbers reported."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from procedures.figures import Figures
from procedures.reported import Credit
from states.figures import Number
from states.indicators import COUNTED
from states.pace import as_number
from states.periods import Period
from store.movement import load_codes

if TYPE_CHECKING:
    from store.base import Connection


class Counted(NamedTuple):
    """An entry that counts: whose unit, and which day (none: an opening without a day)."""

    unit_id: int
    on: date | None


class Added(NamedTuple):
    """What one unit's numbers come to for one body, and the numbers by their period."""

    value: Number
    by_period: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Behind:
    """Of one unit and all below it. An indicator with nothing behind it is left out."""

    units: frozenset[int]
    counted: Mapping[str, Mapping[str, Counted]]  # indicator -> CODE:sequence
    standing: Mapping[str, Mapping[str, Counted]]  # measured: indicator -> CODE
    amounts: Mapping[str, Mapping[int, Number]]  # measured: indicator -> unit
    reported: Mapping[str, Mapping[Credit, Added]]

    def pack(self) -> bytes:
        """As a closing keeps it."""
        content = {
            "units": sorted(self.units),
            "counted": _plain(self.counted),
            "standing": _plain(self.standing),
            "amounts": {
                name: [[unit_id, str(amount)] for unit_id, amount in amounts.items()]
                for name, amounts in self.amounts.items()
            },
            "reported": {
                name: [
                    [*credit, str(one.value), {code: str(value) for code, value in one.by_period.items()}]
                    for credit, one in added.items()
                ]
                for name, added in self.reported.items()
            },
        }
        return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes) -> Behind:
    """What `pack` was given."""
    content = json.loads(zlib.decompress(packed))
    return Behind(
        frozenset(content["units"]),
        _counted(content["counted"]),
        _counted(content["standing"]),
        {
            name: {unit_id: _number(amount) for unit_id, amount in amounts}
            for name, amounts in content["amounts"].items()
        },
        {
            name: {
                (unit_id, credited_id): Added(_number(value), {code: _number(each) for code, each in by_period.items()})
                for unit_id, credited_id, value, by_period in added
            }
            for name, added in content["reported"].items()
        },
    )


def look_behind(connection: Connection, figures: Figures, period: Period, unit_id: int) -> Behind:
    """Everything the unit's figures are made of, as those figures see it."""
    sums = figures.of(period)
    units = frozenset(sums.tree.subtree(unit_id))
    counted: dict[str, dict[str, Counted]] = {}
    standing: dict[str, dict[str, Counted]] = {}
    amounts: dict[str, dict[int, Number]] = {}
    for name, indicator in figures.indicators.items():
        if indicator.source == COUNTED:
            found = figures.entries_behind(indicator, period, sorted(units))
            counted[name] = {f"{one.code}:{one.sequence}": Counted(one.unit_id, one.on) for one in found}
        elif indicator.steps and figures.as_of >= period.first:
            people = [
                one
                for one in figures.standing.one_by_one(indicator, min(period.last, figures.as_of))
                if one.unit_id in units
            ]
            codes = load_codes(connection, [one.candidate_id for one in people])
            standing[name] = {codes[one.candidate_id]: Counted(one.unit_id, one.on) for one in people}
        elif indicator.attribute is not None:
            amounts[name] = {unit: number for unit, number in sums.own.get(name, {}).items() if unit in units}
    reported = _reported(figures, period, units)
    for name in amounts:  # the sums have reported numbers in them too
        for (_, credited_id), added in reported.get(name, {}).items():
            amounts[name][credited_id] = amounts[name].get(credited_id, 0) - added.value
    return Behind(units, counted, standing, amounts, reported)


def _reported(figures: Figures, period: Period, units: frozenset[int]) -> dict[str, dict[Credit, Added]]:
    found = {
        name: {
            credit: Added(figures.reported.added(name, period, numbers) or 0, numbers)
            for credit, numbers in by_credit.items()
            if credit[1] in units
        }
        for name, by_credit in figures.reported.by_body(period, figures.as_of).items()
    }
    return {name: added for name, added in found.items() if added}


def _plain(entries: Mapping[str, Mapping[str, Counted]]) -> dict[str, list[list[str | int | None]]]:
    return {
        name: [[key, one.unit_id, one.on.isoformat() if one.on else None] for key, one in of.items()]
        for name, of in entries.items()
    }


def _counted(content: Mapping[str, list[list[Any]]]) -> dict[str, dict[str, Counted]]:
    return {
        name: {key: Counted(unit_id, on and date.fromisoformat(on)) for key, unit_id, on in entries}
        for name, entries in content.items()
    }


def _number(value: str) -> Number:
    return as_number(Decimal(value)) or 0
