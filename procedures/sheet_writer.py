"""Writing sheets: values by the kind of their column, text that no spreadsheet takes for a formula, all or nothing."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font, PatternFill

from procedures.sheet_reader import column_letter
from procedures.workbook import BEGIN_A_FORMULA, Column, Sheet
from states.errors import BadInput, Installation
from states.wording import Text

DAY_FORMAT = "dd/mm/yyyy"
HEADING = Font(bold=True)
SHADE = PatternFill("solid", fgColor="DDE6F0")
WIDTHS = {"day": 12, "words": 24, "yes_no": 9, "count": 11, "number": 11, "ratio": 9}
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")

WRONG_SUFFIX = Text("Tệp {path} phải có đuôi {suffixes}.", "The file {path} must end in {suffixes}.")
NO_FOLDER = Text(
    "Không ghi được tệp {path}: không có thư mục {folder}. Xin tạo thư mục ấy trước hoặc chọn nơi khác.",
    "The file {path} cannot be written: there is no folder {folder}. Create it first or choose another place.",
)
IS_FOLDER = Text("{path} là thư mục; xin ghi cả tên tệp.", "{path} is a folder; name the file too.")
NOT_ALLOWED = Text(
    "Không ghi được tệp {path}: không có quyền hoặc tệp đang mở. Xin chọn thư mục khác hoặc đóng tệp đang mở.",
    "The file {path} cannot be written: no permission, or it is open. Choose another folder or close the file.",
)
NAME_TOO_LONG = Text("Tên tệp {path} quá dài.", "The file name {path} is too long.")
CANNOT_WRITE = Text(
    "Không ghi được tệp {path}: {why}. Xin chọn thư mục khác hoặc đóng tệp đang mở.",
    "The file {path} cannot be written: {why}. Choose another folder or close the file.",
)
DISK = Text(
    "Không ghi được tệp {path}: hết chỗ trên đĩa hoặc đĩa hỏng.",
    "The file {path} cannot be written: the disk is full or broken.",
)
OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE}


def check_place(path: Path, *suffixes: str) -> None:
    """BadInput when `path` has none of the `suffixes`, is a folder, or stands in a folder that is not there."""
    if path.suffix.lower() not in suffixes:
        raise BadInput(WRONG_SUFFIX, path=path, suffixes=" / ".join(suffixes))
    if os.path.isdir(path):  # a name too long is none; Path.is_dir would raise
        raise BadInput(IS_FOLDER, path=path)
    if not os.path.isdir(path.parent):
        raise BadInput(NO_FOLDER, path=path, folder=path.parent)


@contextmanager
def written(path: Path, *suffixes: str) -> Iterator[Path]:
    """A place to write beside `path`, renamed onto it when the block ends well; readable by its owner alone.

    BadInput where the path is at fault, Installation where the machine is (a full disk).
    """
    place: Path | None = None
    try:
        check_place(path, *(suffixes or (".xlsx",)))
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=path.suffix.lower(), dir=path.parent)
        os.close(handle)
        place = Path(name)
        yield place
        os.replace(place, path)
    except OSError as failure:
        if failure.errno in OF_THE_MACHINE:
            raise Installation(DISK, path=path) from None
        if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise BadInput(NOT_ALLOWED, path=path) from None
        if failure.errno == errno.ENAMETOOLONG:
            raise BadInput(NAME_TOO_LONG, path=path) from None
        raise BadInput(CANNOT_WRITE, path=path, why=failure.strerror or "I/O") from None
    finally:
        if place is not None:
            place.unlink(missing_ok=True)


def write_sheets(
    place: Path | IO[bytes], sheets: Iterable[tuple[Sheet, list[Column], Iterable[Mapping[str, Any]]]]
) -> None:
    """Write rows (column name -> value) of sheets, headings frozen; to a `written` place or into memory."""
    book = Workbook(write_only=True)
    for sheet, columns, rows in sheets:
        names = [column.name for column in columns]
        add_sheet(book, sheet.name, columns, ([row.get(name) for name in names] for row in rows))
    book.save(place)


def add_words(book: Workbook, title: str, headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """A further sheet of nothing but words."""
    add_sheet(book, title, [Column(words, "words", Text("", "")) for words in headings], rows)


def add_sheet(book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Iterable[Any]]) -> None:
    """A further sheet of a write-only book: rows of values, column by column, below headings that stay in sight."""
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        page.column_dimensions[column_letter(number)].width = WIDTHS.get(column.kind, 16)
    page.append([heading(WriteOnlyCell(page), column) for column in columns])
    for row in rows:
        page.append(
            [
                None if value is None else put(WriteOnlyCell(page), column, value)
                for column, value in zip(columns, row, strict=True)
            ]
        )


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
        if text.startswith(BEGIN_A_FORMULA):
            cell.quotePrefix = True
        if column.kind == "code":
            cell.number_format = "@"
    return cell
