"""A time limit running for one person: started, stopped, made void or resumed by steps; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, Protocol

from states.calendar import Calendar, add_months
from states.errors import BadInput
from states.wording import Text

RUNNING, MET, LATE, VOID = "running", "met", "late", "void"

DECISION_CLOCKS = ("admission_decision_wd", "recognition_decision_wd")


class LimitLike(Protocol):
    """What a clock takes from the law on the day it starts (states.regulations.Limit)."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def profile(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def citation(self) -> str: ...


class ClockRun(NamedTuple):
    """One run of one limit; `due_on` is the last day in time. `run` counts the runs of a key in a person's life."""

    key: str
    run: int
    starts_on: date
    due_on: date
    limit_value: int
    limit_unit: str
    extension: int
    profile: str
    status: str
    citation: str
    calendar: str
    state: str = RUNNING
    stopped_on: date | None = None


_STATE = ClockRun._fields.index("state")


def reckon(start: date, value: int, unit: str, extension: int, calendar: Calendar) -> date:
    """The last day in time: working days counted from the next working day, or calendar months clamped at month ends."""
    if unit == "months":
        return add_months(start, value)
    return calendar.add_working_days(start, value + extension)


def days_left(due_on: date, limit_unit: str, today: date, calendar: Calendar) -> int:
    """Days from today to the due day, negative when overdue: calendar days for month limits, working days otherwise."""
    if limit_unit == "months":
        return (due_on - today).days
    left = calendar.working_days_between(today, due_on)
    # Run out on a Friday, looked at on the Saturday: no working day between, yet over.
    return min(left, -1) if today > due_on else left


class Clocks:
    """The latest run of each limit of one person, and what changed in them since they were handed in."""

    __slots__ = ("before", "changed", "latest")

    def __init__(self, runs: Iterable[ClockRun] = ()) -> None:
        self.latest: dict[str, ClockRun] = {run.key: run for run in runs}
        self.before = dict(self.latest)
        self.changed: dict[tuple[str, int], ClockRun] = {}

    def _put(self, run: ClockRun) -> None:
        self.latest[run.key] = run
        self.changed[run.key, run.run] = run

    def _end(self, run: ClockRun, state: str, on: date | None) -> None:
        self._put(ClockRun._make((*run[:_STATE], state, on)))

    def get(self, key: str) -> ClockRun | None:
        """The latest run of `key`, whatever its state."""
        return self.latest.get(key)

    def running(self, key: str) -> ClockRun | None:
        """The run of `key` that is running now."""
        run = self.latest.get(key)
        return run if run is not None and run.state == RUNNING else None

    def start(self, limit: LimitLike, start: date, calendar: Calendar) -> None:
        """Start a new run under the limit in force on `start`; a text without that limit starts none."""
        before = self.latest.get(limit.key)
        if before is not None and before.state == RUNNING:
            self._end(before, VOID, start)
        if limit.value is None:
            return
        try:
            due_on = reckon(start, limit.value, limit.unit, 0, calendar)
        except (OverflowError, ValueError) as error:
            raise BadInput(
                Text("Ngày {day} nằm ngoài lịch tính được.", "The day {day} is beyond the calendar."), day=start
            ) from error
        number = 1 if before is None else before.run + 1
        self._put(
            ClockRun(limit.key, number, start, due_on, limit.value, limit.unit, 0, limit.profile, limit.status, limit.citation, calendar.version)
        )  # fmt: skip

    def stop(self, key: str, on: date) -> None:
        """The awaited thing happened: met when in time (the due day itself is in time), late after it."""
        run = self.running(key)
        if run is not None:
            self._end(run, MET if on <= run.due_on else LATE, on)

    def void(self, key: str, on: date | None) -> None:
        """The wait ended without its event."""
        run = self.running(key)
        if run is not None:
            self._end(run, VOID, on)

    def resume(self, key: str) -> None:
        """Runs on from its first day, under the text it started under."""
        run = self.latest.get(key)
        if run is not None and run.state != RUNNING:
            self._end(run, RUNNING, None)

    def extend(self, key: str, days: int, calendar: Calendar) -> None:
        """Add working days to a running decision clock, on top of those added before (against the rule, but it happened)."""
        run = self.running(key)
        if run is not None:
            extension = run.extension + days
            due_on = reckon(run.starts_on, run.limit_value, run.limit_unit, extension, calendar)
            self._put(run._replace(extension=extension, due_on=due_on))

    def rereckon(self, key: str, limit: LimitLike, calendar: Calendar) -> None:
        """Reckon a running clock again after the holiday table or a confirmed limit changed."""
        run = self.running(key)
        if run is None or limit.value is None:
            return
        due_on = reckon(run.starts_on, limit.value, limit.unit, run.extension, calendar)
        self._put(
            run._replace( due_on=due_on, limit_value=limit.value, limit_unit=limit.unit, profile=limit.profile,
                status=limit.status, citation=limit.citation, calendar=calendar.version,
            )
        )  # fmt: skip

    def told_apart(self) -> tuple[list[ClockRun], list[ClockRun]]:
        """The changed runs: those handed in that only stopped, became void or ran on again; and all others."""
        ended: list[ClockRun] = []
        others: list[ClockRun] = []
        for run in self.changed.values():
            old = self.before.get(run.key)
            (ended if old is not None and old[:_STATE] == run[:_STATE] else others).append(run)
        return ended, others

    def as_rows(self) -> list[list[Any]]:
        """Plain values for keeping."""
        return [
            [key, run, starts_on.isoformat(), due_on.isoformat(), *rest, stopped_on and stopped_on.isoformat()]
            for key, run, starts_on, due_on, *rest, stopped_on in self.latest.values()
        ]

    @classmethod
    def from_rows(cls, rows: Iterable[list[Any]]) -> Clocks:
        """What `as_rows` kept."""
        return cls(_from_row(row) for row in rows)


def _from_row(row: list[Any]) -> ClockRun:
    key, run, starts_on, due_on, *rest, stopped_on = row
    day = date.fromisoformat
    return ClockRun._make((key, run, day(starts_on), day(due_on), *rest, day(stopped_on) if stopped_on else None))
