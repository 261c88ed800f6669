"""How a due day came about: the sum of days, with every day off that was passed over on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from states.calendar import Calendar
from states.wording import Text


@dataclass(frozen=True, slots=True)
class Reckoning:
    """From the first day to the due day: what was counted and what was not."""

    starts_on: date
    due_on: date
    value: int
    unit: str
    extension: int
    weekend_days: int
    days_off: tuple[tuple[date, str], ...]
    worked: tuple[date, ...]

    def say(self, lang: str = "vi") -> str:
        """The sum in one sentence."""
        months = self.unit == "months"
        text = _MONTHS if months else _EXTENDED if self.extension else _DAYS
        return text.say(
            lang, start=self.starts_on, due=self.due_on, n=self.value, more=self.extension, weekend=self.weekend_days,
            off=len(self.days_off),
        )  # fmt: skip

    def formula(self, lang: str = "vi") -> str:
        """The sum in one line, with every day off by name: "15/03/2026 + 45 ngày làm việc, trừ … = 21/05/2026"."""
        if self.unit == "months":
            short = self.due_on.day < self.starts_on.day
            text = _SHORT_MONTH if short else _SUM_OF_MONTHS
            return text.say(lang, start=self.starts_on, due=self.due_on, n=self.value, day=self.starts_on.day)
        more = _EXTENSION.say(lang, more=self.extension) if self.extension else ""
        passed = [_WEEKEND.say(lang, n=self.weekend_days)] if self.weekend_days else []
        passed += [f"{_span(first, last)} ({name})" for first, last, name in _runs(self.days_off)]
        less = _LESS.say(lang, days=", ".join(passed)) if passed else ""
        if self.worked:
            less += _WORKED.say(lang, days=", ".join(_short(day) for day in self.worked))
        if not self.adds_up:
            less += _THEN.say(lang)
        return _SUM_OF_DAYS.say(lang, start=self.starts_on, due=self.due_on, n=self.value, more=more, less=less)

    @property
    def adds_up(self) -> bool:
        """Whether today's table of holidays gives this due day; a clock that stopped keeps the one it was judged by."""
        if self.unit == "months":
            return True
        length = (self.due_on - self.starts_on).days
        return length - self.weekend_days - len(self.days_off) == self.value + self.extension


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"


def _span(first: date, last: date) -> str:
    if first == last:
        return _short(first)
    return f"{first.day}–{_short(last)}" if first.month == last.month else f"{_short(first)}–{_short(last)}"


def _holiday(name: str) -> str:
    """One name for all days of Tết; elsewhere the holiday's own, without brackets within brackets."""
    if "Tết" in name and "Dương" not in name:
        return "Tết Nguyên Đán"
    return _BRACKETS.sub(r", \1", name)


def _runs(days_off: tuple[tuple[date, str], ...]) -> list[tuple[date, date, str]]:
    """Days off of one name that follow each other, weekends between them aside, as (first, last, name)."""
    found: list[tuple[date, date, str]] = []
    for day, name in days_off:
        if found:
            first, last, before = found[-1]
            gap = (day - last).days
            if before == _holiday(name) and (gap == 1 or (gap <= 3 and last.weekday() == 4)):
                found[-1] = (first, day, before)
                continue
        found.append((day, day, _holiday(name)))
    return found


def reckoning(starts_on: date, due_on: date, value: int, unit: str, extension: int, calendar: Calendar) -> Reckoning:
    """The sum of a due day as it stands: weekend days, public holidays by name and swapped working days on the way."""
    weekend, off, worked = 0, [], []
    if unit == "working_days":
        day = starts_on
        while day < due_on:
            day += timedelta(days=1)
            name = calendar.day_off_name(day)
            if day.weekday() >= 5:
                if name is None:
                    worked.append(day)
                else:
                    weekend += 1
            elif name is not None:
                off.append((day, name))
    return Reckoning(starts_on, due_on, value, unit, extension, weekend, tuple(off), tuple(worked))


_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
_SUM_OF_MONTHS = Text("{start} + {n} tháng = {due}", "{start} + {n} months = {due}")
_SHORT_MONTH = Text(
    "{start} + {n} tháng = {due} (tháng ấy không có ngày {day})", "{start} + {n} months = {due} (no {day}th that month)"
)
_SUM_OF_DAYS = Text("{start} + {n}{more} ngày làm việc{less} = {due}", "{start} + {n}{more} working days{less} = {due}")
_EXTENSION = Text(" + {more} (gia hạn)", " + {more} (extended)")
_LESS = Text(", trừ {days}", ", less {days}")
_WEEKEND = Text("{n} ngày cuối tuần", "{n} weekend days")
_WORKED = Text(", tính cả {days} (làm bù)", ", {days} worked instead")
_THEN = Text(" (theo lịch nghỉ khi ấy)", " (by the holidays known then)")
_MONTHS = Text("Từ {start}, cộng {n} tháng: hạn cuối {due}.", "From {start}, plus {n} months: due on {due}.")
_DAYS = Text(
    "Từ {start} (không tính ngày này), {n} ngày làm việc, bỏ {weekend} ngày cuối tuần và {off} ngày nghỉ: hạn cuối {due}.",
    "From {start} (not counted), {n} working days, passing {weekend} weekend days and {off} days off: due on {due}.",
)
_EXTENDED = Text(
    "Từ {start} (không tính ngày này), {n} ngày làm việc gia hạn thêm {more}, bỏ {weekend} ngày cuối tuần và {off} ngày nghỉ: "
    "hạn cuối {due}.",
    "From {start} (not counted), {n} working days extended by {more}, passing {weekend} weekend days and {off} days off: "
    "due on {due}.",
)
