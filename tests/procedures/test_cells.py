"""What cells say, by the kind of their column."""

from datetime import datetime
from decimal import Decimal

import pytest

from procedures.cells import read_cell
from procedures.sheet_reader import Cell
from states.errors import BadInput


def text(value):
    return Cell("text", value)


def number(value, shown="General"):
    return Cell("number", value, shown)


def day(value, shown="dd/mm/yyyy"):
    return Cell("day", datetime.fromisoformat(value), shown)


READ = [
    ("code", text(" 007 "), "007"),
    ("code", number(7, "000"), "007"),
    ("code", number(7), "7"),
    ("code", number(7.0, "0"), "7"),
    ("code", text("Đ-1".encode().decode()), "Đ-1"),
    ("text", text("Nguye\u0302\u0303n  Văn\xa0A\u200b"), "Nguyễn Văn A"),
    ("text", number(161), "161"),
    ("words", text(" dòng một\r\ndòng hai "), "dòng một\ndòng hai"),
    ("words", day("2020-03-05"), "05/03/2020"),
    ("codes", text("01; 002,\n3"), ["01", "002", "3"]),
    ("codes", number(2, "000"), ["002"]),
    ("birth", day("1990-03-20"), "1990-03-20"),
    ("birth", day("1990-03-01", "mm/yyyy"), "1990-03"),
    ("birth", day("1990-03-01", "[$-vi-VN]mmm-yy"), "1990-03"),
    ("birth", number(1990), "1990"),
    ("birth", text("1990"), "1990"),
    ("birth", text("3/1990"), "1990-03"),
    ("birth", text("1990-03"), "1990-03"),
    ("birth", text("20/03/1990"), "1990-03-20"),
    ("period", number(2020), "2020"),
    ("period", day("2020-06-01", "yyyy-mm"), "2020-06"),
    ("period", text("06/2020"), "2020-06"),
    ("period", text("2020-H1"), "2020-H1"),
    ("yes_no", number(1), "1"),
    ("yes_no", number(0), "0"),
    ("yes_no", text("X"), "1"),
    ("yes_no", text("Có"), "1"),
    ("yes_no", text("không"), "0"),
    ("yes_no", Cell("bool", True), "1"),
    ("yes_no", text("?"), "?"),
    ("number", number(0.1 + 0.2), Decimal("0.3")),
    ("number", text("7,5"), Decimal("7.5")),
    ("number", number(1200), Decimal(1200)),
    ("count", text("12"), "12"),
    ("ratio", text("50%"), Decimal("0.5")),
    ("ratio", number(0.5, "0%"), Decimal("0.5")),
    ("ratio", number(1.2, "0%"), Decimal("1.2")),
    ("education", text("9/12"), "thcs"),
    ("education", text("12 / 12"), "thpt"),
    ("education", text("8/12"), "tieu_hoc"),
    ("education", text("7/10"), "thcs"),
    ("education", day("2024-09-12"), "thcs"),  # what a spreadsheet makes of 9/12
    ("education", day("2024-12-09"), "thcs"),
    ("education", text("Thạc sỹ".replace("ỹ", "ĩ")), "thac_si"),
    ("education", text("ĐẠI HỌC"), "dai_hoc"),
    ("sex", text("NỮ"), "nu"),
    ("chain", text("ủy quyền"), "uy_quyen"),
]


@pytest.mark.parametrize(("kind", "cell", "value"), READ)
def test_a_cell_is_read(kind, cell, value):
    assert read_cell(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("code", number(7, "00-00")),
        ("code", day("2020-01-01")),
        ("text", Cell("text", "a\x07b")),
        ("birth", text("13/1990")),
        ("birth", text("30/02/1990")),
        ("birth", number(90)),
        ("yes_no", number(2)),
        ("number", text("1.200")),
        ("number", text("1.200,5")),
        ("number", text("khoảng 7")),
        ("number", Cell("bool", True)),
        ("count", number(1.5)),
        ("ratio", number(50)),
        ("education", text("13/12")),
        ("day", number(44000)),
        ("day", text("31/04/2020")),
        ("day", day("9998-01-01")),
        ("text", Cell("error", "#REF!")),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused(kind, cell):
    with pytest.raises(BadInput):
        read_cell(kind, cell)
