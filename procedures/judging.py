"""Judge the units: who is behind which target on the business day, and how far.

One pass over the targets, by indicator and period, in whole numbers: a figure and the pace that is asked of it are
compared crosswise (actual × days of the period against target × days gone), so nothing is ever rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from procedures.figures import Figures
from states import escalation, pace
from states.figures import Number
from states.indicators import Indicator
from states.periods import Period, parse_period
from states.targets import MEMBERS, Target, in_force
from store.escalation import Glance, glance_at_open_cases, load_closed_by_hand
from store.targets import load_targets

if TYPE_CHECKING:
    from config.settings import BehindIndicatorSettings
    from procedures.office import Office
    from store.base import Connection

Key = tuple[int, str, str]  # unit, indicator, period


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


class Measure(NamedTuple):
    """A figure, its target and its pace as whole numbers of the same small part (`scale` of them are one)."""

    actual: int
    floor: int
    expected: int
    scale: int


@dataclass
class Judgement:
    """What a day's judging found: the units behind that have no case, the open cases something may happen to."""

    above: Mapping[int, int | None]
    openings: list[tuple[Key, Judged]] = field(default_factory=list)
    cases: dict[int, Judged] = field(default_factory=dict)
    recovered: list[int] = field(default_factory=list)  # closed by hand, and the unit has been on its pace since
    unchanged: int = 0


def judge_all(office: Office, connection: Connection) -> Judgement:
    """Every target of a running period judged, every target of an open case whose period is over judged a last time."""
    today = office.today
    figures = Figures(office, connection, today)
    tree = figures.tree(today)
    found = Judgement(tree.parents)
    glances: dict[tuple[str, str], dict[int, Glance]] = defaultdict(dict)
    for row in glance_at_open_cases(connection, today):
        if row[-1]:
            found.unchanged += 1  # opened later than this day: the office looks back, the case stands
        else:
            glances[row[2], row[3]][row[1]] = Glance._make(row)
    by_hand: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for (unit_id, name, code), case_id in load_closed_by_hand(connection, today).items():
        by_hand[name, code][unit_id] = case_id
    targets: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for (_holder, name, code), target in in_force(load_targets(connection), today).items():
        targets[name, code].append(target)
    earlier = _Earlier(office, connection, figures)
    for (name, code), group in targets.items():
        period, indicator = parse_period(code, office.terms), figures.indicators.get(name)
        open_cases = glances[name, code]
        if indicator is None or indicator.is_ratio or period.first > today or (period.last < today and not open_cases):
            continue
        bench = _Bench(office, figures, indicator, period)
        bench.judge(group, open_cases, by_hand[name, code], found, earlier)
    for rest in glances.values():
        for glance in rest.values():  # no target in force any more, or nothing to be behind in
            gone = escalation.TARGET_WITHDRAWN if tree.exists(glance.unit_id) else escalation.UNIT_ENDED
            found.cases[glance.id] = Judged(gone, glance.status, _exact(glance.actual), _exact(glance.floor))
    return found


class _Earlier:
    """The figures of the same day one week ago, two weeks ago …; read only when somebody has to be looked at twice."""

    def __init__(self, office: Office, connection: Connection, figures: Figures) -> None:
        self._office, self._connection = office, connection
        self._read = {figures.as_of: figures}

    def on(self, day: date) -> Figures:
        """Figures as of that day."""
        if day not in self._read:
            self._read[day] = Figures(self._office, self._connection, day, shared_with=self._read[self._office.today])
        return self._read[day]


class _Bench:
    """One indicator and period on the business day: everything its targets are judged by."""

    def __init__(self, office: Office, figures: Figures, indicator: Indicator, period: Period) -> None:
        self.office, self.figures, self.indicator, self.period = office, figures, indicator, period
        self.over = period.last < office.today
        self.behind: BehindIndicatorSettings = office.settings.escalation.behind.for_indicator(indicator.name)
        self.keeps = 100 - self.behind.tolerance_percent
        self.phases = office.settings.pace.phased.get(indicator.name)
        days, at_once = (office.today - period.first).days + 1, self.behind.no_source_min_days
        self.long_enough = days >= self.behind.min_days
        self.empty_long_enough = at_once is not None and days >= at_once

    def judge(
        self, targets: Iterable[Target], cases: dict[int, Glance], by_hand: Mapping[int, int], found: Judgement,
        earlier: _Earlier,
    ) -> None:  # fmt: skip
        """Judge the targets. `cases` loses those that were judged; `by_hand` keeps units from being opened a case."""
        measure = self._measures(self.figures)
        exists = self.figures.tree(self.office.today).exists
        keeps, over = self.keeps, self.over
        suspects: list[tuple[Target, Measure]] = []
        unchanged = 0
        for target in targets:
            unit_id = target.unit_id if target.credited_unit_id is None else target.credited_unit_id
            case = cases.get(unit_id)
            if (case is None and over) or not (over or exists(unit_id)):
                continue
            measured = measure(target, unit_id)
            if measured is None:
                continue
            if case is not None:
                del cases[unit_id]
                self._look_at(case, unit_id, measured, found)
                continue
            unchanged += 1
            actual, _floor, expected, _scale = measured
            if actual >= expected:
                if unit_id in by_hand:
                    found.recovered.append(by_hand[unit_id])
            elif actual * 100 < expected * keeps and unit_id not in by_hand:
                suspects.append((target, Measure(*measured)))
        for target, judged in self._confirmed(suspects, earlier):
            unchanged -= 1
            found.openings.append((target.held_key, judged))
        found.unchanged += unchanged

    # ------------------------------------------------------------------ what is measured

    def _measures(self, figures: Figures) -> Callable[[Target, int], tuple[int, int, int, int] | None]:
        """Measure a target's unit by the figures of a day; None for what nobody can be behind in."""
        period, name = self.period, self.indicator.name
        share = pace.share_due(period.first, period.last, min(figures.as_of, period.last), self.phases)
        due, whole = share.numerator, share.denominator
        subtree = figures.of(period).subtree
        actual_of = subtree.get(name, {}).get

        def measure(target: Target, unit_id: int) -> tuple[int, int, int, int] | None:
            floor = target.floor
            actual = actual_of(unit_id, 0)
            if floor is not None:
                plain, part = floor.as_integer_ratio()
                if part == 1 and type(actual) is int:
                    return (actual * whole, plain * whole, plain * due, whole) if plain else None
                exact = Fraction(floor)
                expected = exact * share
            elif target.ratio is None:
                return None
            elif target.base == MEMBERS:
                exact = Fraction(target.ratio) * Fraction(figures.members(period.first).get(unit_id, 0))
                expected = exact * share
            else:  # due at once: its base grows with the days
                exact = expected = Fraction(target.ratio) * Fraction(subtree.get(str(target.base), {}).get(unit_id, 0))
            if not exact:
                return None
            done = Fraction(actual)
            scale = lcm(done.denominator, exact.denominator, expected.denominator)
            return int(done * scale), int(exact * scale), int(expected * scale), scale

        return measure

    # ------------------------------------------------------------------ what comes of it

    def _judged(self, finding: str, unit_id: int, measured: Measure) -> Judged:
        """The figures with their status; people on the way are only counted where they decide it."""
        actual, floor, expected, scale = measured
        people: int | None = None

        def on_the_way() -> int | None:
            nonlocal people
            day = min(self.office.today, self.period.last)
            people = self.figures.on_the_way(self.indicator, unit_id, day)
            return None if people is None else people * scale

        status = pace.judge(actual, floor, None, expected, on_the_way)
        return Judged(
            finding, status, _number(actual, scale), _number(floor, scale), (expected, scale), people,
            self.behind.tolerance_percent, self.behind.weeks,
        )  # fmt: skip

    def _look_at(self, case: Glance, unit_id: int, measured: tuple[int, int, int, int], found: Judgement) -> None:
        """An open case: kept for moving when something may happen to it or its figures are others."""
        actual, _floor, expected, _scale = measured
        if self.over:
            finding = escalation.PERIOD_ENDED
        elif actual >= expected:
            finding = escalation.CAUGHT_UP
        else:
            finding = escalation.BEHIND if actual * 100 < expected * self.keeps else escalation.WAITING
        judged = self._judged(finding, unit_id, Measure(*measured))
        same = (judged.status, judged.actual, judged.floor) == (case.status, _exact(case.actual), _exact(case.floor))
        if same and not case.due and finding not in escalation.SETTLED:
            found.unchanged += 1
        else:
            found.cases[case.id] = judged

    def _confirmed(self, suspects: list[tuple[Target, Measure]], earlier: _Earlier) -> Iterator[tuple[Target, Judged]]:
        """Of the units behind today those that get a case: behind for all the weeks, or without anybody on the way."""
        left = suspects if self.long_enough else []
        for week in range(1, self.behind.weeks + 1):
            day = self.office.today - timedelta(weeks=week)
            if not left or day < self.period.first:
                left = []
                break
            measure = self._measures(earlier.on(day))
            left = [(target, now) for target, now in left if self._was_behind(measure(target, target.holder_id))]
        for target, now in left:
            yield target, self._judged(escalation.BEHIND, target.holder_id, now)
        if self.empty_long_enough:
            opened = {target.held_key for target, _ in left}
            for target, now in suspects:
                if target.held_key not in opened:
                    judged = self._judged(escalation.BEHIND, target.holder_id, now)
                    if judged.status == pace.CHUA_CO_NGUON:
                        yield target, judged

    def _was_behind(self, then: tuple[int, int, int, int] | None) -> bool:
        return then is not None and then[0] * 100 < then[2] * self.keeps


def two_decimals(number: int, scale: int) -> str:
    """number ÷ scale, half up, as 49.73."""
    hundredths = (number * 200 + scale) // (2 * scale)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _number(number: int, scale: int) -> Number:
    """number ÷ scale with the four decimals a case keeps; an int when whole."""
    whole, rest = divmod(number, scale)
    return Decimal(round(Fraction(number * 10_000, scale))) / 10_000 if rest else whole


def _exact(stored: float | Decimal | int) -> Number:
    """A figure of a case's row as the driver gives it."""
    return stored if type(stored) is int else Decimal(repr(stored)) if isinstance(stored, float) else stored
