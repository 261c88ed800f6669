"""Periods figures are counted over: month, quarter, half, nine months, year and a declared term."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from states.errors import BadInput
from states.wording import Text

MONTH, QUARTER, HALF, NINE_MONTHS, YEAR, TERM = "month", "quarter", "half", "nine_months", "year", "term"

_CODE = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])|(9M)))?", re.ASCII)
_TERM = re.compile(r"(\d{4})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """All days from `first` to `last`, both included."""

    code: str
    first: date
    last: date
    kind: str

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.last - self.first).days + 1

    def contains(self, other: Period) -> bool:
        """True when `other` is strictly shorter and lies wholly within."""
        return self.first <= other.first and other.last <= self.last and self.days > other.days

    def label(self, lang: str = "vi") -> str:
        """ "Quý II năm 2020", "6 tháng đầu năm 2020"."""
        year = self.code[:4]
        if self.kind == MONTH:
            return _MONTH.say(lang, month=self.first.month, year=year)
        if self.kind == QUARTER:
            return _QUARTER.say(lang, number=int(self.code[-1]), roman=ROMAN[int(self.code[-1])], year=year)
        if self.kind == HALF:
            return (_FIRST_HALF if self.first.month == 1 else _SECOND_HALF).say(lang, year=year)
        if self.kind == TERM:
            return _TERM_LABEL.say(lang, code=self.code.replace("/", "–"))
        return (_NINE_MONTHS if self.kind == NINE_MONTHS else _YEAR).say(lang, year=year)


ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_MONTH = Text("Tháng {month} năm {year}", "{year}, month {month}")
_QUARTER = Text("Quý {roman} năm {year}", "{year}, quarter {number}")
_FIRST_HALF = Text("6 tháng đầu năm {year}", "{year}, first half")
_SECOND_HALF = Text("6 tháng cuối năm {year}", "{year}, second half")
_NINE_MONTHS = Text("9 tháng đầu năm {year}", "{year}, first nine months")
_YEAR = Text("Năm {year}", "Year {year}")
_TERM_LABEL = Text("Nhiệm kỳ {code}", "Term {code}")


def parse_period(code: object, terms: Mapping[str, tuple[date, date]]) -> Period:
    """The period `code` names: 2020-06, 2020-Q2, 2020-H1, 2020-9M, 2020 or a term of `terms`; a date is its month."""
    if isinstance(code, date):
        code = f"{code.year:04d}-{code.month:02d}"
    text = "".join(str(code).split()).upper().replace("–", "-")
    if text in terms:
        return Period(text, *terms[text], TERM)
    if term := _TERM.fullmatch(text):
        first, last = term.groups()
        raise BadInput(
            Text(
                "Nhiệm kỳ «{code}» chưa được khai báo. Xin thêm vào config.yaml dòng: {line}",
                "The term {code!r} is not declared. Add this line to config.yaml: {line}",
            ),
            code=text,
            line=f'terms: {{"{text}": {{first: {first}-07-01, last: {last}-06-30}}}}',
        )
    parts = _CODE.fullmatch(text)
    if parts is None or not 1900 <= int(parts[1]) <= 2110 or (parts[2] and not 1 <= int(parts[2]) <= 12):
        raise BadInput(
            Text(
                "«{code}» không phải là kỳ. Viết 2020-06 (tháng), 2020-Q2 (quý), 2020-H1 (6 tháng), "
                "2020-9M (9 tháng), 2020 (năm) hoặc 2015/2020 (nhiệm kỳ).",
                "{code!r} is not a period. Write 2020-06, 2020-Q2, 2020-H1, 2020-9M, 2020 or 2015/2020.",
            ),
            code=code,
        )
    year, month, quarter, half, nine = parts.groups()
    if month:
        return _months(text, int(year), int(month), 1, MONTH)
    if quarter:
        return _months(text, int(year), 3 * int(quarter) - 2, 3, QUARTER)
    if half:
        return _months(text, int(year), 6 * int(half) - 5, 6, HALF)
    return _months(text, int(year), 1, 9, NINE_MONTHS) if nine else _months(text, int(year), 1, 12, YEAR)


def periods_of_years(kind: str, first: int, last: int) -> list[Period]:
    """Every month, quarter, half, nine months or year of these calendar years, oldest first."""
    return [parse_period(f"{year:04d}{end}", {}) for year in range(first, last + 1) for end in _ENDINGS[kind]]


def period_of(kind: str, day: date) -> Period:
    """The month, quarter, half or year a day lies in."""
    return next(one for one in periods_of_years(kind, day.year, day.year) if one.first <= day <= one.last)


_ENDINGS = {
    MONTH: [f"-{number:02d}" for number in range(1, 13)],
    QUARTER: ["-Q1", "-Q2", "-Q3", "-Q4"],
    HALF: ["-H1", "-H2"],
    NINE_MONTHS: ["-9M"],
    YEAR: [""],
}


def enclosing(period: Period, terms: Mapping[str, tuple[date, date]]) -> list[Period]:
    """The strictly longer periods that contain `period`, shortest first."""
    year = f"{period.first.year:04d}"
    codes = [*(f"{year}-Q{n}" for n in (1, 2, 3, 4)), f"{year}-H1", f"{year}-H2", f"{year}-9M", year, *terms]
    longer = [p for p in (parse_period(code, terms) for code in codes) if p.contains(period)]
    return sorted(longer, key=lambda p: (p.days, p.first, p.code))


def _months(code: str, year: int, month: int, length: int, kind: str) -> Period:
    end = month + length - 1
    return Period(code, date(year, month, 1), date(year, end, monthrange(year, end)[1]), kind)
