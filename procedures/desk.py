"""A unit's rows: every indicator with its figure, target, percentage, status and the sentence that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from procedures.figures import Figures, Sums
from states import pace
from states.figures import Number
from states.indicators import CHAIN, Indicator
from states.periods import Period, enclosing
from states.targets import MEMBERS, NO_DECISION, Target, find_target, in_force
from states.wording import Text
from store.unit_names import UnitName

if TYPE_CHECKING:
    from procedures.office import Office


@dataclass
class Desk:
    """What the rows of one report share: figures as of its day, the targets in force on it, the way of printing."""

    office: Office
    figures: Figures
    targets: list[Target]
    as_of: date
    decimals: int | None = None
    rounding: str | None = None

    def __post_init__(self) -> None:
        self.in_force = in_force(self.targets, self.as_of)
        self._around: dict[str, dict[str, Period]] = {}

    def section(self, name: UnitName, period: Period) -> dict[str, Any]:
        """One unit's part of the report."""
        return {
            "unit": name.code,
            "name": name.name,
            "period": period.code,
            "as_of": self.as_of,
            "rows": self.rows(name.id, period),
        }

    def row(self, unit_id: int, period: Period, name: str) -> dict[str, Any]:
        """The row of one indicator, as `rows` has it."""
        return next(row for row in self.rows(unit_id, period, only=name) if row["indicator"] == name)

    def rows(
        self, unit_id: int, period: Period, *, with_target: bool = False, only: str | None = None
    ) -> list[dict[str, Any]]:
        """A row for every indicator of config.yaml, in its order, with a target or without (or those with one alone)."""
        if period.code not in self._around:
            self._around[period.code] = {p.code: p for p in (period, *enclosing(period, self.office.terms))}
        around = self._around[period.code]
        sums, periods = self.figures.of(period), list(around)
        rows = []
        for indicator in self.figures.indicators.values():
            if only is not None and indicator.name != only:
                continue
            target = find_target(self.in_force, unit_id, indicator.name, periods)
            if with_target and target is None:
                continue
            rows.append(self._row(indicator, unit_id, sums, target, around.get(target.period) if target else None))
        return rows

    def _row(
        self, indicator: Indicator, unit_id: int, sums: Sums, target: Target | None, span: Period | None
    ) -> dict[str, Any]:
        actual = figure(sums.subtree, indicator, unit_id)
        floor, ceiling, expected = self.measure(indicator, unit_id, sums, target, span)
        percent = actual if indicator.is_ratio else pace.percent_of(actual or 0, floor)
        percent_text = None if percent is None else self._percent(percent)
        done, since = self._so_far(indicator, unit_id, sums, target, span, actual)
        status = None
        of_nothing = target is not None and bool(target.ratio) and not floor  # 0/0 is no attainment
        if target is not None and done is not None and not of_nothing and (floor is not None or ceiling is not None):
            day = min(self.as_of, sums.period.last)
            status = pace.judge(
                done, floor, ceiling, expected, lambda: self.figures.on_the_way(indicator, unit_id, day)
            )
        explanation = None
        base = self.figures.indicators.get(str(target.base)) if target else None
        of = base.label if base else _MEMBERSHIP.say(self.office.lang)
        if target is not None and target.ratio is not None and of_nothing:
            explanation = pace.explain_unknown(target.ratio, of, nothing=floor is not None, lang=self.office.lang)
        if target is not None and done is not None and status is not None:
            explanation = pace.explain(
                status,
                done,
                floor,
                ceiling,
                expected,
                min(self.as_of, sums.period.last),
                lambda: self.figures.on_the_way(indicator, unit_id, min(self.as_of, sums.period.last)),
                ratio=(target.ratio, of) if target.ratio is not None else None,
                percent=indicator.is_ratio,
                since=since,
                lang=self.office.lang,
            )
        row: dict[str, Any] = {
            "indicator": indicator.name,
            "label": indicator.label,
            "actual": pace.as_number(actual),
            "own": pace.as_number(figure(sums.own, indicator, unit_id)),
            "floor": pace.as_number(floor),
            "ceiling": pace.as_number(ceiling),
            "target_period": target.period if target else None,
            "percent": pace.as_number(percent),
            "percent_text": percent_text,
            "status": status,
            "status_label": pace.STATUSES[status].say(self.office.lang) if status else None,
            "text": self._text(indicator, actual, floor, ceiling, percent_text),
            "expected": pace.as_number(expected) if target else None,
            "done": pace.as_number(done) if target else None,
            "done_text": self._done_text(indicator, floor, ceiling, done) if status and done != actual else None,
            "explanation": explanation,
            "decision_number": target.decision_number if target else None,
            "decision_date": target.decision_date if target and target.decision_date != NO_DECISION else None,
            "responsible": target.responsible if target else None,
            "part_of": indicator.part_of,
        }
        if indicator.is_ratio:
            for part, name in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
                row[part] = sums.subtree.get(str(name), {}).get(unit_id, 0)
        return row

    def _so_far(
        self, indicator: Indicator, unit_id: int, sums: Sums, target: Target | None, span: Period | None,
        actual: Number | Fraction | None,
    ) -> tuple[Number | Fraction | None, date | None]:  # fmt: skip
        """What stands against the pace: a target of a longer period is held against all that was done since its first
        day (given too where that lies before the period), not against the part of it the report is about.

        A ratio is held against its own period: its base is that period's too.
        """
        asked = sums.period
        if target is None or span is None or span.first == asked.first or indicator.is_ratio:
            return actual, None
        if target.is_due_at_once:
            return actual, None
        whole = Period(f"{span.code} → {asked.code}", span.first, asked.last, span.kind)
        return figure(self.figures.of(whole).subtree, indicator, unit_id), span.first

    def chain(self, unit_id: int, period: Period) -> list[dict[str, Any]]:
        """How many of each link of the chain there are to a hundred of the one before; of one period, not of the same
        people."""
        sums = self.figures.of(period)
        links = [self.figures.indicators[name] for name in CHAIN if name in self.figures.indicators]
        found = []
        for one, other in pairwise(links):
            numerator, denominator = (sums.subtree.get(link.name, {}).get(unit_id, 0) for link in (other, one))
            percent = pace.percent_of(numerator, denominator)
            found.append(
                {
                    "from": one.name,
                    "from_label": one.label,
                    "to": other.name,
                    "to_label": other.label,
                    "numerator": pace.as_number(numerator),
                    "denominator": pace.as_number(denominator),
                    "percent": pace.as_number(percent),
                    "percent_text": None if percent is None else self._percent(percent),
                }
            )
        return found

    def measure(
        self, indicator: Indicator, unit_id: int, sums: Sums, target: Target | None, span: Period | None
    ) -> tuple[Number | Fraction | None, Number | None, Fraction]:
        """Floor, ceiling and what the pace asks for by the day. `span` is the target's period.

        A ratio of another indicator is taken of that indicator's figure of the same days and is due at once, since its
        base grows with the days; a ratio of the membership is taken of its first day and runs over the target's period.
        """
        if target is None or span is None:
            return None, None, Fraction(0)
        floor = floor_of(target, unit_id, self.figures, sums, span.first)
        if floor is None:
            return None, target.ceiling, Fraction(0)
        if indicator.is_ratio or target.is_due_at_once:
            return floor, target.ceiling, floor
        phases = self.office.settings.pace.phased.get(indicator.name)
        day = min(self.as_of, sums.period.last)
        return floor, target.ceiling, floor * pace.share_due(span.first, span.last, day, phases)

    def _percent(self, percent: Number | Fraction) -> str:
        printing = self.office.settings.percent
        decimals = printing.decimals if self.decimals is None else self.decimals
        return pace.print_percent(percent, decimals, self.rounding or printing.rounding)

    def _done_text(
        self,
        indicator: Indicator,
        floor: Number | Fraction | None,
        ceiling: Number | None,
        done: Number | Fraction | None,
    ) -> str:
        """What a status rests on where that is more than the period's own figure."""
        percent = pace.percent_of(done or 0, floor)
        return self._text(indicator, done, floor, ceiling, None if percent is None else self._percent(percent))

    def _text(
        self,
        indicator: Indicator,
        actual: Number | Fraction | None,
        floor: Number | Fraction | None,
        ceiling: Number | None,
        percent_text: str | None,
    ) -> str:
        if not indicator.is_ratio:
            return pace.print_attainment(actual or 0, floor, ceiling, percent_text)
        if (floor is None and ceiling is None) or percent_text is None:
            return percent_text or "–"
        ends = [self._percent(end) for end in (floor, ceiling) if end is not None]
        return f"{percent_text}/{'–'.join(ends)}"


def floor_of(target: Target, unit_id: int, figures: Figures, sums: Sums, first: date) -> Fraction | None:
    """What a target comes to for its body: its floor, or its ratio of another indicator in `sums` or of the membership
    on `first`, its period's first day; None for a ceiling alone and while the membership is not known.
    """
    if target.ratio is None:
        return None if target.floor is None else Fraction(target.floor)
    base: Number | None
    if target.base == MEMBERS:
        base = figures.members(first).get(unit_id)
    else:
        base = sums.subtree.get(str(target.base), {}).get(unit_id, 0)
    return None if base is None else Fraction(target.ratio) * Fraction(base)


_MEMBERSHIP = Text("số đảng viên đầu kỳ", "Party members at the period's start")


def figure(sums: dict[str, dict[int, Number]], indicator: Indicator, unit_id: int) -> Number | Fraction | None:
    """A unit's figure out of own or subtree sums; of a ratio indicator in percent, None over nothing."""
    if indicator.is_ratio:
        numerator, denominator = (
            sums.get(str(name), {}).get(unit_id, 0) for name in (indicator.numerator, indicator.denominator)
        )
        return pace.percent_of(numerator, denominator)
    return sums.get(indicator.name, {}).get(unit_id, 0)
