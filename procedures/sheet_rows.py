"""The rows of a workbook read by its declaration, with every mistake collected where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from procedures import workbook
from procedures.cells import clean, read_cell
from procedures.headings import Headings
from procedures.sheet_reader import Cell, RawRow, column_letter
from procedures.spreadsheet import Book, Spreadsheet, open_book
from procedures.workbook import Column, Sheet
from states.errors import BadInput, KetnapError
from states.wording import Text, fold

UNKNOWN_SHEET = Text(
    "Không có sheet «{name}» trong mẫu. Xin đổi tên thành {nearest} hoặc bỏ sheet này. Các sheet: {known}.",
    "The workbook knows no sheet {name!r}. Rename it to {nearest} or remove it. Sheets: {known}.",
)
DOUBLE_SHEET = Text(
    "Có hai sheet cùng nghĩa «{name}». Xin gộp làm một.", "Two sheets mean {name!r}. Put them together."
)
NO_SHEET = Text(
    "Tệp không có sheet nào để nhập. Các sheet: {known}.", "The file has no sheet to read. Sheets: {known}."
)
UNKNOWN_HEADING = Text(
    "Không có cột «{name}» trong sheet {sheet}. Xin đổi tiêu đề thành {nearest} hoặc xóa cột. Các cột: {known}.",
    "The sheet {sheet} knows no column {name!r}. Rename it to {nearest} or delete it. Columns: {known}.",
)
DOUBLE_HEADING = Text(
    "Cột «{name}» có hai lần ({first} và {second}). Xin bỏ một cột.",
    "The column {name!r} stands twice ({first} and {second}). Remove one.",
)
NO_HEADING = Text(
    "Cột {letter} có dữ liệu mà không có tiêu đề. Xin ghi tiêu đề ở dòng {row} hoặc xóa cột.",
    "Column {letter} has values but no heading. Write one in row {row} or delete the column.",
)
MISSING_COLUMN = Text(
    "Sheet {sheet} thiếu cột bắt buộc «{name}». Xin thêm cột này vào dòng tiêu đề.",
    "The sheet {sheet} lacks the required column {name!r}. Add it to the headings.",
)
EMPTY = Text("Thiếu «{name}»: ô {cell} để trống. Xin điền.", "{name!r} is missing: the cell {cell} is empty.")
ONE_OF = Text("Cần điền một trong các cột: {names}.", "One of these columns is needed: {names}.")
MERGED = Text(
    "Ô gộp {range}. Xin bỏ gộp ô rồi điền giá trị vào từng dòng.",
    "The cells {range} are merged. Unmerge them and fill in every row.",
)
FORMULA = Text(
    "Ô {cell} là công thức. Xin chép cột rồi dán lại dạng giá trị (Paste Special – Values).",
    "The cell {cell} is a formula. Copy the column and paste it as values.",
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake: where it stands and what to do about it."""

    sheet: str
    row: int | None
    column: str | None
    text: Text
    values: Mapping[str, object] = field(default_factory=dict)
    cell: str | None = None

    def as_dict(self, lang: str) -> dict[str, Any]:
        """As shown and as JSON; `column` is the heading, `cell` the place such as C5."""
        message = self.text.say(lang, **self.values)
        return {"sheet": self.sheet, "row": self.row, "column": self.column, "cell": self.cell, "message": message}


class Issues:
    """All mistakes of a workbook, listed in the order of its sheets and rows."""

    def __init__(self) -> None:
        self.found: list[Issue] = []

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, issue: Issue) -> None:
        """Note a mistake."""
        self.found.append(issue)

    def listed(self, lang: str) -> list[dict[str, Any]]:
        """Every mistake, as shown."""
        order = {sheet.name: place for place, sheet in enumerate(workbook.SHEETS)}
        ranked = sorted(self.found, key=lambda i: (order.get(i.sheet, -1), i.row or 0))
        return [issue.as_dict(lang) for issue in ranked]


class Row:
    """One row: the values of its cells that are not empty, and the columns (or None) in which something is wrong."""

    __slots__ = ("bad", "number", "table", "values")

    def __init__(self, table: Table, number: int) -> None:
        self.table = table
        self.number = number
        self.values: dict[str, Any] = {}
        self.bad: frozenset[str | None] = frozenset()

    @property
    def sound(self) -> bool:
        """Whether nothing wrong has been found in it so far."""
        return not self.bad

    def get(self, name: str) -> Any:
        """The value of a column; None where the cell is empty or the column absent."""
        return self.values.get(name)

    def says(self, name: str) -> bool:
        """Whether the sheet has that column at all: what it has not is not known."""
        return name in self.table.columns

    def wrong(self, column: str | None, text: Text, /, **values: object) -> None:
        """Note a mistake in a column of this row."""
        self.bad |= {column}
        cell = f"{self.table.columns[column]}{self.number}" if column in self.table.columns else None
        self.table.issues.add(Issue(self.table.sheet.name, self.number, column, text, values, cell))

    def wrong_as(self, column: str | None, failure: KetnapError) -> None:
        """Note what an error says, in a column of this row."""
        self.wrong(column, failure.sentence, **failure.values)


@dataclass(slots=True)
class Table:
    """A sheet as read: `columns` present with their letters, and the rows that are not empty."""

    sheet: Sheet
    issues: Issues
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def read_workbook(
    path: Path, issues: Issues, only: Sheet | None = None, mapping: Headings | None = None
) -> dict[str, Table]:
    """Every sheet of the workbook by its declared name; mistakes go to `issues`.

    `only`: a file with that sheet alone; a single sheet of any name is taken for it. `mapping`: what the file's own
    words mean; with it a table of text (.csv, .tsv) is read too.
    """
    tables: dict[str, Table] = {}
    known = (only,) if only else workbook.SHEETS
    said = mapping or Headings()
    with open_book(path) if mapping is not None else Spreadsheet(path) as book:
        names = [name for name in book.sheets if fold(name) != fold(workbook.LISTS) and not said.skips_sheet(name)]
        for name in names:
            sheet = said.sheet(name)
            if sheet is None and only and len(names) == 1:
                sheet = only
            if sheet not in known or sheet is None or not book.sheets[name]:
                near = workbook.nearest(name, (one.name for one in known)) or known[0].name
                listed = ", ".join(one.name for one in known)
                issues.add(Issue(name, None, None, UNKNOWN_SHEET, {"name": name, "nearest": near, "known": listed}))
            elif sheet.name in tables:
                issues.add(Issue(sheet.name, None, None, DOUBLE_SHEET, {"name": sheet.name}))
            else:
                tables[sheet.name] = _read_sheet(book, name, sheet, issues, said)
    if not names:
        listed = ", ".join(one.name for one in known)
        issues.add(Issue(known[0].name, None, None, NO_SHEET, {"known": listed}))
    return tables


def _read_sheet(book: Book, name: str, sheet: Sheet, issues: Issues, said: Headings) -> Table:
    table = Table(sheet, issues)
    rows = iter(book.rows(name))
    first = next(rows, None)
    if first is not None:
        columns, skipped = _read_headings(table, first, name, said)
        missing = [column for column in sheet.columns if column.required and column.name not in table.columns]
        for column in missing:
            values = {"sheet": sheet.name, "name": column.name}
            issues.add(Issue(sheet.name, first.number, column.name, MISSING_COLUMN, values))
        if sheet.one_of and not any(one in table.columns for one in sheet.one_of):
            values = {"names": ", ".join(sheet.one_of)}
            issues.add(Issue(sheet.name, first.number, sheet.one_of[0], ONE_OF, values))
        headless: set[int] = set()
        for raw in rows:
            _read_row(table, columns, raw, headless, first.number, skipped)
    for merged in book.merged[name]:
        corner = merged.partition(":")[0]
        letters = corner.rstrip("0123456789")
        heading = next((column for column, letter in table.columns.items() if letter == letters.upper()), None)
        number = int(corner[len(letters) :] or 0)
        issues.add(Issue(sheet.name, number or None, heading or letters, MERGED, {"range": merged}, corner))
    return table


def read_heading(cell: Cell) -> str:
    """A heading's words."""
    return clean(cell.value) if cell.kind == "text" else str(cell.value)


def _read_headings(
    table: Table, raw: RawRow, name: str, said: Headings
) -> tuple[dict[int, Column | None], frozenset[int]]:
    """Column number -> what it means, None for a heading nobody knows; and the columns that are not to be read."""
    sheet, found, skipped = table.sheet, dict[int, Column | None](), set[int]()
    for place, cell in raw.cells.items():
        letter = column_letter(place)
        heading = read_heading(cell)
        if said.skips_column(name, heading):
            skipped.add(place)
            continue
        column = said.column(name, heading, sheet)
        found[place] = column
        if column is None:
            names = [one.name for one in sheet.columns]
            near = workbook.nearest(heading, names) or names[0]
            values = {"name": heading, "sheet": sheet.name, "nearest": near, "known": ", ".join(names)}
            table.issues.add(Issue(sheet.name, raw.number, heading, UNKNOWN_HEADING, values, f"{letter}{raw.number}"))
        elif column.name in table.columns:
            values = {"name": column.name, "first": table.columns[column.name], "second": letter}
            table.issues.add(
                Issue(sheet.name, raw.number, column.name, DOUBLE_HEADING, values, f"{letter}{raw.number}")
            )
            found[place] = None
        else:
            table.columns[column.name] = letter
    return found, frozenset(skipped)


def _read_row(
    table: Table,
    columns: Mapping[int, Column | None],
    raw: RawRow,
    headless: set[int],
    heading_row: int,
    skipped: frozenset[int],
) -> None:
    row = Row(table, raw.number)
    for place, cell in raw.cells.items():
        if place in skipped:
            continue
        if place not in columns:
            if place not in headless:
                headless.add(place)
                letter = column_letter(place)
                values = {"letter": letter, "row": heading_row}
                issue = Issue(table.sheet.name, raw.number, letter, NO_HEADING, values, f"{letter}{raw.number}")
                table.issues.add(issue)
            row.bad |= {None}
        elif (column := columns[place]) is not None:
            _read_value(row, column, cell)
    for column in table.sheet.columns:
        name = column.name
        if column.required and name in table.columns and name not in row.values and name not in row.bad:
            row.wrong(name, EMPTY, name=name, cell=f"{table.columns[name]}{raw.number}")
    present = [one for one in table.sheet.one_of if one in table.columns]
    if present and not any(one in row.values or one in row.bad for one in present):
        row.wrong(present[0], ONE_OF, names=", ".join(table.sheet.one_of))
    table.rows.append(row)


def _read_value(row: Row, column: Column, cell: Cell) -> None:
    if cell.kind == "formula":
        row.wrong(column.name, FORMULA, cell=f"{row.table.columns[column.name]}{row.number}")
        return
    try:
        value = read_cell(column.kind, cell)
    except BadInput as failure:
        row.wrong_as(column.name, failure)
        return
    if value not in ("", []):
        row.values[column.name] = value
