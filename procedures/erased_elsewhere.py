"""What an erasure does not reach or leaves on purpose: said every time, with where it stands and until when."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures import access
from states.calendar import add_months
from states.wording import Text
from store import erasure
from store.closings import load_acts
from store.seals import load_seals

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

BACKUPS = Text(
    "Bản sao lưu còn dữ liệu cũ đến ngày tự xóa; khôi phục từ các bản này thì phải xóa lại (ketnap erase --due).",
    "Backups hold the data until they are pruned; after restoring one of them erase again (ketnap erase --due).",
)
COPIES = Text(
    "Bản sao lưu để nơi khác, tệp Excel đã nhập hay đã xuất và giấy tờ đã in không nằm trong máy này: xin tự hủy.",
    "Backups kept elsewhere, workbooks imported or exported, and printed papers are out of reach: destroy them.",
)
NAMED = Text(
    "Cùng họ tên còn ghi ở các mục của người khác (người giúp đỡ, người giới thiệu, ghi chú): xem có phải người này "
    "không, rồi sửa bằng ketnap correct.",
    "The same name stands in entries of others (helper, introducers, notes): see whether it is this person, correct them.",
)
TOLD = Text(
    "Cùng họ tên còn ở danh sách người nhận nhắc việc của các đơn vị này.",
    "The same name is among those who are told of these units.",
)
SEALED = Text(
    "Tệp niêm phong giữ mã cũ, không có họ tên: đó là bằng chứng sổ không bị sửa.",
    "The seal file keeps the former code, no name: it proves that the journal was not edited.",
)
CLOSED = Text(
    "Báo cáo đã chốt giữ nguyên; danh sách đứng sau con số của kỳ chốt ghi mã cũ, không có họ tên. Tên người ký và cán "
    "bộ trong báo cáo là của văn bản đã ban hành, không xóa.",
    "Closed reports stay as issued; the list behind their figures has the former code, no name. Signers and officers "
    "named in them belong to an issued document and stay.",
)
_NAME = re.compile(r"ketnap-(\d{8}T\d{6})\.\d+Z\.zip")


def elsewhere(office: Office, connection: Connection, held: erasure.Held) -> list[dict[str, Any]]:
    """[{where, text, items: [{…, until}]}] of what is left, what is empty left out; `until` None: nobody prunes it."""
    entries: list[tuple[str, int]] = []
    told: list[tuple[int, str]] = []
    if held.name:
        entries = erasure.find_name_in_texts(connection, held.name, held.candidate_id)
        told = erasure.find_name_in_recipients(connection, held.name)
    seen = access.within_people(office, connection, {code for code, _ in entries})
    units, acts = office.units(connection), load_acts(connection)
    found: list[tuple[str, Text, list[dict[str, Any]]]] = [
        ("backups", BACKUPS, _backups(office)),
        (
            "entries",
            NAMED,
            [{"entry": f"{code}:{number}"} for code, number in entries if seen is None or code in seen],
        ),
        (
            "recipients",
            TOLD,
            [{"unit": units.code(one), "role": role} for one, role in told if access.may_see_unit(office, units, one)],
        ),
        ("seals", SEALED, [{"file": office.database.beside("seals.jsonl").name}] if load_seals(connection) else []),
        ("closings", CLOSED, [{"closings": len(acts)}] if acts else []),
    ]
    told_of = [{"where": where, "text": text.say(office.lang), "items": items} for where, text, items in found if items]
    return [*told_of, {"where": "copies", "text": COPIES.say(office.lang), "items": []}]


def _backups(office: Office) -> list[dict[str, Any]]:
    """Every backup beside the database, and the day by which housekeeping has pruned it."""
    settings = office.settings.backups
    months: set[tuple[int, int]] = set()
    found = []
    for path in sorted(office.database.beside("backups").glob("*.zip")):
        made = _NAME.fullmatch(path.name)
        until: date | None = None
        if made is not None:
            at = datetime.strptime(made[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            until = at.date() + timedelta(days=settings.keep_days + 1)
            if (at.year, at.month) not in months:  # the first of its month is kept longer
                months.add((at.year, at.month))
                until = max(until, add_months(at.date(), settings.keep_months + 1))
        found.append({"file": path.name, "until": until})
    return found


def remember(office: Office, candidate_id: int) -> None:
    """Keep outside the database who was erased, by the random internal id: a restored backup knows nothing of it."""
    _file(office).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(_file(office), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps({"candidate": candidate_id}) + "\n")


def remembered(office: Office) -> list[int]:
    """The internal ids of everybody ever erased from this database."""
    if not _file(office).exists():
        return []
    return [json.loads(line)["candidate"] for line in _file(office).read_text(encoding="utf-8").splitlines() if line]


def _file(office: Office) -> Path:
    return office.database.beside("erasures.jsonl")
