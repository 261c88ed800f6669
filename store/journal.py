"""The journal: append-only truth. Entry id for people: CODE:sequence. Nothing here names or describes a person."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.base import Instant, Json


class Entry(SQLModel, table=True):
    """One thing that happened to one candidate, chained to the one before."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("candidate_id", "sequence"),
        Index("ix_journal_trigger_effective_on", "trigger", "effective_on", "unit_id", "destination"),
        Index("ix_journal_trigger_document_date", "trigger", "document_date", "effective_on", "unit_id", "destination"),
        Index(
            "ix_journal_superseding",
            "candidate_id",
            sqlite_where=text("corrects IS NOT NULL OR voids IS NOT NULL"),
            postgresql_where=text("corrects IS NOT NULL OR voids IS NOT NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    candidate_id: int = Field(sa_type=BigInteger, foreign_key="candidates.id")
    sequence: int = Field(description="1, 2, 3 … per candidate")
    trigger: str
    source: str | None = Field(description="step before; null for open_at and for history before an opening")
    destination: str | None = Field(description="step after")
    effective_on: date | None = Field(description="the day it happened; null = undated opening")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False), description="machine's instant")
    recorded_by: str
    unit_id: int = Field(foreign_key="units.id", description="the person's unit on that day")
    document_number: str | None = Field(default=None)
    document_date: date | None = Field(default=None)
    data: dict = Field(sa_column=Column(Json, nullable=False), description="votes, outcome, codes, verdicts; no names, no notes")  # type: ignore[type-arg]
    text_applied: str = Field(description="the regulation's profile in force that day: qd294 …")
    corrects: int | None = Field(default=None, description="sequence of the entry this one replaces")
    voids: int | None = Field(default=None, description="sequence of the entry this one makes void")
    private_digest: str | None = Field(default=None, description="salted digest of the erasable rest (entry_texts)")
    previous_hash: str
    hash: str


class EntryText(SQLModel, table=True):
    """What an entry says that may be erased: names in helper, introducers, issuer, consent; notes and reasons."""

    __tablename__ = "entry_texts"
    candidate_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    sequence: int = Field(primary_key=True)
    salt: str = Field(description="random; without it the digest in the journal says nothing")
    content: dict = Field(sa_column=Column(Json, nullable=False))  # type: ignore[type-arg]
