"""Roll up: every unit's own figure and its subtree's, per indicator, stored for a period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from procedures.figures import Figures, Sums
from procedures.target_rules import apply_target_rules
from states.periods import Period, parse_period
from store.roll_ups import store_roll_ups

if TYPE_CHECKING:
    from procedures.office import Office


def roll_up(office: Office, period: str | None = None) -> dict[str, Any]:
    """Compute a period, or all that are open on the business day, and write what changed.

    {units, stored, unchanged}: `units` had figures written, `stored` rows were written. A ratio is not
    stored, its two figures are. BadInput when a unit has two sources for one figure. What is told of the figures is told
    against the targets, so those by rule are first brought to what the units are by now.
    """
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
    year, month = today.year, today.month
    codes = [f"{year}-{month:02d}", f"{year}-Q{(month + 2) // 3}", f"{year}-H{(month + 5) // 6}"]
    codes += [f"{year}-9M"] if month <= 9 else []
    codes += [str(year), *(code for code, (first, last) in terms.items() if first <= today <= last)]
    return [parse_period(code, terms) for code in codes]


def rows_of(sums: Sums) -> dict[tuple[str, int], tuple[Any, Any]]:
    """(indicator, unit) -> (own, subtree) of every unit that comes to something."""
    rows: dict[tuple[str, int], tuple[Any, Any]] = {}
    for name, subtree in sums.subtree.items():
        own = sums.own[name]
        for unit, total in subtree.items():
            rows[name, unit] = (own.get(unit, 0), total)
    return rows
