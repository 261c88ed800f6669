"""Who is told, the ledger of every notice, and the letters they go out in (plan, progress, sending, record)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, Column, Connection, Index, Table, UniqueConstraint, select, text
from sqlmodel import Field, SQLModel

from store.base import Instant, Json

WAITING = "state IN ('planned', 'reserved')"
UNSENT = "state IN ('reserved', 'failed')"


class Recipient(SQLModel, table=True):
    """An officer who is told about a unit in a role."""

    __tablename__ = "recipients"
    __table_args__ = (UniqueConstraint("unit_id", "role", "address"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    role: str = Field(description="bi_thu, cap_uy_phu_trach, can_bo_to_chuc, …")
    name: str | None = Field(default=None)
    address: str


class Notice(SQLModel, table=True):
    """One thing one person is told once. The unique key *is* the promise not to double it."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("subject", "due_on", "threshold", "recipient"),
        CheckConstraint("state IN ('planned', 'reserved', 'sent', 'passed_over', 'withdrawn', 'nobody')", name="state"),
        Index("ix_notices_state", "state"),
        Index("ix_notices_planned_for", "planned_for", "id"),
        Index(
            "ix_notices_waiting",
            "recipient",
            "planned_for",
            "state",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(description="clock:ID or case:ID:rung")
    clock_id: int | None = Field(default=None, description="the ID of clock:ID; null for a case")
    due_on: date
    threshold: int = Field(description="days before the due day; negative after it")
    recipient: str = Field(description="address; empty = nobody to tell")
    unit_id: int = Field(foreign_key="units.id")
    planned_for: date = Field(description="the working day it goes out on")
    state: str = Field(description="planned -> reserved -> sent; planned -> passed_over | withdrawn -> planned; nobody")
    letter_id: int | None = Field(default=None, foreign_key="letters.id", index=True)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Letter(SQLModel, table=True):
    """One digest to one recipient on one working day; its message id makes a repeated sending recognisable."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("recipient", "day", "part"),
        CheckConstraint("state IN ('reserved', 'sent', 'failed', 'withdrawn')", name="state"),
        Index("ix_letters_unsent", "id", sqlite_where=text(UNSENT), postgresql_where=text(UNSENT)),
    )
    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    day: date
    part: int = Field(default=1, description="2, 3 … for what came up after the day's first digest had gone")
    message_id: str = Field(unique=True)
    state: str = Field(description="reserved -> sent | failed -> sent | withdrawn (nothing left to say)")
    channels: list = Field(  # type: ignore[type-arg]
        sa_column=Column(Json, nullable=False), default_factory=list, description="gone through these"
    )
    attempts: int = Field(default=0)
    reserved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    failure: str | None = Field(default=None, description="kind of the last failure, no personal data")


NOTICES: Table = Notice.__table__  # type: ignore[attr-defined]
LETTERS: Table = Letter.__table__  # type: ignore[attr-defined]
_n = NOTICES.c


class NoticeRow(NamedTuple):
    """A row of the ledger with the letter it went in."""

    id: int
    subject: str
    clock_id: int | None
    due_on: date
    threshold: int
    recipient: str
    unit_id: int
    planned_for: date
    state: str
    created_at: datetime
    letter_id: int | None


def list_notice_rows(
    connection: Connection,
    *,
    unit_ids: Sequence[int] | None = None,
    state: str | None = None,
    recipient: str | None = None,
    subjects: Sequence[str] | None = None,
    notice_id: int | None = None,
) -> list[NoticeRow]:
    """Rows of the ledger, the latest planned first; narrowed down by whatever is given."""
    query = select(*(NOTICES.c[name] for name in NoticeRow._fields)).order_by(_n.planned_for.desc(), _n.id.desc())
    if state is not None:
        query = query.where(_n.state == state)
    if recipient is not None:
        query = query.where(_n.recipient == recipient)
    if subjects is not None:
        query = query.where(_n.subject.in_(subjects))
    if notice_id is not None:
        query = query.where(_n.id == notice_id)
    wanted = None if unit_ids is None else set(unit_ids)
    rows = (NoticeRow(*row) for row in connection.execute(query))
    return [row for row in rows if wanted is None or row.unit_id in wanted]


def find_letter(connection: Connection, letter_id: int) -> Letter | None:
    """One letter."""
    row = connection.execute(select(LETTERS).where(LETTERS.c.id == letter_id)).mappings().one_or_none()
    return Letter(**row) if row is not None else None
