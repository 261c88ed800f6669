"""When a unit last did anything: its last entry in the journal, the last figure it reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from store.bulk import plain_rows
from store.figures import ReportedFigure
from store.journal import Entry

_J = Entry.__table__.c  # type: ignore[attr-defined]
_R = ReportedFigure.__table__.c  # type: ignore[attr-defined]


def last_entries(connection: Connection, today: date) -> dict[int, date]:
    """unit -> the day of its last entry that had happened by `today`."""
    asked = select(_J.unit_id, func.max(_J.effective_on)).where(_J.effective_on <= today).group_by(_J.unit_id)
    days: dict[Any, date] = {}  # as either driver gives them; the same few come again and again
    found: dict[int, date] = {}
    for unit_id, day in plain_rows(connection.execute(asked)):
        if day not in days:
            days[day] = date.fromisoformat(day) if isinstance(day, str) else day
        found[unit_id] = days[day]
    return found


def last_figures(
    connection: Connection, today: date, days_of: Callable[[str], tuple[date, date]]
) -> tuple[dict[int, date], date | None]:
    """unit -> the day of its last figure: when it was reported, else the end of its period (no later than `today`); and
    the day of the first figure of all.

    A figure counts for the unit it is about and for the body credited with it. `days_of` = a period's first, last day.
    """
    said = func.max(_R.reported_on)
    asked = select(_R.unit_id, _R.credited_unit_id, _R.period, said).group_by(
        _R.unit_id, _R.credited_unit_id, _R.period
    )
    found: dict[int, date] = {}
    days: dict[str, tuple[date, date]] = {}
    earliest: date | None = None
    for unit_id, credited, period, reported_on in connection.execute(asked):
        if period not in days:
            days[period] = days_of(period)
        first, last = days[period]
        day = reported_on or min(last, today)
        if day > today or first > today:
            continue
        earliest = day if earliest is None else min(earliest, day)
        for one in {unit_id, credited}:
            if one not in found or found[one] < day:
                found[one] = day
    return found, earliest


def first_entry(connection: Connection) -> date | None:
    """The day of the office's first entry; None in a fresh one."""
    day: date | None = connection.execute(select(func.min(_J.effective_on))).scalar()
    return day
