"""Counts over the whole office for its status page: clocks by day, jobs, letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select

from store.claims import JobClaim
from store.clocks import CLOCKS, RUNS
from store.notices import Letter, Notice

_claims: Table = JobClaim.__table__  # type: ignore[attr-defined]
_letters, _notices = Letter.__table__, Notice.__table__  # type: ignore[attr-defined]


class Job(NamedTuple):
    """A job's latest claim, and when it was last done."""

    job: str
    scope: str
    claimed_at: datetime
    done_at: datetime | None
    expires_at: datetime
    result: dict[str, object] | None


def count_due(connection: Connection, today: date, until: date) -> tuple[int, int]:
    """Running clocks whose day has passed, and those due from today until then."""
    c = CLOCKS.c
    late = func.count().filter(c.due_on < today)
    statement = select(late, func.count() - late).where(RUNS, c.due_on <= until)
    overdue, soon = connection.execute(statement).one()
    return overdue, soon


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
