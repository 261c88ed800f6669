"""A table of text, .csv or .tsv, or pasted from a spreadsheet, as rows of raw cells: every cell is text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from procedures.sheet_reader import Cell, RawRow
from states.errors import BadInput
from states.wording import Text

KINDS = (".csv", ".tsv", ".txt")
MOST_BYTES = 64 << 20
LONGEST_CELL = 1 << 17

NOT_TEXT = Text(
    "Tệp {path} không phải là bảng chữ UTF-8. Xin lưu lại từ Excel dạng «CSV UTF-8» hoặc dạng .xlsx.",
    "The file {path} is no table in UTF-8. Save it from Excel as “CSV UTF-8” or as .xlsx.",
)
TOO_LONG = Text(
    "Tệp {path} quá lớn ({size} MB) cho một bảng chữ. Xin chia nhỏ tệp hoặc lưu dạng .xlsx.",
    "The file {path} is too large ({size} MB) for a table of text. Split it or save it as .xlsx.",
)
UNREADABLE = Text("Không mở được tệp {path}.", "The file {path} cannot be opened.")


class Delimited:
    """One sheet, named like the file without its ending."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            if (size := path.stat().st_size) > MOST_BYTES:
                raise BadInput(TOO_LONG, path=path, size=size >> 20)
            data = path.read_bytes()
        except OSError:
            raise BadInput(UNREADABLE, path=path) from None
        self._text = decode(data, path)
        self.sheets: dict[str, str] = {path.stem: path.stem}
        self.merged: dict[str, list[str]] = {path.stem: []}

    def __enter__(self) -> Delimited:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows that are not empty."""
        return read_lines(self._text, self.path)


def decode(data: bytes, path: Path) -> str:
    """Text as Excel saves it: UTF-8 with or without a mark, or UTF-16 («Unicode Text»)."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput(NOT_TEXT, path=path) from None
    if "\0" in text:
        raise BadInput(NOT_TEXT, path=path)
    return text


def read_lines(text: str, path: Path) -> Iterator[RawRow]:
    """Rows of cells; columns parted by tabs where there are any in the first line, else by semicolons or commas."""
    first = text.lstrip("\r\n").partition("\n")[0]
    mark = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(LONGEST_CELL)
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=mark), 1):
            row = RawRow(number)
            row.cells = {place: Cell("text", cell) for place, cell in enumerate(cells, 1) if cell.strip()}
            if row.cells:
                yield row
    except csv.Error:
        raise BadInput(NOT_TEXT, path=path) from None
