"""Target rules as config.yaml writes them, and what they must agree on with the other settings and among themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from config.checking import Strict, Word, among
from config.reading import Keys, Written
from states.breakdowns import ATTRIBUTES, KIND, UNIT, read_condition
from states.errors import BadInput, KetnapError
from states.indicators import Indicator
from states.periods import parse_period
from states.target_rules import KINDS, TargetRule, meet
from states.targets import MEMBERS, NO_DECISION, Target, check_target
from states.wording import Text

if TYPE_CHECKING:
    from config.settings import Settings


def _number(written: Any) -> Any:
    """7, 0.5, "50%" or "12,5" as a Decimal; anything else as it is, to be refused."""
    text = "".join(written.split()).replace(",", ".") if isinstance(written, str) else str(written)
    if isinstance(written, bool | date) or written is None:
        return written
    try:
        return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        return written


Number = Annotated[Decimal, BeforeValidator(_number)]


class TargetRuleSettings(Strict):
    """One rule: which units (kinds, attributes), which target, by which decision, from which day to which."""

    label: Word
    kinds: Annotated[list[Word], Field(min_length=1)]
    where: dict[Word, Any] = Field(default_factory=dict)
    period: Word = "year"
    indicator: Word
    floor: Number | None = None
    ceiling: Number | None = None
    ratio: Number | None = None
    base: Word | None = None
    decision_number: Word | None = None
    decision_date: date | None = None
    from_on: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None

    def as_rule(self, name: str) -> TargetRule:
        """The rule as states knows it. It holds from `from`, or else from the decision's date."""
        target = Target(
            0,
            self.indicator,
            "",
            self.floor,
            self.ceiling,
            self.ratio,
            self.base,
            self.decision_number,
            self.decision_date or NO_DECISION,
        )
        where = tuple(read_condition(key, given) for key, given in self.where.items())
        first, last = self.from_on or self.decision_date or date.min, self.until or date.max
        return TargetRule(name, self.label, frozenset(self.kinds), where, self.period, target, first, last)


def check_target_rules(settings: Settings, written: Written) -> None:
    """Raise errors.Installation at the first rule that cannot be meant or meets another on the same figure."""
    indicators = {name: Indicator(name, one.label, one.source) for name, one in settings.indicators.items()}
    rules: list[TargetRule] = []
    for name, one in settings.target_rules.items():
        _check_rule(("target_rules", name), one, settings, indicators, written)
        rules.append(one.as_rule(name))
    for place, rule in enumerate(rules):
        path = ("target_rules", rule.name)
        for other in rules[:place]:
            if rule.target.indicator == other.target.indicator and _can_meet(rule, other, settings.terms):
                text = Text(
                    "quy tắc «{name}» và «{other}» cùng giao chỉ số {indicator} cho một đơn vị vào một ngày; "
                    "sửa «kinds», «where» hoặc «from», «until» để chỉ một quy tắc áp dụng.",
                    "the rules {name!r} and {other!r} set {indicator} for one unit on one day; "
                    "change kinds, where or from, until so that only one applies.",
                )
                raise written.wrong(path, text, name=rule.name, other=other.name, indicator=rule.target.indicator)
        way = _circle([rule], rules, settings.terms)
        if way:
            text = Text(
                "các quy tắc lấy tỷ lệ của nhau thành vòng: {way}.",
                "rules are ratios of each other in a circle: {way}.",
            )
            raise written.wrong((*path, "base"), text, way=" → ".join(one.name for one in way))


def _check_rule(
    path: Keys, rule: TargetRuleSettings, settings: Settings, indicators: Mapping[str, Indicator], written: Written
) -> None:
    among((rule.indicator,), indicators, written, (*path, "indicator"))
    if rule.base is not None:
        among((rule.base,), (*indicators, MEMBERS), written, (*path, "base"))
    among(rule.kinds, settings.unit_kinds, written, (*path, "kinds"))
    known = [key for key, one in ATTRIBUTES.items() if one.of == UNIT and key != KIND]
    among(rule.where, known, written, (*path, "where"))
    for key, given in rule.where.items():
        try:
            read_condition(key, given)
        except BadInput as wrong:
            raise written.wrong((*path, "where", key), wrong.sentence, **wrong.values) from None
    try:
        if rule.period not in KINDS:
            parse_period(rule.period, settings.terms)
        check_target(rule.as_rule("").target._replace(period=rule.period), indicators)
    except KetnapError as wrong:
        raise written.wrong(path, wrong.sentence, **wrong.values) from None
    first = rule.from_on or rule.decision_date
    if first is None:
        text = Text(
            "quy tắc cần ngày bắt đầu; thêm dòng «decision_date: …» hoặc «from: …».",
            "a rule needs its first day; add a line decision_date: … or from: …",
        )
        raise written.wrong(path, text)
    if rule.until is not None and rule.until < first:
        text = Text("ngày cuối {last} ở trước ngày đầu {first}.", "the last day {last} lies before the first {first}.")
        raise written.wrong((*path, "until"), text, first=first, last=rule.until)


def _can_meet(one: TargetRule, other: TargetRule, terms: Mapping[str, tuple[date, date]]) -> bool:
    """Whether both can set a target of one unit for one period."""
    periods = {one.period, other.period}
    if len(periods) == 2:
        kinds = {period if period in KINDS else parse_period(period, terms).kind for period in periods}
        if len(kinds) == 2 or not periods & set(KINDS):
            return False
    return meet(one, other)


def _circle(
    way: list[TargetRule], rules: list[TargetRule], terms: Mapping[str, tuple[date, date]]
) -> list[TargetRule] | None:
    """The rules from the first one by their bases back to it."""
    for other in rules:
        if other.target.indicator == way[-1].target.base and _can_meet(way[-1], other, terms):
            if other is way[0]:
                return [*way, other]
            if other not in way and (found := _circle([*way, other], rules, terms)):
                return found
    return None
