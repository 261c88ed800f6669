"""Job claims: one job on one business day belongs to whoever claimed it first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, PrimaryKeyConstraint, and_, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from store.base import Instant, Json

HOLD = timedelta(minutes=30)  # a claim nobody finished may then be taken over


class JobClaim(SQLModel, table=True):
    """`job` on `day` (and `scope`, such as a period) is being done, or was done with `result`."""

    __tablename__ = "job_claims"
    __table_args__ = (PrimaryKeyConstraint("job", "day", "scope"),)
    job: str
    day: date
    scope: str = Field(default="")
    owner: str = Field(description="random, per process")
    claimed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False), description="then another may take it over")
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    result: dict | None = Field(default=None, sa_column=Column(Json, nullable=True))  # type: ignore[type-arg]


def claim(
    connection: Connection,
    job: str,
    day: date,
    scope: str = "",
    *,
    owner: str,
    now: datetime,
    hold: timedelta = HOLD,
    again: bool = False,
) -> bool:
    """Whether `owner` may do the job: it is new, was theirs already, or its holder let it lapse unfinished.

    With `again` a finished job may be done once more (its last result stays until the new one is there).
    """
    table = JobClaim.__table__  # type: ignore[attr-defined]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"owner": owner, "claimed_at": now, "expires_at": now + hold}
    statement = insert(table).values(job=job, day=day, scope=scope, **row)
    free = and_(_unfinished(table), or_(table.c.expires_at <= now, table.c.owner == owner))
    if again:
        free = or_(free, not_(_unfinished(table)))
    statement = statement.on_conflict_do_update(index_elements=["job", "day", "scope"], set_=row, where=free)
    return connection.execute(statement.returning(table.c.job)).first() is not None


def finish(
    connection: Connection, job: str, day: date, scope: str = "", *, owner: str, now: datetime, result: dict[str, Any]
) -> bool:
    """Record the job as done; False when another has taken it over meanwhile."""
    statement = _held(job, day, scope, owner).values(done_at=now, result=result)
    return connection.execute(statement).rowcount == 1


def release(connection: Connection, job: str, day: date, scope: str = "", *, owner: str, now: datetime) -> bool:
    """Give the job back unfinished: another may claim it at once."""
    return connection.execute(_held(job, day, scope, owner).values(expires_at=now)).rowcount == 1


def find_claim(connection: Connection, job: str, day: date, scope: str = "") -> dict[str, Any] | None:
    """The claim as it stands: owner, claimed_at, expires_at, done_at, result."""
    table = JobClaim.__table__  # type: ignore[attr-defined]
    statement = select(table).where(table.c.job == job, table.c.day == day, table.c.scope == scope)
    row = connection.execute(statement).mappings().one_or_none()
    return dict(row) if row else None


def latest_claims(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """The claims taken last, whatever became of them."""
    table = JobClaim.__table__  # type: ignore[attr-defined]
    statement = select(table).order_by(table.c.claimed_at.desc(), table.c.job).limit(limit)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _held(job: str, day: date, scope: str, owner: str) -> Any:
    table = JobClaim.__table__  # type: ignore[attr-defined]
    return update(table).where(
        table.c.job == job,
        table.c.day == day,
        table.c.scope == scope,
        table.c.owner == owner,
        _unfinished(table),
    )


def _unfinished(table: Any) -> Any:
    """Claimed and not done since."""
    return or_(table.c.done_at.is_(None), table.c.done_at < table.c.claimed_at)
