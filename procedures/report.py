"""Report: what a unit and its subtree did in a period, against its targets, printed and opened down to the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures.closings import find_frozen
from procedures.figures import Figures, Sums
from states import pace
from states.calendar import parse_day
from states.errors import BadInput
from states.figures import Number
from states.indicators import COUNTED, Indicator, get_indicator
from states.periods import Period, enclosing, parse_period
from states.targets import MEMBERS, NO_DECISION, Target, find_target, in_force
from states.wording import Text
from store.counting import entries_behind
from store.targets import load_targets
from store.unit_names import UnitName, get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection


def report(
    office: Office,
    unit: str,
    period: str,
    *,
    beside: str | None = None,
    people: str | None = None,
    as_of: date | str | None = None,
    as_known: date | datetime | str | None = None,
    structure: str = "then",
    decimals: int | None = None,
    rounding: str | None = None,
    breakdown: str | Sequence[str] | None = None,
    movement: bool = False,
    may_see_people: bool = True,
) -> dict[str, Any]:
    """The report of design.md §7: {unit, period, as_of, rows, children} with `people` and `beside` when asked for.

    `as_of`: only what had happened by that day (default the business day). Unknown for the unit or the indicator,
    BadInput for the period, for people of an indicator nobody counted, and for a unit with two sources for one figure.
    """
    day = parse_day(as_of) if as_of else office.today
    asked = parse_period(period, office.terms)
    changed = (beside, people, as_of, as_known, decimals, rounding, breakdown, movement)
    plain = not any(option not in (None, False) for option in changed) and structure == "then" and may_see_people
    with office.database.reading() as connection:
        unit_id = get_unit_id(connection, unit)
        if plain and (frozen := find_frozen(connection, unit_id, asked.code, office.lang)) is not None:
            return frozen
        desk = Desk(office, Figures(office, connection, day), load_targets(connection), day, decimals, rounding)
        children = desk.figures.tree(min(asked.last, day)).children(unit_id)
        names = load_unit_names(connection, [unit_id, *children], min(asked.last, day))
        result = desk.section(names[unit_id], asked) | {"period_label": asked.label(office.lang)}
        if people:
            indicator = get_indicator(desk.figures.indicators, people)
            result["people"] = _people(desk.figures, connection, indicator, asked, unit_id)
        if beside:
            other = parse_period(beside, office.terms)
            result["beside"] = {"period": other.code, "rows": desk.rows(unit_id, other)}
        below = sorted((names[child] for child in children), key=lambda name: name.code)
        result["children"] = [desk.section(name, asked) for name in below]
    return result


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

    def section(self, name: UnitName, period: Period) -> dict[str, Any]:
        """One unit's part of the report."""
        return {
            "unit": name.code,
            "name": name.name,
            "period": period.code,
            "as_of": self.as_of,
            "rows": self.rows(name.id, period),
        }

    def rows(self, unit_id: int, period: Period) -> list[dict[str, Any]]:
        """A row for every indicator of config.yaml, in its order, with a target or without."""
        around = {p.code: p for p in (period, *enclosing(period, self.office.terms))}
        sums = self.figures.of(period)
        rows = []
        for indicator in self.figures.indicators.values():
            target = find_target(self.in_force, unit_id, indicator.name, list(around))
            rows.append(self._row(indicator, unit_id, sums, target, around.get(target.period) if target else None))
        return rows

    def _row(
        self, indicator: Indicator, unit_id: int, sums: Sums, target: Target | None, span: Period | None
    ) -> dict[str, Any]:
        actual = figure(sums.subtree, indicator, unit_id)
        floor, ceiling, expected = self.measure(indicator, unit_id, sums, target, span)
        percent = actual if indicator.is_ratio else pace.percent_of(actual or 0, floor)
        percent_text = None if percent is None else self._percent(percent)
        status = None
        if target is not None and actual is not None:
            day = min(self.as_of, sums.period.last)
            status = pace.judge(
                actual, floor, ceiling, expected, lambda: self.figures.on_the_way(indicator, unit_id, day)
            )
        explanation = None
        if target is not None and actual is not None and status is not None:
            base = self.figures.indicators.get(str(target.base))
            of = base.label if base else _MEMBERSHIP.say(self.office.lang)
            explanation = pace.explain(
                status,
                actual,
                floor,
                ceiling,
                expected,
                min(self.as_of, sums.period.last),
                lambda: self.figures.on_the_way(indicator, unit_id, min(self.as_of, sums.period.last)),
                ratio=(target.ratio, of) if target.ratio is not None else None,
                percent=indicator.is_ratio,
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

    def measure(
        self, indicator: Indicator, unit_id: int, sums: Sums, target: Target | None, span: Period | None
    ) -> tuple[Number | Fraction | None, Number | None, Fraction]:
        """Floor, ceiling and what the pace asks for by the day. `span` is the target's period.

        A ratio of another indicator is taken of that indicator's figure of the same days and is due at once, since its
        base grows with the days; a ratio of the membership is taken of its first day and runs over the target's period.
        """
        if target is None or span is None:
            return None, None, Fraction(0)
        if target.ratio is not None and target.base != MEMBERS:
            base = sums.subtree.get(str(target.base), {}).get(unit_id, 0)
            floor = Fraction(target.ratio) * Fraction(base)
            return floor, None, floor
        if target.ratio is not None:
            floor = Fraction(target.ratio) * Fraction(self.figures.members(span.first).get(unit_id, 0))
        elif target.floor is None:
            return None, target.ceiling, Fraction(0)
        else:
            floor = Fraction(target.floor)
        if indicator.is_ratio:
            return floor, target.ceiling, floor
        phases = self.office.settings.pace.phased.get(indicator.name)
        day = min(self.as_of, sums.period.last)
        return floor, target.ceiling, floor * pace.share_due(span.first, span.last, day, phases)

    def _percent(self, percent: Number | Fraction) -> str:
        printing = self.office.settings.percent
        decimals = printing.decimals if self.decimals is None else self.decimals
        return pace.print_percent(percent, decimals, self.rounding or printing.rounding)

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


_MEMBERSHIP = Text("số đảng viên đầu kỳ", "Party members at the period's start")


def figure(sums: dict[str, dict[int, Number]], indicator: Indicator, unit_id: int) -> Number | Fraction | None:
    """A unit's figure out of own or subtree sums; of a ratio indicator in percent, None over nothing."""
    if indicator.is_ratio:
        numerator, denominator = (
            sums.get(str(name), {}).get(unit_id, 0) for name in (indicator.numerator, indicator.denominator)
        )
        return pace.percent_of(numerator, denominator)
    return sums.get(indicator.name, {}).get(unit_id, 0)


def _people(
    figures: Figures, connection: Connection, indicator: Indicator, period: Period, unit_id: int
) -> list[dict[str, Any]]:
    """Those behind a counted figure: {code, unit, entry, on}, by day and code; a person twice if counted twice."""
    if indicator.source != COUNTED:
        raise BadInput(
            Text(
                "Chỉ số {name} không đếm từ hồ sơ từng người nên không mở ra danh sách được.",
                "The indicator {name} is not counted from people, so there is no list behind it.",
            ),
            name=indicator.name,
        )
    units = figures.of(period).tree.subtree(unit_id)
    found = entries_behind(connection, indicator, period.first, period.last, figures.as_of, figures.dead, units)
    names = load_unit_names(connection, sorted({one.unit_id for one in found}), min(period.last, figures.as_of))
    return [
        {"code": one.code, "unit": names[one.unit_id].code, "entry": f"{one.code}:{one.sequence}", "on": one.on}
        for one in found
    ]
