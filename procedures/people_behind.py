"""The people behind a figure: every entry it counts, or everybody who stands where it is measured."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from procedures.figures import Figures
from states.errors import BadInput
from states.indicators import COUNTED, Indicator
from states.periods import Period
from states.wording import Text
from store.movement import load_codes
from store.unit_names import load_unit_names

if TYPE_CHECKING:
    from store.base import Connection

NOBODY = Text(
    "Chỉ số {name} không đếm từ hồ sơ từng người nên không mở ra danh sách được.",
    "The indicator {name} is not counted from people, so there is no list behind it.",
)


def people_behind(
    figures: Figures, connection: Connection, indicator: Indicator, period: Period, unit_id: int
) -> list[dict[str, Any]]:
    """{code, unit, entry, on} by day and code; a person twice if counted twice. Of a measured figure the entry is the
    last one by its day, `on` that entry's day (None: an opening without a day)."""
    if not indicator.counts_people:
        raise BadInput(NOBODY, name=indicator.name)
    units = figures.of(period).tree.subtree(unit_id)
    last = min(period.last, figures.as_of)
    if indicator.source == COUNTED:
        counted = figures.entries_behind(indicator, period, units)
        found: list[tuple[date | None, str, int, int]] = [
            (one.on, one.code, one.sequence, one.unit_id) for one in counted
        ]
    elif figures.as_of < period.first:
        found = []
    else:
        inside = frozenset(units)
        standing = [one for one in figures.standing.one_by_one(indicator, last) if one.unit_id in inside]
        codes = load_codes(connection, [one.candidate_id for one in standing])
        found = [(one.on, codes[one.candidate_id], one.sequence, one.unit_id) for one in standing]
        found.sort(key=lambda row: (row[0] or date.min, row[1]))
    names = load_unit_names(connection, sorted({row[3] for row in found}), last, figures.known_at)
    return [
        {"code": code, "unit": names[unit].code, "entry": f"{code}:{sequence}", "on": on}
        for on, code, sequence, unit in found
    ]
