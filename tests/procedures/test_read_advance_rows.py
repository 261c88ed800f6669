"""Steps for many people, read from a workbook."""

from datetime import date

import pytest

from procedures.advance import advance_many
from procedures.import_workbook import import_workbook
from procedures.read_advance_rows import read_advance_rows
from states.errors import BadInput
from tests.procedures.books import lawful, office_on, save

HEADINGS = ["ung_vien", "su_kien", "ngay", "so_van_ban", "noi_cap", "ket_qua", "ngay_nhan"]


def test_rows_are_steps_and_the_day_of_receipt_one_more(tmp_path):
    rows = [HEADINGS, ["009", "decide", date(2020, 5, 4), "9-QĐ", None, "đồng ý", "11/05/2020"]]
    found = read_advance_rows(save(tmp_path / "buoc.xlsx", {"Trang1": rows}))
    assert [(one.code, one.trigger, one.on, one.document_number) for one in found] == [
        ("009", "decide", date(2020, 5, 4), "9-QĐ"),
        ("009", "receive_decision", date(2020, 5, 11), None),
    ]


def test_they_are_taken(sqlite_database, tmp_path):
    office = office_on(sqlite_database)
    import_workbook(office, save(tmp_path / "so.xlsx", lawful()))
    rows = [
        HEADINGS,
        ["007", "certify_class", date(2020, 6, 1), "1/GCN", "Trung tâm", None, None],
        ["008", "hold_ceremony", date(2020, 6, 1), None, None, None, None],
    ]
    result = advance_many(office, read_advance_rows(save(tmp_path / "buoc.xlsx", {"su_kien": rows})))
    assert (result["committed"], [one["code"] for one in result["refused"]]) == (["007"], ["008"])


@pytest.mark.parametrize(
    ("sheets", "sheet", "row", "column"),
    [
        ({"su_kien": [HEADINGS, ["007", "decide", "31/02/2020"]]}, "su_kien", 2, "ngay"),
        ({"su_kien": [HEADINGS, ["007", "bay lên", "01/02/2020"]]}, "su_kien", 2, "su_kien"),
        ({"su_kien": [HEADINGS], "ung_vien": [["ma"]]}, "ung_vien", None, None),
        ({"Trang1": [["ung_vien", "su_kien", "ngày", "lạ"]]}, "su_kien", 1, "lạ"),
    ],
)
def test_mistakes_are_told_where_they_stand(tmp_path, sheets, sheet, row, column):
    with pytest.raises(BadInput) as caught:
        read_advance_rows(save(tmp_path / "buoc.xlsx", sheets))
    (error,) = caught.value.details["errors"]
    assert (error["sheet"], error["row"], error["column"]) == (sheet, row, column)
