"""A list of people pasted from a spreadsheet: who each line means and what it says of them, every problem by its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from procedures import access
from procedures.cells import count
from procedures.delimited import read_lines
from procedures.many import MOST, ManyForm
from procedures.office import Office
from procedures.sheet_reader import Cell, column_letter
from procedures.step_form import DATE, DAY, NUMBER, FormField
from states.calendar import parse_day
from states.errors import BadInput
from states.events import FIELDS, OUTCOMES, split_names, tidy
from states.wording import Text, fold
from store.people_by_name import NamedPerson, find_coded, find_named

MOST_LINES = MOST + 1  # with the headings
MOST_LETTERS = 500_000
CODE, NAME, SKIP = "ma", "ho_ten", ""
WORDS: Mapping[str, Sequence[str]] = {
    CODE: ("ma", "ma nguoi", "ma so", "ma ung vien", "ung_vien", "code"),
    NAME: ("ho_ten", "ho ten", "ho va ten", "ten", "hoc vien", "nguoi", "name", "full name"),
    SKIP: ("stt", "tt", "so tt", "so thu tu", "no"),
    NUMBER: ("so_van_ban", "so van ban", "so gcn", "so giay chung nhan", "so quyet dinh", "so nghi quyet", "document"),
    DATE: ("ngay_van_ban", "ngay van ban", "ngay cap", "ngay ky", "document date"),
    DAY: ("ngay", "ngay hop", "day"),
}

NOTHING = Text("Chưa có dòng nào.", "There is no line.")
TOO_MUCH = Text(
    "Bảng dán quá dài (nhiều nhất {lines} dòng). Xin chia nhỏ.", "Too much was pasted (at most {lines} lines)."
)
NO_PERSON_COLUMN = Text(
    "Không cột nào là mã hay họ tên của người trong phạm vi của bạn. Xin thêm dòng tiêu đề, ví dụ: Mã, Họ và tên.",
    "No column holds codes or names of your people. Add a row of headings, such as: Mã, Họ và tên.",
)
UNKNOWN_HEADING = Text(
    "Không hiểu tiêu đề «{words}». Có thể dùng: {known}.", "The heading “{words}” is not known. Known are: {known}."
)
UNKNOWN_COLUMN = Text(
    "Cột này không rõ là gì. Xin thêm dòng tiêu đề: {known}.",
    "What this column is is not clear. Add headings: {known}.",
)
TWICE_HEADING = Text("Hai cột cùng là «{words}».", "Two columns are “{words}”.")
NO_CODE = Text(
    "Không có người mã «{code}» trong phạm vi của bạn.", "There is nobody of the code “{code}” among your people."
)
NO_NAME = Text(
    "Không có ai tên «{name}» trong phạm vi của bạn. Xin ghi mã.",
    "There is nobody called “{name}” among your people. Give the code.",
)
SEVERAL = Text(
    "Có {count} người tên «{name}»: {codes}. Xin ghi mã.", "{count} people are called “{name}”: {codes}. Give the code."
)
OTHER_NAME = Text(
    "Mã {code} là của {known}, dòng này ghi «{name}». Xin xem lại.",
    "The code {code} is that of {known}; this line says “{name}”. Please check.",
)
EMPTY = Text("Dòng này không có mã hay họ tên.", "This line has neither code nor name.")
TWICE = Text("Người này đã có ở dòng {line}.", "This person stands in line {line} already.")


@dataclass(frozen=True, slots=True)
class PasteProblem:
    """What is wrong, and where: the line of the pasted text, the column's letter and heading."""

    line: int
    column: str
    heading: str
    message: str


@dataclass
class Pasted:
    """People in their order with what is said of each; nothing may be done with it while there are problems."""

    people: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[PasteProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: dict[int, str]


def read_pasted(office: Office, form: ManyForm, text: str) -> Pasted:
    """Read lines of cells parted by tabs (or ; ,), with or without headings, columns in any order.

    People are meant by code, or by a name that only one of the actor's people has. Days are dd/mm/yyyy. BadInput where
    there is nothing to read at all.
    """
    access.require(office, "act_for_many")
    if len(text) > MOST_LETTERS:
        raise BadInput(TOO_MUCH, lines=MOST_LINES)
    lines = [
        _Line(row.number, {place: tidy(str(cell.value)) or "" for place, cell in row.cells.items()})
        for row in read_lines(unicodedata.normalize("NFC", text), Path("-"))
    ]
    if not lines:
        raise BadInput(NOTHING)
    if len(lines) > MOST_LINES:
        raise BadInput(TOO_MUCH, lines=MOST_LINES)
    return _Reader(office, form, lines).read()


class _Reader:
    def __init__(self, office: Office, form: ManyForm, lines: list[_Line]) -> None:
        self.office, self.form, self.lines = office, form, lines
        self.pasted = Pasted()
        self.fields: dict[str, FormField] = {one.name: one for one in form.own}
        self.headings: dict[int, str] = {}
        words = {cell for line in lines for cell in line.cells.values()}
        with office.database.reading() as connection:
            seen = access.visible(office, connection)
            self.by_code = find_coded(connection, sorted(words), seen)
            self.by_name = find_named(connection, sorted({fold(word) for word in words} - {""}), seen)

    def read(self) -> Pasted:
        columns = self._headings()
        if columns is None:
            columns = self._guess()
        else:
            self.lines = self.lines[1:]
            if not self.lines:
                raise BadInput(NOTHING)
        if self.pasted.problems:
            return self.pasted
        first: dict[str, int] = {}
        for line in self.lines:
            person = self._person(line, columns)
            said = self._said(line, columns)
            if person is None:
                continue
            if person.code in first:
                self._wrong(line, columns[0][0], TWICE, line=first[person.code])
                continue
            first[person.code] = line.number
            self.pasted.people[person.code] = said
        return self.pasted

    # Columns ---------------------------------------------------------------------------------------------------------

    def _headings(self) -> list[tuple[int, str]] | None:
        """(place, what) of the columns by the first line; None where that is no line of headings."""
        cells = self.lines[0].cells
        known = {place: self._heading(words) for place, words in cells.items()}
        people = [place for place, what in known.items() if what in (CODE, NAME)]
        if not people or any(self._means_somebody(words) for words in cells.values()):
            return None
        self.headings = dict(cells)
        found: dict[str, int] = {}
        for place, what in known.items():
            if what is None:
                self._wrong(self.lines[0], place, UNKNOWN_HEADING, words=cells[place], known=self._known())
            elif what in found and what != SKIP:
                self._wrong(self.lines[0], place, TWICE_HEADING, words=cells[place])
            else:
                found[what] = place
        for place in {p for line in self.lines[1:] for p in line.cells} - cells.keys():
            line = next(line for line in self.lines[1:] if place in line.cells)
            self._wrong(line, place, UNKNOWN_COLUMN, known=self._known())
        return _people_first([(place, what) for place, what in known.items() if what])

    def _heading(self, words: str) -> str | None:
        if not (wanted := fold(words)):
            return None
        for what, names in WORDS.items():
            if (what in (CODE, NAME, SKIP) or what in self.fields) and wanted in {fold(name) for name in names}:
                return what
        for name, one in self.fields.items():
            labels = {fold(name), fold(one.label)} | ({fold(FIELDS[name].column)} if name in FIELDS else set())
            if wanted in labels:
                return name
        return None

    def _known(self) -> str:
        return ", ".join(["Mã", "Họ và tên", *(one.label for one in self.fields.values())])

    def _guess(self) -> list[tuple[int, str]]:
        """The columns by what stands in them: people first, the others by the kind of what they hold, in their order."""
        places = sorted({place for line in self.lines for place in line.cells})
        coded = {p: sum(line.cells.get(p) in self.by_code for line in self.lines) for p in places}
        named = {p: sum(fold(line.cells.get(p, "")) in self.by_name for line in self.lines) for p in places}
        found: list[tuple[int, str]] = []
        code = max(places, key=lambda p: coded[p])
        name = max(places, key=lambda p: named[p])
        if coded[code]:
            found.append((code, CODE))
        if named[name] and (not coded[code] or name != code):
            found.append((name, NAME))
        if not found:
            self._wrong(self.lines[0], places[0], NO_PERSON_COLUMN)
            return []
        taken = {place for place, _ in found}
        first = self.lines[0].cells
        if len(self.lines) > 1 and any(_names_people(first.get(place, "")) for place in taken):
            self.headings, self.lines = dict(first), self.lines[1:]  # headings of the sender's own
        rest = [p for p in places if p not in taken and not self._is_count_of_lines(p)]
        free = list(self.fields.values())
        for place in rest:
            values = [line.cells[place] for line in self.lines if place in line.cells]
            said = self._heading(self.headings.get(place, ""))
            if said == SKIP or not values:
                continue
            one = next((one for one in free if one.name == said), None)
            one = one or next((one for one in free if _fits(one, values)), None)
            if one is None:
                self._wrong(self.lines[0], place, UNKNOWN_COLUMN, known=self._known())
            else:
                free.remove(one)
                found.append((place, one.name))
        return _people_first(found)

    def _is_count_of_lines(self, place: int) -> bool:
        """1, 2, 3 … down the lines."""
        if place != min(p for line in self.lines for p in line.cells) or len(self.lines) < 2:
            return False
        return [line.cells.get(place) for line in self.lines] == [str(n) for n in range(1, len(self.lines) + 1)]

    def _means_somebody(self, words: str) -> bool:
        return words in self.by_code or fold(words) in self.by_name

    # Lines -----------------------------------------------------------------------------------------------------------

    def _person(self, line: _Line, columns: Sequence[tuple[int, str]]) -> NamedPerson | None:
        at = {what: place for place, what in columns}
        code, name = (line.cells.get(at.get(what, 0), "") for what in (CODE, NAME))
        if code:
            found = self.by_code.get(code)
            if not found:
                self._wrong(line, at[CODE], NO_CODE, code=code)
                return None
            if name and fold(name) != found[0].name_key:
                self._wrong(line, at[NAME], OTHER_NAME, code=code, known=found[0].name, name=name)
                return None
            return found[0]
        if not name:
            self._wrong(line, columns[0][0], EMPTY)
            return None
        people = self.by_name.get(fold(name), [])
        exact = [one for one in people if one.name.casefold() == " ".join(name.split()).casefold()]
        people = exact if len(exact) == 1 else people
        if len(people) != 1:
            codes = ", ".join(sorted(one.code for one in people)[:5])
            if people:
                self._wrong(line, at[NAME], SEVERAL, count=len(people), name=name, codes=codes)
            else:
                self._wrong(line, at[NAME], NO_NAME, name=name)
            return None
        return people[0]

    def _said(self, line: _Line, columns: Sequence[tuple[int, str]]) -> dict[str, str]:
        said: dict[str, str] = {}
        for place, what in columns:
            value = line.cells.get(place, "")
            if what in (CODE, NAME) or not value:
                continue
            said[what] = _tidied(self.fields[what], value)
            problem = _problem(self.form, what, said[what], self.office.lang)
            if problem is not None:
                self._say(line, place, problem)
        return said

    def _wrong(self, line: _Line, place: int, text: Text, /, **values: object) -> None:
        self._say(line, place, text.say(self.office.lang, **values))

    def _say(self, line: _Line, place: int, message: str) -> None:
        self.pasted.problems.append(
            PasteProblem(line.number, column_letter(place), self.headings.get(place, ""), message)
        )


def _names_people(words: str) -> bool:
    """Whether these words are a heading of people («Mã học viên», «Họ đệm và tên»), not somebody's name."""
    return bool({"mã", "tên", "code", "name"} & set(words.casefold().split()))


def _people_first(found: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(found, key=lambda one: (one[1] not in (CODE, NAME), one[0]))


def _problem(form: ManyForm, name: str, value: str, lang: str) -> str | None:
    """What is wrong with one cell by itself."""
    alone = {one.name: (value if one.name == name else one.value) for one in form.whole.fields}
    try:
        form.whole.read(alone, lang)
    except BadInput as error:
        said = error.details.get("fields", {}).get(name)
        return str(said) if said else None
    return None


def _fits(one: FormField, values: Sequence[str]) -> bool:
    if one.kind == "count":
        return all(_whole(value).isdigit() for value in values)
    if one.kind == "choice":
        words = {fold(word) for code, text in OUTCOMES.items() for word in (code, text.vi, text.en)}
        return all(fold(value) in words for value in values)
    if one.kind == "day":
        return all(_is_day(value) for value in values)
    return not any(_is_day(value) for value in values)


def _tidied(one: FormField, value: str) -> str:
    """A choice by its code, so that the grid shows it chosen; names parted as the form parts them; 8,00 as 8."""
    if one.kind == "count":
        return _whole(value)
    if one.kind == "choice":
        for code, text in OUTCOMES.items():
            if fold(value) in (fold(code), fold(text.vi), fold(text.en)):
                return code
    return "; ".join(split_names(value)) if one.kind == "names" else value


def _whole(value: str) -> str:
    """A whole number as a spreadsheet shows it by its cell's format; anything else as it is."""
    try:
        return count(Cell("text", value))
    except BadInput:
        return value


def _is_day(value: str) -> bool:
    try:
        parse_day(value)
    except BadInput:
        return False
    return True
