"""Units from which nothing comes: found by quarter, and told to the committee above once a quarter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from procedures import access
from procedures.due import subtree
from procedures.office import Office
from states.calendar import add_months
from states.errors import BadInput
from states.periods import QUARTER, Period, parse_period, period_of
from states.wording import Text
from store.activity import first_entry, last_entries, last_figures
from store.base import Connection
from store.case_notices import load_reach
from store.standing_notices import NOBODY, PLANNED, Wanted, keep_notices
from store.units import Units

SUBJECT = "silent:"
MOST = 200  # quarters: fifty years
HOW_MANY = Text("Số quý phải từ 1 đến {most}.", "The number of quarters must be from 1 to {most}.")


def list_silent_units(office: Office, quarters: int | None = None, *, unit: str | None = None) -> dict[str, Any]:
    """{quarters, since, items: [{unit, name, kind, last_on, above}]}: units of config.yaml's kinds with nothing to show.

    Nothing means no entry and no figure of the unit or of any below it for three months times `quarters` up to the
    business day. A unit that is younger is not silent, nor is anybody while the office's own data are.
    """
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
        since, found = _find(office, connection, units, quarters)
        wanted = access.within(office, units, None if unit is None else subtree(office, units, unit))
        if wanted is not None:
            inside = set(wanted)
            found = {unit_id: day for unit_id, day in found.items() if unit_id in inside}
    items = []
    for unit_id, last_on in found.items():
        above = units.parent(unit_id, office.today)
        items.append(
            {
                "unit": units.code(unit_id),
                "name": units.name(unit_id, office.today),
                "kind": units.kind(unit_id, office.today),
                "last_on": last_on,
                "above": access.code_within(office, units, above),
            }
        )
    return {"quarters": quarters or office.settings.silent_units.quarters, "since": since, "items": items}


def tell_silent_units(office: Office) -> dict[str, int]:
    """Plan one notice a quarter about every silent unit, to the unit above (a root: to itself).

    {notices, nobody_to_tell, withdrawn, unchanged}; what has not gone out is withdrawn when the unit is heard of again.
    """
    access.require_whole(office, "run_jobs")
    settings = office.settings.silent_units
    quarter = period_of(QUARTER, office.today)
    with office.database.writing() as connection:
        units = office.units(connection) if settings.kinds else Units({}, {})
        _since, found = _find(office, connection, units, None)
        reach = load_reach(connection, settings.tell) if found else {}
        wanted = [one for unit_id in found for one in _wanted(office, units, unit_id, quarter, reach)]
        kept = keep_notices(connection, SUBJECT, wanted, office.now())
    return {
        "notices": kept.created,
        "nobody_to_tell": kept.nobody_to_tell,
        "withdrawn": kept.withdrawn,
        "unchanged": kept.unchanged,
    }


def _wanted(
    office: Office, units: Units, unit_id: int, quarter: Period, reach: dict[tuple[int, str], list[str]]
) -> list[Wanted]:
    above = units.parent(unit_id, office.today)
    told = unit_id if above is None else above
    addresses = sorted(
        {address for role in office.settings.silent_units.tell for address in reach.get((told, role), ())}
    )
    goes_out = office.calendar.working_day_on_or_after(office.today)
    subject = f"{SUBJECT}{units.code(unit_id)}:{quarter.code}"
    return [
        Wanted(subject, quarter.last, 0, address, unit_id, goes_out, PLANNED if address else NOBODY)
        for address in addresses or [""]
    ]


def _find(
    office: Office, connection: Connection, units: Units, quarters: int | None
) -> tuple[date, dict[int, date | None]]:
    """Since which day, and the silent units by code with the day they were last heard of."""
    settings, today = office.settings.silent_units, office.today
    number = settings.quarters if quarters is None else quarters
    if not 1 <= number <= MOST:
        raise BadInput(HOW_MANY, most=MOST)
    since = add_months(today + timedelta(days=1), -3 * number)
    if not len(units):
        return since, {}

    def days_of(code: str) -> tuple[date, date]:
        try:
            period = parse_period(code, office.terms)
        except BadInput:  # a term that config.yaml no longer declares
            return today, today
        return period.first, period.last

    last, first_figure = last_figures(connection, today, days_of)
    began = min((day for day in (first_figure, first_entry(connection)) if day), default=today)
    if began >= since:
        return since, {}
    for unit_id, day in last_entries(connection, today).items():
        last[unit_id] = max(day, last.get(unit_id, day))
    for unit_id, day in list(last.items()):  # whoever is above has been heard of with them
        over = units.parent(unit_id, today)
        while over is not None and last.get(over, date.min) < day:
            last[over] = day
            over = units.parent(over, today)
    kinds = set(settings.kinds)
    found = {
        unit_id: last.get(unit_id)
        for unit_id in units.ids()
        if units.kind(unit_id, today) in kinds
        and units.exists(unit_id, today)
        and units.versions(unit_id)[0].from_on < since
        and last.get(unit_id, date.min) < since
    }
    return since, found
