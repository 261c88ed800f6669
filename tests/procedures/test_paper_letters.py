"""Letters on paper: who gets one, what stands in it, and what the ledger knows of it."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import insert

from procedures.access_log import list_access
from procedures.deliver import deliver
from procedures.paper_letters import write_letters
from procedures.remind import remind
from states.errors import BadInput, Unknown
from store.escalation import Case
from store.people import Person
from tests.procedures.ledger_office import Ledger
from tests.procedures.printed import words_of


@pytest.fixture
def ledger(database, tmp_path: Path) -> Ledger:
    """Xa over CB-1 (mail), CB-2 (a telephone), CB-3 (nobody; Xa's secretary has mail) and CB-4 (nothing due)."""
    made = Ledger(database, tmp_path)
    made.unit("Xa")
    for code in ("CB-1", "CB-2", "CB-3", "CB-4"):
        made.unit(code, "Xa")
    made.recipient("Xa", "bithu@example.org", name="Trần Thị Xã")
    made.recipient("CB-1", "mot@example.org", name="Nguyễn Văn Một")
    made.recipient("CB-2", "0900 000 002", name="Lê Thị Hai")
    made.recipient("CB-4", "0900 000 004", name="Phạm Văn Bốn")
    for number, unit in enumerate(("CB-1", "CB-2", "CB-3"), 1):
        made.clock(f"P-{number}", unit, "ceremony_wd", "2025-10-01", "cho_le")
    return made


def told(ledger: Ledger, tmp_path: Path, today="2025-11-03", **asked):
    return write_letters(ledger.on(today), tmp_path / "thu", **asked)


def test_who_has_no_address_a_mail_can_go_to_gets_a_letter(ledger, tmp_path):
    found = told(ledger, tmp_path)
    assert [(one["unit"], one["file"], one["items"]) for one in found["letters"]] == [("CB-2", "cb-2.docx", 1)]
    assert found["reached"] == 2
    assert found["recorded"] == 0
    assert [file.name for file in (tmp_path / "thu").iterdir()] == ["cb-2.docx"]


def test_the_letter_names_people_days_and_the_clause(ledger, tmp_path):
    with ledger.database.writing() as connection:
        connection.execute(Person.__table__.update().values(name="Đỗ Thị Người Mẫu"))
    told(ledger, tmp_path)
    said = words_of(tmp_path / "thu" / "cb-2.docx")
    for part in ("ĐẢNG CỘNG SẢN VIỆT NAM", "ĐƠN VỊ XA", "ngày 03 tháng 11 năm 2025", "THÔNG BÁO",
                 "Kính gửi: Đồng chí Lê Thị Hai, Bí thư Đơn vị CB-2", "Đỗ Thị Người Mẫu (P-2)", "Tổ chức lễ kết nạp",
                 "294-QĐ/TW, 4.1", "trân trọng", "BÍ THƯ", "Như kính gửi"):  # fmt: skip
        assert part in said
    assert "P-1" not in said


def test_open_cases_stand_in_it_watched_ones_do_not(ledger, tmp_path):
    shared = {
        "indicator": "admitted", "period": "2025", "since": date(2025, 10, 1), "opened_on": date(2025, 9, 1),
        "status": "cham", "actual": 1, "floor": 4, "ladder": {"version": "1"}, "version": 1,
    }  # fmt: skip
    rows = [{**shared, "unit_id": ledger.units["CB-4"], "step": "cap_tren"}]
    rows += [{**shared, "unit_id": ledger.units["CB-2"], "step": "theo_doi"}]
    with ledger.database.writing() as connection:
        connection.execute(insert(Case), rows)
    found = told(ledger, tmp_path)
    assert [(one["unit"], one["items"], one["cases"]) for one in found["letters"]] == [("CB-2", 1, 0), ("CB-4", 0, 1)]
    said = words_of(tmp_path / "thu" / "cb-4.docx")
    for part in ("Kết nạp đảng viên", "Năm 2025", "1/4 (25%)", "Chậm tiến độ", "Phạm Văn Bốn"):
        assert part in said


def test_all_writes_to_everybody_and_one_unit_alone(ledger, tmp_path):
    assert [one["unit"] for one in told(ledger, tmp_path, everyone=True)["letters"]] == ["CB-1", "CB-2", "CB-3"]
    assert "Đồng chí Bí thư hoặc người phụ trách Đơn vị CB-3" in words_of(tmp_path / "thu" / "cb-3.docx")
    assert [one["unit"] for one in told(ledger, tmp_path, everyone=True, unit="CB-1")["letters"]] == ["CB-1"]
    with pytest.raises(Unknown):
        told(ledger, tmp_path, unit="CB-9")


def test_printing_alone_records_nothing_recording_keeps_the_channels_still(ledger, tmp_path):
    office = ledger.on("2025-11-03")
    remind(office)
    before = ledger.notices("recipient", "state")
    told(ledger, tmp_path)
    assert ledger.notices("recipient", "state") == before
    assert told(ledger, tmp_path, record=True)["recorded"] == 1
    assert ledger.notices("recipient", "threshold", "state") != before
    assert ("0900 000 002", "sent") in ledger.notices("recipient", "state")
    assert [(recipient, state, channels) for recipient, state, channels in ledger.letters("recipient", "state", "channels")] == [
        ("0900 000 002", "sent", ["giay"])
    ]  # fmt: skip
    assert told(ledger, tmp_path, record=True)["recorded"] == 0
    deliver(office)
    assert sorted(mail["Subject"] for mail in ledger.outbox()) == ["Nhắc việc ngày 03/11/2025: 1 việc"] * 2


def test_letters_written_are_logged_by_their_numbers_and_nothing_is_where_none_was(ledger, tmp_path):
    office = ledger.on("2025-11-03")
    told(ledger, tmp_path)
    told(ledger, tmp_path, everyone=True, unit="CB-1")
    told(ledger, tmp_path, unit="CB-4")
    kept = [(line["subject"], line["unit"], line["detail"]) for line in list_access(office, action="export")["items"]]
    assert kept == [("letters", "CB-1", {"letters": 1, "rows": 1}), ("letters", None, {"letters": 1, "rows": 1})]


def test_the_same_day_writes_the_same_letter(ledger, tmp_path):
    told(ledger, tmp_path)
    first = (tmp_path / "thu" / "cb-2.docx").read_bytes()
    told(ledger, tmp_path)
    assert (tmp_path / "thu" / "cb-2.docx").read_bytes() == first
    assert Document(str(tmp_path / "thu" / "cb-2.docx")).core_properties.author == "ketnap"


def test_a_wrong_folder_is_refused_before_anything_is_written(ledger, tmp_path):
    (tmp_path / "tep").write_text("x")
    with pytest.raises(BadInput, match="not a folder"):
        write_letters(ledger.on("2025-11-03"), tmp_path / "tep")
    with pytest.raises(BadInput, match="no folder"):
        write_letters(ledger.on("2025-11-03"), tmp_path / "khong" / "co")
    assert not (tmp_path / "khong").exists()
