"""How a due day came about: the sum of days, with every day off that was passed over on the way."""

from __future__ import annotations

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
