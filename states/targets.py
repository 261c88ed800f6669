"""Targets: what a unit is held to, which decision is in force, and which target a period is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from states.errors import BadInput
from states.indicators import Indicator, get_indicator
from states.wording import Text

NO_DECISION = date(1, 1, 1)  # stands for "no decision named": in force since ever
MEMBERS = "so_dang_vien"  # the one base that is an attribute of units, taken on the period's first day
MAX_FIGURE = Decimal(10) ** 13  # what the column Numeric(18, 4) holds


@dataclass(frozen=True, slots=True)
class Target:
    """One target by one decision: floor and/or ceiling, or `ratio` (0.5 = 50%) of the indicator `base`."""

    unit_id: int
    indicator: str
    period: str
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    ratio: Decimal | None = None
    base: str | None = None
    decision_number: str | None = None
    decision_date: date = NO_DECISION
    credited_unit_id: int | None = None
    responsible: str | None = None
    rule: str | None = None  # the target rule it comes from; None = decided

    @property
    def key(self) -> tuple[int, str, str]:
        """What at most one target in force stands for."""
        return self.unit_id, self.indicator, self.period


def check_target(target: Target, indicators: Mapping[str, Indicator]) -> None:
    """BadInput (Unknown for an indicator that does not exist) when the target cannot be meant."""
    get_indicator(indicators, target.indicator)
    floor, ceiling, ratio, base = target.floor, target.ceiling, target.ratio, target.base
    if floor is None and ceiling is None and ratio is None:
        raise BadInput(
            Text(
                "Chỉ tiêu {indicator} kỳ {period}: cần mức tối thiểu, mức tối đa hoặc tỷ lệ.",
                "Target {indicator} of {period}: a floor, a ceiling or a ratio is needed.",
            ),
            indicator=target.indicator,
            period=target.period,
        )
    for value in (floor, ceiling, ratio):
        if value is not None and not (value.is_finite() and 0 <= value < MAX_FIGURE):
            raise BadInput(
                Text("Chỉ tiêu {value} phải là số từ 0 trở lên.", "The target {value} must be a number from 0 up."),
                value=value,
            )
    if floor is not None and ceiling is not None and floor > ceiling:
        raise BadInput(
            Text(
                "Mức tối thiểu {floor} lớn hơn mức tối đa {ceiling}.",
                "The floor {floor} is above the ceiling {ceiling}.",
            ),
            floor=floor,
            ceiling=ceiling,
        )
    if ratio is None:
        if base is not None:
            raise BadInput(Text("Có chỉ số gốc {base} mà thiếu tỷ lệ.", "A base {base} without a ratio."), base=base)
        return
    if floor is not None or ceiling is not None:
        raise BadInput(
            Text(
                "Chỉ tiêu hoặc là số, hoặc là tỷ lệ; không thể cả hai.",
                "A target is a number or a ratio, not both.",
            )
        )
    if base is None:
        raise BadInput(
            Text("Chỉ tiêu tỷ lệ cần ghi tỷ lệ của chỉ số nào.", "A ratio needs the indicator it is a ratio of.")
        )
    if base == target.indicator:
        raise BadInput(
            Text("Tỷ lệ của chỉ số {base} với chính nó.", "A ratio of the indicator {base} to itself."), base=base
        )
    if get_indicator(indicators, target.indicator).is_ratio or (
        base != MEMBERS and get_indicator(indicators, base).is_ratio
    ):
        raise BadInput(
            Text(
                "Tỷ lệ của {name} với {base}: một bên đã là tỷ lệ.",
                "A ratio of {name} to {base}: one of them is a ratio already.",
            ),
            name=target.indicator,
            base=base,
        )


def in_force(targets: Iterable[Target], on: date) -> dict[tuple[int, str, str], Target]:
    """The target of each unit, indicator and period on a day: of the decisions up to that day the latest."""
    found: dict[tuple[int, str, str], Target] = {}
    for target in targets:
        if target.decision_date <= on:
            known = found.get(target.key)
            if known is None or known.decision_date < target.decision_date:
                found[target.key] = target
    return found


def find_target(
    targets: Mapping[tuple[int, str, str], Target], unit_id: int, indicator: str, periods: Sequence[str]
) -> Target | None:
    """The target of the first of `periods` that has one: the period itself, then those around it, shortest first."""
    for period in periods:
        target = targets.get((unit_id, indicator, period))
        if target is not None:
            return target
    return None


def is_new(target: Target, known: Mapping[tuple[tuple[int, str, str], date], Target]) -> bool:
    """Whether the target is still to be recorded; `known` by key and decision date.

    False when the same decision already says the same; BadInput when it says something else: a change needs a decision
    of a later date (a revision).
    """
    there = known.get((target.key, target.decision_date))
    if there is None:
        return True
    if there != target:
        raise BadInput(
            Text(
                "Chỉ tiêu {indicator} kỳ {period} theo quyết định ngày {day} đã có và khác. "
                "Muốn điều chỉnh, xin ghi ngày quyết định mới.",
                "Target {indicator} of {period} by the decision of {day} stands already and differs. "
                "A revision needs a later decision date.",
            ),
            indicator=target.indicator,
            period=target.period,
            day=target.decision_date,
        )
    return False
