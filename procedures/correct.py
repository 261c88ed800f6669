"""Correct an entry: nothing is edited; an entry is added after the whole way has been walked again and is still lawful."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procedures import access
from procedures.advance import NO_SUCH_PERSON
from procedures.correction_moves import find_moves
from procedures.gate import Gate
from procedures.office import Office
from procedures.plans import Loaded
from procedures.step_moves import clock_changes, coming_notices
from states.calendar import parse_day
from states.errors import BadInput, Refused, Unknown
from states.events import MORE_THAN_SUMMONED, Event, get_field, tidy
from states.membership import PROCESS, read_event
from states.steps import ENDS, STEPS
from states.wording import Text, fold
from store.journal import Live
from store.units import Units

NO_SUCH_ENTRY = Text("Không có mục sổ «{entry}».", "There is no entry “{entry}”.")
ENTRY_FORM = Text(
    "«{entry}» không phải mã mục sổ; dạng đúng: MÃ:số, ví dụ A01:3.", "“{entry}” is no entry; its form is CODE:number."
)
ALREADY_VOID = Text(
    "Mục «{entry}» đã bị hủy hoặc thay thế và không còn hiệu lực.", "Entry “{entry}” is void and stands no more."
)
DERIVED = Text(
    "Mục này do hệ thống tự lập từ ngày lễ kết nạp; hãy sửa mục lễ kết nạp.",
    "The engine derives this entry from the ceremony; correct the ceremony.",
)
OPENING_STAYS = Text(
    "Không hủy được mục mở sổ; chỉ sửa được ngày hoặc bước.",
    "The opening cannot be made void; correct its day or step.",
)
NOTHING = Text(
    "Chưa nói sửa gì: dùng --set khóa=giá trị hoặc --void.", "Nothing to correct: use --set key=value or --void."
)
BOTH = Text("Chỉ dùng một trong hai: --set hoặc --void.", "Use either --set or --void.")
NO_REASON = Text("Thiếu lý do sửa (--reason).", "The correction needs a reason (--reason).")
NO_CHANGE = Text(
    "Giá trị mới giống giá trị đang ghi; không có gì để sửa.",
    "The new values are those that stand; nothing to correct.",
)
NO_SUCH_STEP = Text("Không mở sổ được ở bước «{step}».", "Nobody can be opened at “{step}”.")

DAY, NUMBER, DATE, NOTE, IRREGULAR = "on", "document_number", "document_date", "note", "irregular"
KEYS = {
    "on": DAY, "ngay": DAY, "effectiveon": DAY, "documentnumber": NUMBER, "doc": NUMBER, "sovanban": NUMBER,
    "documentdate": DATE, "docdate": DATE, "ngayvanban": DATE, "note": NOTE, "ghichu": NOTE, "irregular": IRREGULAR,
    "lydongoaile": IRREGULAR,
}  # fmt: skip


def correct(
    office: Office, entry: str, *, changes: Mapping[str, Any] | None = None, void: bool = False, reason: str,
    preview: bool = False, expect_version: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Replace what an entry says, or make it void: {code, entry, step, clocks, notices, moves} (see clock_changes, find_moves).

    An empty value in `changes` takes a thing away. `preview` writes nothing. Refused carries every verdict of the replay.
    `expect_version`: the version the officer was looking at.
    """
    access.require(office, "correct")
    if not (reason := tidy(reason) or ""):
        raise BadInput(NO_REASON)
    if not changes and not void:
        raise BadInput(NOTHING)
    if changes and void:
        raise BadInput(BOTH)
    code, sequence = entry_id(entry)
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code]).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        if expect_version is not None and loaded.version != expect_version:
            raise gate.moved_since(connection, loaded)
        units = gate.units(connection)
        stands = stands_for(loaded, entry, sequence)
        if void and stands.entry.trigger == "open_at":
            raise BadInput(OPENING_STAYS)
        before, step = dict(loaded.way.clocks.latest), loaded.way.step
        plan = gate.correct(
            loaded, stands.root, None if void else _changed(office, loaded, stands, changes or {}, units)
        )
        if any(verdict.code == "no_such_unit" for verdict in plan.verdicts):
            raise Unknown(access.NO_SUCH_UNIT, code=(changes or {}).get("to_unit"))
        if plan.problems:
            raise Refused(plan.verdicts)
        moves = find_moves(office, connection, loaded, plan, before, units)
    correction = next(draft for draft in plan.drafts if draft.tag == "correction")
    correction.texts = {**correction.texts, "reason": reason}
    if not preview:
        with office.database.writing() as connection:
            gate.write(connection, [plan])
    return {
        "code": code, "step": plan.way.step, "since": plan.way.since, "preview": preview,
        "entry": None if preview else loaded.entry_id(correction.sequence), "moves": moves, "from": step,
        "carried": correction.data.get("carried"), "third_failure": bool(correction.data.get("third_failure")),
        "clocks": clock_changes(office, before, plan.way.clocks.latest),
        "notices": coming_notices(office, before, plan.way.clocks.latest),
    }  # fmt: skip


def entry_id(entry: str) -> tuple[str, int]:
    """CODE:sequence taken apart; BadInput where it has another form."""
    code, colon, number = entry.rpartition(":")
    if not colon or not code or not number.isdigit():
        raise BadInput(ENTRY_FORM, entry=entry)
    return code, int(number)


def stands_for(loaded: Loaded, entry: str, sequence: int) -> Live:
    """The entry that stands for this number: itself, or what it was corrected to; BadInput where it stands no more."""
    known = {one.sequence: one for one in loaded.entries or ()}
    if sequence not in known:
        raise Unknown(NO_SUCH_ENTRY, entry=entry)
    if known[sequence].trigger == "mature":
        raise BadInput(DERIVED)
    root = sequence
    while (target := known[root].corrects or known[root].voids) is not None:
        root = target
    for one in loaded.live:
        if one.root == root and known[sequence].voids is None:
            return one
    raise BadInput(ALREADY_VOID, entry=entry)


def _changed(office: Office, loaded: Loaded, stands: Live, changes: Mapping[str, Any], units: Units) -> Event:
    """The event as it is to be, read as strictly as a new one."""
    old = loaded.event(stands.entry)
    plain: dict[str, Any] = {
        DAY: old.on,
        NUMBER: old.document_number,
        DATE: old.document_date,
        NOTE: old.note,
        IRREGULAR: old.irregular,
    }
    raw: dict[str, Any] = {}
    for key, value in changes.items():
        name = KEYS.get(fold(key))
        if name in (DAY, DATE):
            plain[name] = parse_day(value) if value else None
        elif name is not None:
            plain[name] = tidy(value)
        else:
            raw[key] = value
    if old.trigger == "open_at":
        return _opening(old, plain, raw)
    emptied = {get_field(old.trigger, PROCESS[old.trigger].records, k).name for k, v in raw.items() if v in (None, "")}
    if plain[DAY] is None:
        plain[DAY] = old.on
    new = read_event(old.trigger, plain[DAY], {k: v for k, v in raw.items() if v not in (None, "")}, document_number=plain[NUMBER],
                     document_date=plain[DATE], note=plain[NOTE], irregular=plain[IRREGULAR])  # fmt: skip
    votes = {**old.data, **new.data}
    if votes.get("in_favour", 0) > votes.get("summoned", 10**9):
        raise BadInput(MORE_THAN_SUMMONED, in_favour=votes["in_favour"], summoned=votes["summoned"])
    kept = {k: v for k, v in old.data.items() if k not in emptied and k != "note"}
    private = {k: v for k, v in old.private.items() if k not in emptied}
    # A note that was erased is still a reason that was given.
    note = (
        {"note": True}
        if old.data.get("note") and not old.note and NOTE not in {KEYS.get(fold(k)) for k in changes}
        else {}
    )
    event = Event(new.trigger, new.on, new.document_number, new.document_date, {**kept, **new.data, **note},
                  {**private, **new.private}, new.note, new.irregular)  # fmt: skip
    to_unit = units.by_code.get(event.data["to_unit"]) if isinstance(event.data.get("to_unit"), str) else None
    if to_unit is not None and access.may_see_unit(office, units, to_unit):
        event = Event(event.trigger, event.on, event.document_number, event.document_date,
                      {**event.data, "to_unit": to_unit}, event.private, event.note, event.irregular)  # fmt: skip
    if (event.on, event.document_number, event.document_date, event.kept(), event.texts()) == (
        old.on, old.document_number, old.document_date, old.kept(), old.texts(),
    ):  # fmt: skip
        raise BadInput(NO_CHANGE)
    return event


def _opening(old: Event, plain: Mapping[str, Any], raw: Mapping[str, Any]) -> Event:
    step = old.data.get("step", "quan_chung")
    for key, value in raw.items():
        if fold(key) not in ("step", "buochientai"):
            raise BadInput(
                Text("Mục mở sổ chỉ sửa được: on, step (không có «{key}»).", "An opening has: on, step (not “{key}”)."),
                key=key,
            )
        step = str(value)
    if step not in STEPS or step in ENDS:
        raise BadInput(NO_SUCH_STEP, step=step)
    event = Event("open_at", plain[DAY], data={**old.data, "step": step})
    if (event.on, event.data) == (old.on, dict(old.data)):
        raise BadInput(NO_CHANGE)
    return event
