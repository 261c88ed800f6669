"""One import under way: the sheets as read, what is known, what has been counted, and every mistake found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from procedures.differences import Differences
from procedures.import_record import Written
from procedures.sheet_rows import Issue, Issues, Row, Table
from procedures.targets import ENDED
from procedures.workbook import nearest
from states.errors import KetnapError
from states.periods import parse_period
from states.wording import Text, fold
from store.base import Connection
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office

UNKNOWN_UNIT = Text(
    "Không có đơn vị mã «{code}». Xin thêm vào sheet don_vi hoặc sửa mã{near}.",
    "There is no unit {code!r}. Add it to the sheet don_vi or put the code right{near}.",
)
NEAR = Text(" (gần giống: {code})", " (similar: {code})")
LOST_ZEROS = Text(
    " (có mã {code}: nếu số 0 ở đầu bị mất, xin đặt định dạng cột là «Text» rồi gõ lại)",
    " (there is {code}: if leading zeros were lost, format the column as Text and type it again)",
)
NO_SUCH_WORD = Text(
    "Không có {what} «{word}»{near}. Chọn một trong: {known}.", "There is no {what} {word!r}{near}. One of: {known}."
)
FUTURE = Text(
    "Ngày {day} ở sau ngày làm việc {today}; không ghi việc chưa xảy ra.",
    "The day {day} lies after the business day {today}; what has not happened is not recorded.",
)
SAME_KEY = Text("Dòng này trùng với dòng {row} ({what}). Xin bỏ một dòng.", "This row repeats row {row} ({what}).")
MANY = 2_000  # codes among which a similar one is still looked for: comparing is slow


@dataclass
class Intake:
    """What one import reads, finds wrong and counts."""

    office: Office
    connection: Connection
    tables: Mapping[str, Table]
    issues: Issues
    recorded_at: datetime
    units: Units = field(default_factory=lambda: Units({}, {}))
    successions: set[tuple[int, int]] = field(default_factory=set)
    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    wrote: Written = field(default_factory=Written)
    seen: frozenset[int] | None = None  # the units the one who imports may see; None = all
    differences: Differences | None = None
    _words: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def rows(self, sheet: str) -> list[Row]:
        """The rows of a sheet; none where it is absent."""
        table = self.tables.get(sheet)
        return table.rows if table else []

    def count(self, sheet: str, *, created: int = 0, updated: int = 0, unchanged: int = 0) -> None:
        """Count rows."""
        self.created[sheet] = self.created.get(sheet, 0) + created
        self.updated[sheet] = self.updated.get(sheet, 0) + updated
        self.unchanged += unchanged

    def find_unit(self, row: Row, column: str) -> int | None:
        """The unit a row names; None when it names none, or an unknown one, which is noted."""
        code = row.get(column)
        return None if code is None else self.find_unit_by_code(row, column, code)

    def find_unit_by_code(self, row: Row, column: str, code: str) -> int | None:
        """The unit of that code; an unknown one is noted at the row's column."""
        unit_id = self.units.by_code.get(code)
        if unit_id is None or not self.may_see(unit_id):
            known = self.units.by_code if self.seen is None else self._seen_codes()
            row.wrong(column, UNKNOWN_UNIT, code=code, near=self._near(code, known))
            return None
        return unit_id

    def may_see(self, unit_id: int) -> bool:
        """Whether a unit is among those of the one who imports; units this import brings are."""
        return self.seen is None or unit_id in self.seen or unit_id in self.wrote.units

    def differ(self, row: Row | None, who: str, what: str, before: object, after: object) -> None:
        """Tell what stands and what the file says, where somebody wants to see it first."""
        if self.differences is not None:
            self.differences.add(row, who, what, before, after)

    def _seen_codes(self) -> dict[str, int]:
        return {code: unit_id for code, unit_id in self.units.by_code.items() if self.may_see(unit_id)}

    def find_word(self, row: Row, column: str, what: Text, known: Mapping[str, Text]) -> str | None:
        """The word of a list that a row gives by itself or by its label; an unknown one is noted."""
        written = row.get(column)
        if written is None:
            return None
        asked = (row.table.sheet.name, column, written)
        if asked in self._words:
            return self._words[asked]
        wanted = fold(written)
        for word, label in known.items():
            if wanted in (fold(word), fold(label.vi), fold(label.en)):
                self._words[asked] = word
                return word
        row.wrong(
            column, NO_SUCH_WORD, what=what, word=written, near=self._near(written, known), known=", ".join(known)
        )
        return None

    def find_period(self, row: Row, column: str = "ky") -> str | None:
        """The period's code; an unreadable or undeclared one is noted."""
        written = row.get(column)
        if written is None:
            return None
        try:
            return parse_period(written, self.office.terms).code
        except KetnapError as failure:
            row.wrong_as(column, failure)
            return None

    def refuse_ended(self, row: Row, period: str, *columns: str) -> None:
        """Note units that were no more when the period began."""
        begins = parse_period(period, self.office.terms).first
        for column in columns:
            unit_id = self.units.by_code.get(row.get(column) or "")
            version = None if unit_id is None else self.units.version(unit_id, begins)
            if version is not None and version.ended:
                last = version.from_on - timedelta(days=1)
                row.wrong(column, ENDED, unit=row.get(column), day=last, period=period)

    def refuse_future(self, row: Row, *columns: str) -> None:
        """Note days after the business day."""
        for column in columns:
            day = row.get(column)
            if isinstance(day, date) and day > self.office.today:
                row.wrong(column, FUTURE, day=day, today=self.office.today)

    def note(self, sheet: str, row: Row | None, column: str, text: Text, values: Mapping[str, object]) -> None:
        """Note a mistake of a sheet, at its row where the file has one."""
        if row is not None:
            row.wrong(column, text, **values)
        else:
            self.issues.add(Issue(sheet, None, column, text, values))

    @staticmethod
    def _near(word: str, known: Mapping[str, Any]) -> str | Text:
        if word.isdigit():
            for width in range(len(word) + 1, 13):
                if (padded := word.zfill(width)) in known:
                    return Text(LOST_ZEROS.vi.format(code=padded), LOST_ZEROS.en.format(code=padded))
        close = nearest(word, known) if len(known) <= MANY else None
        return Text(NEAR.vi.format(code=close), NEAR.en.format(code=close)) if close else ""
