"""Targets as the desk shows them: those of a unit and of the units right below, what is behind each and how far it is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.indicators import indicators_of
from procedures.targets import show_target, unallocated
from procedures.unit_tree import path_of, top_units
from states.errors import BadInput
from states.pace import as_number
from states.periods import enclosing, parse_period
from states.targets import MEMBERS, in_force
from states.wording import Text
from store.targets import load_targets_of
from store.unit_names import load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office

PAGE = 100
MEMBERSHIP = Text("số đảng viên", "Party members")
NO_UNIT = Text("Chưa có đơn vị nào để giao chỉ tiêu.", "There are no units yet.")


def target_board(
    office: Office,
    *,
    unit: str | None = None,
    period: str | None = None,
    indicator: str | None = None,
    revised: bool = False,
    page: int = 1,
) -> dict[str, Any]:
    """{unit, name, path, items, total, page, pages}: targets in force of a unit and those right below.

    Items as `target list` has them, with `name`, `credited_name`, `rule_label`, `base_label`, `is_own` (of the unit
    itself) and `revised` (another decision has taken its place; only with `revised`). `period`: that one's and those of
    the longer periods it lies in. Unknown for the unit, BadInput for the period.
    """
    access.require(office, "see_figures")
    asked = parse_period(period, office.terms) if period else None
    codes = None if asked is None else {asked.code, *(one.code for one in enclosing(asked, office.terms))}
    known = indicators_of(office)
    sees = access.may(office, "see_people")
    with office.database.reading() as connection:
        units = office.units(connection)
        tops = [access.require_unit(office, units, unit)] if unit else top_units(office, units)
        if not tops:
            raise BadInput(NO_UNIT)
        wanted = [tops[0], *units.children(tops[0], office.today)] if len(tops) == 1 else tops
        below = [two for one in wanted for two in units.children(one, office.today)]
        targets = load_targets_of(connection, [*wanted, *below])
        standing = in_force(targets, office.today)
        left = unallocated(standing.values(), office.tree(connection, office.today))
        inside = set(wanted)
        shown = [
            one
            for one in targets
            if inside & {one.unit_id, one.holder_id}
            and (codes is None or one.period in codes)
            and (not indicator or one.indicator == indicator)
            and (revised or standing.get(one.held_key) is one)
            and (sees or not (one.indicator in known and known[one.indicator].tells_people_apart))
        ]
        ids = {one.unit_id for one in shown} | {one.holder_id for one in shown}
        names = load_unit_names(connection, sorted({*ids, *wanted}), office.today)
        path = path_of(office, units, tops[0]) if len(tops) == 1 else []
    places = {name: place for place, name in enumerate(known)}
    order = {unit_id: place for place, unit_id in enumerate(wanted)}
    shown.sort(
        key=lambda one: (
            min(order.get(one.unit_id, len(order)), order.get(one.holder_id, len(order))),
            places.get(one.indicator, len(places)), one.period, one.since,
        )
    )  # fmt: skip
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(page, 1), pages)
    codes_of = {unit_id: name.code for unit_id, name in names.items()}
    items = []
    for target in shown[(page - 1) * PAGE : page * PAGE]:
        stands = standing.get(target.held_key) is target
        one = known.get(target.indicator)
        rule = office.settings.target_rules.get(target.rule or "")
        base = known.get(str(target.base))
        items.append(
            show_target(target, codes_of)
            | {
                "name": names[target.unit_id].name,
                "credited_name": names[target.credited_unit_id].name if target.credited_unit_id else None,
                "label": one.label if one else target.indicator,
                "period_label": parse_period(target.period, office.terms).label(office.lang),
                "rule_label": (rule.label if rule else target.rule) if target.rule else None,
                "base_label": base.label if base else MEMBERSHIP.say(office.lang) if target.base == MEMBERS else None,
                "is_own": target.holder_id == tops[0],
                "revised": not stands,
                "unallocated": as_number(left.get(target.held_key)) if stands else None,
                "has_below": bool(units.children(target.holder_id, office.today)),
            }
        )
    return {
        "unit": units.code(tops[0]) if len(tops) == 1 else None,
        "name": names[tops[0]].name if len(tops) == 1 else None,
        "path": path,
        "items": items,
        "total": len(shown),
        "page": page,
        "pages": pages,
    }


def allocation_sheet(office: Office, unit: str, indicator: str, period: str) -> dict[str, Any]:
    """{unit, name, label, period, whole, parts: [{unit, name, floor}], sum, left}: a target to be split among those below."""
    access.require(office, "set_target")
    asked = parse_period(period, office.terms)
    with office.database.reading() as connection:
        units = office.units(connection)
        unit_id = access.require_unit(office, units, unit)
        below = units.children(unit_id, office.today)
        standing = in_force(load_targets_of(connection, [unit_id, *below]), office.today)
    known = indicators_of(office)
    whole = standing.get((unit_id, indicator, asked.code))
    parts = []
    total = Decimal(0)
    for child in below:
        held = standing.get((child, indicator, asked.code))
        part = held.floor if held is not None and held.rule is None else None
        total += part or 0
        parts.append({"unit": units.code(child), "name": units.name(child, office.today), "floor": as_number(part)})
    floor = whole.floor if whole is not None else None
    return {
        "unit": units.code(unit_id),
        "name": units.name(unit_id, office.today),
        "indicator": indicator,
        "label": known[indicator].label if indicator in known else indicator,
        "period": asked.code,
        "period_label": asked.label(office.lang),
        "whole": as_number(floor),
        "decision_number": whole.decision_number if whole is not None else None,
        "parts": parts,
        "sum": as_number(total),
        "left": None if floor is None else as_number(floor - total),
    }
