"""Roll up: every unit's own figure and its subtree's, per indicator, stored for a period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.figures import Figures, Sums
from procedures.target_rules import apply_target_rules
from states.periods import HALF, MONTH, NINE_MONTHS, QUARTER, YEAR, Period, parse_period, periods_of_years
from store.roll_ups import store_roll_ups

if TYPE_CHECKING:
    from procedures.office import Office


def roll_up(office: Office, period: str | None = None) -> dict[str, Any]:
    """Compute a period, or all that are open on the business day, and write what changed.

    {units, stored, unchanged}: `units` had figures written, `stored` rows were written. A ratio is not
    stored, its two figures are. BadInput when a unit has two sources for one figure. What is told of the figures is told
    against the targets, so those by rule are first brought to what the units are by now.
    """
    access.require_whole(office, "run_jobs")
    apply_target_rules(office)
    periods = [parse_period(period, office.terms)] if period else open_periods(office.today, office.terms)
    counts = {"units": 0, "stored": 0, "unchanged": 0}
    with office.database.reading() as connection:
        figures = Figures(office, connection, office.today)
        computed = [figures.of(one) for one in periods]
    for sums in computed:
        with office.database.writing() as connection:
            stored, units, unchanged = store_roll_ups(
                connection, sums.period.code, rows_of(sums), office.today, office.now()
            )
        counts["stored"] += stored
        counts["units"] += units
        counts["unchanged"] += unchanged
    return counts


def open_periods(today: date, terms: dict[str, tuple[date, date]]) -> list[Period]:
    """The periods that contain a day, shortest kinds first."""
    kinds = (MONTH, QUARTER, HALF, NINE_MONTHS, YEAR)
    found = [one for kind in kinds for one in periods_of_years(kind, today.year, today.year)]
    found += [parse_period(code, terms) for code in terms]
    return [one for one in found if one.first <= today <= one.last]


def rows_of(sums: Sums) -> dict[tuple[str, int], tuple[Any, Any]]:
    """(indicator, unit) -> (own, subtree) of every unit that comes to something."""
    rows: dict[tuple[str, int], tuple[Any, Any]] = {}
    for name, subtree in sums.subtree.items():
        own = sums.own[name]
        for unit, total in subtree.items():
            rows[name, unit] = (own.get(unit, 0), total)
    return rows
