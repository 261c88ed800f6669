"""Sessions of the desk: who is signed in, from when, until when. A token itself is never kept."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, Table, delete, func, insert, or_, select, update
from sqlmodel import Field, SQLModel

from store.accounts import ACCOUNTS
from store.base import Instant


class Session(SQLModel, table=True):
    """One signing-in: begun -> seen … -> ended, or run out."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account_id", "account_id"),)
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, description="SHA-256 of the random 256-bit token in the browser's cookie")
    account_id: int = Field(foreign_key="accounts.id")
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    last_seen_at: datetime = Field(sa_column=Column(Instant, nullable=False), description="to the minute")
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False), description="at the latest, however busy")
    ended_at: datetime | None = Field(
        default=None, sa_column=Column(Instant, nullable=True), description="signed out or ended by an administrator"
    )


SESSIONS: Table = Session.__table__  # type: ignore[attr-defined]


class RunningSession(NamedTuple):
    """A session that holds, with the account it stands for as it is now."""

    id: int
    last_seen_at: datetime
    account_id: int
    username: str
    name: str | None
    role: str
    unit: str | None
    must_change: bool


_RUNNING = select(
    SESSIONS.c.id,
    SESSIONS.c.last_seen_at,
    SESSIONS.c.account_id,
    ACCOUNTS.c.username,
    ACCOUNTS.c.name,
    ACCOUNTS.c.role,
    ACCOUNTS.c.unit,
    ACCOUNTS.c.must_change,
).join_from(SESSIONS, ACCOUNTS, SESSIONS.c.account_id == ACCOUNTS.c.id)


def find_running(
    connection: Connection, token_hash: str, now: datetime, idle_since: datetime
) -> RunningSession | None:  # fmt: skip
    """The session of that token, if it is neither ended nor run out nor idle, and its account may sign in."""
    c = SESSIONS.c
    row = connection.execute(
        _RUNNING.where(
            c.token_hash == token_hash,
            c.ended_at.is_(None),
            c.expires_at > now,
            c.last_seen_at > idle_since,
            ACCOUNTS.c.disabled_at.is_(None),
        )
    ).one_or_none()
    return RunningSession(*row) if row else None


def insert_session(
    connection: Connection, token_hash: str, account_id: int, now: datetime, expires_at: datetime
) -> None:  # fmt: skip
    """Begin a session."""
    values = {"token_hash": token_hash, "account_id": account_id, "created_at": now, "last_seen_at": now}
    connection.execute(insert(SESSIONS).values(**values, expires_at=expires_at))


def touch_session(connection: Connection, session_id: int, now: datetime) -> None:
    """Note that a session was used; never back in time."""
    c = SESSIONS.c
    connection.execute(update(SESSIONS).where(c.id == session_id, c.last_seen_at < now).values(last_seen_at=now))


def end_session(connection: Connection, token_hash: str, now: datetime) -> bool:
    """End the session of that token; whether it ran."""
    c = SESSIONS.c
    ended = update(SESSIONS).where(c.token_hash == token_hash, c.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(ended).rowcount == 1


def end_sessions(connection: Connection, account_id: int, now: datetime) -> int:
    """End every session of an account; how many had not ended by themselves."""
    c = SESSIONS.c
    ended = update(SESSIONS).where(c.account_id == account_id, c.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(ended).rowcount


def last_seen(connection: Connection) -> dict[int, datetime]:
    """When each account was at the desk last, by account; those that never were are left out."""
    c = SESSIONS.c
    rows = connection.execute(select(c.account_id, func.max(c.last_seen_at)).group_by(c.account_id))
    return {row[0]: row[1] for row in rows}


def running_sessions(connection: Connection, now: datetime, idle_since: datetime) -> dict[int, int]:
    """How many sessions each account has open now."""
    c = SESSIONS.c
    holds = (c.ended_at.is_(None), c.expires_at > now, c.last_seen_at > idle_since)
    rows = connection.execute(select(c.account_id, func.count()).where(*holds).group_by(c.account_id))
    return {row[0]: row[1] for row in rows}


def forget_sessions(connection: Connection, before: datetime) -> int:
    """Delete sessions over before that instant, except each account's last: it tells when they were here."""
    c = SESSIONS.c
    newest = select(func.max(c.id)).group_by(c.account_id)
    over = or_(c.expires_at < before, c.ended_at < before)
    return connection.execute(delete(SESSIONS).where(over, c.id.not_in(newest))).rowcount
