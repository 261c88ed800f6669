"""Duties that return: who still owes which, and who is reminded of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from procedures.reported import read_periods, within
from states.clocks import days_left
from states.duties import Duty
from states.periods import Period
from states.reminders import Rhythm, days_word, made, marks
from store.base import Connection
from store.figures import known_periods, load_reported
from store.notices_ledger import inherited
from store.standing_notices import NOBODY, PASSED_OVER, PLANNED, Kept, Wanted, keep_notices
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office

SUBJECT = "duty:"


class Owed(NamedTuple):
    """One unit's duty in one period."""

    unit_id: int
    duty: Duty
    period: Period
    due_on: date
    done: bool


def duties_of(office: Office) -> list[Duty]:
    """The duties config.yaml declares."""
    return [
        Duty(key, one.label, tuple(one.kinds), one.every, one.due, one.done_by, tuple(one.roles), one.since)
        for key, one in office.settings.duties.items()
    ]


def list_duties(
    office: Office, connection: Connection, units: Units, wanted: Collection[int] | None, until: date | None
) -> list[dict[str, Any]]:
    """[{unit, duty, label, period, due_on, days_left, done}] by due day: what the present period asks, done or not, and
    what is still owed for the one before. `days_left` counts `days_unit`; None when it is done.
    """
    inside = None if wanted is None else set(wanted)
    items = [
        {
            "unit": units.code(owed.unit_id),
            "unit_name": units.name(owed.unit_id, office.today),
            "duty": owed.duty.key,
            "label": owed.duty.label,
            "period": owed.period.code,
            "period_label": owed.period.label(office.lang),
            "due_on": owed.due_on,
            "days_left": None
            if owed.done
            else days_left(owed.due_on, owed.duty.limit_unit, office.today, office.calendar),
            "days_unit": days_word(owed.duty.limit_unit),
            "done": owed.done,
        }
        for owed in _owed(office, connection, units)
        if (inside is None or owed.unit_id in inside) and (until is None or owed.due_on <= until)
    ]
    return sorted(items, key=lambda item: (item["done"], item["due_on"], item["unit"], item["duty"]))


def remind_duties(office: Office, connection: Connection) -> Kept:
    """Bring the ledger up to date with the duties still owed, by the rhythm of reminders; in the caller's transaction."""
    wanted: list[Wanted] = []
    if duties_of(office):
        units = office.units(connection)
        owed = [one for one in _owed(office, connection, units) if not one.done]
        told: dict[str, dict[int, list[str]]] = {}
        for duty in duties_of(office):
            ids = sorted({one.unit_id for one in owed if one.duty.key == duty.key})
            told[duty.key] = {}
            for unit_id, address in inherited(connection, ids, duty.roles, office.today):
                told[duty.key].setdefault(unit_id, []).append(address)
        for one in owed:
            wanted += _reminders(office, units, one, told[one.duty.key].get(one.unit_id, [""]))
    return keep_notices(connection, SUBJECT, wanted, office.now())


def _reminders(office: Office, units: Units, owed: Owed, addresses: Collection[str]) -> Iterator[Wanted]:
    """The thresholds that have fallen: the latest is sent, those before it were passed over."""
    rhythm = office.settings.reminders.default
    duty = owed.duty
    fallen = marks(
        Rhythm(tuple(rhythm.before), rhythm.after_every), owed.due_on, duty.limit_unit, office.calendar, office.today
    )
    fallen = made(fallen, owed.period.first)
    subject = f"{SUBJECT}{duty.key}:{units.code(owed.unit_id)}:{owed.period.code}"
    for mark in fallen:
        latest = mark is fallen[-1]
        for address in addresses:
            if address or latest:
                state = PLANNED if latest and address else NOBODY if latest else PASSED_OVER
                yield Wanted(subject, owed.due_on, mark.threshold, address, owed.unit_id, mark.planned_for, state)


def _owed(office: Office, connection: Connection, units: Units) -> Iterator[Owed]:
    """Every duty of every unit for the present period and, where it is not done, for the one before."""
    today = office.today
    for duty in duties_of(office):
        concerned = [u for u in units.ids() if units.exists(u, today) and units.kind(u, today) in duty.kinds]
        for period in duty.periods(today):
            done = _done(office, connection, duty, period)
            due_on = duty.due_on(period, office.calendar)
            for unit_id in concerned:
                over = period.last < today
                if over and (unit_id in done or not units.exists(unit_id, period.last)):
                    continue
                yield Owed(unit_id, duty, period, due_on, unit_id in done)


def _done(office: Office, connection: Connection, duty: Duty, period: Period) -> set[int]:
    """The units with a figure above 0 for the duty's indicator in the period, or in some part of it."""
    inside = [one.code for one in within(period, read_periods(known_periods(connection), office.terms))]
    found = load_reported(connection, [duty.done_by], inside, office.today)
    return {unit_id for one in found if one.value > 0 for unit_id in (one.unit_id, one.credited_unit_id)}
