"""Hand out, as a workbook, who of many cannot be written and why; that it was handed out is logged."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from procedures.access import require
from procedures.access_log import record
from procedures.many import act_for_many, many_form
from procedures.people import find_listed
from procedures.sheet_writer import write_sheets
from procedures.workbook import Column, Sheet
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

SHEET = "chua_ghi_duoc"


def issue_unwritten(
    office: Office, trigger: str, common: Mapping[str, str], people: Mapping[str, Mapping[str, str]]
) -> tuple[str, bytes]:
    """(name, content) of an .xlsx: a row for each of these people whom `act_for_many` would not write, with every reason."""
    require(office, "export_people")
    judged, form = act_for_many(office, trigger, common, people, dry_run=True), many_form(office, trigger)
    columns = [
        Column("ma", "code", Text("Mã", "Code")),
        Column("ho_ten", "text", Text("Họ và tên", "Name")),
        Column("don_vi", "code", Text("Đơn vị", "Unit")),
        *(Column(one.name, "words", Text(one.label, one.label)) for one in form.shown(people.values())),
        Column("vi_sao", "words", Text("Vì sao", "Why")),
    ]
    names = {one["code"]: one for one in find_listed(office, list(people))}
    rows = []
    for code, own in people.items():
        why = [verdict["reason"] for verdict in judged.refused.get(code, ())]
        why += judged.wrong.get(code, {}).values()
        if why:
            who = names.get(code, {})
            told = {"ma": code, "ho_ten": who.get("name"), "don_vi": who.get("unit"), "vi_sao": "; ".join(why)}
            rows.append(dict(own) | told)
    made = BytesIO()
    write_sheets(made, [(Sheet(SHEET, Text("Chưa ghi được", "Not written"), tuple(columns)), columns, rows)])
    record(office, "export", subject="unwritten", detail={"rows": len(rows), "trigger": trigger})
    return "chua-ghi-duoc.xlsx", made.getvalue()
