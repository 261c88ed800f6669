"""Break a unit's figures down: women, age bands, sectors … Cells sum to the figure; small ones can be kept back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from procedures.figures import Figures
from procedures.indicators import breakdowns_of
from states.breakdowns import HIDDEN, Breakdown, hidden
from states.errors import Unknown
from states.indicators import COUNTED, Indicator
from states.pace import as_number, print_number
from states.periods import Period
from states.wording import Text, listed

if TYPE_CHECKING:
    from procedures.office import Office
    from store.counting import Part

ALL = "all"


def read_breakdowns(office: Office, asked: str | Sequence[str] | None) -> list[Breakdown]:
    """The breakdowns asked for by name, several separated by commas or listed; `all` is every one. Unknown lists them."""
    known = breakdowns_of(office)
    found: dict[str, Breakdown] = {}
    for word in listed(asked):
        if word == ALL:
            found.update(known)
        elif word in known:
            found[word] = known[word]
        else:
            raise Unknown(
                Text(
                    "Không có phân tổ «{word}». Các phân tổ: {known}, hoặc all.",
                    "There is no breakdown {word!r}. Known: {known}, or all.",
                ),
                word=word,
                known=", ".join(known),
            )
    return list(found.values())


def break_down(
    office: Office,
    figures: Figures,
    unit_id: int,
    period: Period,
    breakdowns: Sequence[Breakdown],
    *,
    may_see_people: bool = True,
) -> list[dict[str, Any]]:
    """[{indicator, label, by, by_label, total, cells: [{value, label, count, text, suppressed}]}] of the subtree.

    For every indicator that counts people. What was reported as a number, and what is not known, is the cell `chua_ro`.
    """
    sums = figures.of(period)
    units = sums.tree.subtree(unit_id)
    inside = frozenset(units)
    keys = list(dict.fromkeys(one.key for one in breakdowns))
    smallest = 0 if may_see_people else office.settings.breakdowns.smallest
    result = []
    for indicator in figures.indicators.values():
        if not breakdowns or not indicator.counts_people:
            continue
        total = sums.subtree.get(indicator.name, {}).get(unit_id, 0)
        parts = [one for one in _parts(figures, indicator, period, keys, units) if one.unit_id in inside]
        for by in breakdowns:
            place = keys.index(by.key)
            cells = by.tally(((one.values[place], one.entries) for one in parts), total, office.lang)
            kept_back = hidden([count for _, _, count in cells], smallest)
            result.append(
                {
                    "indicator": indicator.name,
                    "label": indicator.label,
                    "by": by.name,
                    "by_label": by.label,
                    "total": as_number(total),  # the figure itself: what the cells sum to
                    "cells": [
                        {
                            "value": value,
                            "label": label,
                            "count": None if at in kept_back else as_number(count),
                            "text": HIDDEN if at in kept_back else print_number(count),
                            "suppressed": at in kept_back,
                        }
                        for at, (value, label, count) in enumerate(cells)
                    ],
                }
            )
    return result


def _parts(
    figures: Figures, indicator: Indicator, period: Period, keys: Sequence[str], units: Sequence[int]
) -> list[Part]:
    if indicator.source == COUNTED:
        return figures.split_entries(indicator, period, keys, units)
    if figures.as_of < period.first:
        return []
    return figures.standing.split(indicator, indicator.steps, min(period.last, figures.as_of), keys)
