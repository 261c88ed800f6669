"""Counts over the whole office for its status page: people by step, clocks by day, cases, jobs, letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from store.candidates import STANDS, Candidate
from store.claims import JobClaim
from store.clocks import Clock
from store.escalation import Case
from store.notices import Letter, Notice
from store.units import Unit

_candidates, _clocks, _cases = Candidate.__table__, Clock.__table__, Case.__table__  # type: ignore[attr-defined]
_units, _claims = Unit.__table__, JobClaim.__table__  # type: ignore[attr-defined]
_letters, _notices = Letter.__table__, Notice.__table__  # type: ignore[attr-defined]
_running = _clocks.c.state == "running"
_open = _cases.c.step != "da_dong"


class Due(NamedTuple):
    """Running clocks of one key: past their day, and due between two days."""

    key: str
    overdue: int
    soon: int


class DueClock(NamedTuple):
    """One running clock, by code."""

    code: str
    unit: str
    key: str
    due_on: date


class OpenCase(NamedTuple):
    """A unit behind."""

    unit: str
    indicator: str
    period: str
    step: str
    since: date
    actual: object
    floor: object


class Job(NamedTuple):
    """A job's latest claim, and when it was last done."""

    job: str
    scope: str
    claimed_at: datetime
    done_at: datetime | None
    expires_at: datetime
    result: dict[str, object] | None


def people_by_step(connection: Connection) -> dict[str, int]:
    """How many people stand on each step."""
    rows = connection.execute(select(_candidates.c.step, func.count()).where(STANDS).group_by(_candidates.c.step))
    return {str(step): int(number) for step, number in rows}


def due_by_key(connection: Connection, today: date, until: date) -> list[Due]:
    """Clocks whose day has passed or comes by `until`, counted by key, the fullest first."""
    late = func.sum(case((_clocks.c.due_on < today, 1), else_=0))
    soon = func.sum(case((_clocks.c.due_on >= today, 1), else_=0))
    statement = (
        select(_clocks.c.key, late, soon)
        .where(_running, _clocks.c.due_on <= until)
        .group_by(_clocks.c.key)
        .order_by((late + soon).desc(), _clocks.c.key)
    )
    return [Due(*row) for row in connection.execute(statement)]


def most_urgent(connection: Connection, until: date, limit: int) -> list[DueClock]:
    """The running clocks with the earliest days up to `until`."""
    statement = (
        select(_candidates.c.code, _units.c.code, _clocks.c.key, _clocks.c.due_on)
        .join_from(_clocks, _candidates, _clocks.c.candidate_id == _candidates.c.id)
        .join(_units, _candidates.c.unit_id == _units.c.id)
        .where(_running, _clocks.c.due_on <= until)
        .order_by(_clocks.c.due_on, _candidates.c.code, _clocks.c.key)
        .limit(limit)
    )
    return [DueClock(*row) for row in connection.execute(statement)]


def open_cases(connection: Connection, limit: int) -> tuple[int, int, list[OpenCase]]:
    """How many cases are open, of how many units, and the oldest of them."""
    total, units = connection.execute(
        select(func.count(), func.count(func.distinct(_cases.c.unit_id))).where(_open)
    ).one()
    columns = (_cases.c[name] for name in ("indicator", "period", "step", "since", "actual", "floor"))
    statement = (
        select(_units.c.code, *columns)
        .join_from(_cases, _units, _cases.c.unit_id == _units.c.id)
        .where(_open)
        .order_by(_cases.c.opened_on, _units.c.code, _cases.c.indicator)
        .limit(limit)
    )
    return total, units, [OpenCase(*row) for row in connection.execute(statement)]


def latest_jobs(connection: Connection, names: Sequence[str]) -> list[Job]:
    """For each job the claim that was taken last and the one that was done last (often the same)."""
    columns = [_claims.c[name] for name in Job._fields]
    found = []
    for name in names:
        for order in (_claims.c.claimed_at, _claims.c.done_at):
            statement = select(*columns).where(_claims.c.job == name, order.is_not(None))
            found += [Job(*row) for row in connection.execute(statement.order_by(order.desc()).limit(1))]
    return found


def notices_by_state(connection: Connection) -> dict[str, int]:
    """How many notices stand in each state that occurs."""
    rows = connection.execute(select(_notices.c.state, func.count()).group_by(_notices.c.state))
    return {str(state): int(number) for state, number in rows}


def unsent_letters(connection: Connection) -> int:
    """Letters that wait or could not be sent."""
    statement = select(func.count()).where(_letters.c.state.in_(("reserved", "failed")))
    return int(connection.execute(statement).scalar_one())
