"""Targets: what stands, and setting one by a decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from procedures.indicators import indicators_of
from states.calendar import parse_day
from states.errors import BadInput
from states.pace import as_number
from states.periods import parse_period
from states.targets import NO_DECISION, Target, check_target, in_force, is_new
from states.wording import Text
from store.targets import insert_targets, load_targets
from store.unit_names import get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office


def list_targets(
    office: Office, unit: str | None = None, period: str | None = None, indicator: str | None = None
) -> dict[str, Any]:
    """{items: [{unit, indicator, period, floor, ceiling, ratio, base, decision_number, decision_date, in_force}]}."""
    code = parse_period(period, office.terms).code if period else None
    with office.database.reading() as connection:
        unit_id = get_unit_id(connection, unit) if unit else None
        targets = load_targets(connection, unit_id=unit_id, period=code, indicator=indicator)
        ids = {t.unit_id for t in targets} | {t.credited_unit_id for t in targets if t.credited_unit_id}
        names = load_unit_names(connection, sorted(ids), office.today)
    standing = in_force(targets, office.today)
    codes = {unit_id: name.code for unit_id, name in names.items()}
    labels = {name: one.label for name, one in indicators_of(office).items()}
    items = [
        _shown(t, codes) | {"label": labels.get(t.indicator), "in_force": standing.get(t.key) is t} for t in targets
    ]
    return {"items": items}


def set_target(
    office: Office,
    unit: str,
    indicator: str,
    period: str,
    *,
    floor: object = None,
    ceiling: object = None,
    ratio: object = None,
    base: str | None = None,
    decision_number: str | None = None,
    decision_date: date | str | None = None,
    credited_unit: str | None = None,
    responsible: str | None = None,
) -> dict[str, Any]:
    """Record a target; {created: 1 or 0, unchanged: 0 or 1, target}. The same decision again changes nothing.

    BadInput for a floor above the ceiling, a ratio of an indicator to itself, another target by the same decision date.
    """
    with office.database.writing() as connection:
        target = Target(
            unit_id=get_unit_id(connection, unit),
            indicator=indicator,
            period=parse_period(period, office.terms).code,
            floor=read_number(floor),
            ceiling=read_number(ceiling),
            ratio=read_number(ratio),
            base=base,
            decision_number=decision_number,
            decision_date=parse_day(decision_date) if decision_date else NO_DECISION,
            credited_unit_id=get_unit_id(connection, credited_unit) if credited_unit else None,
            responsible=responsible,
        )
        check_target(target, indicators_of(office))
        known = {(t.key, t.decision_date): t for t in load_targets(connection, unit_id=target.unit_id)}
        created = is_new(target, known)
        if created:
            insert_targets(connection, [target], office.now(), office.user)
        codes = {target.unit_id: unit}
        if target.credited_unit_id and credited_unit:
            codes[target.credited_unit_id] = credited_unit
    return {"created": int(created), "unchanged": int(not created), "target": _shown(target, codes)}


def read_number(value: object) -> Decimal | None:
    """A number as people write it: 24, "12,5", "50%" (= 0,5); None and "" are none. BadInput for anything else."""
    text = "" if value is None else "".join(str(value).split()).replace(",", ".")
    if not text:
        return None
    try:
        return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
    except InvalidOperation:
        raise BadInput(Text("«{value}» không phải là số.", "{value!r} is not a number."), value=value) from None


def _shown(target: Target, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "unit": codes.get(target.unit_id),
        "indicator": target.indicator,
        "period": target.period,
        "floor": as_number(target.floor),
        "ceiling": as_number(target.ceiling),
        "ratio": as_number(target.ratio),
        "base": target.base,
        "decision_number": target.decision_number,
        "decision_date": None if target.decision_date == NO_DECISION else target.decision_date,
        "credited_unit": codes.get(target.credited_unit_id or 0),
        "responsible": target.responsible,
    }
