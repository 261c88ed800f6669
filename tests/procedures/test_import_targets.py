"""The sheet chi_tieu: every mistake is told at its cell, and nothing is written."""

from datetime import date

import pytest

from procedures.import_workbook import import_workbook
from procedures.targets import list_targets
from states.errors import BadInput
from tests.procedures.books import lawful, office_on, save

HEADINGS = [
    "don_vi", "chi_so", "ky", "toi_thieu", "toi_da", "ty_le", "cua", "so_van_ban", "ngay_van_ban", "don_vi_ghi_nhan",
    "phu_trach",
]  # fmt: skip
DAY = date(2020, 3, 25)


def row(unit="01", indicator="admitted", period=2020, **more):
    values = {"don_vi": unit, "chi_so": indicator, "ky": period, "so_van_ban": "161/QĐ", "ngay_van_ban": DAY} | more
    return [values.get(heading) for heading in HEADINGS]


def book(tmp_path, *rows):
    return save(tmp_path / "chi_tieu.xlsx", lawful() | {"chi_tieu": [HEADINGS, *rows]})


RATIO = {"ty_le": "50%"}


@pytest.mark.parametrize(
    ("rows", "cell", "message"),
    [
        ([row(toi_thieu=9, toi_da=7)], "D2", "Mức tối thiểu 9 lớn hơn mức tối đa 7."),
        ([row(toi_thieu=-1)], "D2", "-1 không được âm hoặc quá lớn."),
        ([row(toi_thieu="NaN")], "D2", "«NaN» không phải là số."),
        ([row(**RATIO, cua="admitted")], "F2", "Tỷ lệ của chỉ số admitted với chính nó."),
        ([row(**RATIO)], "F2", "Chỉ tiêu tỷ lệ cần ghi tỷ lệ của chỉ số nào."),
        ([row(**RATIO, cua="introduced"), row(indicator="introduced", **RATIO, cua="admitted")], "F3",
         "Kỳ 2020: các chỉ tiêu lấy tỷ lệ của nhau thành vòng: introduced → admitted → introduced."),
        ([row(toi_thieu=5), row(toi_thieu=6)], "I3", "Dòng này trùng với dòng 2 (01, admitted, 2020)."),
        ([row(indicator="admited", toi_thieu=5)], "B2", "Không có chỉ số «admited»"),
        ([row(period="2020-Q5", toi_thieu=5)], "C2", "«2020-Q5» không phải là kỳ."),
        ([row(period="2031/2036", toi_thieu=5)], "C2", "Nhiệm kỳ «2031/2036» chưa được khai báo."),
        ([row(toi_thieu=5, ngay_van_ban=date(2020, 7, 1))], "I2", "Ngày 01/07/2020 ở sau ngày làm việc 30/06/2020"),
        ([row(toi_thieu=5), row("001", toi_thieu=5, don_vi_ghi_nhan="01")], "D3",
         "01 đã có chỉ tiêu admitted kỳ 2020 (được ghi nhận)"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_cell(database, tmp_path, rows, cell, message):
    office = office_on(database)
    with pytest.raises(BadInput) as refused:
        import_workbook(office, book(tmp_path, *rows))
    (error,) = refused.value.details["errors"]
    assert (error["sheet"], error["cell"]) == ("chi_tieu", cell)
    assert error["message"].startswith(message)
    assert list_targets(office)["items"] == []


@pytest.mark.parametrize(("sheet", "number"), [("chi_tieu", "toi_thieu"), ("so_lieu", "gia_tri")])
def test_a_unit_that_is_no_more_when_the_period_begins_is_told_at_its_cell(database, tmp_path, sheet, number):
    units = [["ma", "ten", "loai", "cap_tren", "den_ngay"], ["Q", "Q", "ldld"], ["E", "E", "chi_bo", "Q", "31/03/2020"]]
    heads = ["don_vi", "chi_so", "ky", number, "don_vi_ghi_nhan"]
    rows = [
        heads,
        ["E", "dialogues", "2020-Q1", 1],
        ["E", "dialogues", "2020-Q2", 1],
        ["Q", "dialogues", "2020-05", 1, "E"],
    ]
    with pytest.raises(BadInput) as refused:
        import_workbook(office_on(database), save(tmp_path / "x.xlsx", {"don_vi": units, sheet: rows}))
    told = [(error["cell"], error["message"]) for error in refused.value.details["errors"]]
    ended = "Đơn vị E đã kết thúc ngày 31/03/2020, trước kỳ {}. Xin sửa kỳ hoặc ghi đơn vị tiếp nhận."
    assert told == [("A3", ended.format("2020-Q2")), ("E4", ended.format("2020-05"))]


def test_a_target_credited_to_the_unit_itself_is_its_own(database, tmp_path):
    office = office_on(database)
    import_workbook(office, book(tmp_path, row(toi_thieu=5, don_vi_ghi_nhan="01")))
    assert import_workbook(office, book(tmp_path, row(toi_thieu=5)))["created"]["chi_tieu"] == 0
    assert [item["credited_unit"] for item in list_targets(office)["items"]] == [None]


def test_another_file_says_the_same_decision_otherwise(database, tmp_path):
    office = office_on(database)
    import_workbook(office, book(tmp_path, row(toi_thieu=5)))
    with pytest.raises(BadInput) as refused:
        import_workbook(office, book(tmp_path, row(toi_thieu=6)))
    (error,) = refused.value.details["errors"]
    assert error["message"].startswith("Chỉ tiêu admitted kỳ 2020 theo quyết định ngày 25/03/2020 đã có và khác.")
    later = row(toi_thieu=6, so_van_ban="162/QĐ", ngay_van_ban=date(2020, 6, 1))
    assert import_workbook(office, book(tmp_path, later))["created"]["chi_tieu"] == 1
