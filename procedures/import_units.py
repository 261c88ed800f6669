"""The sheet don_vi: units, what changed about them from which day, and who replaced whom."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from procedures.cells import UNKNOWN
from procedures.intake import SAME_KEY, Intake
from procedures.sheet_rows import Row
from procedures.workbook import UNIT_ATTRIBUTES, UNITS, YES_NO
from states.calendar import SINCE_EVER
from states.wording import Text
from store.units import (
    NewVersion,
    Units,
    Version,
    insert_successions,
    insert_units,
    insert_versions,
    load_successions,
    load_units,
)

KIND = Text("loại đơn vị", "kind of unit")
ENDS_FIRST = Text(
    "Ngày kết thúc {end} ở trước ngày bắt đầu {start}.", "The last day {end} lies before the first day {start}."
)
ENDED = Text(
    "Đơn vị đã được ghi kết thúc từ ngày {day}. Muốn hoạt động lại, xin ghi tu_ngay từ ngày ấy trở đi.",
    "The unit is recorded as ended from {day}. To revive it give a tu_ngay from that day on.",
)
CIRCLE = Text(
    "Đơn vị nằm dưới chính mình: {chain}. Xin sửa cột cap_tren.",
    "The unit stands above itself: {chain}. Put the column cap_tren right.",
)
TAKEN = Text(
    "Mã đơn vị «{code}» đã dùng ngoài phạm vi của bạn. Xin đặt mã khác hoặc bỏ dòng này.",
    "The code {code!r} belongs to a unit outside yours. Choose another or drop the row.",
)
NEEDS_ABOVE = Text(
    "Tài khoản của bạn phụ trách một nhánh: xin ghi mã cấp trên trong phạm vi của bạn.",
    "Your account is for a part of the tree: give the code of a unit above within it.",
)
REPLACES_ITSELF = Text("Đơn vị không thể thay thế chính mình.", "A unit cannot replace itself.")


def take_units(intake: Intake) -> None:
    """Record new units, new versions and successions; afterwards `intake.units` is the tree as it is to be."""
    connection = intake.connection
    before = load_units(connection)
    rows = [row for row in intake.rows(UNITS.name) if row.get("ma")]
    new = list(dict.fromkeys(row.get("ma") for row in rows if row.get("ma") not in before.by_code))
    added = insert_units(connection, new)
    intake.wrote.units.update(added.values())
    ids = {**before.by_code, **added}
    intake.units = Units({unit_id: code for code, unit_id in ids.items()}, {})
    intake.successions = {(old, successor) for old, successor, _ in load_successions(connection)}
    fresh: list[NewVersion] = []
    by_code = groupby(sorted(rows, key=lambda r: (r.get("ma"), r.get("tu_ngay") or SINCE_EVER)), lambda r: r.get("ma"))
    for code, group in by_code:
        unit_id = ids[code]
        known = list(before.versions(unit_id)) if code in before.by_code else []
        rows_of = list(group)
        if not intake.may_see(unit_id):
            rows_of[0].wrong("ma", TAKEN, code=code)
            continue
        fresh += [NewVersion(unit_id, version) for version in _take_unit(intake, unit_id, rows_of, known)]
    insert_versions(connection, fresh, intake.recorded_at, intake.office.user)
    _take_successions(intake, rows)
    if fresh:
        intake.units = load_units(connection)
        _refuse_circles(intake, {one.unit_id for one in fresh}, {one.version.from_on for one in fresh}, rows)
    else:
        intake.units = before


def _take_unit(intake: Intake, unit_id: int, rows: list[Row], known: list[Version]) -> list[Version]:
    """The versions that one unit's rows add to those `known`."""
    added: list[Version] = []
    is_new = not known
    earlier: Row | None = None
    for row in rows:
        if earlier is not None and earlier.get("tu_ngay") == row.get("tu_ngay"):
            first, second = sorted((earlier, row), key=lambda r: r.number)
            second.wrong("ma", SAME_KEY, row=first.number, what=row.get("ma"))
            continue
        earlier = row
        versions = _plan(intake, row, known, alone=len(rows) == 1)
        _tell(intake, row, known, versions)
        days = {version.from_on for version in versions}
        known = sorted([*(v for v in known if v.from_on not in days), *versions], key=lambda v: v.from_on)
        added += versions
        predecessors = _new_predecessors(intake, row, unit_id)
        changed = bool(versions or predecessors)
        if is_new:
            intake.count(UNITS.name, created=1)
        else:
            intake.count(UNITS.name, updated=int(changed), unchanged=int(not changed))
    return added


def _tell(intake: Intake, row: Row, known: list[Version], versions: list[Version]) -> None:
    """Say what changes about the unit; to an account, refuse a unit without one above within its own."""
    above = row.get("cap_tren")
    if intake.seen is not None and versions and above is None and (not known or row.says("cap_tren")):
        row.wrong("cap_tren", NEEDS_ABOVE)
    code = row.get("ma")
    if not known:
        intake.differ(row, code, "", None, row.get("ten"))
        return
    for version in versions:
        base = next((one for one in reversed(known) if one.from_on <= version.from_on), known[0])
        for column, was, now in (
            ("ten", base.name, version.name),
            ("loai", base.kind, version.kind),
            ("cap_tren", _code(intake, base.parent_id), _code(intake, version.parent_id)),
            ("chuoi_duyet", base.chain, version.chain),
            ("den_ngay", None, version.from_on - timedelta(days=1) if version.ended and not base.ended else None),
            *((key, base.attributes.get(key), version.attributes.get(key)) for key in UNIT_ATTRIBUTES),
        ):
            if was != now:
                intake.differ(row, code, column, was, now)


def _code(intake: Intake, unit_id: int | None) -> str | None:
    return None if unit_id is None else intake.units.code(unit_id)


def _plan(intake: Intake, row: Row, known: list[Version], *, alone: bool) -> list[Version]:
    start = row.get("tu_ngay") or SINCE_EVER
    base = next((v for v in known if v.from_on == row.get("tu_ngay") and not v.ended), None)
    if base is not None and _merge(intake, row, base, start) == base:  # known from that very day, whatever came later
        now = base
    elif known and alone:
        base = next((v for v in reversed(known) if not v.ended), known[-1])
        now = _merge(intake, row, base, base.from_on)
        last = known[-1].from_on
        if now != base:
            if known[-1].ended and start < last:
                row.wrong("tu_ngay", ENDED, day=last)
            now = now._replace(from_on=start if start > last else max(intake.office.today, last))
    else:
        base = next((v for v in reversed(known) if v.from_on <= start), known[0] if known else None)
        now = _merge(intake, row, base, start)
    planned = [] if base is not None and now == base and (alone or base.from_on == start) else [now]
    return planned + _end(row, known, now)


def _end(row: Row, known: list[Version], now: Version) -> list[Version]:
    last_day: date | None = row.get("den_ngay")
    if last_day is None:
        return []
    end = last_day + timedelta(days=1)
    ended = next((v for v in known if v.ended and v.from_on >= now.from_on), None)
    if ended is not None and ended.from_on == end:
        return []
    if ended is not None:
        row.wrong("den_ngay", ENDED, day=ended.from_on)
    elif end <= now.from_on:
        row.wrong("den_ngay", ENDS_FIRST, end=last_day, start=now.from_on)
    return [now._replace(from_on=end, ended=True)]


def _merge(intake: Intake, row: Row, base: Version | None, from_on: date) -> Version:
    """What the row says over what is known: a column the sheet has not says nothing."""
    kinds = {word: Text(label, label) for word, label in intake.office.settings.unit_kinds.items()}
    kind = intake.find_word(row, "loai", KIND, kinds)
    attributes: dict[str, Any] = dict(base.attributes) if base else {}
    for key in UNIT_ATTRIBUTES:
        value = row.get(key)
        if value is None and key in YES_NO and row.says(key):
            value = "0"
        if value not in (None, UNKNOWN):
            attributes[key] = value
    above, chain = (base.parent_id, base.chain) if base else (None, None)
    return Version(
        from_on,
        row.get("ten") or "",
        kind or "",
        intake.find_unit(row, "cap_tren") if row.says("cap_tren") else above,
        row.get("chuoi_duyet") if row.says("chuoi_duyet") else chain,
        attributes,
        False,
    )


def _new_predecessors(intake: Intake, row: Row, unit_id: int) -> list[int]:
    found = []
    for code in row.get("thay_the") or ():
        predecessor = intake.find_unit_by_code(row, "thay_the", code)
        if predecessor == unit_id:
            row.wrong("thay_the", REPLACES_ITSELF)
        elif predecessor is not None and (predecessor, unit_id) not in intake.successions:
            found.append(predecessor)
    return found


def _take_successions(intake: Intake, rows: list[Row]) -> None:
    new: dict[tuple[int, int], date | None] = {}
    for row in rows:
        unit_id = intake.units.by_code[row.get("ma")]
        for code in row.get("thay_the") or ():
            predecessor = intake.units.by_code.get(code)
            if predecessor not in (None, unit_id) and (predecessor, unit_id) not in intake.successions:
                new.setdefault((predecessor, unit_id), row.get("tu_ngay"))
    insert_successions(intake.connection, [(old, successor, on) for (old, successor), on in new.items()])
    intake.wrote.successions += new


def _refuse_circles(intake: Intake, changed: set[int], days: set[date], rows: list[Row]) -> None:
    """A unit must not stand above itself on any day from the first change on."""
    units = intake.units
    first = min(days)
    later = {v.from_on for unit_id in units.ids() for v in units.versions(unit_id) if v.from_on > first}
    by_unit = {units.by_code[row.get("ma")]: row for row in rows}
    told: set[int] = set()
    for day in sorted({first, *later}):
        safe: set[int] = set()
        for unit_id in sorted(changed - told):
            way: list[int] = []
            one: int | None = unit_id
            while one is not None and one not in safe and one not in way:
                way.append(one)
                one = units.parent(one, day)
            if one is None or one in safe:
                safe.update(way)
            elif one == unit_id:
                told.update(way)
                chain = " → ".join(units.code(each) for each in (*way, one))
                by_unit[unit_id].wrong("cap_tren", CIRCLE, chain=chain)
