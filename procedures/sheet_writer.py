"""Writing sheets: values by the kind of their column, text that no spreadsheet takes for a formula, all or nothing."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font, PatternFill

from procedures.sheet_reader import column_letter
from procedures.workbook import Column, Sheet
from states.errors import BadInput
from states.wording import Text

DAY_FORMAT = "dd/mm/yyyy"
HEADING = Font(bold=True)
SHADE = PatternFill("solid", fgColor="DDE6F0")
WIDTHS = {"day": 12, "words": 24, "yes_no": 9, "count": 11, "number": 11, "ratio": 9}
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")

WRONG_SUFFIX = Text("Tệp {path} phải có đuôi .xlsx.", "The file {path} must end in .xlsx.")
CANNOT_WRITE = Text(
    "Không ghi được tệp {path}: {why}. Xin chọn thư mục khác hoặc đóng tệp đang mở.",
    "The file {path} cannot be written: {why}. Choose another folder or close the file.",
)


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A place to write beside `path`, renamed onto it when the block ends well; readable by its owner alone."""
    if path.suffix.lower() != ".xlsx":
        raise BadInput(WRONG_SUFFIX, path=path)
    place: Path | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".xlsx", dir=path.parent)
        os.close(handle)
        place = Path(name)
        yield place
        os.replace(place, path)
    except OSError as failure:
        raise BadInput(CANNOT_WRITE, path=path, why=failure.strerror or "I/O") from None
    finally:
        if place is not None:
            place.unlink(missing_ok=True)


def write_sheets(path: Path, sheets: Iterable[tuple[Sheet, list[Column], Iterable[Mapping[str, Any]]]]) -> None:
    """Write rows (column name -> value) of sheets, headings frozen."""
    book = Workbook(write_only=True)
    with written(path) as place:
        for sheet, columns, rows in sheets:
            page = book.create_sheet(sheet.name)
            page.freeze_panes = "A2"
            for number, column in enumerate(columns, 1):
                page.column_dimensions[column_letter(number)].width = WIDTHS.get(column.kind, 16)
            page.append([heading(WriteOnlyCell(page), column) for column in columns])
            for row in rows:
                values = [(column, row.get(column.name)) for column in columns]
                page.append(
                    [None if value is None else put(WriteOnlyCell(page), column, value) for column, value in values]
                )
        book.save(place)


def heading(cell: Cell, column: Column) -> Cell:
    """A heading."""
    cell.value = column.name
    cell.font, cell.fill = HEADING, SHADE
    return cell


def put(cell: Cell, column: Column, value: Any) -> Cell:
    """A value: days as days, numbers as numbers, everything else as text and nothing but text."""
    if isinstance(value, date):
        cell.value = value
        cell.number_format = DAY_FORMAT
    elif isinstance(value, Decimal | int):
        cell.value = int(value) if value == int(value) else float(value)
        if column.kind == "ratio":
            cell.number_format = "0.00%"
    elif column.kind in ("count", "yes_no") and str(value).isdigit():
        cell.value = int(value)
    else:
        text = _ESCAPE.sub("_x005F_x", ILLEGAL_CHARACTERS_RE.sub("", str(value)))
        cell.value = text
        cell.data_type = "s"  # "=1+1" is what somebody wrote, not a formula
        if text[:1] in "=+-@":
            cell.quotePrefix = True
        if column.kind == "code":
            cell.number_format = "@"
    return cell
