"""The measure of one indicator and period on a day: what the pace asks for, and what comes of a unit held against it.

In whole numbers: a figure and the pace that is asked of it are compared crosswise (actual × days of the period against
target × days gone), so nothing is ever rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from procedures.desk import floor_of
from procedures.figures import Figures
from states import escalation, pace
from states.figures import Number
from states.indicators import Indicator
from states.periods import Period
from states.targets import Target
from store.targets import exact_number

if TYPE_CHECKING:
    from config.settings import BehindIndicatorSettings
    from procedures.office import Office

Measured = tuple[int, int, int, int]  # actual, floor, expected, scale: whole numbers, `scale` of them are one


Held = Target | tuple[Any, Any]  # what a body is held to; a bare floor as the driver gives it, with its day


class Judged(NamedTuple):
    """What the day's judging found for one target: the finding for the case, and the figures it rests on."""

    finding: str
    status: str
    actual: Number
    floor: Number
    expected: tuple[int, int] | None = None  # what the pace asks for by the day, as a fraction
    people: int | None = None  # on the way; None = nobody knows, or it did not matter
    tolerance_percent: int = 0
    weeks: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain data for the case's log."""
        figures: dict[str, Any] = {"status": self.status, "actual": str(self.actual), "floor": str(self.floor)}
        if self.expected is not None:
            figures |= {"expected": two_decimals(*self.expected), "tolerance_percent": self.tolerance_percent}
        if self.people is not None:
            figures["people"] = self.people
        return figures


Suspect = tuple[int, Held, Measured]  # a unit that is behind today and has no case


class Yardstick:
    """Everything the targets of one indicator and period are judged by on the business day."""

    def __init__(self, office: Office, figures: Figures, indicator: Indicator, period: Period) -> None:
        self.office, self.indicator, self.period = office, indicator, period
        self.over = period.last < office.today
        self.behind: BehindIndicatorSettings = office.settings.escalation.behind.for_indicator(indicator.name)
        self.keeps = 100 - self.behind.tolerance_percent
        self.phases = office.settings.pace.phased.get(indicator.name)
        days, at_once = (office.today - period.first).days + 1, self.behind.no_source_min_days
        self.long_enough = days >= self.behind.min_days
        self.empty_long_enough = at_once is not None and days >= at_once
        self.measure = self.measures(figures)
        self._figures = figures
        self._people: int | None = None
        self._statuses: dict[tuple[int, int, int, int | None], str] = {}  # many units stand alike

    def measures(self, figures: Figures) -> Callable[[Held, int], Measured | None]:
        """Measure a unit by what it is held to and the figures of a day; None for what nobody can be behind in."""
        period = self.period
        share = pace.share_due(period.first, period.last, min(figures.as_of, period.last), self.phases)
        due, whole = share.numerator, share.denominator
        sums = figures.of(period)
        actual_of = sums.subtree.get(self.indicator.name, {}).get

        def measure(held: Held, unit_id: int) -> Measured | None:
            actual = actual_of(unit_id, 0)
            floor = held.floor if isinstance(held, Target) else held[0]
            if type(floor) is int and type(actual) is int:
                return (actual * whole, floor * whole, floor * due, whole) if floor else None
            if isinstance(held, Target):
                exact = floor_of(held, unit_id, figures, sums, period.first)
            else:
                exact = Fraction(exact_number(floor))
            if not exact:
                return None
            at_once = isinstance(held, Target) and held.is_due_at_once
            expected = exact if at_once else exact * share
            done = Fraction(actual)
            scale = lcm(done.denominator, exact.denominator, expected.denominator)
            return int(done * scale), int(exact * scale), int(expected * scale), scale

        return measure

    def finding(self, measured: Measured) -> str:
        """What a unit with a case has come to."""
        actual, _floor, expected, _scale = measured
        if self.over:
            return escalation.PERIOD_ENDED
        if actual >= expected:
            return escalation.CAUGHT_UP
        return escalation.BEHIND if actual * 100 < expected * self.keeps else escalation.WAITING

    def status(self, unit_id: int, measured: Measured) -> str:
        """The status of states.pace; who is on the way is only looked up where it decides."""
        actual, floor, expected, scale = measured
        people = None
        if actual < expected and (found := self.on_the_way) is not None:
            people = int(found.get(unit_id, 0))
        asked = (actual, floor, expected, people)
        status = self._statuses.get(asked)
        if status is None:
            way = None if people is None else people * scale
            status = self._statuses[asked] = pace.judge(actual, floor, None, expected, lambda: way)
        self._people = people
        return status

    @cached_property
    def on_the_way(self) -> Mapping[int, Number] | None:
        """unit -> people on the way on the day; None where nobody knows."""
        return self._figures.all_on_the_way(self.indicator, min(self.office.today, self.period.last))

    def judged(self, finding: str, unit_id: int, measured: Measured) -> Judged:
        """The finding with all its figures."""
        actual, floor, expected, scale = measured
        status = self.status(unit_id, measured)
        return Judged(
            finding, status, _number(actual, scale), _number(floor, scale), (expected, scale), self._people,
            self.behind.tolerance_percent, self.behind.weeks,
        )  # fmt: skip

    def confirmed(self, suspects: Sequence[Suspect], earlier: Callable[[int], Figures]) -> Iterator[tuple[int, Judged]]:
        """Of the units behind today those that get a case: behind for all the weeks, or without anybody on the way.

        `earlier` = the figures of so many weeks ago; asked for only while somebody is left.
        """
        left = list(suspects) if self.long_enough else []
        for week in range(1, self.behind.weeks + 1):
            if not left or self.office.today - timedelta(weeks=week) < self.period.first:
                left = []
                break
            measure = self.measures(earlier(week))
            left = [one for one in left if self._was_behind(measure(one[1], one[0]))]
        for unit_id, _held, now in left:
            yield unit_id, self.judged(escalation.BEHIND, unit_id, now)
        if self.empty_long_enough:
            opened = {unit_id for unit_id, *_ in left}
            for unit_id, _held, now in suspects:
                if unit_id not in opened and self.status(unit_id, now) == pace.CHUA_CO_NGUON:
                    yield unit_id, self.judged(escalation.BEHIND, unit_id, now)

    def _was_behind(self, then: Measured | None) -> bool:
        return then is not None and then[0] * 100 < then[2] * self.keeps


def two_decimals(number: int, scale: int) -> str:
    """number ÷ scale, half up, as 49.73."""
    hundredths = (number * 200 + scale) // (2 * scale)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _number(number: int, scale: int) -> Number:
    """number ÷ scale with the four decimals a case keeps; an int when whole."""
    whole, rest = divmod(number, scale)
    return Decimal(round(Fraction(number * 10_000, scale))) / 10_000 if rest else whole
