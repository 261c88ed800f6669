"""A unit's figure month by month against the pace of its target: what the chart of a unit shows, and its table."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures.access import require, require_unit
from procedures.desk import Desk
from procedures.figures import Figures
from procedures.unit_tree import choose_indicator, desk_of
from states import pace
from states.figures import Number
from states.indicators import COUNTED, MEASURED, Indicator
from states.periods import Period, enclosing, parse_period
from states.targets import Target, find_target

if TYPE_CHECKING:
    from procedures.office import Office

MONTHS = 24  # of a longer period the quarters are shown


def pace_series(office: Office, unit: str, indicator: str | None, period: str) -> dict[str, Any]:
    """{unit, indicator, label, row, first, last, floor, ceiling, points, pace, is_ratio} over the target's period.

    `row`: the report's own. `points`: {on, actual, expected} at the end of each month so far (of each quarter where the
    period is longer than two years) and on the business day, the figure since the period's first day. `pace`: {on,
    expected} through the period's end; [] without a target. A stock has no months: its points are [].
    """
    require(office, "see_figures")
    asked = parse_period(period, office.terms)
    one = choose_indicator(office, indicator)
    with office.database.reading() as connection:
        unit_id = require_unit(office, office.units(connection), unit)
        desk = desk_of(office, connection, one)
        row = desk.row(unit_id, asked, one.name)
        around = {span.code: span for span in (asked, *enclosing(asked, office.terms))}
        target = find_target(desk.in_force, unit_id, one.name, list(around))
        span = around[target.period] if target else asked
        if target and (one.is_ratio or target.is_due_at_once):
            span = asked
        points = _points(desk, one, unit_id, target, asked, span, row)
        line = _line(office, one, target, span, row)
    return {
        "unit": unit,
        "indicator": one.name,
        "label": one.label,
        "is_ratio": one.is_ratio,
        "period": asked.code,
        "period_label": asked.label(office.lang),
        "span_label": span.label(office.lang),
        "as_of": office.today,
        "first": span.first,
        "last": span.last,
        "floor": row["floor"],
        "ceiling": row["ceiling"],
        "row": row,
        "points": points,
        "pace": line,
    }


def _points(
    desk: Desk, one: Indicator, unit_id: int, target: Target | None, asked: Period, span: Period, row: dict[str, Any]
) -> list[dict[str, Any]]:
    """The figure since the span's first day at the end of each month, of the units that stand below at the last of them."""
    figures, last = desk.figures, min(desk.as_of, asked.last)
    if one.source == MEASURED or one.is_measured or desk.as_of < span.first:
        return []
    inside = frozenset(figures.tree(last).subtree(unit_id))
    of_base = target is not None and target.is_due_at_once and not one.is_ratio
    sums = {name: _Running(figures, name, inside, span) for name in _parts(one, target if of_base else None)}
    floor, phases = row["floor"], desk.office.settings.pace.phased.get(one.name)
    found = []
    for day in ends(span.first, span.last):
        if day >= last:
            break
        by = {name: running.until(day) for name, running in sums.items()}
        actual = pace.percent_of(*by.values()) if one.is_ratio else by[one.name]
        expected: Number | Fraction | None = None
        if of_base and target is not None:
            expected = Fraction(target.ratio or 0) * Fraction(by[str(target.base)])
        elif floor is not None:
            expected = floor if one.is_ratio else Fraction(floor) * pace.share_due(span.first, span.last, day, phases)
        found.append(_point(day, pace.as_number(actual), pace.as_number(expected)))
    done = row["done"] if row["done"] is not None else row["actual"]
    return [*found, _point(last, done, row["expected"])]


def _parts(one: Indicator, target: Target | None) -> list[str]:
    """The sums a figure and its target are made of."""
    names = [str(one.numerator), str(one.denominator)] if one.is_ratio else [one.name]
    return [*names, *([str(target.base)] if target is not None else [])]


class _Running:
    """A sum that grows with the days: what is counted is added day by day, what was reported is read anew."""

    def __init__(self, figures: Figures, name: str, inside: frozenset[int], span: Period) -> None:
        self._figures, self._name, self._inside, self._span = figures, name, inside, span
        self._counted, self._next = 0, span.first

    def until(self, day: date) -> Number:
        """From the span's first day to this one, which is no earlier than the one before."""
        figures, indicator = self._figures, self._figures.indicators[self._name]
        if indicator.source == COUNTED and self._next <= day:
            self._counted += figures.counted_in(indicator, self._next, day, self._inside)
            self._next = day + timedelta(days=1)
        whole = Period(f"{self._span.code} → {day.isoformat()}", self._span.first, day, self._span.kind)
        said = figures.reported.of(whole, figures.as_of).sums.get(self._name, {})
        return self._counted + sum(value for unit_id, value in said.items() if unit_id in self._inside)


def _point(on: date, actual: Any, expected: Any) -> dict[str, Any]:
    return {"on": on, "actual": actual, "expected": expected}


def _line(
    office: Office, one: Indicator, target: Target | None, span: Period, row: dict[str, Any]
) -> list[dict[str, Any]]:
    """What the pace asks for at the end of every month; straight where the target is due at once."""
    if target is None or row["floor"] is None:
        return []
    if one.is_ratio or target.is_due_at_once:
        return [{"on": day, "expected": row["floor"]} for day in (span.first, span.last)]
    phases = office.settings.pace.phased.get(one.name)
    floor = Fraction(row["floor"])
    line = [{"on": span.first - timedelta(days=1), "expected": 0}]
    for day in ends(span.first, span.last):
        share = pace.share_due(span.first, span.last, day, phases)
        line.append({"on": day, "expected": pace.as_number(floor * share)})
    return line


def ends(first: date, last: date) -> list[date]:
    """The last days of the months (of the quarters, in more than two years) from the first day to the last, it included."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    every = 1 if months <= MONTHS else 3
    found = []
    year, month = first.year, first.month
    for number in range(1, months + 1):
        day = date(year, month, monthrange(year, month)[1])
        if day < last and (number % every == 0):
            found.append(day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return [*found, last]
