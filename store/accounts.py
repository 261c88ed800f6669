"""Accounts of the desk: who may sign in, in which role, and for which unit and what stands below it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, insert, select, update
from sqlmodel import Field, SQLModel

from store.base import Instant


class Account(SQLModel, table=True):
    """Somebody who may sign in at the desk; never deleted, so that what they did keeps its name."""

    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, description="folded: small letters a-z, digits, . _ -")
    name: str | None = Field(default=None, description="as people call them")
    role: str = Field(description="quan_tri, can_bo, bi_thu, theo_doi")
    unit: str | None = Field(
        default=None, foreign_key="units.code", description="theirs with all below it; null = the whole office"
    )
    password_hash: str = Field(description="argon2id with its parameters and salt")
    must_change: bool = Field(description="true: the password was given to them; nothing opens until they choose one")
    password_at: datetime = Field(
        sa_column=Column(Instant, nullable=False), description="when the password was given or chosen"
    )
    disabled_at: datetime | None = Field(
        default=None, sa_column=Column(Instant, nullable=True), description="null = may sign in"
    )
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    created_by: str
    changed_at: datetime = Field(sa_column=Column(Instant, nullable=False), description="last act on the account")
    changed_by: str


ACCOUNTS: Table = Account.__table__  # type: ignore[attr-defined]
WHOLE_OFFICE = (ACCOUNTS.c.role == "quan_tri", ACCOUNTS.c.unit.is_(None), ACCOUNTS.c.disabled_at.is_(None))


class KnownAccount(NamedTuple):
    """An account as read."""

    id: int
    username: str
    name: str | None
    role: str
    unit: str | None
    password_hash: str
    must_change: bool
    password_at: datetime
    disabled_at: datetime | None


_READ = select(*(ACCOUNTS.c[name] for name in KnownAccount._fields))


def find_account(connection: Connection, username: str) -> KnownAccount | None:
    """The account of that folded name."""
    row = connection.execute(_READ.where(ACCOUNTS.c.username == username)).one_or_none()
    return KnownAccount(*row) if row else None


def load_accounts(connection: Connection) -> list[KnownAccount]:
    """All accounts by name."""
    return [KnownAccount(*row) for row in connection.execute(_READ.order_by(ACCOUNTS.c.username))]


def is_any_account(connection: Connection) -> bool:
    """Whether there is an account at all."""
    return connection.execute(select(ACCOUNTS.c.id).limit(1)).first() is not None


def hold_administrators(connection: Connection) -> list[str]:
    """The working administrators of the whole office, held until this writing ends: two cannot remove each other."""
    held = select(ACCOUNTS.c.username).where(*WHOLE_OFFICE).order_by(ACCOUNTS.c.id).with_for_update()
    return list(connection.execute(held).scalars())


def insert_account(connection: Connection, values: dict[str, Any], now: datetime, by: str) -> int:
    """Record a new account; its id."""
    stamped = {**values, "password_at": now, "created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
    return int(connection.execute(insert(ACCOUNTS).values(stamped).returning(ACCOUNTS.c.id)).scalar_one())


def update_account(connection: Connection, account_id: int, values: dict[str, Any], now: datetime, by: str) -> None:
    """Change an account; a new password is as old as `now`."""
    stamped = {**values, "changed_at": now, "changed_by": by}
    if "password_hash" in values:
        stamped["password_at"] = now
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(stamped))


def renew_hash(connection: Connection, account_id: int, old: str, new: str) -> bool:
    """Put a hash with today's parameters in the place of `old`; False when the password was changed meanwhile."""
    same = update(ACCOUNTS).where(ACCOUNTS.c.id == account_id, ACCOUNTS.c.password_hash == old)
    return connection.execute(same.values(password_hash=new)).rowcount == 1
