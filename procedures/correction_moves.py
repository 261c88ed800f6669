"""What a correction moves, told before it is written: clocks, entries, notices, and figures of open and closed periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.closings import closed_periods
from procedures.indicators import indicators_of
from procedures.plans import Loaded, Plan
from procedures.roll_up import open_periods
from states.breakdowns import PERSON
from states.clocks import ClockRun
from states.errors import BadInput
from states.indicators import COUNTED, Indicator
from states.periods import Period, parse_period
from store.clocks import clock_rows
from store.notices import list_notice_rows
from store.person_values import load_values
from store.unit_values import UnitValues, matcher
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

Moved = dict[tuple[str, int, date], int]  # indicator, unit, day that counts -> entries more or fewer


def find_moves(
    office: Office, connection: Connection, loaded: Loaded, plan: Plan, before: Mapping[str, ClockRun], units: Units
) -> dict[str, Any]:
    """{clocks, entries, notices, waiting_notices, figures, open, closed}: everything that changes, before and after.

    `figures` says what is counted on which day of which unit, `open` what that makes of the unit's periods. A figure of
    a closed period stays as it was closed; `closed` says which will show the change in their bridge.
    """
    after = plan.way.clocks.latest
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    moved = _figures(office, connection, loaded, plan)
    closed = _closed(office, connection, moved, units)

    def figure(name: str, unit_id: int, **told: Any) -> dict[str, Any]:
        label = office.settings.indicators[name].label
        return {"indicator": name, "label": label, "unit": units.code(unit_id), **told}

    return {
        "clocks": [
            {
                "key": key,
                "label": office.law.label(key).say(office.lang),
                "from": _clock(before.get(key)),
                "to": _clock(after.get(key)),
            }
            for key in changed
            if _clock(before.get(key)) != _clock(after.get(key))
        ],
        "entries": [
            {
                "entry": loaded.entry_id(draft.corrects or draft.voids or 0) if draft.corrects or draft.voids else None,
                "trigger": draft.trigger,
                "on": draft.on,
                "what": "void" if draft.voids else "corrected" if draft.corrects else "new",
            }
            for draft in plan.drafts
        ],
        "notices": [key for key in changed if key in before and before[key].state == "running"],
        "waiting_notices": _notices(connection, loaded, before, after),
        "figures": [
            figure(name, unit_id, on=on, change=change)
            for (name, unit_id, on), change in sorted(moved.items(), key=lambda one: (*one[0][:2], str(one[0][2])))
        ],
        "open": [
            figure(name, unit_id, period=period, change=change)
            for (name, unit_id, period), change in _open(office, moved, closed).items()
        ],
        "closed": [
            figure(name, unit, period=period.code, version=version, change=change)
            for unit, period, version in closed
            if access.may_see_unit(office, units, unit)
            for name, change in _sum(moved, units, unit, period).items()
        ],
    }


def _clock(run: ClockRun | None) -> dict[str, Any] | None:
    return None if run is None else {"starts_on": run.starts_on, "due_on": run.due_on, "state": run.state}


def _notices(
    connection: Connection, loaded: Loaded, before: Mapping[str, ClockRun], after: Mapping[str, ClockRun]
) -> list[dict[str, Any]]:
    """Planned notices that the next run withdraws, their clock having moved or stopped; to how many people each."""
    gone = {
        key
        for key, run in before.items()
        if run.state == "running"
        and (key not in after or (after[key].state, after[key].due_on) != ("running", run.due_on))
    }
    clocks = {f"clock:{one.id}": one.key for one in clock_rows(connection, candidate_id=loaded.id) if one.key in gone}
    rows = list_notice_rows(connection, subjects=sorted(clocks), state="planned") if clocks else []
    told: dict[tuple[str, date, int, date], int] = {}
    for row in rows:
        key = (clocks[row.subject], row.due_on, row.threshold, row.planned_for)
        told[key] = told.get(key, 0) + 1
    return [
        {"clock": key, "due_on": due_on, "threshold": threshold, "planned_for": planned_for, "recipients": number}
        for (key, due_on, threshold, planned_for), number in sorted(told.items())
    ]


def _figures(office: Office, connection: Connection, loaded: Loaded, plan: Plan) -> Moved:
    """Which counted indicators lose or gain one, for which unit and day."""
    entries = {one.sequence: one for one in loaded.entries or ()}
    counted = [one for one in indicators_of(office).values() if one.source == COUNTED]
    of_units = UnitValues(connection)
    moved: Moved = {}
    for draft in plan.drafts:
        if (target := draft.corrects or draft.voids) is not None:
            _count(connection, of_units, loaded, counted, entries[target], entries[target].effective_on, -1, moved)
        if draft.voids is None:
            _count(connection, of_units, loaded, counted, draft, draft.on, 1, moved)
    return {key: change for key, change in moved.items() if change}


def _count(
    connection: Connection,
    of_units: UnitValues,
    loaded: Loaded,
    indicators: list[Indicator],
    what: Any,
    on: date | None,
    by: int,
    moved: Moved,
) -> None:
    """Count one entry (of the journal or to be written) the way store.counting does."""
    for indicator in indicators:
        if on is None or indicator.trigger != what.trigger or indicator.destination not in (None, what.destination):
            continue
        day = (what.document_date or on) if indicator.basis == "document" else on
        if indicator.where:
            keys = [one.key for one in indicator.where if one.of == PERSON]
            values = load_values(connection, [loaded.id], keys, day, None)[loaded.id] if keys else ()
            if not matcher(of_units, indicator.where)(what.unit_id, day, values):
                continue
        key = (indicator.name, what.unit_id, day)
        moved[key] = moved.get(key, 0) + by


def _closed(office: Office, connection: Connection, moved: Moved, units: Units) -> list[tuple[int, Period, int]]:
    """The closed periods of the units concerned and of those above them that hold a day on which a figure moves."""
    found = []
    for unit_id, code, version in closed_periods(connection) if moved else ():
        try:
            period = parse_period(code, office.terms)
        except BadInput:  # a term config.yaml no longer declares
            continue
        if any(
            period.first <= on <= period.last and _is_under(units, below, unit_id, period) for _, below, on in moved
        ):
            found.append((unit_id, period, version))
    return sorted(found, key=lambda one: (units.code(one[0]), one[1].first, one[1].code))


def _open(office: Office, moved: Moved, closed: list[tuple[int, Period, int]]) -> dict[tuple[str, int, str], int]:
    """(indicator, unit, period) -> change, of the units' own periods that are not closed, shortest kinds first."""
    shut = {(unit_id, period.code) for unit_id, period, _ in closed}
    sums: dict[tuple[str, int, str], int] = {}
    for (name, unit_id, on), change in sorted(moved.items(), key=lambda one: one[0]):
        for period in open_periods(on, office.terms):
            if (unit_id, period.code) not in shut:
                key = (name, unit_id, period.code)
                sums[key] = sums.get(key, 0) + change
    return {key: change for key, change in sums.items() if change}


def _is_under(units: Units, below: int, unit_id: int, period: Period) -> bool:
    return unit_id in units.path(below, period.last)


def _sum(moved: Moved, units: Units, unit_id: int, period: Period) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (name, below, on), change in moved.items():
        if period.first <= on <= period.last and _is_under(units, below, unit_id, period):
            sums[name] = sums.get(name, 0) + change
    return {name: change for name, change in sums.items() if change}
