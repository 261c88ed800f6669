"""The tree of units with one indicator's figures: a level at a time, or the whole subtree where it is small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from procedures.access import may_see_unit, require, require_unit, visible_units
from procedures.desk import Desk
from procedures.figures import Figures
from procedures.indicators import indicators_of
from procedures.series import last_quarters
from states.errors import BadInput
from states.indicators import Indicator, get_indicator
from states.periods import (
    HALF,
    MONTH,
    NINE_MONTHS,
    QUARTER,
    TERM,
    YEAR,
    Period,
    enclosing,
    parse_period,
    periods_of_years,
)
from states.wording import Text, fold
from store.escalation import count_open_cases
from store.targets import load_targets
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

WHOLE = 30  # so many units are shown at one go, with all their levels
PAGE = 100  # of more, one level and so many of it
FOUND = 50  # answers to a search
NO_INDICATOR = Text(
    "Cấu hình chưa khai báo chỉ số nào (indicators trong config.yaml).", "config.yaml declares no indicators."
)
NOT_FOR_ALL = Text(
    "Chỉ số này nói về từng nhóm người, chỉ tài khoản được xem hồ sơ mới mở.",
    "This indicator tells kinds of people apart; only accounts that may see people can open it.",
)


def unit_tree(
    office: Office,
    indicator: str | None,
    period: str,
    *,
    top: str | None = None,
    search: str = "",
    page: int = 1,
) -> dict[str, Any]:
    """{indicator, label, period, period_label, as_of, top, path, items, total, page, pages, whole}.

    `top`: the unit whose level is shown (None: what the account sees from the top). Items are the report's own rows of the
    indicator with {code, name, kind, depth, children, active, open_cases}; `whole` when every level is among them. With
    `search` the units of the subtree whose name or code has those words, without accents. Unknown for a unit that is not
    the account's.
    """
    require(office, "see_figures")
    asked = parse_period(period, office.terms)
    one = choose_indicator(office, indicator)
    with office.database.reading() as connection:
        units = office.units(connection)
        tops = [require_unit(office, units, top)] if top else top_units(office, units)
        if search.strip():
            listed = _found(units, tops, search, office)
            chosen, total, pages, whole = [(unit_id, 0) for unit_id in listed[:FOUND]], len(listed), 1, False
        else:
            chosen, total, pages, whole = _level(units, tops, office, page)
        desk = desk_of(office, connection, one)
        tree = desk.figures.tree(min(asked.last, office.today))
        cases = count_open_cases(connection)
        below = _with_all_below(units, cases, office) if cases else {}
        items = [
            _item(office, units, desk, tree.exists(unit_id), unit_id, depth, one, asked)
            | {"open_cases": cases.get(unit_id, 0), "open_cases_below": below.get(unit_id, 0)}
            for unit_id, depth in chosen
        ]
        path = path_of(office, units, tops[0]) if top else []
    return {
        "indicator": one.name,
        "label": one.label,
        "counts_people": one.counts_people,
        "period": asked.code,
        "period_label": asked.label(office.lang),
        "as_of": office.today,
        "top": top,
        "path": path,
        "items": items,
        "total": total,
        "page": page if pages >= page else pages,
        "pages": pages,
        "whole": whole,
    }


def choose_indicator(office: Office, name: str | None) -> Indicator:
    """The indicator asked for, else the first that may be shown. BadInput for one that tells people apart to who may not."""
    known = indicators_to_show(office)
    if not known:
        raise BadInput(NO_INDICATOR)
    if not name:
        return known[0]
    one = get_indicator(indicators_of(office), name)
    if one not in known:
        raise BadInput(NOT_FOR_ALL)
    return one


def indicators_to_show(office: Office) -> list[Indicator]:
    """Every indicator, less those that say something of small groups where the account may not see people."""
    sees = office.actor.may("see_people")
    return [one for one in indicators_of(office).values() if sees or not one.tells_people_apart]


def top_units(office: Office, units: Units) -> list[int]:
    """Where the account's view begins: its own unit, else every root (ended ones where nothing else is left)."""
    seen = visible_units(office, units)
    if seen is None:
        return units.roots(office.today) or units.roots(office.today, with_ended=True)
    code = office.actor.unit
    return [units.by_code[code]] if code in units.by_code and seen else []


def top_codes(office: Office) -> list[str]:
    """The codes of `top_units`."""
    require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
    return [units.code(one) for one in top_units(office, units)]


def path_of(office: Office, units: Units, unit_id: int) -> list[dict[str, str]]:
    """The unit and what stands above it as far as the account sees, highest first."""
    way = [one for one in units.path(unit_id, office.today) if may_see_unit(office, units, one)]
    return [{"code": units.code(one), "name": units.name(one, office.today)} for one in reversed(way)]


def desk_of(office: Office, connection: Connection, indicator: Indicator) -> Desk:
    """What one indicator's rows need and no more."""
    targets = load_targets(connection, indicator=indicator.name)
    bases = {target.base for target in targets if target.base}
    figures = Figures(office, connection, office.today, only={indicator.name, *bases})
    return Desk(office, figures, targets, office.today)


def _level(
    units: Units, tops: Sequence[int], office: Office, page: int
) -> tuple[list[tuple[int, int]], int, int, bool]:
    """(unit, depth) of what is shown, how many there are on this level, its pages, and whether that is all of it."""
    today = office.today
    everything = _down(units, tops, today, WHOLE + 1)
    if len(everything) <= WHOLE:
        return everything, len(everything), 1, True
    level = tops if len(tops) > 1 else units.children(tops[0], today)
    pages = max(1, -(-len(level) // PAGE))
    start = (min(max(page, 1), pages) - 1) * PAGE
    shown = [(unit_id, 1) for unit_id in level[start : start + PAGE]]
    return ([(tops[0], 0), *shown] if len(tops) == 1 else shown), len(level), pages, False


def _down(units: Units, tops: Sequence[int], on: Any, most: int) -> list[tuple[int, int]]:
    """The units and all below them, each above its own, with their depth; no more than `most`."""
    found: list[tuple[int, int]] = []
    stack = [(unit_id, 0) for unit_id in reversed(tops)]
    while stack and len(found) < most:
        unit_id, depth = stack.pop()
        found.append((unit_id, depth))
        stack += [(child, depth + 1) for child in reversed(units.children(unit_id, on))]
    return found


def _found(units: Units, tops: Sequence[int], search: str, office: Office) -> list[int]:
    """The units below with these words in their name or code; ended ones last."""
    words = [fold(word) for word in search.split() if fold(word)]
    inside = [one for top in tops for one in units.subtree(top, office.today, with_ended=True)]
    hits = []
    for unit_id in inside:
        said = fold(f"{units.code(unit_id)} {units.name(unit_id, office.today)}")
        if words and all(word in said for word in words):
            hits.append(unit_id)
    return sorted(hits, key=lambda one: (not units.exists(one, office.today), units.code(one)))


def _with_all_below(units: Units, own: dict[int, int], office: Office) -> dict[int, int]:
    found: dict[int, int] = {}
    for unit_id, count in own.items():
        for above in units.path(unit_id, office.today):
            found[above] = found.get(above, 0) + count
    return found


def _item(
    office: Office, units: Units, desk: Desk, active: bool, unit_id: int, depth: int, one: Indicator, period: Period
) -> dict[str, Any]:
    version = units.version(unit_id, office.today)
    return {
        "code": units.code(unit_id),
        "name": version.name,
        "kind": version.kind,
        "kind_label": office.settings.unit_kinds.get(version.kind, version.kind),
        "depth": depth,
        "children": len(units.children(unit_id, office.today)),
        "active": units.exists(unit_id, office.today),
        **desk.row(unit_id, period, one.name),
    }


def periods_to_choose(office: Office) -> list[tuple[str, str]]:
    """(code, words) of the periods people ask about: this year's months, the last quarters, halves, years and the terms."""
    today = office.today
    found = {one.code: one for one in periods_of_years(MONTH, today.year, today.year) if one.first <= today}
    for quarter in last_quarters(today, 6):
        found |= {one.code: one for one in (quarter, *enclosing(quarter, office.terms)) if one.first <= today}
    kinds = {kind: place for place, kind in enumerate((QUARTER, HALF, NINE_MONTHS, YEAR, TERM, MONTH))}
    ordered = sorted(found.values(), key=lambda one: (kinds[one.kind], -one.first.toordinal()))
    return [(one.code, one.label(office.lang)) for one in ordered]
