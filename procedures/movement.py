"""The movement sheet: members of a unit's subtree at a period's start, who came and went, members at its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from procedures.figures import Figures
from states.movement import BEFORE_OPENING, LINES, Doubt, Sheet, draw_sheet
from states.periods import Period
from states.way import MEMBER_STEPS
from store.candidates_by_step import standing_on
from store.movement import load_codes, load_history, load_moves

if TYPE_CHECKING:
    from store.base import Connection


def move(
    figures: Figures, connection: Connection, unit_id: int, period: Period, lang: str, *, may_see_people: bool = True
) -> dict[str, Any]:
    """{opening, undated, lines: [{what, label, sign, count}], closing, difference, reconciles, unexplained, before_opening}.

    `undated`: those of the opening whose book was opened without a day, so that they count as there since ever. From the journal alone, in the structure of the report: numbers reported for people who are not recorded here are
    no part of it. `before_opening`: what is told of people from before their book was opened; it moved nobody.
    """
    last = min(period.last, figures.as_of)
    units = frozenset(figures.of(period).tree.subtree(unit_id))
    known_at, dead = figures.known_at, figures.dead

    def members(day: Any) -> dict[int, Any]:
        found = standing_on(connection, MEMBER_STEPS, day, dead, known_at)
        return {one.candidate_id: (one.sequence, one.on) for one in found if one.unit_id in units}

    sheet = Sheet()
    history: list[Doubt] = []
    before = members(min(period.first - timedelta(days=1), last))
    if period.first <= last:
        moves = load_moves(connection, period.first, last, dead, known_at)
        sheet = draw_sheet(before, members(last), moves, units.__contains__)
        history = [
            Doubt(one.person, one.sequence, one.on, BEFORE_OPENING)
            for one in load_history(connection, period.first, last, dead, known_at)
            if one.change(units.__contains__) and one.trigger != "transfer"
        ]
    else:
        sheet.opening = sheet.closing = len(before)
    codes = load_codes(connection, [one.person for one in (*sheet.unexplained, *history)])

    def told(doubts: list[Doubt]) -> list[dict[str, Any]]:
        named = [(codes[one.person], one) for one in doubts]
        named.sort(key=lambda pair: (pair[0], pair[1].sequence))
        return [
            {
                "code": code if may_see_people else None,
                "entry": f"{code}:{one.sequence}" if may_see_people else None,
                "on": one.on,
                "what": one.what.say(lang),
            }
            for code, one in named
        ]

    return {
        "opening": sheet.opening,
        "undated": sum(on is None for _, on in before.values()),
        "lines": [
            {"what": what, "label": LINES[what][1].say(lang), "sign": LINES[what][0], "count": count}
            for what, count in sheet.lines.items()
        ],
        "closing": sheet.closing,
        "difference": sheet.difference,
        "reconciles": sheet.reconciles,
        "unexplained": told(sheet.unexplained),
        "before_opening": told(history),
    }
