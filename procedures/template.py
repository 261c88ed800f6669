"""The empty workbook: headings with a word on each, drop-downs, and one example row a sheet that imports as it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

import config
from config import Settings
from procedures.cells import CHAINS, EDUCATION_LABELS, SEXES
from procedures.sheet_reader import column_letter
from procedures.sheet_writer import DAY_FORMAT, WIDTHS, heading, put, written
from procedures.workbook import EVENTS, FIGURES, LISTS, PEOPLE, RECIPIENTS, SHEETS, TARGETS, UNITS, Column, Sheet
from states.clocks import DECISION_CLOCKS
from states.events import BODIES, CAUSES, OUTCOMES
from states.membership import PROCESS
from states.steps import ENDS, STEP_LABELS
from states.targets import MEMBERS
from states.wording import Text

ROWS = 5_000  # rows that get drop-downs and formats
EXAMPLE = Font(italic=True, color="808080")
REQUIRED = Text("Bắt buộc. ", "Required. ")


def template(path: Path | str, settings: Settings | None = None) -> None:
    """Write the workbook for an installation's words (kinds of units, indicators, roles)."""
    settings = settings or config.load()
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = _lists(settings)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for number, column in enumerate(sheet.columns, 1):
            _lay_out(page, number, column)
            if (words := lists.get((sheet.name, column.name))) is not None:
                _offer(page, number, list(lists).index((sheet.name, column.name)) + 1, len(words))
            value = _example(sheet, settings).get(column.name)
            if value is not None:
                put(page.cell(2, number), column, value).font = EXAMPLE
    page = book.create_sheet(LISTS)
    page.sheet_state = "hidden"
    for number, ((sheet_name, column_name), words) in enumerate(lists.items(), 1):
        page.cell(1, number, f"{sheet_name}.{column_name}")
        for row, word in enumerate(words, 2):
            page.cell(row, number, word)
    with written(Path(path)) as place:
        book.save(place)


def _lay_out(page: Worksheet, number: int, column: Column) -> None:
    letter = column_letter(number)
    cell = heading(page.cell(1, number), column)  # type: ignore[arg-type]
    note = Comment(f"{REQUIRED.vi if column.required else ''}{column.label.vi}", "ketnap")
    note.width, note.height = 260, 70
    cell.comment = note
    page.column_dimensions[letter].width = WIDTHS.get(column.kind, 16)
    if column.kind in ("code", "codes", "day"):  # text keeps leading zeros
        page.column_dimensions[letter].number_format = DAY_FORMAT if column.kind == "day" else "@"


def _offer(page: Worksheet, number: int, list_number: int, length: int) -> None:
    """A drop-down; other words and codes may be typed, so nothing is refused here."""
    letter, source = column_letter(number), column_letter(list_number)
    choice = DataValidation(
        "list", formula1=f"'{LISTS}'!${source}$2:${source}${length + 1}", allow_blank=True, showErrorMessage=False
    )
    page.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}{ROWS}")


def _lists(settings: Settings) -> dict[tuple[str, str], list[str]]:
    """(sheet, column) -> the words to choose from."""
    indicators = [one.label for one in settings.indicators.values()]
    figures = [one.label for one in settings.indicators.values() if one.source != "ratio"]
    found = {
        (UNITS.name, "loai"): list(settings.unit_kinds.values()),
        (UNITS.name, "chuoi_duyet"): _labels(CHAINS),
        (PEOPLE.name, "gioi_tinh"): _labels(SEXES),
        (PEOPLE.name, "hoc_van"): _labels(EDUCATION_LABELS),
        (PEOPLE.name, "buoc_hien_tai"): [label.vi for step, label in STEP_LABELS.items() if step not in ENDS],
        (EVENTS.name, "su_kien"): [row.label.vi for row in PROCESS.values() if not row.automatic],
        (EVENTS.name, "ket_qua"): _labels(OUTCOMES),
        (EVENTS.name, "nguyen_nhan"): _labels(CAUSES),
        (EVENTS.name, "co_quan"): _labels(BODIES),
        (EVENTS.name, "thoi_han"): list(DECISION_CLOCKS),
        (TARGETS.name, "chi_so"): indicators,
        (TARGETS.name, "cua"): [*figures, MEMBERS],
        (FIGURES.name, "chi_so"): figures,
        (RECIPIENTS.name, "vai_tro"): list(settings.roles.values()),
    }
    yes_no = {
        (sheet.name, column.name): ["có", "không"]
        for sheet in SHEETS
        for column in sheet.columns
        if column.kind == "yes_no"
    }
    return found | yes_no


def _labels(words: dict[str, Text]) -> list[str]:
    return [label.vi for label in words.values()]


def _example(sheet: Sheet, settings: Settings) -> dict[str, Any]:
    """One invented row that says it is invented; old enough for every business day."""
    indicators = settings.indicators
    counted = next((one.label for one in indicators.values() if one.source == "counted"), None)
    reported = next((one.label for one in indicators.values() if one.source == "reported"), counted)
    kinds = settings.unit_kinds
    examples: dict[str, dict[str, Any]] = {
        UNITS.name: {
            "ma": "MAU-01",
            "ten": "Chi bộ Mẫu (ví dụ, xin xóa dòng này)",
            "loai": kinds.get("chi_bo") or next(iter(kinds.values())),
            "chuoi_duyet": "trực tiếp",
            "co_to_chuc_dang": "có",
            "co_doan": "có",
            "co_cong_doan": "có",
            "khu_vuc": "ví dụ",
            "so_dang_vien": "12",
            "so_lao_dong": "80",
        },
        PEOPLE.name: {
            "ma": "MAU-0001",
            "ho_ten": "Nguyễn Văn Ví Dụ (xin xóa dòng này)",
            "ngay_sinh": "03/1990",
            "gioi_tinh": "Nam",
            "dan_toc": "Kinh",
            "ton_giao": "Không",
            "nghe_nghiep": "ví dụ",
            "doan_vien": "không",
            "cong_doan_vien": "có",
            "truc_tiep_san_xuat": "có",
            "hoc_van": "12/12",
            "don_vi": "MAU-01",
        },
        EVENTS.name: {
            "ung_vien": "MAU-0001",
            "su_kien": PROCESS["nominate"].label.vi,
            "ngay": date(2016, 8, 1),
            "so_van_ban": "01-NQ/VÍ DỤ",
            "ngay_van_ban": date(2016, 8, 1),
            "noi_gioi_thieu": "Công đoàn cơ sở Mẫu",
        },
        RECIPIENTS.name: {
            "don_vi": "MAU-01",
            "vai_tro": next(iter(settings.roles.values()), None),
            "ho_ten": "Người Ví Dụ",
            "dia_chi": "vi-du@example.org",
        },
    }
    if counted is not None:
        examples[TARGETS.name] = {
            "don_vi": "MAU-01",
            "chi_so": counted,
            "ky": "2016",
            "toi_thieu": Decimal(2),
            "so_van_ban": "01-QĐ/VÍ DỤ",
            "ngay_van_ban": date(2016, 1, 15),
            "phu_trach": "Người Ví Dụ",
        }
    if reported is not None:
        examples[FIGURES.name] = {
            "don_vi": "MAU-01",
            "chi_so": reported,
            "ky": "2015-Q4",
            "gia_tri": Decimal(5),
            "ngay_bao_cao": date(2016, 1, 5),
        }
    return examples.get(sheet.name, {})
