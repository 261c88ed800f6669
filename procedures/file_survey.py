"""A look into somebody's own workbook: which sheets and headings it has, what they seem to mean, some of its rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from procedures import workbook
from procedures.access import require
from procedures.headings import SKIP, Headings
from procedures.sheet_reader import Cell, RawRow, column_letter
from procedures.sheet_rows import read_heading
from procedures.spreadsheet import open_book
from procedures.waiting_file import WaitingFile, drop_file, keep_file
from procedures.workbook import SHEETS, Sheet, find_sheet
from states.errors import BadInput
from states.wording import Text, fold
from store.heading_maps import load_heading_maps, save_heading_map

if TYPE_CHECKING:
    from procedures.office import Office

SAMPLES = 3  # rows looked into for values that help to recognise a column
MOST_HEADINGS = 200
LONGEST = 60
ALIKE = 0.62
# What offices call our columns in lists of their own.
OFTEN = {
    "thuộc chi bộ": "don_vi", "chi bộ": "don_vi", "tên đơn vị": "ten", "mã chi bộ": "don_vi", "trình độ": "hoc_van",
    "trình độ học vấn": "hoc_van", "năm sinh": "ngay_sinh", "ngày tháng năm sinh": "ngay_sinh", "giới": "gioi_tinh",
    "số quyết định": "so_van_ban", "ngày quyết định": "ngay_van_ban", "mã người": "ung_vien", "mã ứng viên": "ung_vien",
    "cấp trên trực tiếp": "cap_tren", "loại hình": "loai", "email": "dia_chi", "thư điện tử": "dia_chi",
    "chỉ tiêu giao": "toi_thieu", "kết quả thực hiện": "gia_tri",
}  # fmt: skip
NO_SUCH_SHEET = Text("Không có sheet «{name}» trong mẫu.", "The workbook knows no sheet {name!r}.")
NO_SUCH_COLUMN = Text("Sheet {sheet} không có cột «{name}».", "The sheet {sheet} has no column {name!r}.")
TWICE = Text(
    "Hai tiêu đề cùng chỉ cột «{name}» của sheet {sheet}: {headings}.",
    "Two headings are taken for the column {name!r} of {sheet}: {headings}.",
)


@dataclass(frozen=True, slots=True)
class HeadingSeen:
    """One heading of the file: `meant` our column (SKIP = not read, None = nobody knows), `near` the likeliest one."""

    letter: str
    words: str
    meant: str | None
    near: str | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """One sheet of the file, likewise."""

    name: str
    meant: str | None
    near: str | None
    headings: tuple[HeadingSeen, ...]
    key: str

    @property
    def ours(self) -> Sheet | None:
        """Our sheet it is or most likely is."""
        return find_sheet(self.meant or self.near or "")

    @property
    def clear(self) -> bool:
        """Whether nothing is left to ask."""
        return self.meant == SKIP or (self.meant is not None and all(one.meant is not None for one in self.headings))


def take_in(office: Office, name: str, content: IO[bytes], *, sheet: str | None = None) -> WaitingFile:
    """Keep a file that can be read; of any other nothing is left, and BadInput says what is wrong with it."""
    file = keep_file(office, name, content, sheet=sheet)
    try:
        survey(office, file)
    except BaseException:
        drop_file(office, file.token)
        raise
    return file


def survey(office: Office, file: WaitingFile) -> list[SheetSeen]:
    """Every sheet of a waiting file that has anything in it. BadInput tells what is wrong with the file."""
    require(office, "import")
    try:
        read = _first_rows(file)
    except BadInput as failure:
        failure.values["path"] = file.name  # as its sender calls it
        raise
    keys = {name: _key(file, name, rows[0]) for name, rows in read}
    with office.database.reading() as connection:
        known = load_heading_maps(connection, keys.values())
    return [_see(file, name, rows, keys[name], known.get(keys[name])) for name, rows in read]


def _first_rows(file: WaitingFile) -> list[tuple[str, list[RawRow]]]:
    with open_book(file.path) as book:
        sheets = [name for name in book.sheets if fold(name) != fold(workbook.LISTS) and book.sheets[name]]
        return [(name, rows) for name in sheets if (rows := list(islice(book.rows(name), SAMPLES + 1)))]


def headings_of(seen: Sequence[SheetSeen]) -> Headings:
    """How to read the file by what is known of it."""
    return Headings(
        {one.name: one.meant for one in seen if one.meant is not None},
        {(one.name, fold(h.words)): h.meant for one in seen for h in one.headings if h.meant is not None},
    )


def say_headings(
    office: Office, file: WaitingFile, sheets: Mapping[str, str], columns: Mapping[tuple[str, str], str]
) -> None:
    """Remember what the sheets and columns (by sheet and letter) of a file mean, SKIP for what is not to be read.

    BadInput where a word is none of ours or two headings mean the same.
    """
    require(office, "import")
    found: list[tuple[str, str, dict[str, str]]] = []
    for one in survey(office, file):
        meant = sheets.get(one.name, one.meant or SKIP)
        ours = find_sheet(meant) if meant != SKIP else None
        if ours is None and meant != SKIP:
            raise BadInput(NO_SUCH_SHEET, name=meant)
        said: dict[str, str] = {}
        if ours is not None:
            taken: dict[str, str] = {}
            for heading in one.headings:
                column = columns.get((one.name, heading.letter), SKIP)
                if column != SKIP and column not in {c.name for c in ours.columns}:
                    raise BadInput(NO_SUCH_COLUMN, sheet=ours.name, name=column)
                if column != SKIP and column in taken:
                    both = f"«{taken[column]}», «{heading.words}»"
                    raise BadInput(TWICE, name=column, sheet=ours.name, headings=both)
                taken[column] = heading.words
                said[fold(heading.words)] = column
        found.append((one.key, ours.name if ours else SKIP, said))
    with office.database.writing() as connection:
        for key, sheet, said in found:
            save_heading_map(connection, key, sheet, said, office.now(), office.user)


def look_at_rows(
    file: WaitingFile, headings: Headings, wanted: Mapping[str, Collection[int]]
) -> dict[str, tuple[list[str], dict[int, list[str]]]]:
    """Our sheet -> (its headings, row number -> cells as read) for these rows and those next to them."""
    found: dict[str, tuple[list[str], dict[int, list[str]]]] = {}
    with open_book(file.path) as book:
        for name in book.sheets:
            ours = headings.sheet(name)
            numbers = set(wanted.get(ours.name if ours else name, ()))
            if not numbers or headings.skips_sheet(name) or not book.sheets[name]:
                continue
            around = {number + by for number in numbers for by in (-1, 0, 1)}
            last = max(around)
            rows = iter(book.rows(name))
            first = next(rows, None)
            if first is None:
                continue
            width = max(first.cells)
            kept: dict[int, list[str]] = {}
            for row in rows:
                if row.number in around:
                    kept[row.number] = [_shown(row.cells.get(place)) for place in range(1, width + 1)]
                if row.number >= last:
                    break
            found[ours.name if ours else name] = ([_shown(first.cells.get(p)) for p in range(1, width + 1)], kept)
    return found


def _see(
    file: WaitingFile, name: str, rows: list[RawRow], key: str, known: tuple[str, dict[str, str]] | None
) -> SheetSeen:
    own = find_sheet(file.sheet or name)
    meant = own.name if own else known[0] if known else None
    near = None if own else _near_sheet(name, rows[0])
    ours = find_sheet(meant or near or "")
    headings = []
    for place, cell in islice(sorted(rows[0].cells.items()), MOST_HEADINGS):
        words = _words(cell)
        column = ours.find_column(words) if ours else None
        said = column.name if column else known[1].get(fold(words)) if known and known[0] == meant else None
        samples = tuple(_shown(row.cells.get(place)) for row in rows[1:] if row.cells.get(place))
        nearest = _near_column(words, ours) if ours and said is None else None
        headings.append(HeadingSeen(column_letter(place), words, said, nearest, samples))
    return SheetSeen(name, meant, near, tuple(headings), key)


def _near_sheet(name: str, first: RawRow) -> str | None:
    """By its name, else the sheet most of its headings belong to."""
    words = {**{one.name: one.name for one in SHEETS}, **{one.label.vi: one.name for one in SHEETS}}
    if (close := workbook.nearest(name, words)) is not None:
        return words[close]
    folded = {fold(_words(cell)) for cell in first.cells.values()}
    fits = {one.name: sum(fold(column.name) in folded for column in one.columns) for one in SHEETS}
    best = max(fits, key=lambda sheet: fits[sheet])
    return best if fits[best] else None


def _near_column(words: str, ours: Sheet) -> str | None:
    """Ours that is called most like it, or means what officers write instead; None rather than a wild guess."""
    columns = {column.name for column in ours.columns}
    known = {fold(c.label.vi): c.name for c in ours.columns} | {fold(name): name for name in columns}
    known |= {fold(word): name for word, name in OFTEN.items() if name in columns}
    close = get_close_matches(fold(words), known, n=1, cutoff=ALIKE)
    return known[close[0]] if close else None


def _key(file: WaitingFile, name: str, first: RawRow) -> str:
    sheet = file.sheet or fold(name)
    headings = sorted(fold(_words(cell)) for cell in first.cells.values())
    return sha256("\n".join([sheet, *headings]).encode()).hexdigest()


def _words(cell: Cell) -> str:
    try:
        return read_heading(cell)
    except BadInput:
        return str(cell.value)


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return ""
    value: Any = cell.value
    if isinstance(value, date):
        text = f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    elif isinstance(value, bool):
        text = "1" if value else "0"
    else:
        text = "" if value is None else str(value)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
