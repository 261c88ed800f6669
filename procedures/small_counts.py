"""Rows of indicators that count some people only (women, young people …): small figures are kept back like small cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from states.breakdowns import HIDDEN, hidden
from states.indicators import Indicator

FIGURES = (
    "actual",
    "own",
    "percent",
    "percent_text",
    "status",
    "status_label",
    "explanation",
    "done",
    "done_text",
    "expected",
    "numerator",
    "denominator",
)


def keep_back(
    rows: Sequence[dict[str, Any]],
    below: Sequence[Sequence[dict[str, Any]]],
    indicators: Mapping[str, Indicator],
    smallest: int,
) -> None:
    """Take the small figures out of a unit's rows and those of the units `below`, in place.

    Small is a figure under `smallest`, or one that leaves less than that of the figure it is a part of. A unit's own
    figure and those below it sum to its whole: what could be had by subtraction is kept back too.
    """
    tops, others = _by_name(rows), [_by_name(one) for one in below]
    kept_back = [set[str]() for _ in (tops, *others)]
    for indicator in indicators.values():
        if not indicator.tells_people_apart:
            continue
        name = indicator.name
        counts = [tops[name]["own"] or 0, *(one[name]["actual"] or 0 for one in others)]
        places = hidden(counts, smallest)
        for place, (of_unit, names) in enumerate(zip((tops, *others), kept_back, strict=True)):
            row, whole = of_unit[name], of_unit.get(str(indicator.part_of))
            if (place and place in places) or _is_small(row["actual"], whole and whole["actual"], smallest):
                names.add(name)
            elif (not place and 0 in places) or _is_small(row["own"], row["actual"], smallest):
                row["own"] = None
    for of_unit, names in zip((tops, *others), kept_back, strict=True):
        for indicator in indicators.values():
            if indicator.tells_people_apart:
                _keep_back_before(of_unit[indicator.name], smallest)
            if indicator.name in names or {indicator.numerator, indicator.denominator} & names:
                row = of_unit[indicator.name]
                row.update({key: None for key in FIGURES if key in row}, text=HIDDEN, suppressed=True)


def _keep_back_before(row: dict[str, Any], smallest: int) -> None:
    """Keep back what was done since the target's first day where the part before the period would be told by it."""
    if row["actual"] is None or row.get("done") is None:
        return
    if _is_small(row["done"] - row["actual"], None, smallest):
        row.update(done=None, done_text=None, explanation=None)


def _by_name(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["indicator"]: row for row in rows}


def _is_small(part: Any, whole: Any, smallest: int) -> bool:
    return 0 < (part or 0) < smallest or (whole is not None and 0 < whole - (part or 0) < smallest)
