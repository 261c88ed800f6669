"""Everything held on one person, for the person: who they are over time, every entry with its words, limits, notices,
and who looked at their data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from procedures import access
from procedures.access_log import ACTIONS, record
from procedures.advance import NO_SUCH_PERSON
from procedures.gate import Gate
from procedures.notices import notice_items
from procedures.person_attributes import LABELS, value_in_words
from procedures.person_timeline import in_words
from procedures.sheet_writer import add_words, written
from states.breakdowns import ATTRIBUTES
from states.calendar import SINCE_EVER
from states.errors import Unknown
from states.steps import STEP_LABELS
from states.wording import Text
from store import erasure
from store.access_log import list_access_rows
from store.clocks import clock_rows
from store.notices import list_notice_rows
from store.person_values import BIRTH

if TYPE_CHECKING:
    from procedures.office import Office
    from procedures.plans import Loaded
    from store.base import Connection
    from store.units import Units

FORMER_BIRTH = Text("Ngày sinh ghi trước đó", "Birth date recorded before")
AGE_BAND = Text("Nhóm tuổi còn giữ sau khi xóa", "Band of age kept after the erasure")
HEADINGS: Mapping[str, Text] = {
    "person": Text("Người", "Person"),
    "attributes": Text("Thông tin theo thời gian", "Attributes over time"),
    "entries": Text("Sổ diễn biến", "Entries"),
    "clocks": Text("Thời hạn", "Limits"),
    "notices": Text("Nhắc việc", "Notices"),
    "access": Text("Ai đã xem", "Who looked"),
}


def person_data(office: Office, code: str, *, why: str | None = None) -> dict[str, Any]:
    """{made_on, person, attributes, entries, clocks, notices, access}: lists of rows; that it was asked for is logged."""
    access.require(office, "erase")
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code]).get(code)
        held = erasure.find_held(connection, code)
        if loaded is None or held is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        units = gate.units(connection)
        rows = {
            "attributes": _attributes(office, connection, held.person_id),
            "entries": [_entry(office, units, loaded, entry) for entry in loaded.entries or ()],
            "clocks": _clocks(office, connection, held.candidate_id),
            "notices": _notices(office, connection, held.candidate_id),
            "access": _looks(office, units, connection, held.candidate_id),
        }
    record(office, "person_data", subject=code, why=why, detail={name: len(found) for name, found in rows.items()})
    person = {
        "code": code,
        "name": held.name,
        "birth": held.birth,
        "unit": units.code(held.unit_id),
        "unit_name": units.name(held.unit_id, office.today),
        "step": STEP_LABELS[held.step].say(office.lang),
        "since": held.since,
        "erased_at": held.erased_at,
    }
    return {"made_on": office.today, "person": person, **rows}


def write_person_data(office: Office, data: Mapping[str, Any], path: Path | str) -> None:
    """As .json for machines or .xlsx for people; what somebody wrote is never a formula."""
    path = Path(path)
    with written(path, ".json", ".xlsx") as place:
        if path.suffix.lower() == ".json":
            place.write_text(json.dumps(data, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
        else:
            _book(office, data).save(place)


def _book(office: Office, data: Mapping[str, Any]) -> Workbook:
    book = Workbook(write_only=True)
    for name, heading in HEADINGS.items():
        rows = [data["person"]] if name == "person" else data[name]
        keys = list(dict.fromkeys(key for row in rows for key in row))
        headings = [COLUMNS[key].say(office.lang) if key in COLUMNS else key for key in keys]
        add_words(book, heading.say(office.lang), headings, ([_said(row.get(key)) for key in keys] for row in rows))
    return book


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M:%S} UTC"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {said}" for key, said in value.items())
    return value


def _attributes(office: Office, connection: Connection, person_id: int) -> list[dict[str, Any]]:
    rows = []
    for one in erasure.load_held_attributes(connection, person_id):
        label = LABELS.get(one.key) or (FORMER_BIRTH if one.key == BIRTH else AGE_BAND)
        rows.append(
            {
                "label": label.say(office.lang),
                "value": value_in_words(one.key, one.value, office.lang) if one.key in ATTRIBUTES else one.value,
                "from": None if one.from_on == SINCE_EVER else one.from_on,
                "recorded_at": one.recorded_at,
            }
        )
    return rows


def _entry(office: Office, units: Units, loaded: Loaded, entry: Any) -> dict[str, Any]:
    row = in_words(office, units, loaded, entry)
    return {
        "entry": row["entry"],
        "label": row["label"],
        "on": row["on"],
        "unit": row["unit"],
        "document": row["document"],
        "document_date": row["document_date"],
        "said": {one["label"]: one["value"] for one in row["said"]},
        "words": dict(loaded.texts.get(entry.sequence, {})),
        "corrects": row.get("corrects"),
        "voids": row.get("voids"),
        "recorded_at": row["recorded_at"],
        "recorded_by": row["recorded_by"],
    }


def _clocks(office: Office, connection: Connection, candidate_id: int) -> list[dict[str, Any]]:
    return [
        {
            "label": office.law.label(one.key).say(office.lang),
            "starts_on": one.starts_on,
            "due_on": one.due_on,
            "state": one.state,
            "stopped_on": one.stopped_on,
            "citation": one.citation,
        }
        for one in clock_rows(connection, candidate_id=candidate_id)
    ]


def _notices(office: Office, connection: Connection, candidate_id: int) -> list[dict[str, Any]]:
    """Told of this person; not to whom: an officer's address is the officer's."""
    subjects = [f"clock:{one.id}" for one in clock_rows(connection, candidate_id=candidate_id)]
    found = list_notice_rows(connection, subjects=subjects) if subjects else []
    keep = ("id", "label", "due_on", "planned_for", "state_label")
    return [{key: row[key] for key in keep} for row in notice_items(office, connection, found)]


def _looks(office: Office, units: Units, connection: Connection, candidate_id: int) -> list[dict[str, Any]]:
    return [
        {
            "at": row.at,
            "account": row.account,
            "action": ACTIONS[row.action].say(office.lang) if row.action in ACTIONS else row.action,
            "unit": units.code(row.unit_id) if row.unit_id is not None else None,
            "why": row.why,
        }
        for row in list_access_rows(connection, candidate_id=candidate_id)
    ]


COLUMNS: Mapping[str, Text] = {
    "code": Text("Mã", "Code"),
    "name": Text("Họ tên", "Name"),
    "birth": Text("Ngày sinh", "Born"),
    "unit": Text("Mã đơn vị", "Unit"),
    "unit_name": Text("Đơn vị", "Unit's name"),
    "step": Text("Bước", "Step"),
    "since": Text("Từ ngày", "Since"),
    "erased_at": Text("Xóa lúc", "Erased at"),
    "label": Text("Nội dung", "What"),
    "value": Text("Giá trị", "Value"),
    "from": Text("Từ ngày", "From"),
    "recorded_at": Text("Ghi lúc", "Recorded at"),
    "recorded_by": Text("Người ghi", "Recorded by"),
    "entry": Text("Mục", "Entry"),
    "on": Text("Ngày", "Day"),
    "document": Text("Số văn bản", "Document"),
    "document_date": Text("Ngày văn bản", "Document's date"),
    "said": Text("Dữ liệu", "Data"),
    "words": Text("Chữ đã ghi", "Words"),
    "corrects": Text("Sửa mục", "Corrects"),
    "voids": Text("Hủy mục", "Voids"),
    "starts_on": Text("Bắt đầu", "Starts"),
    "due_on": Text("Hạn", "Due"),
    "state": Text("Tình trạng", "State"),
    "state_label": Text("Tình trạng", "State"),
    "stopped_on": Text("Dừng ngày", "Stopped"),
    "citation": Text("Căn cứ", "Clause"),
    "id": Text("Số", "Number"),
    "planned_for": Text("Ngày nhắc", "Planned for"),
    "at": Text("Lúc", "At"),
    "account": Text("Tài khoản", "Account"),
    "action": Text("Việc", "What"),
    "why": Text("Lý do", "Why"),
}
