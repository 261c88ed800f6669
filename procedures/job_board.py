"""The jobs that run by themselves: what was done last, for which day, and what is under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procedures import access
from procedures.office import Office
from store.claims import latest_claims

SHOWN = 40


def job_board(office: Office) -> list[dict[str, Any]]:
    """The last turns of all jobs, latest first: {job, day, scope, state, claimed_at, done_at, result}."""
    access.require_whole(office, "run_jobs")
    with office.database.reading() as connection:
        rows = latest_claims(connection, SHOWN)
    now = office.now()
    return [
        {
            "job": row["job"],
            "day": row["day"],
            "scope": row["scope"],
            "state": turn_state(row["claimed_at"], row["done_at"], row["expires_at"], now),
            "claimed_at": row["claimed_at"],
            "done_at": row["done_at"],
            "result": row["result"] or {},
        }
        for row in rows
    ]


def turn_state(claimed_at: datetime, done_at: datetime | None, expires_at: datetime, now: datetime) -> str:
    """done: finished since it was claimed · working · failed: neither finished nor given more time."""
    if done_at is not None and done_at >= claimed_at:
        return "done"
    return "working" if expires_at > now else "failed"
