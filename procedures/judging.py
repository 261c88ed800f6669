"""Judge the units: who is behind which target on the business day, and how far."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from procedures.figures import Figures
from procedures.report import Desk, figure
from states import escalation, pace
from states.figures import Number
from states.periods import Period, parse_period
from states.targets import Target
from store.escalation import OpenCase, load_open_cases
from store.targets import load_targets

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

Key = tuple[int, str, str]  # unit, indicator, period


class Judged(NamedTuple):
    """What the day's judging found for one target: the finding for the case, and the figures it rests on."""

    finding: str
    status: str
    actual: Decimal
    floor: Decimal


def judge_all(
    office: Office, connection: Connection
) -> tuple[dict[Key, Judged], list[OpenCase], dict[int, int | None]]:
    """Every target of a running period judged, every target of an open case whose period is over judged a last time."""
    today, behind = office.today, office.settings.escalation.behind
    earlier = today - timedelta(weeks=behind.weeks)
    targets = load_targets(connection)
    desk = Desk(office, Figures(office, connection, today), targets, today)
    before = Desk(office, Figures(office, connection, earlier), targets, earlier) if behind.weeks else desk
    tree = desk.figures.tree(today)
    cases = load_open_cases(connection)
    of_open_cases = {(case.unit_id, case.indicator, case.period) for case in cases}
    periods: dict[str, Period] = {}
    judged: dict[Key, Judged] = {}
    for key, target in desk.in_force.items():
        if target.period not in periods:
            periods[target.period] = parse_period(target.period, office.terms)
        period = periods[target.period]
        running = period.first <= today <= period.last and tree.exists(target.unit_id)
        if running or (key in of_open_cases and today > period.last):
            found = _judge(desk, before, target, period, behind.tolerance_percent, behind.min_days)
            if found:
                judged[key] = found
    return judged, cases, dict(tree.parents)


def _judge(desk: Desk, before: Desk, target: Target, period: Period, tolerance: int, min_days: int) -> Judged | None:
    """None for what nobody can be behind in: an indicator that is gone, a ratio, a ceiling alone, a floor of 0."""
    indicator = desk.figures.indicators.get(target.indicator)
    if indicator is None or indicator.is_ratio:
        return None
    unit_id = target.unit_id

    def look(at: Desk) -> tuple[Number | Fraction, Number | Fraction | None, Number | None, Fraction]:
        sums = at.figures.of(period)
        actual = figure(sums.subtree, indicator, unit_id)
        return actual or 0, *at.measure(indicator, unit_id, sums, target, period)

    actual, floor, ceiling, expected = look(desk)
    if not floor:
        return None
    day = min(desk.as_of, period.last)
    status = pace.judge(actual, floor, ceiling, expected, lambda: desk.figures.on_the_way(indicator, unit_id, day))
    finding = escalation.CAUGHT_UP
    if desk.as_of > period.last:
        finding = escalation.PERIOD_ENDED
    elif status in pace.BEHIND:
        finding = escalation.WAITING
        long_enough = (desk.as_of - period.first).days + 1 >= min_days
        if long_enough and pace.is_behind(status, actual, expected, tolerance):
            then, _floor, _ceiling, due_then = (actual, floor, ceiling, expected) if before is desk else look(before)
            if pace.is_behind(pace.CHAM, then, due_then, tolerance):
                finding = escalation.BEHIND
    return Judged(finding, status, _stored(actual), _stored(floor))


def _stored(value: Number | Fraction) -> Decimal:
    """The number with the four decimals a case keeps."""
    exact = Fraction(value)
    return Decimal(round(exact * 10_000)) / 10_000
