"""Indicators and breakdowns as config.yaml writes them, and what they must agree on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from config.checking import Strict, Word, among
from config.reading import Keys, Written
from states.breakdowns import ATTRIBUTES, OTHER, STOCKS, UNIT, UNKNOWN, Condition, exclude, read_condition
from states.errors import BadInput
from states.membership import PROCESS, STAY
from states.steps import STEPS
from states.wording import Text

if TYPE_CHECKING:
    from config.settings import Settings

NEEDS: Mapping[str, tuple[str, ...]] = {
    "counted": ("trigger",),
    "ratio": ("numerator", "denominator"),
    "reported": (),
    "measured": (),
}
MAY: Mapping[str, tuple[str, ...]] = {
    "counted": ("basis", "destination", "where"),
    "ratio": (),
    "reported": (),
    "measured": ("steps", "attribute", "where"),
}
PLACES = re.compile(r"\{.*?\}|[{}]")
ONLY_SOME = ("trigger", "numerator", "denominator", "basis", "destination", "where", "steps", "attribute")


class IndicatorSettings(Strict):
    """One indicator; which of the keys it needs and may have depends on `source`."""

    label: Word
    source: Literal["counted", "reported", "ratio", "measured"]
    trigger: Word | None = None
    basis: Literal["effective", "document"] = "effective"
    destination: Word | None = None
    numerator: Word | None = None
    denominator: Word | None = None
    part_of: Word | None = None
    unit_of_measure: Word | None = None
    in_words: Word | None = None
    where: dict[Word, Any] = Field(default_factory=dict)
    steps: list[Word] = Field(default_factory=list)
    attribute: Word | None = None


class CellSettings(Strict):
    """One cell of a breakdown; without `values` it takes every known value the others leave."""

    label: Word
    values: list[Any] | None = None


class BreakdownSettings(Strict):
    """How figures are told apart by one attribute."""

    label: Word
    of: Word
    cells: Annotated[dict[Word, CellSettings], Field(min_length=1)]


class BreakdownsSettings(Strict):
    """The breakdowns a report may ask for, and the smallest count shown to who may not see people."""

    smallest: Annotated[int, Field(ge=1)] = 5
    by: dict[Word, BreakdownSettings]


def check_figures(settings: Settings, written: Written) -> None:
    """Raise errors.Installation at the first line about indicators or breakdowns that contradicts another."""
    for name, indicator in settings.indicators.items():
        _check_indicator(name, indicator, settings, written)
    for name in settings.indicators:
        _check_parts(name, settings.indicators, written)
    for name, breakdown in settings.breakdowns.by.items():
        _check_breakdown(("breakdowns", "by", name), name, breakdown, settings.unit_kinds, written)


def _check_indicator(name: str, indicator: IndicatorSettings, settings: Settings, written: Written) -> None:
    path: Keys = ("indicators", name)
    source = indicator.source
    for key in ONLY_SOME:
        value = getattr(indicator, key)
        given = value not in (None, [], {}) and not (key == "basis" and value == "effective")
        if key in NEEDS[source] and not given:
            text = Text(
                "chỉ số «{name}» nguồn {source} cần «{key}»; thêm dòng «{key}: …».",
                "the indicator {name!r} ({source}) needs {key!r}; add a line {key}: …",
            )
            raise written.wrong(path, text, name=name, source=source, key=key)
        if given and key not in (*NEEDS[source], *MAY[source]):
            text = Text(
                "chỉ số «{name}» nguồn {source} không dùng «{key}»; bỏ dòng ấy.",
                "the indicator {name!r} ({source}) takes no {key!r}; remove that line.",
            )
            raise written.wrong((*path, key), text, name=name, source=source, key=key)
    if indicator.in_words is not None and PLACES.findall(indicator.in_words) != ["{figure}"]:
        text = Text(
            "«in_words» là câu có đúng một chỗ {{figure}} để điền số, ví dụ: Thành lập mới {{figure}} công đoàn cơ sở.",
            "in_words is a sentence with {{figure}} once where the number goes.",
        )
        raise written.wrong((*path, "in_words"), text)
    if indicator.trigger is not None:
        among((indicator.trigger,), PROCESS, written, (*path, "trigger"))
    if indicator.destination is not None and indicator.trigger is not None:
        _check_destination(path, indicator.trigger, indicator.destination, written)
    others = [other for other, o in settings.indicators.items() if other != name and o.source != "ratio"]
    for key in ("numerator", "denominator", "part_of"):
        if (other := getattr(indicator, key)) is not None:
            among((other,), others, written, (*path, key))
    if indicator.numerator is not None and indicator.numerator == indicator.denominator:
        text = Text("tỷ lệ của «{name}» với chính nó.", "a ratio of {name!r} to itself.")
        raise written.wrong((*path, "denominator"), text, name=indicator.denominator)
    among(indicator.steps, STEPS, written, (*path, "steps"))
    if indicator.attribute is not None:
        among((indicator.attribute,), STOCKS, written, (*path, "attribute"))
        if indicator.steps:
            text = Text(
                "chỉ số «{name}» đo theo người («steps») hoặc theo số của đơn vị («attribute»); bỏ một trong hai.",
                "the indicator {name!r} measures people (steps) or the units' numbers (attribute); remove one.",
            )
            raise written.wrong((*path, "attribute"), text, name=name)
    _check_where(path, name, indicator, settings.unit_kinds, written)


def _check_destination(path: Keys, trigger: str, destination: str, written: Written) -> None:
    among((destination,), STEPS, written, (*path, "destination"))
    row = PROCESS[trigger]
    reached = {step for step in row.destinations if step != STAY}
    reached |= {step for branch in row.branches if branch.destination == STAY for step in branch.sources}
    if destination not in reached:
        text = Text(
            "bước «{trigger}» không bao giờ dẫn tới «{destination}»; dẫn tới: {reached}.",
            "{trigger!r} never leads to {destination!r}; it leads to: {reached}.",
        )
        there = ", ".join(step for step in STEPS if step in reached)
        raise written.wrong((*path, "destination"), text, trigger=trigger, destination=destination, reached=there)


def _check_where(path: Keys, name: str, indicator: IndicatorSettings, kinds: Collection[str], written: Written) -> None:
    if indicator.where and indicator.source == "measured" and not (indicator.steps or indicator.attribute):
        text = Text(
            "chỉ số «{name}» do đơn vị báo số nên không lọc được; thêm «steps» hoặc «attribute», hoặc bỏ «where».",
            "the indicator {name!r} is reported and cannot be filtered; add steps or attribute, or remove where.",
        )
        raise written.wrong((*path, "where"), text, name=name)
    for key, given in indicator.where.items():
        here = (*path, "where", key)
        known = [one for one, a in ATTRIBUTES.items() if not indicator.attribute or a.of == UNIT]
        among((key,), known, written, (*path, "where"))
        _read(here, key, given, kinds, written)


def _check_parts(name: str, indicators: Mapping[str, IndicatorSettings], written: Written) -> None:
    way = [name]
    while (above := indicators[way[-1]].part_of) is not None:
        if above in way:
            text = Text("«{name}» là phần của chính nó: {way}.", "{name!r} is a part of itself: {way}.")
            raise written.wrong(("indicators", name, "part_of"), text, name=name, way=" → ".join([*way, above]))
        way.append(above)


def _check_breakdown(
    path: Keys, name: str, breakdown: BreakdownSettings, kinds: Collection[str], written: Written
) -> None:
    among((breakdown.of,), ATTRIBUTES, written, (*path, "of"))
    conditions: dict[str, Condition] = {}
    if name == "all":
        text = Text("«all» là mọi phân tổ; xin đặt tên khác.", "'all' means every breakdown; choose another name.")
        raise written.wrong(path, text)
    for value, cell in breakdown.cells.items():
        here = (*path, "cells", value)
        if value in (UNKNOWN, OTHER):
            text = Text(
                "ô «{value}» có sẵn trong mọi phân tổ; xin đặt tên khác.",
                "the cell {value!r} is there in every breakdown; choose another name.",
            )
            raise written.wrong(here, text, value=value)
        if cell.values is not None:
            conditions[value] = _read((*here, "values"), breakdown.of, cell.values, kinds, written)
    if len(conditions) < len(breakdown.cells) - 1:
        text = Text(
            "phân tổ «{name}» có hai ô không ghi «values»; chỉ một ô được nhận phần còn lại.",
            "the breakdown {name!r} has two cells without values; only one can take the rest.",
        )
        raise written.wrong((*path, "cells"), text, name=name)
    for (one, first), (other, second) in combinations(conditions.items(), 2):
        if not exclude(first, second):
            text = Text("hai ô «{one}» và «{other}» trùng nhau.", "the cells {one!r} and {other!r} overlap.")
            raise written.wrong((*path, "cells", other), text, one=one, other=other)


def _read(path: Keys, key: str, given: Any, kinds: Collection[str], written: Written) -> Condition:
    try:
        return read_condition(key, given, kinds)
    except BadInput as error:
        raise written.wrong(path, error.sentence, **error.values) from None
