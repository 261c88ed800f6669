"""The people the actor may see: found by name without accents, by code or unit, told apart, sorted, page by page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from procedures import access
from procedures.due import as_of_today
from procedures.indicators import breakdowns_of
from procedures.office import Office
from procedures.person_attributes import SENSITIVE
from procedures.today import band, in_sight
from states.aftermath import PROBATION
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
from states.clocks import days_left
from states.errors import BadInput, Unknown
from states.reminders import say_left
from states.steps import STAGE_LABELS, STAGE_OF, STAGES, STEP_LABELS, STEPS
from states.way import DU_BI, XET_CHINH_THUC
from states.wording import Text, fold
from store import search as _search
from store.base import Connection
from store.clocks import RunningClock
from store.due_list import next_clocks
from store.person_values import load_values
from store.search import SORTS, Found
from store.units import Units

SIZE, MOST = 50, 100_000
NUMBERS = 1_000  # a cell of numbers is looked for among these
FAR = 3_660  # days: nobody asks what is due in more than ten years
SEARCHED = 100  # letters of a search that are looked at
NO_SUCH = Text("Không có «{word}»; có: {known}.", "There is no “{word}”; there are: {known}.")
DAYS = Text("Số ngày phải từ 0 đến {most}.", "The number of days must be from 0 to {most}.")


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


def list_people(
    office: Office, *, search: str = "", step: str | None = None, stage: str | None = None, unit: str | None = None,
    due: int | None = None, overdue: bool = False, cells: Mapping[str, str] | None = None, filters: Group | None = None,
    codes: Sequence[str] | None = None, sort: str = "name", descending: bool = False, page: int = 1,
    size: int | None = SIZE, only_count: bool = False, told: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """{items, total, page, pages, size}: the actor's people who meet everything that is asked.

    Items: {code, name, unit, unit_name, step, step_label, stage, stage_label, since, clock, clock_label, due_on,
    days_left, left, band}; the limit is the one whose day comes first. `search`: words of the name, the code or a unit,
    without accents. `due`: something falls due within so many days (what is overdue too). `cells`: breakdown -> cell.
    `filters`: conditions put together freely, about the fields of FIELDS. `told`: breakdowns whose cell each item says in
    `cells`. Breakdowns of sensitive attributes are Unknown here. `size` None = everybody. People who were
    erased have no name.
    """
    access.require(office, "see_people")
    if sort not in SORTS:
        raise BadInput(NO_SUCH, word=sort, known=", ".join(SORTS))
    rules: list[Rule | Group] = []
    if step:
        rules.append(Rule("step", step))
    if stage:
        rules.append(Rule("stage", stage))
    if due is not None:
        rules.append(Rule("due", None, _in_days(office, due)))
    if overdue:
        rules.append(Rule("overdue", True))
    rules += [Rule(f"breakdown:{name}", cell) for name, cell in (cells or {}).items()]
    with office.database.reading() as connection:
        units = office.units(connection)
        teller = _Teller(office, connection, units)
        wanted: list[Any] = [teller.group(Group(rules))]
        if filters is not None:
            wanted.append(teller.group(filters))
        if codes is not None:
            wanted.append(_search.Some(tuple(_search.Coded(code, whole=True) for code in codes)))
        if words := search.strip()[:SEARCHED]:
            wanted.append(teller.searched(words))
        where, scope = _search.Every(tuple(wanted)), in_sight(office, units, unit or None)
        few = _search.find_few(connection, scope, where, office.today)
        total = _search.count_found(connection, scope, where, office.today) if few is None else len(few)
        taken = min(size, MOST) if size else MOST
        pages = max(1, -(-total // taken))
        page = max(1, min(page, pages))
        found: list[Found] = []
        if not only_count:
            found = _search.find_people(
                connection,
                scope,
                where,
                office.today,
                sort=sort,
                descending=descending,
                skip=(page - 1) * taken,
                number=taken,
                total=total,
                few=few,
            )
        items = _items(office, connection, units, found)
        _tell_cells(office, connection, units, told, found, items)
    return {"items": items, "total": total, "page": page, "pages": pages, "size": taken}


def find_listed(office: Office, codes: Sequence[str]) -> list[dict[str, Any]]:
    """The actor's people with these codes as `list_people` lists them; others are left out."""
    access.require(office, "see_people")
    with office.database.reading() as connection:
        units = office.units(connection)
        inside = in_sight(office, units)
        ids = _search.load_ids(connection, codes)
        known = _search.load_found(connection, list(ids.values()))
        found = [known[ids[code]] for code in codes if code in ids and ids[code] in known]
        return _items(office, connection, units, [one for one in found if inside is None or one.unit_id in inside])


def _items(office: Office, connection: Connection, units: Units, found: Sequence[Found]) -> list[dict[str, Any]]:
    first: dict[int, RunningClock] = {}
    over: dict[int, date] = {}  # probations that are over though that is not written
    for clock in next_clocks(connection, [one.id for one in found]):
        shown = as_of_today(office, clock)
        if (known := first.get(shown.candidate_id)) is None or shown.due_on < known.due_on:
            first[shown.candidate_id] = shown
        if shown.step != clock.step:
            over[shown.candidate_id] = clock.due_on
    return [_item(office, units, one, first.get(one.id), over.get(one.id)) for one in found]


def _item(office: Office, units: Units, one: Found, clock: RunningClock | None, over_on: date | None) -> dict[str, Any]:
    lang = office.lang
    step, since = (one.step, one.since) if over_on is None else (XET_CHINH_THUC, over_on)
    left = None
    if clock is not None:
        left = days_left(clock.due_on, clock.limit_unit, office.today, office.calendar)
    return {
        "code": one.code,
        "name": one.name,
        "unit": units.code(one.unit_id),
        "unit_name": units.name(one.unit_id, office.today),
        "step": step,
        "step_label": STEP_LABELS[step].say(lang),
        "stage": STAGE_OF[step],
        "stage_label": STAGE_LABELS[STAGE_OF[step]].say(lang),
        "since": since,
        "clock": clock.key if clock else None,
        "clock_label": office.law.label(clock.key).say(lang) if clock else None,
        "due_on": clock.due_on if clock else None,
        "days_left": left,
        "left": say_left(left, clock.limit_unit).say(lang) if clock and left is not None else None,
        "band": band(clock.due_on, office.today) if clock else None,
    }


def cells_of(office: Office) -> dict[str, dict[str, str]]:
    """Breakdown -> {"": its label, cell: the cell's label} of every breakdown a list of people may be told by."""
    found = {}
    for name, one in breakdowns_of(office).items():
        if one.key not in SENSITIVE:
            cells = {cell.value: cell.label for cell in one.cells}
            others = {OTHER: OTHER_LABEL.say(office.lang), UNKNOWN: UNKNOWN_LABEL.say(office.lang)}
            found[name] = {"": one.label} | others | cells | others
    return found


def _tell_cells(
    office: Office, connection: Connection, units: Units, told: Sequence[str], found: Sequence[Found],
    items: list[dict[str, Any]],
) -> None:  # fmt: skip
    labels = cells_of(office)
    for name in told:
        breakdown = _breakdown(office, name)
        values: Mapping[int, tuple[Any, ...]] = {}
        if ATTRIBUTES[breakdown.key].of != UNIT:
            values = load_values(connection, [one.id for one in found], [breakdown.key], office.today, None)
        for one, item in zip(found, items, strict=True):
            value = (
                values.get(one.id, (None,))[0] if values else unit_value(units, breakdown, one.unit_id, office.today)
            )
            item.setdefault("cells", {})[name] = labels[name][breakdown.cell_of(value)]


def _breakdown(office: Office, name: str) -> Breakdown:
    if name not in (known := cells_of(office)):
        raise Unknown(NO_SUCH, word=name, known=", ".join(known))
    return breakdowns_of(office)[name]


def unit_value(units: Units, breakdown: Breakdown, unit_id: int, today: date) -> str | None:
    """What a unit is, where people are told apart by their unit."""
    if breakdown.key == KIND:
        return units.kind(unit_id, today)
    return units.attribute(unit_id, breakdown.key, today)


FIELDS = ("code", "name", "unit", "step", "stage", "since", "due", "overdue")


class _Teller:
    """Turns what is asked in words into what the store can ask."""

    def __init__(self, office: Office, connection: Connection, units: Units) -> None:
        self.office, self.connection, self.units = office, connection, units

    def group(self, group: Group) -> Any:
        parts = tuple(self.group(one) if isinstance(one, Group) else self.rule(one) for one in group.rules)
        if not parts:
            return _search.Every()
        return _search.Some(parts) if group.logic == "or" else _search.Every(parts)

    def rule(self, rule: Rule) -> Any:
        told = self._told(rule)
        return _search.Not(told) if rule.negated else told

    def searched(self, words: str) -> Any:
        """By name (every word in it), by code, or by a unit whose code or name has the words."""
        by: list[Any] = [_search.Coded(unicodedata.normalize("NFC", words))]
        if (named := self._named(words)) is not None:
            by.append(named)
        if ids := find_units(self.units, words, self.office.today):
            by.append(_search.InUnits(ids))
        return _search.Some(tuple(by))

    def _named(self, words: str) -> Any:
        folded = tuple(word for one in words.split() if (word := fold(one)))
        return _search.Named(folded) if folded else None

    def _told(self, rule: Rule) -> Any:
        value, today = rule.value, self.office.today
        match rule.field:
            case "code":
                return _search.Coded(unicodedata.normalize("NFC", str(value or "")))
            case "name":
                return self._named(str(value or "")) or _search.Some()
            case "unit":
                return _search.InUnits(self._units(str(value or "")))
            case "step":
                return _search.AtSteps(_known(value, STEPS))
            case "stage":
                return _search.AtSteps([step for one in _known(value, STAGES) for step in STAGES[one]])
            case "since":
                return _search.Since(value, rule.value2)
            case "due":
                return self._due(value, rule.value2)
            case "overdue":
                late = self._due(None, today - timedelta(days=1))
                return late if value else _search.Not(late)
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
        for day in _search.over_days(self.connection, self.office.today):
            shown = as_of_today(
                self.office, RunningClock(0, 0, "", 0, DU_BI, PROBATION, day, day, "months", "", "verified", "")
            )
            if (first is None or shown.due_on >= first) and (last is None or shown.due_on <= last):
                over.append(day)
        return _search.DueWithin(first, last, over)

    def _cell(self, name: str, cell: str) -> Any:
        breakdown = _breakdown(self.office, name)
        known = [*(one.value for one in breakdown.cells), OTHER, UNKNOWN]
        if cell not in known:
            raise BadInput(NO_SUCH, word=cell, known=", ".join(known))
        attribute = ATTRIBUTES[breakdown.key]
        if attribute.of == UNIT:
            return _search.InUnits(
                [
                    one
                    for one in self.units.ids()
                    if breakdown.cell_of(unit_value(self.units, breakdown, one, self.office.today)) == cell
                ]
            )
        if attribute.kind == NUMBER:
            return self._numbers(breakdown, cell)
        if cell == UNKNOWN:
            return _search.Valued(breakdown.key, ["", "?"], unknown=True)
        values = _search.known_values(self.connection, breakdown.key)
        fitting = [one for one in values if not is_unknown(one) and breakdown.cell_of(one) == cell]
        return _search.Valued(breakdown.key, fitting)

    def _numbers(self, breakdown: Breakdown, cell: str) -> Any:
        """Numbers are few (ages, memberships): those that fall into the cell are named."""
        if cell == UNKNOWN:
            return _search.Ranged(breakdown.key, [], unknown=True)
        fitting = [number for number in range(NUMBERS) if breakdown.cell_of(number) == cell]
        return _search.Ranged(breakdown.key, _spans(fitting))


def _spans(numbers: Iterable[int]) -> list[tuple[int, int | None]]:
    spans: list[tuple[int, int | None]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return spans


def _in_days(office: Office, days: int) -> date:
    if not 0 <= days <= FAR:
        raise BadInput(DAYS, most=FAR)
    return office.today + timedelta(days=days)


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
