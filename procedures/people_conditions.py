"""What is asked of people in words (steps, units, days, cells of breakdowns), as conditions the store can ask."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from procedures import access
from procedures.due import as_of_today
from procedures.indicators import breakdowns_of
from procedures.office import Office
from procedures.person_attributes import SENSITIVE
from procedures.today import standing_for
from states.breakdowns import (
    ATTRIBUTES,
    KIND,
    NUMBER,
    OTHER,
    OTHER_LABEL,
    UNIT,
    UNKNOWN,
    UNKNOWN_LABEL,
    Breakdown,
    is_unknown,
)
from states.errors import BadInput, Unknown
from states.steps import STAGES, STEPS
from states.way import DU_BI
from states.wording import Text, fold
from store import search, search_conditions
from store.base import Connection
from store.units import Units

NUMBERS = 1_000  # a cell of numbers is looked for among these
NO_SUCH = Text("Không có «{word}»; có: {known}.", "There is no “{word}”; there are: {known}.")
FIELDS = ("code", "name", "unit", "step", "stage", "since", "due", "overdue")


@dataclass(frozen=True)
class Rule:
    """One condition of a filter: about `field`, with one value or two; `negated`: the others."""

    field: str
    value: Any = None
    value2: Any = None
    negated: bool = False


@dataclass(frozen=True)
class Group:
    """Conditions of which all ("and") or one ("or") must be met."""

    rules: Sequence[Rule | Group] = ()
    logic: str = "and"


def cells_of(office: Office) -> dict[str, dict[str, str]]:
    """Breakdown -> {"": its label, cell: the cell's label} of every breakdown a list of people may be told by."""
    found = {}
    for name, one in breakdowns_of(office).items():
        if one.key not in SENSITIVE:
            cells = {cell.value: cell.label for cell in one.cells}
            others = {OTHER: OTHER_LABEL.say(office.lang), UNKNOWN: UNKNOWN_LABEL.say(office.lang)}
            found[name] = {"": one.label} | others | cells | others
    return found


def breakdown_of(office: Office, name: str) -> Breakdown:
    """One of `cells_of`; Unknown lists them."""
    if name not in (known := cells_of(office)):
        raise Unknown(NO_SUCH, word=name, known=", ".join(known))
    return breakdowns_of(office)[name]


def unit_value(units: Units, breakdown: Breakdown, unit_id: int, today: date) -> str | None:
    """What a unit is, where people are told apart by their unit."""
    if breakdown.key == KIND:
        return units.kind(unit_id, today)
    return units.attribute(unit_id, breakdown.key, today)


class Teller:
    """Turns what is asked in words into what the store can ask."""

    def __init__(self, office: Office, connection: Connection, units: Units) -> None:
        self.office, self.connection, self.units = office, connection, units

    def group(self, group: Group) -> Any:
        parts = tuple(self.group(one) if isinstance(one, Group) else self.rule(one) for one in group.rules)
        if not parts:
            return search_conditions.Every()
        return search_conditions.Some(parts) if group.logic == "or" else search_conditions.Every(parts)

    def rule(self, rule: Rule) -> Any:
        told = self._told(rule)
        return search_conditions.Not(told) if rule.negated else told

    def searched(self, words: str) -> Any:
        """By name (every word in it), by code, or by a unit whose code or name has the words."""
        by: list[Any] = [search_conditions.Coded(unicodedata.normalize("NFC", words))]
        if (named := self._named(words)) is not None:
            by.append(named)
        if ids := find_units(self.units, words, self.office.today):
            by.append(search_conditions.InUnits(ids))
        return search_conditions.Some(tuple(by))

    def _named(self, words: str) -> Any:
        folded = tuple(word for one in words.split() if (word := fold(one)))
        return search_conditions.Named(folded) if folded else None

    def _told(self, rule: Rule) -> Any:
        value, today = rule.value, self.office.today
        match rule.field:
            case "code":
                return search_conditions.Coded(unicodedata.normalize("NFC", str(value or "")))
            case "name":
                return self._named(str(value or "")) or search_conditions.Some()
            case "unit":
                return search_conditions.InUnits(self._units(str(value or "")))
            case "step":
                return search_conditions.AtSteps(_known(value, STEPS))
            case "stage":
                return search_conditions.AtSteps([step for one in _known(value, STAGES) for step in STAGES[one]])
            case "since":
                return search_conditions.Since(value, rule.value2)
            case "due":
                return self._due(value, rule.value2)
            case "overdue":
                late = self._due(None, today - timedelta(days=1))
                return late if value else search_conditions.Not(late)
            case _:
                return self._cell(rule.field.removeprefix("breakdown:"), str(value))

    def _units(self, written: str) -> frozenset[int] | list[int]:
        """The unit of that code with all below it; else every unit whose code or name has the words."""
        known = self.units.by_code.get(written.strip())
        if known is not None and access.may_see_unit(self.office, self.units, known):
            return self.units.inside(known, self.office.today)
        return find_units(self.units, written, self.office.today)

    def _due(self, first: date | None, last: date | None) -> Any:
        over = []
        for day in search.over_days(self.connection, self.office.today):
            shown = as_of_today(self.office, standing_for(DU_BI, day))
            if (first is None or shown.due_on >= first) and (last is None or shown.due_on <= last):
                over.append(day)
        return search_conditions.DueWithin(first, last, over)

    def _cell(self, name: str, cell: str) -> Any:
        breakdown = breakdown_of(self.office, name)
        known = [*(one.value for one in breakdown.cells), OTHER, UNKNOWN]
        if cell not in known:
            raise BadInput(NO_SUCH, word=cell, known=", ".join(known))
        attribute = ATTRIBUTES[breakdown.key]
        if attribute.of == UNIT:
            return search_conditions.InUnits(
                [
                    one
                    for one in self.units.ids()
                    if breakdown.cell_of(unit_value(self.units, breakdown, one, self.office.today)) == cell
                ]
            )
        if attribute.kind == NUMBER:
            return self._numbers(breakdown, cell)
        if cell == UNKNOWN:
            return search_conditions.Valued(breakdown.key, ["", "?"], unknown=True)
        values = search.known_values(self.connection, breakdown.key)
        fitting = [one for one in values if not is_unknown(one) and breakdown.cell_of(one) == cell]
        return search_conditions.Valued(breakdown.key, fitting)

    def _numbers(self, breakdown: Breakdown, cell: str) -> Any:
        """Numbers are few (ages, memberships): those that fall into the cell are named."""
        if cell == UNKNOWN:
            return search_conditions.Ranged(breakdown.key, [], unknown=True)
        fitting = [number for number in range(NUMBERS) if breakdown.cell_of(number) == cell]
        return search_conditions.Ranged(breakdown.key, _spans(fitting))


def _spans(numbers: Iterable[int]) -> list[tuple[int, int | None]]:
    spans: list[tuple[int, int | None]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return spans


def _known(value: Any, words: Iterable[str]) -> list[str]:
    asked = [value] if isinstance(value, str) else list(value or ())
    known = list(words)
    for one in asked:
        if one not in known:
            raise BadInput(NO_SUCH, word=one, known=", ".join(known))
    return asked


_FOLDED: WeakKeyDictionary[Units, tuple[date, list[tuple[int, str, str]]]] = WeakKeyDictionary()


def find_units(units: Units, words: str, today: date) -> list[int]:
    """Units whose code or name on the day has the words, without accents; the names are folded once a tree."""
    wanted = fold(words)
    if not wanted:
        return []
    known = _FOLDED.get(units)
    if known is None or known[0] != today:
        rows = [(one, fold(units.code(one)), fold(units.name(one, today))) for one in units.ids()]
        known = _FOLDED[units] = (today, rows)
    return [one for one, code, name in known[1] if wanted in code or wanted in name]
