"""Which thresholds of a clock have fallen, on which working day each goes out, and how a reminder is worded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from states.aftermath import DECLARATION, PROBATION
from states.calendar import Calendar
from states.membership import CELL, PROCESS, Row
from states.way import (
    CAM_TINH,
    CHO_CHI_BO,
    CHO_CO_SO,
    CHO_LE,
    CHO_QUYET_DINH,
    CT_CHO_CO_SO,
    CT_CHO_QUYET_DINH,
    DA_HOC,
    DUOC_GIOI_THIEU,
    LAP_HO_SO,
    XET_CHINH_THUC,
)
from states.wording import Text

HELPER = "nguoi_giup_do"  # the role that is told of the people helped alone


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a clock reminds: days `before` the due day (0 = the day itself) and every `after_every` days after it."""

    before: tuple[int, ...] = (30, 14, 7, 1, 0)
    after_every: int = 7


class Mark(NamedTuple):
    """One threshold (days before the due day, negative after it) and the working day it goes out on."""

    threshold: int
    planned_for: date


def marks(rhythm: Rhythm, due_on: date, limit_unit: str, calendar: Calendar, today: date) -> list[Mark]:
    """The thresholds that have fallen by `today`, earliest first: the last one is sent, the others were passed over.

    Days are calendar days for month clocks and working days for working-day clocks; one that falls on a day off
    goes out on the working day before. Which of them lie before the clock's start is for `made` to say.
    """
    return [mark for mark in all_marks(rhythm, due_on, limit_unit, calendar, today) if mark.planned_for <= today]


def all_marks(rhythm: Rhythm, due_on: date, limit_unit: str, calendar: Calendar, today: date) -> list[Mark]:
    """Every threshold up to the due day, and those after it up to the first that lies after `today`."""

    def mark(threshold: int) -> Mark:
        return Mark(threshold, calendar.working_day_on_or_before(falls_on(due_on, threshold, limit_unit, calendar)))

    found = [mark(threshold) for threshold in sorted(set(rhythm.before), reverse=True)]
    if rhythm.after_every > 0:
        late = mark(-rhythm.after_every)
        while late.planned_for <= today:
            found.append(late)
            late = mark(late.threshold - rhythm.after_every)
        found.append(late)
    return found


def falls_on(due_on: date, threshold: int, limit_unit: str, calendar: Calendar) -> date:
    """The day so many days before the due day (after it when negative), worked or not."""
    if limit_unit == "months":
        return due_on - timedelta(days=threshold)
    return due_on if threshold == 0 else calendar.add_working_days(due_on, -threshold)


def made(fallen: Iterable[Mark], starts_on: date) -> list[Mark]:
    """Those that do not lie before the clock's start: nobody is reminded of what had not begun."""
    return [mark for mark in fallen if mark.planned_for >= starts_on]


def horizon(rhythms: Iterable[Rhythm], calendar: Calendar, today: date) -> date:
    """The last due day a threshold of which can have fallen by `today`."""
    furthest = max((day for rhythm in rhythms for day in rhythm.before), default=0)
    # A threshold on a day off goes out earlier: what falls before the next working day has fallen today.
    return max(
        calendar.add_working_days(today, furthest + 1), calendar.add_working_days(today, 1) + timedelta(days=furthest)
    )


def days_word(limit_unit: str) -> str:
    """What `days_left` counts: calendar_days or working_days."""
    return "calendar_days" if limit_unit == "months" else "working_days"


def say_left(left: int, limit_unit: str) -> Text:
    """How much time is left, as people say it."""
    vi, en = ("ngày", "days") if limit_unit == "months" else ("ngày làm việc", "working days")
    if left == 0:
        return Text("hôm nay là ngày cuối", "today is the last day")
    if left > 0:
        return Text(f"còn {left} {vi}", f"{left} {en} left")
    return Text(f"quá hạn {-left} {vi}", f"{-left} {en} overdue")


# What has to happen next on the main way, by the step somebody stands at.
_NEXT = {
    DUOC_GIOI_THIEU: "list",
    CAM_TINH: "certify_class",
    DA_HOC: "open_file",
    LAP_HO_SO: "complete_file",
    CHO_CHI_BO: "cell_vote",
    CHO_CO_SO: "base_vote",
    CHO_QUYET_DINH: "decide",
    CHO_LE: "hold_ceremony",
    XET_CHINH_THUC: "recognition_cell_vote",
    CT_CHO_CO_SO: "recognition_base_vote",
    CT_CHO_QUYET_DINH: "decide_recognition",
}
# Clocks that run beside the main way, by the trigger that answers them.
_BESIDE = {DECLARATION: "declare_history", PROBATION: "recognition_cell_vote"}


def awaited(key: str, step: str) -> Row | None:
    """The row of the process that has to happen before the clock `key` runs out, as the person stands now."""
    return PROCESS.get(_BESIDE.get(key) or _NEXT.get(step, ""))


def actor(key: str, step: str) -> Text:
    """Who must act before the clock runs out."""
    row = awaited(key, step)
    return row.who if row else CELL
