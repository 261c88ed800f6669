"""The people the actor may see: found by name without accents, by code or unit, told apart, sorted, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from procedures import access
from procedures.due import as_of_today
from procedures.office import Office
from procedures.people_conditions import NO_SUCH, Group, Teller, breakdown_of, cells_of, unit_value
from procedures.today import band, in_sight, people_by_step
from states.breakdowns import ATTRIBUTES, UNIT
from states.clocks import days_left
from states.errors import BadInput
from states.reminders import say_left
from states.steps import STAGE_LABELS, STAGE_OF, STEP_LABELS
from states.way import XET_CHINH_THUC
from store import search as _search
from store.base import Connection
from store.clocks import RunningClock
from store.due_list import next_clocks
from store.person_values import load_values
from store.search import SORTS, Found
from store.search_conditions import Every
from store.units import Units

SIZE, MOST = 50, 100_000
SEARCHED = 100  # letters of a search that are looked at


def list_people(
    office: Office, *, search: str = "", unit: str | None = None, filters: Group | None = None, sort: str = "name",
    descending: bool = False, page: int = 1, size: int | None = SIZE, only_count: bool = False, told: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """{items, total, page, pages, size}: the actor's people who meet everything that is asked.

    Items: {code, name, unit, unit_name, step, step_label, stage, stage_label, since, clock, clock_label, due_on,
    days_left, left, band}; the limit is the one whose day comes first. `search`: words of the name, the code or a unit,
    without accents. `unit`: it and what stands below it. `filters`: conditions put together freely, about FIELDS and
    breakdowns; those of sensitive attributes are Unknown here. `told`: breakdowns whose cell each item says in `cells`.
    `size` None = everybody. People who were erased have no name.
    """
    access.require(office, "see_people")
    if sort not in SORTS:
        raise BadInput(NO_SUCH, word=sort, known=", ".join(SORTS))
    with office.database.reading() as connection:
        units = office.units(connection)
        teller = Teller(office, connection, units)
        wanted = [] if filters is None else [teller.group(filters)]
        if words := search.strip()[:SEARCHED]:
            wanted.append(teller.searched(words))
        where, scope = Every(tuple(wanted)), in_sight(office, units, unit or None)
        total, few = _search.count_found(connection, scope, where, office.today)
        taken = min(size, MOST) if size else MOST
        pages = max(1, -(-total // taken))
        page = max(1, min(page, pages))
        found: list[Found] = []
        if not only_count:
            found = _search.find_people(
                connection, scope, where, office.today, sort=sort, descending=descending, skip=(page - 1) * taken,
                number=taken, total=total, few=few,
            )  # fmt: skip
        items = _items(office, connection, units, found)
        _tell_cells(office, connection, units, told, found, items)
    return {"items": items, "total": total, "page": page, "pages": pages, "size": taken}


def count_by_step(office: Office) -> dict[str, int]:
    """step -> how many of the actor's people stand there today."""
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        return people_by_step(office, connection, in_sight(office, office.units(connection)))


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


def _tell_cells(
    office: Office, connection: Connection, units: Units, told: Sequence[str], found: Sequence[Found],
    items: list[dict[str, Any]],
) -> None:  # fmt: skip
    labels = cells_of(office)
    for name in told:
        breakdown = breakdown_of(office, name)
        values: Mapping[int, tuple[Any, ...]] = {}
        if ATTRIBUTES[breakdown.key].of != UNIT:
            values = load_values(connection, [one.id for one in found], [breakdown.key], office.today, None)
        for one, item in zip(found, items, strict=True):
            value = (
                values.get(one.id, (None,))[0] if values else unit_value(units, breakdown, one.unit_id, office.today)
            )
            item.setdefault("cells", {})[name] = labels[name][breakdown.cell_of(value)]
