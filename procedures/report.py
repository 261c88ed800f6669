"""Report: what a unit and its subtree did in a period, against its targets, printed and opened down to the people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.beside import read_beside
from procedures.breakdown import break_down, read_breakdowns
from procedures.closings import find_frozen
from procedures.desk import Desk
from procedures.figures import Figures
from procedures.horizon import NOW, THEN, read_horizon
from procedures.indicators import indicators_of
from procedures.movement import move
from procedures.people_behind import people_behind
from procedures.small_counts import keep_back
from states.errors import BadInput
from states.indicators import get_indicator
from states.periods import parse_period
from states.wording import Text
from store.targets import load_targets
from store.unit_names import load_unit_names

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
    two sources for one figure. An actor without the permission to see people has `may_see_people` false.
    """
    access.require(office, "see_figures")
    may_see_people = may_see_people and access.may(office, "see_people")
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
        unit_id = access.get_unit_id(office, connection, unit, horizon.known_at)
        if plain and (frozen := find_frozen(connection, unit_id, asked.code, office.lang)) is not None:
            return frozen if may_see_people else _without_small(office, frozen)

        def desk_on(as_of: date) -> Desk:
            figures = Figures(office, connection, as_of, known_at=horizon.known_at, structure=structure)
            return Desk(office, figures, targets, as_of, decimals, rounding)

        targets = load_targets(connection, known_at=horizon.known_at)
        desk = desk_on(day)
        named_on = office.today if structure == NOW else min(asked.last, day)
        tree, sums = desk.figures.tree(min(asked.last, day)), desk.figures.of(asked).subtree
        children = [  # one that is no more stands among them with what it did, so that they sum to the whole
            child
            for child in tree.below.get(unit_id, ())
            if tree.exists(child) or any(child in figures for figures in sums.values())
        ]
        names = load_unit_names(connection, [unit_id, *children], named_on, horizon.known_at)
        result = desk.section(names[unit_id], asked) | {
            "period_label": asked.label(office.lang),
            "as_known": horizon.known_at,
            "structure": structure,
        }
        result["chain"] = desk.chain(unit_id, asked)
        if people:
            indicator = get_indicator(desk.figures.indicators, people)
            behind = people_behind(desk.figures, connection, indicator, asked, unit_id)
            result["people"] = access.without_strangers(office, connection, behind, "entry")
        if cells:
            result["breakdowns"] = break_down(
                office, desk.figures, unit_id, asked, cells, may_see_people=may_see_people
            )
        if movement:
            sheet = move(desk.figures, connection, unit_id, asked, office.lang, may_see_people=may_see_people)
            for told in ("unexplained", "before_opening"):
                sheet[told] = access.without_strangers(office, connection, sheet[told], "entry")
            result["movement"] = sheet
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
        result["children"] = [desk.section(name, asked) | {"active": tree.exists(name.id)} for name in below]
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
