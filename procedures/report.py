"""Report: what a unit and its subtree did in a period, against its targets, printed and opened down to the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from procedures.beside import read_beside
from procedures.breakdown import break_down, read_breakdowns
from procedures.closings import find_frozen
from procedures.figures import Figures, Sums
from procedures.horizon import NOW, THEN, read_horizon
from procedures.indicators import indicators_of
from procedures.movement import move
from procedures.people_behind import people_behind
from procedures.small_counts import keep_back
from states import pace
from states.errors import BadInput
from states.figures import Number
from states.indicators import CHAIN, Indicator, get_indicator
from states.periods import Period, enclosing, parse_period
from states.targets import MEMBERS, NO_DECISION, Target, find_target, in_force
from states.wording import Text
from store.targets import load_targets
from store.unit_names import UnitName, get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office

NOT_SHOWN = Text(
    "Người không được xem hồ sơ thì không mở danh sách từng người. Bỏ --people hoặc --hide-small.",
    "Who may not see people cannot open the list of them. Leave out --people or --hide-small.",
)


def report(
    office: Office,
    unit: str,
    period: str,
    *,
    beside: str | Sequence[str] | None = None,
    people: str | None = None,
    as_of: date | str | None = None,
    as_known: date | datetime | str | None = None,
    structure: str = THEN,
    decimals: int | None = None,
    rounding: str | None = None,
    breakdown: str | Sequence[str] | None = None,
    movement: bool = False,
    may_see_people: bool = True,
) -> dict[str, Any]:
    """The report of design.md §7: {unit, period, as_of, rows, children}; besides, people, breakdowns, movement if asked.

    `as_of`: only what had happened by that day (default the business day). `as_known`: only what was recorded by the
    end of that day, or by that instant. `structure`: then (of the period's last day) or now. Unknown for the unit, the
    indicator or the breakdown, BadInput for the period, for people of an indicator nobody counted, and for a unit with
    two sources for one figure.
    """
    horizon = read_horizon(office, as_of, as_known, structure)
    asked = parse_period(period, office.terms)
    others = read_beside(beside, asked, horizon.as_of, office.terms)
    cells = read_breakdowns(office, breakdown)
    options = (others, people, as_of, as_known, cells, movement)
    plain = not any(options) and decimals is None and rounding is None and structure == THEN
    if people and not may_see_people:
        raise BadInput(NOT_SHOWN)
    day = horizon.as_of
    with office.database.reading() as connection:
        unit_id = get_unit_id(connection, unit, horizon.known_at)
        if plain and (frozen := find_frozen(connection, unit_id, asked.code, office.lang)) is not None:
            return frozen if may_see_people else _without_small(office, frozen)

        def desk_on(as_of: date) -> Desk:
            figures = Figures(office, connection, as_of, known_at=horizon.known_at, structure=structure)
            return Desk(office, figures, targets, as_of, decimals, rounding)

        targets = load_targets(connection, known_at=horizon.known_at)
        desk = desk_on(day)
        named_on = office.today if structure == NOW else min(asked.last, day)
        children = desk.figures.tree(min(asked.last, day)).children(unit_id)
        names = load_unit_names(connection, [unit_id, *children], named_on, horizon.known_at)
        result = desk.section(names[unit_id], asked) | {
            "period_label": asked.label(office.lang),
            "as_known": horizon.known_at,
            "structure": structure,
        }
        result["chain"] = desk.chain(unit_id, asked)
        if people:
            indicator = get_indicator(desk.figures.indicators, people)
            result["people"] = people_behind(desk.figures, connection, indicator, asked, unit_id)
        if cells:
            result["breakdowns"] = break_down(
                office, desk.figures, unit_id, asked, cells, may_see_people=may_see_people
            )
        if movement:
            result["movement"] = move(
                desk.figures, connection, unit_id, asked, office.lang, may_see_people=may_see_people
            )
        if others:
            result["besides"] = [
                {
                    "period": one.period.code,
                    "period_label": one.label(office.lang),
                    "as_of": one.until or day,
                    "rows": (desk if one.until in (None, day) else desk_on(one.until)).rows(unit_id, one.period),
                }
                for one in others
            ]
            result["beside"] = result["besides"][0]
        below = sorted((names[child] for child in children), key=lambda name: name.code)
        result["children"] = [desk.section(name, asked) for name in below]
    if not may_see_people:
        result["hides_small"] = True
        smallest = office.settings.breakdowns.smallest
        keep_back(result["rows"], [one["rows"] for one in result["children"]], desk.figures.indicators, smallest)
        for one in result.get("besides", ()):
            keep_back(one["rows"], (), desk.figures.indicators, smallest)
    return result


def _without_small(office: Office, frozen: dict[str, Any]) -> dict[str, Any]:
    """A closed report for who may not see people: no longer word for word what was issued."""
    below = [one["rows"] for one in frozen["children"]]
    then = {row["indicator"] for row in frozen["rows"]}
    indicators = {name: one for name, one in indicators_of(office).items() if name in then}
    keep_back(frozen["rows"], below, indicators, office.settings.breakdowns.smallest)
    return frozen | {"closed": frozen["closed"] | {"as_closed": False}}


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

    def rows(self, unit_id: int, period: Period, *, with_target: bool = False) -> list[dict[str, Any]]:
        """A row for every indicator of config.yaml, in its order, with a target or without (or those with one alone)."""
        if period.code not in self._around:
            self._around[period.code] = {p.code: p for p in (period, *enclosing(period, self.office.terms))}
        around = self._around[period.code]
        sums, periods = self.figures.of(period), list(around)
        rows = []
        for indicator in self.figures.indicators.values():
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
        status = None
        if target is not None and actual is not None and (floor is not None or ceiling is not None):
            day = min(self.as_of, sums.period.last)
            status = pace.judge(
                actual, floor, ceiling, expected, lambda: self.figures.on_the_way(indicator, unit_id, day)
            )
        explanation = None
        base = self.figures.indicators.get(str(target.base)) if target else None
        of = base.label if base else _MEMBERSHIP.say(self.office.lang)
        if target is not None and target.ratio is not None and floor is None:
            explanation = pace.explain_unknown(target.ratio, of, self.office.lang)
        if target is not None and actual is not None and status is not None:
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
        if target.ratio is not None and target.base != MEMBERS:
            base = sums.subtree.get(str(target.base), {}).get(unit_id, 0)
            floor = Fraction(target.ratio) * Fraction(base)
            return floor, None, floor
        if target.ratio is not None:
            members = self.figures.members(span.first).get(unit_id)
            if members is None:
                return None, None, Fraction(0)
            floor = Fraction(target.ratio) * Fraction(members)
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
