"""Allocate a target: split what a unit has among the units right below it, all in one transaction or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.cells import clean
from procedures.indicators import indicators_of
from procedures.record_targets import Recording
from procedures.targets import read_decision_date, read_number, show_target, unit_code
from states.allocation import Allocation
from states.errors import BadInput
from states.indicators import get_indicator
from states.pace import as_number
from states.periods import parse_period
from states.targets import Target, in_force
from states.wording import Text
from store.targets import load_targets
from store.trees import load_tree

if TYPE_CHECKING:
    from procedures.office import Office

NO_WHOLE = Text(
    "{unit} chưa có chỉ tiêu {indicator} kỳ {period} bằng số tối thiểu để phân bổ. Xin giao trước: ketnap target set.",
    "{unit} has no floor for {indicator} of {period} to allocate. Set it first: ketnap target set.",
)
NOT_BELOW = Text("{part} không trực thuộc {unit}.", "{part} does not stand right below {unit}.")
TWICE = Text("{part} được ghi hai lần.", "{part} is named twice.")
NO_PARTS = Text("Cần ít nhất một phần: --to MÃ=SỐ.", "At least one part is needed: --to CODE=N.")
NOT_A_PART = Text("«{written}» cần viết MÃ=SỐ, ví dụ CB-01=3.", "Write {written!r} as CODE=N, such as CB-01=3.")
KEEPS = Text(
    "{part} đang có chỉ tiêu {floor}. Xin ghi cả {part} (ghi {part}=0 nếu không giao nữa).",
    "{part} holds a target of {floor}. Name it too ({part}=0 when it is to have none).",
)


def allocate_target(
    office: Office,
    unit: str,
    indicator: str,
    period: str,
    parts: Mapping[str, object],
    *,
    decision_number: str | None = None,
    decision_date: date | str | None = None,
) -> dict[str, Any]:
    """Write a target for each of `parts` (code of a unit right below -> number) that together are the unit's target.

    {unit, indicator, period, whole, parts: [{unit, floor …}], created, unchanged}. By the decision of the whole unless
    another is named. BadInput, and nothing written, when they do not sum to the whole, when a unit does not stand right
    below, or when another that does keeps a target that is not named.
    """
    access.require(office, "set_target")
    get_indicator(indicators_of(office), indicator)
    with office.database.writing() as connection:
        unit_id = access.get_unit_id(office, connection, unit)
        code = parse_period(period, office.terms).code
        known = load_targets(connection, indicator=indicator, period=code)
        standing = in_force(known, office.today)
        whole = standing.get((unit_id, indicator, code))
        if whole is None or whole.floor is None:
            raise BadInput(NO_WHOLE, unit=unit, indicator=indicator, period=code)
        number, day = clean(decision_number or "") or whole.decision_number, whole.decision_date
        if decision_date:
            day = read_decision_date(office, decision_date)
        children = load_tree(connection, office.today).children(unit_id)
        targets: dict[int, Target] = {}
        for part, written in parts.items():
            part_id = access.get_unit_id(office, connection, clean(part))
            if part_id not in children:
                raise BadInput(NOT_BELOW, part=part, unit=unit)
            if part_id in targets:
                raise BadInput(TWICE, part=part)
            floor = read_number(written)
            if floor is None:
                raise BadInput(NOT_A_PART, written=f"{part}={written}")
            targets[part_id] = Target(part_id, indicator, code, floor, decision_number=number, decision_date=day)
        if not targets:
            raise BadInput(NO_PARTS)
        for child in children:
            held = standing.get((child, indicator, code))
            if child not in targets and held is not None and held.rule is None and held.floor:
                raise BadInput(KEEPS, part=unit_code(connection, child), floor=as_number(held.floor))
        known += [t for child in targets for t in load_targets(connection, unit_id=child) if t.indicator != indicator]
        recording = Recording(office, connection, known, lambda one: unit_code(connection, one))
        created = sum(recording.take(target) for target in targets.values())
        Allocation(whole, tuple(targets.values()), complete=True).check(unit, whole=True)
        recording.write(office.now(), office.user)
        codes = {child: unit_code(connection, child) for child in targets}
    return {
        "unit": unit,
        "indicator": indicator,
        "period": code,
        "whole": as_number(whole.floor),
        "parts": [show_target(target, codes) for target in targets.values()],
        "created": created,
        "unchanged": len(targets) - created,
    }


def read_parts(written: Sequence[str]) -> dict[str, str]:
    """CODE=N words as {code: number}. BadInput for a word that is none and for a code named twice."""
    parts: dict[str, str] = {}
    for word in written:
        code, equals, number = word.rpartition("=")
        code = clean(code)
        if not (equals and code and number.strip()):
            raise BadInput(NOT_A_PART, written=word)
        if code in parts:
            raise BadInput(TWICE, part=code)
        parts[code] = number
    return parts
