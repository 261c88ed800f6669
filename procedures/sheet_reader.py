"""One sheet's XML, taken piece by piece, as rows of raw cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from procedures.part_parser import Overflow, PartParser

MOST_ROWS = 1 << 20  # of a sheet, as Excel has


class Cell(NamedTuple):
    """A cell with something in it. `kind`: text, number, day, bool, error, formula (never computed); `format` of numbers and days."""

    kind: str
    value: Any
    format: str = ""


@dataclass(slots=True)
class RawRow:
    """A row that is not empty; columns count from 1."""

    number: int
    cells: dict[int, Cell] = field(default_factory=dict)


class SheetReader(PartParser):
    """Takes one sheet's XML piece by piece and hands out rows."""

    def __init__(self, strings: list[str], formats: list[tuple[str, bool]], epoch: datetime) -> None:
        super().__init__()
        self.merged: list[str] = []
        self._strings = strings
        self._formats = formats
        self._epoch = epoch
        self._rows: list[RawRow] = []
        self._row = RawRow(0)
        self._column = 0
        self._type = "n"
        self._style = 0
        self._count = 0
        self._formula = False

    def take(self) -> list[RawRow]:
        """The rows finished since the last call."""
        taken, self._rows = self._rows, []
        return taken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "c":
            place = attributes.get("r")
            self._column = column_number(place) if place else self._column + 1
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", "0"))
            self._begin()
            self._formula = False
        elif name in ("v", "t"):
            self._keep = self._phonetic == 0
        elif name == "row":
            number = attributes.get("r")
            self._row = RawRow(int(number) if number else self._row.number + 1)
            self._column = 0
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic += 1
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "c":
            if self._value and (cell := self._cell("".join(self._value))) is not None:
                self._row.cells[self._column] = cell  # of a formula: what the spreadsheet last computed
            elif self._formula:
                self._row.cells[self._column] = Cell("formula", None)
        elif name in ("v", "t"):
            self._keep = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "row" and self._row.cells:
            self._rows.append(self._row)
            self._count += 1
            if self._count > MOST_ROWS:
                raise Overflow

    def _cell(self, raw: str) -> Cell | None:
        kind = self._type
        if kind == "n":
            return self._number(raw)
        if kind == "s":
            index = int(raw)
            raw = self._strings[index] if 0 <= index < len(self._strings) else ""
        elif kind == "b":
            return Cell("bool", raw.strip() in ("1", "true"))
        elif kind == "e":
            return Cell("error", raw)
        elif kind == "d":
            return Cell("day", datetime.fromisoformat(raw.rstrip("Z")), "dd/mm/yyyy")
        elif "_x" in raw:
            raw = unescape(raw)
        return Cell("text", raw) if raw.strip() else None

    def _number(self, raw: str) -> Cell | None:
        raw = raw.strip()
        if not raw:
            return None
        formats = self._formats
        code, dated = formats[self._style] if self._style < len(formats) else ("General", False)
        try:
            value: Any = int(raw) if raw.lstrip("-").isdigit() else float(raw)
        except ValueError:
            return Cell("error", raw)
        if not dated:
            return Cell("number", value, code)
        try:
            day = from_excel(value, self._epoch)
        except (ValueError, OverflowError):
            return Cell("error", raw)
        return Cell("day", day, code) if isinstance(day, date) else Cell("error", raw)


_columns: dict[str, int] = {}


def column_number(place: str) -> int:
    """1 for "A7", 27 for "AA7"."""
    letters = place.rstrip("0123456789")
    number = _columns.get(letters)
    if number is None:
        number = 0
        for letter in letters.upper()[:3]:
            number = number * 26 + ord(letter) - 64
        _columns[letters] = number
    return number


def column_letter(number: int) -> str:
    """ "A" for 1, "AA" for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
