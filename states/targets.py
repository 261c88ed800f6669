"""Targets: what a unit is held to, which decision is in force, and which target a period is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from states.errors import BadInput
from states.indicators import Indicator, get_indicator
from states.wording import Text

NO_DECISION = date(1, 1, 1)  # stands for "no decision named": in force since ever
MEMBERS = "so_dang_vien"  # the one base that is an attribute of units, taken on the period's first day
MAX_FIGURE = Decimal(10) ** 13  # what the column Numeric(18, 4) holds
Key = tuple[int, str, str]  # unit or holder, indicator, period


class Target(NamedTuple):
    """One target by one decision: floor and/or ceiling, or `ratio` (0.5 = 50%) of the indicator `base`.

    A target credited to another body is that body's: shown and judged at it by its own figure, escalated to it, one of
    its parts when it is allocated. The unit then only says where the work is to be done and has no target by it (Tây
    Hồ: the tax office has the target and the credit for a union founded in an enterprise). A body has at most one
    target for an indicator and period, its own or one credited to it (check_holder).

    A rule's target without floor, ceiling and ratio says that from its day on the unit has none by any rule.
    """

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
    from_on: date | None = (
        None  # first day in force where it is not the decision's: by rule, from that day's attributes
    )

    @property
    def key(self) -> Key:
        """What a decision sets a target for; a later decision on the same is a revision."""
        return self.unit_id, self.indicator, self.period

    @property
    def holder_id(self) -> int:
        """The body whose target it is: the credited one, else the unit itself."""
        return self.unit_id if self.credited_unit_id is None else self.credited_unit_id

    @property
    def held_key(self) -> Key:
        """What at most one target in force stands for."""
        return self.holder_id, self.indicator, self.period

    @property
    def since(self) -> date:
        """The first day it is in force."""
        return self.from_on or self.decision_date

    @property
    def is_due_at_once(self) -> bool:
        """Whether no pace runs for it: a ratio of another indicator, whose base grows with the days."""
        return self.ratio is not None and self.base != MEMBERS

    @property
    def is_withdrawn(self) -> bool:
        """Whether it only says that there is none any more."""
        return self.floor is None and self.ceiling is None and self.ratio is None


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


def in_force(targets: Iterable[Target], on: date) -> dict[Key, Target]:
    """The target each body has for an indicator and period on a day, by holder.

    Of the decisions up to that day the latest; a target decided for a unit goes before one it has by rule.
    """
    found: dict[Key, Target] = {}
    for target in targets:
        if (target.from_on or target.decision_date) <= on:
            key = target[:3]
            known = found.get(key)
            if known is None or goes_before(target, known):
                found[key] = target
    elsewhere = [t for t in found.values() if t.credited_unit_id is not None or (t.floor is None and t.is_withdrawn)]
    for target in elsewhere:
        del found[target.key]
    for target in elsewhere:
        known = found.get(target.held_key)
        if not target.is_withdrawn and (known is None or goes_before(target, known)):
            found[target.held_key] = target
    return found


def goes_before(target: Target, known: Target) -> bool:
    """Which of two targets for the same stands: the decided one before one by rule, else the later one."""
    if (target.rule is None) != (known.rule is None):
        return target.rule is None
    return target.since > known.since


def find_target(targets: Mapping[Key, Target], unit_id: int, indicator: str, periods: Sequence[str]) -> Target | None:
    """The target of the first of `periods` that has one: the period itself, then those around it, shortest first."""
    for period in periods:
        target = targets.get((unit_id, indicator, period))
        if target is not None:
            return target
    return None


def is_new(target: Target, known: Mapping[tuple[Key, date], Target]) -> bool:
    """Whether the decided target is still to be recorded; `known` = the decided ones, by key and decision date.

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
            )
            if target.decision_date != NO_DECISION
            else Text(
                "Chỉ tiêu {indicator} kỳ {period} không ghi ngày quyết định đã có và khác. "
                "Muốn điều chỉnh, xin ghi ngày quyết định.",
                "Target {indicator} of {period} without a decision date stands already and differs. "
                "A revision needs a decision date.",
            ),
            indicator=target.indicator,
            period=target.period,
            day=target.decision_date,
        )
    return False


def check_circle(target: Target, standing: Mapping[Key, Target]) -> None:
    """BadInput when the target is a ratio of an indicator whose own target is, by way of others, a ratio of it.

    `standing` = the targets of units, as they are to be.
    """
    way = [target.indicator]
    base = target.base
    while base is not None:
        if base in way:
            raise BadInput(
                Text(
                    "Kỳ {period}: các chỉ tiêu lấy tỷ lệ của nhau thành vòng: {way}.",
                    "{period}: the targets are ratios of each other in a circle: {way}.",
                ),
                period=target.period,
                way=" → ".join([*way[way.index(base) :], base]),
            )
        way.append(base)
        of_base = standing.get((target.unit_id, base, target.period))
        base = of_base.base if of_base is not None else None


def check_holder(target: Target, others: Iterable[Target], unit: str) -> None:
    """BadInput when the body whose target it is has another, given to it by way of another unit.

    `others` = the targets of other units that are the same body's; `unit` its code.
    """
    for other in others:
        if other.key != target.key:
            raise BadInput(
                Text(
                    "{unit} đã có chỉ tiêu {indicator} kỳ {period} (được ghi nhận); mỗi đơn vị chỉ có một chỉ tiêu cho "
                    "một chỉ số và một kỳ.",
                    "{unit} has a target {indicator} of {period} already (credited to it); a body has one target for "
                    "an indicator and period.",
                ),
                unit=unit,
                indicator=target.indicator,
                period=target.period,
            )
