"""Targets: what stands, and setting one by a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.cells import clean
from procedures.indicators import indicators_of
from procedures.record_targets import Recording
from states.allocation import allocations
from states.calendar import parse_day
from states.errors import BadInput
from states.figures import Tree
from states.pace import as_number
from states.periods import parse_period
from states.targets import NO_DECISION, Key, Target, in_force
from states.wording import Text
from store.targets import load_targets
from store.unit_names import ended_by, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

ENDED = Text(
    "Đơn vị {unit} đã kết thúc ngày {day}, trước kỳ {period}. Xin sửa kỳ hoặc ghi đơn vị tiếp nhận.",
    "The unit {unit} ended on {day}, before {period}. Correct the period or name the unit that took over.",
)


def list_targets(
    office: Office, unit: str | None = None, period: str | None = None, indicator: str | None = None
) -> dict[str, Any]:
    """{items: [{unit, indicator, period, floor, ceiling, ratio, base, decision_number, decision_date, in_force …}]}.

    A unit's targets are those given to it and those credited to it. `in_force`: on the business day. `unallocated`: what
    of a target in force the units right below do not have in theirs; null where none of them has any. `rule` and `from`
    for a target by rule; `withdrawn` when from that day on there is none by any rule.
    """
    access.require(office, "see_figures")
    code = parse_period(period, office.terms).code if period else None
    with office.database.reading() as connection:
        unit_id = access.get_unit_id(office, connection, unit) if unit else None
        seen = access.visible(office, connection)
        targets = load_targets(connection, period=code, indicator=indicator)
        standing = in_force(targets, office.today)
        left = unallocated(standing.values(), office.tree(connection, office.today)) if targets else {}
        shown = [t for t in targets if unit_id is None or unit_id in (t.unit_id, t.credited_unit_id)]
        if seen is not None:
            shown = [t for t in shown if t.unit_id in seen or t.credited_unit_id in seen]
        ids = {t.unit_id for t in shown} | {t.credited_unit_id for t in shown if t.credited_unit_id}
        names = load_unit_names(connection, sorted(ids), office.today)
    shown.sort(key=lambda t: (names[t.unit_id].code, t.indicator, t.period, t.since))
    codes = {unit_id: name.code for unit_id, name in names.items() if seen is None or unit_id in seen}
    labels = {name: one.label for name, one in indicators_of(office).items()}
    items = []
    for target in shown:
        stands = standing.get(target.held_key) is target
        items.append(
            show_target(target, codes)
            | {
                "label": labels.get(target.indicator),
                "in_force": stands,
                "unallocated": as_number(left.get(target.held_key)) if stands else None,
            }
        )
    return {"items": items}


def unallocated(standing: Iterable[Target], tree: Tree) -> dict[Key, Decimal]:
    """What of each target in force is not in those of the units right below; by rule nothing is allocated."""
    of_one: dict[tuple[str, str], list[Target]] = {}
    for target in standing:
        if target.rule is None:
            of_one.setdefault((target.indicator, target.period), []).append(target)
    return {one.whole.held_key: one.left for targets in of_one.values() for one in allocations(targets, tree)}


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

    BadInput for a floor above the ceiling, a ratio of an indicator to itself (or in a circle), another target by the same
    decision date, a decision after the business day, and parts of one decision that do not sum to their whole.
    """
    access.require(office, "set_target")
    with office.database.writing() as connection:
        target = Target(
            unit_id=access.get_unit_id(office, connection, unit),
            indicator=indicator,
            period=parse_period(period, office.terms).code,
            floor=read_number(floor),
            ceiling=read_number(ceiling),
            ratio=read_ratio(ratio),
            base=base,
            decision_number=clean(decision_number or "") or None,
            decision_date=read_decision_date(office, decision_date),
            credited_unit_id=access.get_unit_id(office, connection, credited_unit) if credited_unit else None,
            responsible=responsible,
        )
        if target.credited_unit_id == target.unit_id:
            target = target._replace(credited_unit_id=None)
        known = load_targets(connection, indicator=indicator, period=target.period)
        known += [t for t in load_targets(connection, unit_id=target.unit_id) if t.indicator != indicator]
        codes = {target.unit_id: unit}
        if target.credited_unit_id is not None:
            codes[target.credited_unit_id] = str(credited_unit)
        begins = parse_period(period, office.terms).first
        for one, code in codes.items():
            if (last := ended_by(connection, one, begins)) is not None:
                raise BadInput(ENDED, unit=code, day=last, period=target.period)
        recording = Recording(office, connection, known, lambda one: unit_code(connection, one))
        created = recording.take(target)
        for allocation, whose in recording.allocated():
            allocation.check(whose)
        recording.write(office.now(), office.user)
    return {"created": int(created), "unchanged": int(not created), "target": show_target(target, codes)}


def read_decision_date(office: Office, written: date | str | None) -> date:
    """The day of a decision; NO_DECISION for none. BadInput after the business day: it is not signed yet."""
    day = parse_day(written) if written else NO_DECISION
    if day > office.today:
        raise BadInput(
            Text(
                "Ngày quyết định {day} ở sau ngày làm việc {today}.",
                "The decision's day {day} lies after the business day {today}.",
            ),
            day=day,
            today=office.today,
        )
    return day


def unit_code(connection: Connection, unit_id: int) -> str:
    """The code people use."""
    return load_unit_names(connection, [unit_id], date.max)[unit_id].code


_DIGITS = re.compile(r"[+-]?\d+(?:[.,]\d{1,2})?", re.ASCII)
_NOT_NUMBER = Text(
    "«{value}» không phải là số. Xin viết chữ số, không chấm phẩy ngăn hàng nghìn, ví dụ 1200 hoặc 7,5.",
    "{value!r} is not a number. Write digits without a thousands separator, such as 1200 or 7.5.",
)
_NOT_RATIO = Text(
    "Tỷ lệ «{value}» không rõ. Viết có dấu phần trăm, ví dụ 50%, hoặc 0,5.",
    "The ratio {value!r} is not clear. Write it with a percent sign, such as 50%, or 0.5.",
)


def read_number(value: object) -> Decimal | None:
    """A number as people write it: 24, "12,5", "1 200"; None and "" are none. BadInput for anything else.

    As in a workbook, 1.200 is refused: nobody knows whether it is 1200 or 1,2.
    """
    if isinstance(value, int | Decimal):
        return Decimal(value)
    text = "" if value is None else "".join(str(value).split())
    if not text:
        return None
    if not _DIGITS.fullmatch(text):
        raise BadInput(_NOT_NUMBER, value=value)
    return Decimal(text.replace(",", "."))


def read_ratio(value: object) -> Decimal | None:
    """A ratio as people write it: "50%" or "0,5". BadInput for a bare number above 1: it may mean either."""
    text = str(value).strip() if value is not None else ""
    if text.endswith("%"):
        percent = read_number(text[:-1])
        if percent is None:
            raise BadInput(_NOT_NUMBER, value=value)
        return percent / 100
    ratio = read_number(value)
    if ratio is not None and ratio > 1:
        raise BadInput(_NOT_RATIO, value=value)
    return ratio


def show_target(target: Target, codes: Mapping[int, str]) -> dict[str, Any]:
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
        "rule": target.rule,
        "from": target.from_on,
        "withdrawn": target.is_withdrawn,
    }
