"""The picture of a unit's figure against its pace: where every line and word stands; the template only draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from console.desk.words import day, number, t

WIDE, NARROW = (760, 300), (340, 250)
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 16, 34
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Chart:
    """One picture: its size in units of its own, the lines as points, the words of its axes."""

    name: str
    width: int
    height: int
    actual: str = ""
    dots: Sequence[tuple[float, float, str]] = ()
    pace: str = ""
    floor: float | None = None
    ceiling: float | None = None
    today: float | None = None
    ticks_y: Sequence[tuple[float, str]] = ()
    ticks_x: Sequence[tuple[float, str, str]] = ()
    floor_words: str = ""
    ceiling_words: str = ""
    title: str = ""
    desc: str = ""
    left: int = LEFT
    right: int = field(default=0)
    bottom: float = field(default=0)


def draw(series: Mapping[str, Any]) -> list[Chart]:
    """The chart for a wide screen and the one for a phone; [] where there is nothing to draw."""
    if not series["points"] and not series["pace"]:
        return []
    return [_draw(series, "wide", *WIDE, 12), _draw(series, "narrow", *NARROW, 6)]


def _draw(series: Mapping[str, Any], name: str, width: int, height: int, most: int) -> Chart:
    first, last = series["first"], series["last"]
    points = [one for one in series["points"] if one["actual"] is not None]
    floor, ceiling = series["floor"], series["ceiling"]
    values = [float(one["actual"]) for one in points]
    values += [float(one["expected"]) for one in series["pace"]] + [float(v) for v in (floor, ceiling) if v is not None]
    top, step = scale(max(values, default=1))
    right, bottom = width - RIGHT, height - BOTTOM

    def x(on: date) -> float:
        return round(LEFT + (right - LEFT) * ((on - first).days + 1) / ((last - first).days + 1), 1)

    def y(value: Any) -> float:
        return round(bottom - (bottom - TOP) * float(value) / top, 1)

    unit = "%" if series["is_ratio"] else ""
    start = [] if series["is_ratio"] else [f"{LEFT},{y(0)}"]
    return Chart(
        name=name, width=width, height=height,
        actual=" ".join([*start, *(f"{x(one['on'])},{y(one['actual'])}" for one in points)]),
        dots=[(x(one["on"]), y(one["actual"]), f"{day(one['on'])}: {number(one['actual'])}{unit}") for one in points],
        pace=" ".join(f"{max(x(one['on']), LEFT)},{y(one['expected'])}" for one in series["pace"]),
        floor=None if floor is None else y(floor),
        ceiling=None if ceiling is None or ceiling == floor else y(ceiling),
        today=x(series["as_of"]) if first <= series["as_of"] <= last else None,
        ticks_y=[(y(value), f"{number(value)}{unit}") for value in _up(top, step)],
        ticks_x=_below(first, last, x, most),
        floor_words=t("Chỉ tiêu {n}", "Target {n}", n=f"{number(floor)}{unit}"),
        ceiling_words=t("Tối đa {n}", "At most {n}", n=f"{number(ceiling)}{unit}"),
        title=t("{label}, {span}: thực hiện so với tiến độ", "{label}, {span}: done against the pace",
                label=series["label"], span=series["span_label"]),
        desc=_said(series, points),
        right=right, bottom=bottom,
    )  # fmt: skip


def _said(series: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> str:
    """What the picture shows, in a sentence."""
    row = series["row"]
    if row.get("explanation"):
        return str(row["explanation"])
    last = points[-1]["actual"] if points else None
    return t("Đến {day}: {n}.", "By {day}: {n}.", day=day(series["as_of"]), n=number(last))


def scale(highest: float) -> tuple[float, float]:
    """(top of the axis, distance of its lines): four to seven lines of round numbers."""
    highest = max(highest, 1)
    step = 1.0
    while True:
        for one in STEPS:
            if step * one * 6 >= highest:
                lines = -(-highest // (step * one))
                return step * one * max(lines, 1), step * one
        step *= 10


def _up(top: float, step: float) -> list[int]:
    return [int(step * n) for n in range(int(top / step) + 1)]


def _below(first: date, last: date, x: Any, most: int) -> list[tuple[float, str, str]]:
    """(place, word, anchor) under the axis: months, or years of a long period; no more than fit."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    marks: list[tuple[date, str]] = []
    if months <= 24:
        every = 1 if months <= most else 2 if months <= 2 * most else 4
        for number_of in range(0, months, every):
            year, month = divmod(first.month - 1 + number_of, 12)
            on = date(first.year + year, month + 1, 1)
            shown = t("T{m}", "{m}", m=on.month) if months <= 12 else f"{on.month}/{on.year % 100:02d}"
            marks.append((on, shown))
    else:
        marks = [
            (date(year, 1, 1), str(year)) for year in range(first.year, last.year + 1) if date(year, 1, 1) >= first
        ]
    return [(x(max(on, first)), words, "start") for on, words in marks]


def rounded(value: Any) -> str:
    """A pace to two decimals, as sentences print it."""
    return number(None if value is None else round(Decimal(value), 2))
