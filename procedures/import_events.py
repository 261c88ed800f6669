"""The sheet su_kien: every person's events in order of day and process, judged by the gate, all problems listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from procedures.gate import Gate
from procedures.import_people import Roll
from procedures.intake import SAME_KEY, Intake
from procedures.sheet_rows import Row
from procedures.workbook import EVENTS, PEOPLE, RECEIVED, nearest
from states.errors import KetnapError
from states.events import BY_COLUMN, Event
from states.membership import read_event
from states.wording import Text

if TYPE_CHECKING:
    from procedures.plans import Plan

CHUNK = 500  # people planned and written at one go
UNKNOWN_PERSON = Text(
    "Không có người mã «{code}». Xin thêm vào sheet ung_vien hoặc sửa mã{near}.",
    "There is nobody of code {code!r}. Add them to the sheet ung_vien or put the code right{near}.",
)
NEAR = Text(" (gần giống: {code})", " (similar: {code})")
ONLY_DECIDE = Text(
    "Cột ngay_nhan chỉ ghi ở dòng «decide»; nơi khác dùng sự kiện «receive_decision».",
    "The column ngay_nhan belongs to rows of decide; elsewhere record receive_decision.",
)
RECEIVED_FIRST = Text(
    "Ngày nhận {received} ở trước ngày quyết định {day}.", "Received on {received}, before the decision of {day}."
)
PROBLEM = Text("{reasons}", "{reasons}")

Tagged = tuple[Row, Event]


def read_events(rows: list[Row]) -> Iterator[tuple[str, Row, list[Event]]]:
    """(code, row, events) of every row; a row that cannot be read is noted and has no events."""
    for row in rows:
        code = row.get("ung_vien")
        if code is None:
            continue
        yield code, row, _read_row(row) if row.sound else []


def _read_row(row: Row) -> list[Event]:
    raw = {name: value for name, value in row.values.items() if name in BY_COLUMN}
    try:
        event = read_event(
            row.values["su_kien"],
            row.values["ngay"],
            raw,
            document_number=row.get("so_van_ban"),
            document_date=row.get("ngay_van_ban"),
            note=row.get("ghi_chu"),
            irregular=row.get("ly_do_ngoai_le"),
        )
    except KetnapError as failure:
        row.wrong_as("su_kien", failure)
        return []
    received = row.get(RECEIVED.name)
    if received is None:
        return [event]
    if event.trigger != "decide":
        row.wrong(RECEIVED.name, ONLY_DECIDE)
    elif event.on is not None and received < event.on:
        row.wrong(RECEIVED.name, RECEIVED_FIRST, received=received, day=event.on)
    return [event, Event("receive_decision", received)]


def take_events(
    intake: Intake, roll: Roll, by_code: Mapping[str, list[Tagged]], progress: Callable[[int], None]
) -> None:
    """Judge and write everybody's events; `progress` gets the number of rows done."""
    gate = Gate(intake.office)
    gate.units(intake.connection)
    codes = iter([*roll.newcomers, *(code for code in by_code if code in roll.known)])
    while chunk := list(islice(codes, CHUNK)):
        loaded = gate.load(intake.connection, [code for code in chunk if code in roll.known]) if roll.known else {}
        plans: list[Plan] = []
        done = 0
        for code in chunk:
            events = by_code.get(code, [])
            done += len({id(row) for row, _ in events})
            if code in roll.wrong or not (code in roll.newcomers or code in loaded):
                continue
            if (one := roll.newcomers.get(code)) is not None:
                blank = roll.blank.get(code)
                person = gate.fresh(code, one.facts, one.unit_id, one.opening, person_id=one.person_id, blank=blank)
            else:
                person = loaded[code]
            plan = gate.plan(person, events, from_file=True)
            _note(intake, plan, events)
            plans.append(plan)
        if not intake.issues:
            gate.write(intake.connection, plans)
            intake.wrote.recorded(plans)
        progress(done)


def gather(intake: Intake, roll: Roll, read: list[tuple[str, Row, list[Event]]]) -> dict[str, list[Tagged]]:
    """Everybody's events by code; notes unknown people, repeated events and days to come."""
    by_code: dict[str, list[Tagged]] = {}
    seen: dict[tuple[Any, ...], Row] = {}
    codes = {*roll.newcomers, *(code for code, known in roll.known.items() if intake.may_see(known.unit_id))}
    for code, row, events in read:
        intake.refuse_future(row, "ngay", "ngay_van_ban", RECEIVED.name)
        if code not in codes:
            close = nearest(code, codes) if len(codes) <= 2_000 else None
            near = Text(NEAR.vi.format(code=close), NEAR.en.format(code=close)) if close else ""
            row.wrong("ung_vien", UNKNOWN_PERSON, code=code, near=near)
        for event in events:
            first = seen.setdefault((code, event.trigger, event.on, event.document_number), row)
            if first is not row:
                what = f"{code}, {event.trigger}, {event.document_number or '–'}"
                row.wrong("su_kien", SAME_KEY, row=first.number, what=what)
            by_code.setdefault(code, []).append((row, event))
        if not row.sound:
            roll.wrong.add(code)
    return by_code


def _note(intake: Intake, plan: Plan, events: list[Tagged]) -> None:
    """Count what is new and note what the law says against it, each at the row it comes from."""
    news = {id(draft.tag) for draft in plan.drafts if draft.tag is not None}
    rows = {id(row): row for row, _ in events}
    if plan.loaded.opening is None:
        for key in rows.keys() & news:
            intake.differ(rows[key], plan.loaded.code, rows[key].get("su_kien"), None, rows[key].get("ngay"))
    created = len(rows.keys() & news)
    intake.count(EVENTS.name, created=created, unchanged=len(rows) - created)
    for problem in plan.problems:
        reasons = Text(problem.say("vi"), problem.say("en"))
        if isinstance(problem.tag, Row):
            problem.tag.wrong("su_kien", PROBLEM, reasons=reasons)
        elif events:
            events[-1][0].wrong("su_kien", PROBLEM, reasons=reasons)
        else:
            for row in intake.rows(PEOPLE.name):
                if row.get("ma") == plan.loaded.code:
                    row.wrong("ma", PROBLEM, reasons=reasons)
                    break
