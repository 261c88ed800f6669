"""Change a unit from a day on: its name, kind, place, chain, attributes or end; what that moves is seen before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from procedures.access import require, require_unit, visible_units
from procedures.cells import CHAINS, choice, clean, read_cell
from procedures.sheet_reader import Cell
from procedures.unit_moves import Moves
from procedures.unit_words import changes
from procedures.units import NO_SUCH_KIND
from procedures.workbook import UNIT_ATTRIBUTES, UNITS
from states.calendar import parse_day
from states.errors import BadInput, Conflict, Refused
from states.events import one_line
from states.steps import GOING
from states.wording import Text
from store.candidates_by_step import people_by_step
from store.units import (
    NewVersion,
    Units,
    Version,
    find_head,
    hold_unit,
    insert_successions,
    insert_versions,
    load_successions,
    load_units,
)

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

NO_DAY = Text("Xin ghi ngày bắt đầu có hiệu lực.", "Please give the day from which it holds.")
NO_NAME = Text("Tên đơn vị không được để trống.", "A unit needs a name.")
NOTHING = Text(
    "Không có gì khác với hiện trạng ngày {day}; chưa ghi gì.",
    "Nothing differs from how it is on {day}; nothing was written.",
)
MOVED = Text(
    "Đơn vị vừa được người khác thay đổi. Xin xem lại rồi làm lại.",
    "Somebody has just changed this unit. Please look at it again.",
)
ENDED = Text(
    "Đơn vị đã kết thúc: từ ngày {day} không còn hoạt động nên không thay đổi được.",
    "The unit ended: it is no more from {day} on, so it cannot be changed.",
)
NO_ABOVE = Text(
    "Đơn vị cấp trên {code} chưa có hoặc đã kết thúc vào ngày {day}.",
    "The unit above, {code}, does not exist on {day}.",
)
CIRCLE = Text("Đơn vị sẽ nằm dưới chính mình: {chain}.", "The unit would stand above itself: {chain}.")
OWN_TOP = Text(
    "Đây là đơn vị của tài khoản bạn: cấp trên, chuỗi duyệt và việc kết thúc do cấp trên quyết định.",
    "This is your account's own unit: its place, chain and end are decided above.",
)
NEEDS_ABOVE = Text(
    "Xin chọn đơn vị cấp trên trong phạm vi của tài khoản.", "Choose the unit above within your account's scope."
)
ENDS_FIRST = Text(
    "Ngày cuối cùng {end} ở trước ngày bắt đầu {start} của đơn vị.",
    "The last day {end} lies before the first day {start}.",
)
UNTIL_NEXT = Text(
    "Đã có thay đổi ghi từ ngày {day}: những gì thay đổi ấy nói vẫn giữ nguyên từ ngày đó.",
    "A change from {day} on is recorded already: what it says still holds from that day.",
)
STILL_BELOW = Text(
    "Còn {count} đơn vị trực thuộc; xin chuyển hoặc kết thúc các đơn vị ấy.",
    "{count} units still stand below; please move or end them.",
)
STILL_PEOPLE = Text(
    "Còn {count} người đang theo dõi ở đơn vị; xin chuyển sinh hoạt cho họ.",
    "{count} people still stand in the unit; please transfer them.",
)
KEEP: Any = object()


class _Preview(Exception):
    """Everything was looked at; take it back."""


def change_unit(
    office: Office,
    code: str,
    from_on: date | str | None,
    *,
    name: str | None = None,
    kind: str | None = None,
    parent: str | None = KEEP,
    chain: str | None = KEEP,
    attributes: Mapping[str, str] | None = None,
    version: int | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """From a day on the unit is so; what is not named stays as it was that day. {unit, from, changes, moves, warnings, preview}.

    `version`: as the officer saw it (`unit_head`). BadInput for what cannot be read, a circle, a unit above that is not
    there that day and for nothing changed; Conflict when somebody changed the unit meanwhile; Unknown for the units.
    """
    day = _day(from_on)

    def made(units: Units, unit_id: int, base: Version) -> tuple[Version, ...]:
        above = base.parent_id
        if parent is not KEEP:
            above = require_unit(office, units, clean(parent)) if parent else None
        says = base.chain
        if chain is not KEEP:
            says = choice(chain, CHAINS) if chain else None
        kept = {key: value for key, value in {**base.attributes, **_attributes(attributes or {})}.items() if value}
        new = Version(day, _name(name, base), _kind(office, kind, base), above, says, kept, False)
        if not any(changes(office, units, base, new)):
            raise BadInput(NOTHING, day=day)
        if above != base.parent_id:
            _check_above(office, units, unit_id, above, day)
        return (new,)

    return _change(office, code, day, made, version, preview)


def end_unit(
    office: Office,
    code: str,
    last_on: date | str | None,
    *,
    successor: str | None = None,
    version: int | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """The unit is no more after this day; `successor` takes over from it. As `change_unit`."""
    day = _day(last_on) + timedelta(days=1)

    def made(units: Units, unit_id: int, base: Version) -> tuple[Version, ...]:
        if base.from_on >= day:
            raise BadInput(ENDS_FIRST, end=day - timedelta(days=1), start=base.from_on)
        _check_above(office, units, unit_id, base.parent_id, day, moves=False)
        return (base._replace(from_on=day, ended=True),)

    return _change(office, code, day, made, version, preview, successor=successor)


def unit_head(office: Office, code: str) -> int:
    """What a change of the unit is held against: the number of its version recorded last."""
    require(office, "see_figures")
    with office.database.reading() as connection:
        return find_head(connection, require_unit(office, office.units(connection), code))


def _change(
    office: Office, code: str, day: date, made: Any, version: int | None, preview: bool, *, successor: str | None = None
) -> dict[str, Any]:  # fmt: skip
    require(office, "edit_units")
    told: dict[str, Any] = {}
    try:
        with office.database.writing() as connection:
            units = office.units(connection)
            unit_id = require_unit(office, units, clean(code))
            head = hold_unit(connection, unit_id)
            if version is not None and version != head:
                raise Conflict(MOVED)
            base = units.version(unit_id, day)
            if base.ended and base.from_on <= day:
                raise BadInput(ENDED, day=base.from_on)
            new: tuple[Version, ...] = made(units, unit_id, base)
            heir = require_unit(office, units, clean(successor)) if successor else None
            moves = Moves(office, connection, units) if preview else None
            insert_versions(connection, [NewVersion(unit_id, one) for one in new], office.now(), office.user)
            if heir is not None and (unit_id, heir) not in {pair[:2] for pair in load_successions(connection)}:
                insert_successions(connection, [(unit_id, heir, day)])
            after = load_units(connection)
            _refuse_circle(after, unit_id, day)
            told = {
                "unit": code,
                "name": base.name,
                "from": day,
                "changes": list(changes(office, units, base, new[-1])),
                "warnings": _warnings(office, connection, units, unit_id, day, new[-1]),
                "moves": [],
                "preview": preview,
            }
            if moves is not None:
                told["moves"] = moves.of(after, unit_id, day)
                raise _Preview
    except _Preview:
        pass
    return told


# ---------------------------------------------------------------------- what is read


def _day(written: date | str | None) -> date:
    if not written:
        raise BadInput(NO_DAY)
    return parse_day(written)


def _name(written: str | None, base: Version) -> str:
    if written is None:
        return base.name
    name = one_line(clean(written))
    if not name:
        raise BadInput(NO_NAME)
    return name


def _kind(office: Office, written: str | None, base: Version) -> str:
    if not written:
        return base.kind
    if written not in office.settings.unit_kinds and written != base.kind:
        raise BadInput(NO_SUCH_KIND, kind=written, known=", ".join(office.settings.unit_kinds.values()))
    return written


def _attributes(written: Mapping[str, str]) -> dict[str, str | None]:
    """What was typed of each attribute, read as a workbook's cell is; "" takes the value away (nobody knows it)."""
    found: dict[str, str | None] = {}
    for key in UNIT_ATTRIBUTES:
        if key not in written:
            continue
        text = clean(written[key])
        value = read_cell(UNITS.column(key).kind, Cell("text", text)) if text else None
        found[key] = None if value is None else str(value)
    return found


# ---------------------------------------------------------------------- what stands against it


def _check_above(
    office: Office, units: Units, unit_id: int, above: int | None, day: date, *, moves: bool = True
) -> None:
    """An account's own top unit stays where it is; nothing leaves what the account may see; the unit above exists."""
    if office.actor.unit is not None:
        if units.code(unit_id) == office.actor.unit:
            raise Refused((), OWN_TOP)
        if above is None:
            raise BadInput(NEEDS_ABOVE)
        seen = visible_units(office, units)
        if seen is not None and above not in seen:
            raise BadInput(NEEDS_ABOVE)
    if moves and above is not None and not units.exists(above, day):
        raise BadInput(NO_ABOVE, code=units.code(above), day=day)


def _refuse_circle(units: Units, unit_id: int, day: date) -> None:
    """A unit must not stand above itself on any day from the change on."""
    later = {v.from_on for one in units.ids() for v in units.versions(one) if v.from_on > day}
    for on in sorted({day, *later}):
        way, one = [unit_id], units.parent(unit_id, on)
        while one is not None and one not in way:
            way.append(one)
            one = units.parent(one, on)
        if one is not None:
            raise BadInput(CIRCLE, chain=" → ".join(units.code(each) for each in (*way, one)))


def _warnings(office: Office, connection: Connection, units: Units, unit_id: int, day: date, new: Version) -> list[str]:
    lang, found = office.lang, []
    later = [v.from_on for v in units.versions(unit_id) if v.from_on > day]
    if later:
        found.append(UNTIL_NEXT.say(lang, day=min(later)))
    if new.ended:
        below = [one for one in units.children(unit_id, day) if units.exists(one, day)]
        people = sum(people_by_step(connection, GOING).get(unit_id, {}).values())
        found += [STILL_BELOW.say(lang, count=len(below))] * bool(below)
        found += [STILL_PEOPLE.say(lang, count=people)] * bool(people)
    return found


# ---------------------------------------------------------------------- what it moves
