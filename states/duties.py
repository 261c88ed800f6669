"""Duties that return: in which period, due on which day, and which of them a day has to look at."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from states.calendar import Calendar
from states.errors import BadInput
from states.periods import Period, period_of
from states.wording import Text

_DAY_OF_YEAR = re.compile(r"(\d{1,2})[/.-](\d{1,2})")


@dataclass(frozen=True)
class Duty:
    """What units of these kinds owe every period. `due`: "31/12" of the year, or the nth working day after its end."""

    key: str
    label: str
    kinds: tuple[str, ...]
    every: str
    due: str | int
    done_by: str  # the indicator whose reported figure, when it is more than 0, says it is done
    roles: tuple[str, ...]
    since: date | None = None  # nothing is owed for periods that began earlier

    @cached_property
    def limit_unit(self) -> str:
        """How its days are counted: calendar days to a day of the year, working days after a period's end."""
        return "working_days" if isinstance(self.due, int) else "months"

    def due_on(self, period: Period, calendar: Calendar) -> date:
        """The last day on which it is in time."""
        if isinstance(self.due, int):
            return calendar.add_working_days(period.last, self.due)
        day, month = read_day_of_year(self.due)
        return _day_in(period.first.year, month, day)

    def periods(self, today: date) -> Iterator[Period]:
        """The period before the one of `today` and that itself, unless they began before `since`."""
        current = period_of(self.every, today)
        for period in (period_of(self.every, current.first - timedelta(days=1)), current):
            if self.since is None or period.first >= self.since:
                yield period


def read_day_of_year(written: str) -> tuple[int, int]:
    """(day, month) of "31/12"; 29/02 is allowed and falls on the 28th in other years."""
    found = _DAY_OF_YEAR.fullmatch(written.strip())
    day, month = (int(part) for part in found.groups()) if found else (0, 0)
    try:
        date(2024, month, day)  # a leap year
    except ValueError:
        raise BadInput(
            Text(
                "«{written}» không phải ngày trong năm. Viết ngày/tháng, ví dụ 31/12, hoặc số ngày làm việc sau khi hết kỳ.",
                "{written!r} is not a day of the year. Write 31/12, or the number of working days after the period's end.",
            ),
            written=written,
        ) from None
    return day, month


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, day) if (month, day) != (2, 29) or isleap(year) else date(year, 2, 28)
