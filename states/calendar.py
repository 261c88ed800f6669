"""Days: which ones are worked in Vietnam, how working days and calendar months are counted, how a day is read."""

from __future__ import annotations

import hashlib
import re
from array import array
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib.metadata import version
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

from states.errors import BadInput
from states.wording import Text

SINCE_EVER = date(1, 1, 1)

FIRST_YEAR, LAST_YEAR = 1900, 2110  # the holiday library knows 1901-2100; beyond it only weekends are free

# Days the State swapped that the holiday library does not carry yet, each with its ground.
# 12729/VPCP-KGVX, 25/12/2025 (public sector): Friday 02/01/2026 off, Saturday 10/01/2026 worked instead.
SWAPPED_OFF = {date(2026, 1, 2): "Nghỉ hoán đổi (làm bù ngày 10/01/2026), 12729/VPCP-KGVX"}
SWAPPED_WEEKEND = "Làm bù theo lịch hoán đổi của Nhà nước"
SWAPPED_WORKED = {date(2026, 1, 10): "Làm bù cho ngày 02/01/2026, 12729/VPCP-KGVX"}

_NOTHING: Mapping[date, str] = MappingProxyType({})


class SpecialDay(NamedTuple):
    """A day that is not worked though it might be, or worked though it would not be; `source` says who knows it.

    library: the holiday table; swapped: the State's swaps written here; own: the installation's config.yaml.
    """

    day: date
    name: str
    worked: bool
    source: str


class _Span:
    """Whole years laid out flat: `days` = their working days, `upto[i]` = how many of them lie on or before day i."""

    __slots__ = ("days", "first", "last", "upto")

    def __init__(self, years: Mapping[int, list[date]]) -> None:
        self.first = date(min(years), 1, 1).toordinal()
        self.last = date(max(years), 12, 31).toordinal()
        self.days = [day for year in sorted(years) for day in years[year]]
        worked = {day.toordinal() for day in self.days}
        self.upto = array("i")
        count = 0
        for ordinal in range(self.first, self.last + 1):
            count += ordinal in worked
            self.upto.append(count)


class Calendar:
    """Monday to Friday less public holidays, with swapped and compensatory days; an installation's own days win.

    Nothing is read at construction: years are laid out when first asked for and kept. Years 1900 to 2110.
    """

    def __init__(self, days_off: Mapping[date, str] = _NOTHING, worked: Mapping[date, str] = _NOTHING) -> None:
        self._off = {d: n for d, n in SWAPPED_OFF.items() if d not in worked} | dict(days_off)
        self._worked = {d: n for d, n in SWAPPED_WORKED.items() if d not in days_off} | dict(worked)
        if twice := sorted(self._off.keys() & self._worked.keys()):
            raise BadInput(
                Text("Ngày {day} vừa ghi là ngày nghỉ vừa ghi là ngày làm việc.", "{day} is both off and worked."),
                day=twice[0],
            )
        entries = sorted((d.isoformat(), kind) for kind, m in (("-", self._off), ("+", self._worked)) for d in m)
        library = version("holidays")
        self.version: str = f"{library}-{hashlib.sha256(repr(entries).encode()).hexdigest()[:8]}"
        self._years: dict[int, list[date]] = {}
        self._names: dict[date, str] = {}
        self._span: _Span | None = None
        self._laying = Lock()  # the flows' threads share one calendar

    # ------------------------------------------------------------------ one day

    def is_working_day(self, day: date) -> bool:
        """True when offices work on `day`."""
        span, place = self._place(day)
        return span.upto[place] > (span.upto[place - 1] if place else 0)

    def day_off_name(self, day: date) -> str | None:
        """Why nobody works on `day`: the holiday's name or the weekend's; None on a working day."""
        if self.is_working_day(day):
            return None
        return self._names.get(day) or ("Thứ Bảy" if day.weekday() == 5 else "Chủ nhật")

    def working_day_on_or_before(self, day: date) -> date:
        """`day` itself when worked, else the last working day before it."""
        return day if self.is_working_day(day) else self.add_working_days(day, -1)

    def working_day_on_or_after(self, day: date) -> date:
        """`day` itself when worked, else the first working day after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1)

    def special_days(self, year: int) -> list[SpecialDay]:
        """Public holidays, on weekends too, and swapped days of a year, in order."""
        found = []
        day = date(year, 1, 1)
        self._place(day)
        self._place(date(year, 12, 31))
        while day.year == year:
            works = self.is_working_day(day)
            if works and day.weekday() >= 5:
                found.append(SpecialDay(day, self._worked.get(day, SWAPPED_WEEKEND), True, self._source(day)))
            elif not works and (day in self._names or day.weekday() < 5):
                found.append(SpecialDay(day, self._names.get(day, ""), False, self._source(day)))
            day += timedelta(days=1)
        return found

    def working_days_by_month(self, year: int) -> list[int]:
        """How many days offices work in each month of a year."""
        ends = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
        before = [date(year - 1, 12, 31), *ends[:-1]]
        return [self.working_days_between(start, end) for start, end in zip(before, ends, strict=True)]

    def _source(self, day: date) -> str:
        if day in SWAPPED_OFF and self._off.get(day) == SWAPPED_OFF[day]:
            return "swapped"
        if day in SWAPPED_WORKED and self._worked.get(day) == SWAPPED_WORKED[day]:
            return "swapped"
        return "own" if day in self._off or day in self._worked else "library"

    # ------------------------------------------------------------------ counting

    def add_working_days(self, start: date, n: int) -> date:
        """The nth working day after `start` (day 1 is the next working day); 0 is `start`, negative counts back."""
        if n == 0:
            return start
        ordinal = start.toordinal()
        span = self._span
        if span is None or not span.first < ordinal <= span.last:
            span, _ = self._place(start)
        if n > 0:
            place = span.upto[ordinal - span.first] + n - 1
            while place >= len(span.days):
                span = self._reach(date.fromordinal(span.last).year + 1 + n // 300)
                place = span.upto[ordinal - span.first] + n - 1
            return span.days[place]
        place = span.upto[ordinal - span.first - 1] + n
        while place < 0:
            span = self._reach(date.fromordinal(span.first).year - 1 + n // 300)
            place = span.upto[ordinal - span.first - 1] + n
        return span.days[place]

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        self._place(start)
        span, place = self._place(end)
        return span.upto[place] - span.upto[start.toordinal() - span.first]

    # ------------------------------------------------------------------ laying out years

    def _place(self, day: date) -> tuple[_Span, int]:
        span, ordinal = self._span, day.toordinal()
        # the very first day of the span is never answered from it, so that a day before always has its count
        if span is None or not span.first < ordinal <= span.last:
            span = self._reach(day.year - (day.month == 1), day.year)
        return span, ordinal - span.first

    def _reach(self, *years: int) -> _Span:
        """Lay out all years from the present span to `years`; the new span replaces the old in one assignment."""
        for year in years:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise BadInput(
                    Text(
                        "Lịch làm việc chỉ tính được từ năm 1901 đến năm 2110; năm {year} ở ngoài.",
                        "The working calendar covers 1901 to 2110; {year} lies outside.",
                    ),
                    year=year,
                )
        with self._laying:
            for year in range(min(*years, *self._years, 9999), max(*years, *self._years, 0) + 1):
                if year not in self._years:
                    self._years[year] = list(self._lay_out(year))
            self._span = span = _Span(self._years)
        return span

    def _lay_out(self, year: int) -> Iterator[date]:
        from holidays import country_holidays  # a quarter of a second: only when days are really counted

        public = country_holidays("VN", years=year, language="vi")
        swapped = {day for day in public.weekend_workdays if day.year == year}
        self._names |= {day: name for day, name in public.items() if day.year == year}
        self._names |= {day: name for day, name in self._off.items() if day.year == year}
        day = date(year, 1, 1)
        while day.year == year:
            usual = (day.weekday() < 5 and day not in public) or day in swapped
            if day in self._worked or (usual and day not in self._off):
                yield day
            day += timedelta(days=1)


# ---------------------------------------------------------------------- months


def add_months(day: date, months: int) -> date:
    """The same day `months` later; where that month is too short, its last day (31/08 + 6 = 28 or 29/02)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)


def age_months(birth: str, on: date) -> int:
    """Age on `on` in calendar months, the day ignored (294-QĐ/TW 1.1).

    `birth` is "1990", "1990-03" or "1990-03-20"; an incomplete one counts as its latest possible day.
    """
    year, _, rest = birth.partition("-")
    return (on.year - int(year)) * 12 + on.month - int(rest[:2] or 12)


# ---------------------------------------------------------------------- reading

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_VIETNAMESE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def parse_day(value: object) -> date:
    """A day from a date, a datetime, "31/12/2020", "1/2/2020" or "2020-12-31"; BadInput says what is wrong with it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = str(value).strip()
    if iso := _ISO.fullmatch(written):
        year, month, day = (int(part) for part in iso.groups())
    elif vietnamese := _VIETNAMESE.fullmatch(written):
        day, month, year = (int(part) for part in vietnamese.groups())
    else:
        raise BadInput(
            Text(
                "«{written}» không phải là ngày. Viết ngày/tháng/năm, ví dụ 31/12/2020 hoặc 2020-12-31.",
                "{written!r} is not a day. Write 31/12/2020 or 2020-12-31.",
            ),
            written=written,
        )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(
            Text(
                "Ngày «{written}»: năm {year} nằm ngoài 1900–2110, xin xem lại.",
                "{written!r}: the year {year} is not within 1900-2110.",
            ),
            written=written,
            year=year,
        )
    if not 1 <= month <= 12:
        raise BadInput(
            Text("Ngày «{written}»: không có tháng {month}.", "{written!r}: there is no month {month}."),
            written=written,
            month=month,
        )
    length = monthrange(year, month)[1]
    if not 1 <= day <= length:
        raise BadInput(
            Text(
                "Không có ngày {day:02d}/{month:02d}/{year}: tháng {month} năm {year} có {length} ngày.",
                "There is no day {year}-{month:02d}-{day:02d}: that month has {length} days.",
            ),
            day=day,
            month=month,
            year=year,
            length=length,
        )
    return date(year, month, day)
