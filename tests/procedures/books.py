"""Workbooks made for tests: a small lawful one, and what is changed in it."""

from __future__ import annotations

import copy
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

import config
from procedures.office import Office

TODAY = date(2020, 6, 30)

Sheets = dict[str, list[list[Any]]]

UNITS = [
    ["ma", "ten", "loai", "cap_tren", "chuoi_duyet"],
    ["00", "Quận ủy Mẫu", "huyen_uy", None, None],
    ["01", "Đảng ủy Mẫu", "Đảng ủy cơ sở", "00", "co_so"],
    ["001", "Chi bộ Một", "chi_bo", "01", None],
]
PEOPLE = [
    ["ma", "ho_ten", "ngay_sinh", "doan_vien", "hoc_van", "don_vi", "buoc_hien_tai", "tu_ngay"],
    ["007", "Trần Thị Mẫu", date(1990, 3, 20), "x", "12/12", "001", None, None],
    ["008", "Lê Văn Mẫu", "03/1991", None, "đại học", "001", "da_hoc", date(2020, 1, 1)],
]
EVENTS = [
    ["ung_vien", "su_kien", "ngay", "so_van_ban", "noi_gioi_thieu", "nguoi_giup_do", "noi_cap"],
    ["007", "nominate", date(2019, 1, 10), "01-NQ", "Công đoàn", None, None],
    ["007", "list", "10/02/2019", None, None, "Đảng viên A", None],
    ["007", "send_to_class", "2019-03-01", None, None, None, None],
    ["008", "certify_class", date(2019, 11, 5), "12/GCN", None, None, "Trung tâm"],
]
TARGETS = [
    ["don_vi", "chi_so", "ky", "toi_thieu", "so_van_ban", "ngay_van_ban"],
    ["00", "admitted", 2020, 5, "161/QĐ", date(2020, 3, 25)],
]
FIGURES = [
    ["don_vi", "chi_so", "ky", "gia_tri", "ngay_bao_cao"],
    ["01", "members_recruited", "2020-Q1", 12, date(2020, 4, 3)],
]
RECIPIENTS = [
    ["don_vi", "vai_tro", "ho_ten", "dia_chi"],
    ["001", "bi_thu", "Người Mẫu", "mau@example.org"],
]


def lawful() -> Sheets:
    """A workbook in which nothing is wrong."""
    return copy.deepcopy(
        {
            "don_vi": UNITS,
            "ung_vien": PEOPLE,
            "su_kien": EVENTS,
            "chi_tieu": TARGETS,
            "so_lieu": FIGURES,
            "nguoi_nhan": RECIPIENTS,
        }
    )


def save(path: Path, sheets: Sheets, touch: Any = None) -> Path:
    """Write the sheets; `touch(workbook)` may still do what values cannot say."""
    path.write_bytes(content(sheets, touch))
    return path


def content(sheets: Sheets, touch: Any = None) -> bytes:
    """The same as the bytes of a file, as they are sent."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
            for cell in page[page.max_row]:
                if isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
    if touch:
        touch(book)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def office_on(database: Any, today: date = TODAY) -> Office:
    """An office with the shipped settings."""
    settings = config.load(config.SHIPPED)
    return Office(settings, database, today, "thu", "vi", settings.law(), settings.make_calendar())
