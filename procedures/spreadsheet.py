"""An .xlsx file as rows of raw cells, streamed: nothing is kept of empty cells, so their number does not matter.

openpyxl's own streaming reader makes an object of every formatted empty cell and hides merged ranges and formulas in
tables; both matter here, so the few parts of the format that carry values are read directly.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from lzma import LZMAError
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from procedures.delimited import KINDS, Delimited
from procedures.part_parser import Overflow
from procedures.shared_strings import read_strings
from procedures.sheet_reader import RawRow, SheetReader
from states.errors import BadInput
from states.wording import Text

MAX_BYTES = 1 << 30  # of everything unpacked; a national file stays below
MAX_PART_BYTES = 200 << 20  # of the shared strings
MAX_TREE_BYTES = 16 << 20  # of a part that is held in memory as a tree (styles, relations)
MAX_RATIO = 400  # honest sheets pack 5 to 60 times smaller
CHUNK = 1 << 18
LONGEST_PIECE = 1 << 20  # bytes between the ends of two tags
# What a file can make its readers raise: parts that are missing, no XML, in an unknown encoding, badly packed, no numbers.
DAMAGED = (
    LookupError, ValueError, expat.ExpatError, ElementTree.ParseError, BadZipFile, ZlibError, LZMAError, EOFError, OSError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
EMPTY_CELL = re.compile(rb'<c r="[A-Z]+[0-9]+"[^<>]*?(?:/>|></c>)')  # formatted, nothing in it: a million cost nothing
OLE = b"\xd0\xcf\x11\xe0"  # what Excel 97 files and password-protected files begin with
BUILTIN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))

MISSING = Text("Không có tệp {path}.", "There is no file {path}.")
WRONG_KIND = Text(
    "Tệp {path} không phải là .xlsx. Xin mở bằng Excel hoặc LibreOffice và lưu lại dạng «Excel Workbook (.xlsx)».",
    "The file {path} is not .xlsx. Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx).",
)
PROTECTED = Text(
    "Tệp {path} có mật khẩu hoặc là dạng .xls cũ. Xin bỏ mật khẩu và lưu lại dạng .xlsx.",
    "The file {path} has a password or is an old .xls. Remove the password and save it as .xlsx.",
)
BROKEN = Text(
    "Không đọc được tệp {path}: tệp hỏng hoặc không phải bảng tính .xlsx. Xin lưu lại từ Excel rồi thử lại.",
    "The file {path} cannot be read: it is damaged or no .xlsx workbook. Save it again and retry.",
)
TOO_LARGE = Text(
    "Tệp {path} giải nén ra quá lớn ({size} MB), không mở. Xin xóa các dòng trống thừa hoặc chia nhỏ tệp.",
    "The file {path} unpacks to too much ({size} MB) and is not opened. Delete surplus empty rows or split it.",
)
UNREADABLE = Text("Không mở được tệp {path}: {why}.", "The file {path} cannot be opened: {why}.")


class Spreadsheet:
    """An opened workbook. BadInput tells what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = _open(path)
        try:
            self._book = self._find_book()
            self.sheets = self._find_sheets()
        except DAMAGED as failure:
            self.close()
            raise BadInput(BROKEN, path=path) from failure
        except BaseException:
            self.close()
            raise
        self.merged: dict[str, list[str]] = {}

    def __enter__(self) -> Spreadsheet:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows of a sheet that are not empty; once they are through, `merged[sheet]` names its merged ranges."""
        try:
            reader = SheetReader(self.strings, self.formats, self.epoch)
            with self._zip.open(self.sheets[sheet]) as part:
                rest = b""
                while chunk := part.read(CHUNK):
                    whole, mark, rest = (rest + chunk).rpartition(b">")
                    if len(rest) > LONGEST_PIECE:
                        raise Overflow
                    reader.parser.Parse(EMPTY_CELL.sub(b"", whole + mark), False)
                    yield from reader.take()
                reader.parser.Parse(rest, True)
                yield from reader.take()
        except Overflow:
            raise BadInput(
                TOO_LARGE, path=self.path, size=self._zip.getinfo(self.sheets[sheet]).file_size >> 20
            ) from None
        except DAMAGED as failure:
            raise BadInput(BROKEN, path=self.path) from failure
        self.merged[sheet] = reader.merged

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        part = self._part_of_kind("sharedStrings")
        if not part:
            return []
        self._check_size(part, MAX_PART_BYTES)
        with self._zip.open(part) as file:
            return read_strings(iter(lambda: file.read(CHUNK), b""))

    @cached_property
    def formats(self) -> list[tuple[str, bool]]:
        """Number format of each cell style and whether it shows a date."""
        part = self._part_of_kind("styles")
        if not part:
            return []
        root = self._tree(part)
        own = {
            int(one.get("numFmtId", "0")): one.get("formatCode", "")
            for one in root.iter()
            if _local(one.tag) == "numFmt"
        }
        found: list[tuple[str, bool]] = []
        for styles in root:
            if _local(styles.tag) == "cellXfs":
                for style in styles:
                    number = int(style.get("numFmtId", "0"))
                    code = own.get(number) or BUILTIN_FORMATS.get(number, "General")
                    dated = bool(is_date_format(code)) if number in own else number in BUILTIN_DATES
                    found.append((code, dated))
        return found

    @cached_property
    def epoch(self) -> datetime:
        """The day numbers count from; files made on an old Macintosh count from 1904."""
        for element in self._tree(self._book):
            if _local(element.tag) == "workbookPr" and element.get("date1904") in ("1", "true"):
                return CALENDAR_MAC_1904
        return CALENDAR_WINDOWS_1900

    def _tree(self, part: str) -> ElementTree.Element:
        self._check_size(part, MAX_TREE_BYTES)
        data = self._zip.read(part)
        _refuse_doctype(data, part)
        return ElementTree.fromstring(data)

    def _check_size(self, part: str, most: int) -> None:
        if (size := self._zip.getinfo(part).file_size) > most:
            raise BadInput(TOO_LARGE, path=self.path, size=size >> 20)

    def _find_book(self) -> str:
        for kind, target in self._relations("").values():
            if kind == "officeDocument":
                return target
        raise KeyError("officeDocument")

    def _find_sheets(self) -> dict[str, str]:
        relations = self._relations(self._book)
        sheets: dict[str, str] = {}
        for element in self._tree(self._book).iter():
            if _local(element.tag) == "sheet":
                link = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
                kind, target = relations[link]
                sheets[element.get("name", "")] = target if kind == "worksheet" else ""
        return sheets

    def _part_of_kind(self, wanted: str) -> str | None:
        for kind, target in self._relations(self._book).values():
            if kind == wanted and target in self._zip.NameToInfo:
                return target
        return None

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """id -> (kind, target) of what a part points to."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}
        for element in self._tree(posixpath.join(folder, "_rels", f"{name}.rels")):
            target = element.get("Target", "")
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[element.get("Id", "")] = (element.get("Type", "").rsplit("/", 1)[-1], inside)
        return found


def _open(path: Path) -> ZipFile:
    if path.is_dir() or not path.exists():
        raise BadInput(MISSING, path=path)
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as failure:
        raise BadInput(UNREADABLE, path=path, why=failure.strerror) from None
    if head == OLE:
        raise BadInput(PROTECTED, path=path)
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not head.startswith(b"PK"):
        raise BadInput(WRONG_KIND, path=path)
    try:
        opened = ZipFile(path)
    except (BadZipFile, OSError, NotImplementedError) as failure:
        raise BadInput(BROKEN, path=path) from failure
    parts: list[ZipInfo] = opened.infolist()
    size, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if size > MAX_BYTES or (size > MAX_PART_BYTES and size > MAX_RATIO * packed):
        opened.close()
        raise BadInput(TOO_LARGE, path=path, size=size >> 20)
    if any(part.flag_bits & 1 for part in parts):
        opened.close()
        raise BadInput(PROTECTED, path=path)
    return opened


def _refuse_doctype(data: bytes, part: str) -> None:
    """KeyError for XML that declares a type: no workbook has one, and entities could blow it up or read files."""

    def refuse(*_: object) -> None:
        raise KeyError(part)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise KeyError(part) from None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class Book(Protocol):
    """What rows are read from: sheets by name, the rows of each, and once they are through its merged ranges."""

    sheets: dict[str, str]
    merged: dict[str, list[str]]

    def __enter__(self) -> Book: ...
    def __exit__(self, *_: object) -> None: ...
    def rows(self, sheet: str) -> Iterator[RawRow]:
        """The rows of a sheet that are not empty."""
        ...


def open_book(path: Path) -> Book:
    """A workbook, or a table of text with one sheet (.csv, .tsv). BadInput tells what is wrong with the file."""
    return Delimited(path) if path.suffix.lower() in KINDS else Spreadsheet(path)
