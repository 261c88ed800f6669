"""Writing an example's workbook: the headings of each sheet, one person's way, the file (the same bytes every time)."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

Cell = str | int | float | date | None
Row = dict[str, Cell]

HEADINGS = {
    "don_vi": "ma ten loai cap_tren chuoi_duyet co_to_chuc_dang co_doan co_cong_doan khu_vuc so_dang_vien so_lao_dong "
    "thay_the tu_ngay den_ngay",
    "ung_vien": "ma ho_ten ngay_sinh gioi_tinh dan_toc ton_giao nghe_nghiep doan_vien cong_doan_vien "
    "truc_tiep_san_xuat hoc_van don_vi buoc_hien_tai tu_ngay",
    "su_kien": "ung_vien su_kien ngay so_van_ban ngay_van_ban noi_gioi_thieu nguoi_giup_do noi_cap tai_lieu "
    "nguoi_gioi_thieu cung_sinh_hoat_tu trieu_tap tan_thanh van_ban_dong_y ket_qua ngay_nhan don_vi_moi thoi_han "
    "so_ngay ghi_chu ly_do_ngoai_le",
    "chi_tieu": "don_vi chi_so ky toi_thieu toi_da ty_le cua so_van_ban ngay_van_ban don_vi_ghi_nhan phu_trach",
    "so_lieu": "don_vi chi_so ky gia_tri ngay_bao_cao don_vi_ghi_nhan",
    "nguoi_nhan": "don_vi vai_tro ho_ten dia_chi",
}
# Columns a sheet has only where a row says something in them.
WHERE_USED = {
    "don_vi": {"thay_the", "tu_ngay", "den_ngay"},
    "chi_tieu": {"toi_da", "ty_le", "cua", "don_vi_ghi_nhan"},
    "so_lieu": {"don_vi_ghi_nhan"},
}

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Đinh",
    "Lương",
    "Trịnh",
    "Đoàn",
    "Tạ",
    "Chu",
    "Mai",
]
MIDDLE = {
    "Nam": ["Văn", "Đức", "Minh", "Quang", "Xuân", "Hữu", "Tuấn", "Quốc", "Thành", "Duy"],
    "Nữ": ["Thị", "Thu", "Thanh", "Ngọc", "Hồng", "Minh", "Phương", "Thùy", "Khánh", "Mai"],
}
GIVEN = {
    "Nam": [
        "An",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hiếu",
        "Hùng",
        "Huy",
        "Khánh",
        "Long",
        "Nam",
        "Phong",
        "Quân",
        "Sơn",
        "Thắng",
        "Tiến",
        "Trung",
        "Tùng",
        "Việt",
    ],
    "Nữ": [
        "Anh",
        "Chi",
        "Dung",
        "Giang",
        "Hà",
        "Hạnh",
        "Hiền",
        "Hoa",
        "Hương",
        "Lan",
        "Linh",
        "Ly",
        "Nga",
        "Nhung",
        "Oanh",
        "Quỳnh",
        "Thảo",
        "Trang",
        "Vân",
        "Yến",
    ],
}


class Names:
    """Invented names, each used once."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.taken: set[str] = set()

    def pick(self, sex: str) -> str:
        while True:
            name = " ".join(self.chance.choice(words) for words in (FAMILY, MIDDLE[sex], GIVEN[sex]))
            if name not in self.taken:
                self.taken.add(name)
                return name


@dataclass
class Way:
    """One person's row and events, in the order they are added."""

    person: Row
    events: list[Row] = field(default_factory=list)

    def add(self, trigger: str, on: date, **cells: Cell) -> date:
        """One event; a document without a day of its own bears the day of the event."""
        if cells.get("so_van_ban") and "ngay_van_ban" not in cells:
            cells["ngay_van_ban"] = on
        self.events.append({"ung_vien": self.person["ma"], "su_kien": trigger, "ngay": on, **cells})
        return on


class Book:
    """Rows by sheet, written in the order of HEADINGS."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {sheet: [] for sheet in HEADINGS}

    def add(self, sheet: str, **cells: Cell) -> None:
        self.rows[sheet].append(cells)

    def add_ways(self, ways: Iterable[Way]) -> None:
        for way in ways:
            self.rows["ung_vien"].append(way.person)
            self.rows["su_kien"].extend(way.events)

    def save(self, path: Path) -> None:
        """Writes the workbook; the same rows give the same bytes (no time of writing inside)."""
        book = Workbook()
        book.remove(book.active)
        for name, headings in HEADINGS.items():
            if self.rows[name]:
                said = {column for row in self.rows[name] for column, value in row.items() if value is not None}
                unused = WHERE_USED.get(name, set()) - said
                self._write(book, name, [column for column in headings.split() if column not in unused])
        plain = io.BytesIO()
        book.save(plain)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(timeless(plain.getvalue()))

    def _write(self, book: Workbook, name: str, headings: list[str]) -> None:
        sheet = book.create_sheet(name)
        sheet.append(headings)
        for row in self.rows[name]:
            strange = {column for column, value in row.items() if value is not None} - set(headings)
            if strange:
                raise ValueError(f"{name}: {sorted(strange)}")
            sheet.append([row.get(heading) for heading in headings])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="F3E3C3")
        sheet.freeze_panes = "B2"
        for index, column in enumerate(sheet.iter_cols(), start=1):
            for cell in column:
                if isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
            longest = max(10 if isinstance(cell.value, date) else len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[get_column_letter(index)].width = min(longest, 46) + 2


def timeless(content: bytes) -> bytes:
    """The same workbook without the moment it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-01-01T00:00:00Z", part)
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
