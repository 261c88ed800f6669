"""Clocks: every running, met, late or void time limit, with the text it rests on; and every move of a due day."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.base import Instant


class Clock(SQLModel, table=True):
    """One limit running for one person. `run` counts the clocks of one key in a person's life: 1, 2 …"""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("candidate_id", "key", "run"),
        CheckConstraint("state IN ('running', 'met', 'late', 'void')", name="state"),
        Index(
            "ix_clocks_running",
            "due_on",
            "key",
            "candidate_id",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    candidate_id: int = Field(sa_type=BigInteger, foreign_key="candidates.id")
    key: str = Field(description="the limit's key in regulations.yaml")
    run: int
    starts_on: date
    due_on: date = Field(description="last day in time")
    limit_value: int
    limit_unit: str = Field(description="working_days or months")
    extension: int = Field(default=0, description="working days added by `extend`")
    profile: str = Field(description="text it started under")
    status: str = Field(description="verified, reported, carried_over")
    citation: str
    calendar: str = Field(description="version of the holiday table the due day was reckoned with")
    state: str = Field(description="running -> met | late | void")
    stopped_on: date | None = Field(default=None)


class ClockMove(SQLModel, table=True):
    """A due day that moved because the holiday table or a confirmed limit changed."""

    __tablename__ = "clock_moves"
    id: int | None = Field(default=None, primary_key=True)
    clock_id: int = Field(foreign_key="clocks.id", index=True)
    from_due_on: date
    to_due_on: date
    reason: str = Field(description="calendar or limit")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
