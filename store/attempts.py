"""Attempts to sign in that were not followed by success: by the name that was typed and by the address they came from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, Connection, Table, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from store.base import Instant


class Attempts(SQLModel, table=True):
    """How often in a row signing in failed under one name or from one address."""

    __tablename__ = "sign_in_attempts"
    key: str = Field(primary_key=True, description="SHA-256 of a typed name (known or not) or an address; never itself")
    failures: int = Field(description="since first_at; counted before the password is looked at")
    first_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    blocked_until: datetime | None = Field(
        default=None, sa_column=Column(Instant, nullable=True), description="no password is looked at before"
    )


ATTEMPTS: Table = Attempts.__table__  # type: ignore[attr-defined]


class Counted(NamedTuple):
    """An attempt as it was counted."""

    failures: int
    first_at: datetime


def find_blocks(connection: Connection, keys: Collection[str], now: datetime) -> dict[str, datetime]:
    """Until when each of these keys is blocked; those that are free are left out."""
    c = ATTEMPTS.c
    rows = connection.execute(select(c.key, c.blocked_until).where(c.key.in_(keys), c.blocked_until > now))
    return {row[0]: row[1] for row in rows}


def count_attempt(connection: Connection, key: str, now: datetime, since: datetime) -> Counted | None:
    """Count one more, or None while the key is blocked. What began at or before `since` is forgotten first.

    The row is held until the writing ends: of many that come at once each sees the block the one before it brought.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    c = ATTEMPTS.c
    old = c.first_at <= since
    statement = insert(ATTEMPTS).values(key=key, failures=1, first_at=now, blocked_until=None)
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "failures": case((old, 1), else_=c.failures + 1),
            "first_at": case((old, now), else_=c.first_at),
            "blocked_until": None,
        },
        where=or_(c.blocked_until.is_(None), c.blocked_until <= now),
    )
    row = connection.execute(statement.returning(c.failures, c.first_at)).first()
    return Counted(row[0], row[1]) if row else None


def block(connection: Connection, key: str, until: datetime) -> None:
    """Look at no password of that name or address before `until`."""
    connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == key).values(blocked_until=until))


def forgive(connection: Connection, key: str) -> None:
    """The attempt counted last succeeded: take it back, and the block it brought."""
    c = ATTEMPTS.c
    fewer = update(ATTEMPTS).where(c.key == key, c.failures > 0)
    connection.execute(fewer.values(failures=c.failures - 1, blocked_until=None))


def forget(connection: Connection, key: str) -> None:
    """Forget every failure under that key."""
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == key))


def forget_old(connection: Connection, before: datetime, now: datetime) -> int:
    """Delete counts that began before that instant and block nobody any more; how many."""
    c = ATTEMPTS.c
    free = or_(c.blocked_until.is_(None), c.blocked_until <= now)
    return connection.execute(delete(ATTEMPTS).where(c.first_at < before, free)).rowcount
