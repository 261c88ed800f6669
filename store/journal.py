"""The journal: append-only truth. Entry id for people: CODE:sequence. Nothing here names or describes a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    select,
    text,
)
from sqlmodel import Field, SQLModel

from store.base import Instant, Json
from store.bulk import parts, put_rows


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
    data: dict = Field(  # type: ignore[type-arg]
        sa_column=Column(Json, nullable=False), description="votes, outcome, codes, verdicts; no names, no notes"
    )
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


JOURNAL: Table = Entry.__table__  # type: ignore[attr-defined]
TEXTS: Table = EntryText.__table__  # type: ignore[attr-defined]
_j = JOURNAL.c


class EntryRow(NamedTuple):
    """An entry as replays read it."""

    candidate_id: int
    sequence: int
    trigger: str
    source: str | None
    destination: str | None
    effective_on: date | None
    recorded_at: datetime
    recorded_by: str
    unit_id: int
    document_number: str | None
    document_date: date | None
    data: dict[str, Any]
    text_applied: str
    corrects: int | None
    voids: int | None


_ENTRIES = select(*(_j[name] for name in EntryRow._fields)).order_by(_j.candidate_id, _j.sequence)
_ENTRIES_OF_MANY = _ENTRIES.where(_j.candidate_id.in_(bindparam("ids", expanding=True)))
_TEXTS_OF_MANY = select(TEXTS.c.candidate_id, TEXTS.c.sequence, TEXTS.c.content).where(
    TEXTS.c.candidate_id.in_(bindparam("ids", expanding=True))
)


def load_entries(connection: Connection, ids: Sequence[int]) -> dict[int, list[EntryRow]]:
    """All entries of these candidates, by candidate, in their sequence."""
    found: dict[int, list[EntryRow]] = {one: [] for one in ids}
    for some in parts(ids):
        for row in connection.execute(_ENTRIES_OF_MANY, {"ids": some}):
            found[row[0]].append(EntryRow(*row))
    return found


def load_texts(connection: Connection, ids: Sequence[int]) -> dict[tuple[int, int], dict[str, str]]:
    """What entries of these candidates say that may be erased, by candidate and sequence; erased ones are missing."""
    return {
        (row[0], row[1]): row[2] for some in parts(ids) for row in connection.execute(_TEXTS_OF_MANY, {"ids": some})
    }


def append(connection: Connection, entries: Sequence[dict[str, Any]], texts: Sequence[dict[str, Any]]) -> None:
    """Write entries (all columns but id) and their erasable texts."""
    put_rows(connection, JOURNAL, entries)
    put_rows(connection, TEXTS, texts)


@dataclass(frozen=True, slots=True)
class Live:
    """An entry that stands: `root` is the sequence of the entry it corrects in the end, its place among its day."""

    root: int
    entry: EntryRow


def live(entries: Sequence[EntryRow]) -> list[Live]:
    """The entries that stand, by root: those no later entry corrects or voids. A void entry has no effect of its own.

    What was made void stays void; to undo it, it is recorded anew.
    """
    targets = {entry.sequence: entry.corrects or entry.voids for entry in entries}
    superseded = set(targets.values())
    standing = [entry for entry in entries if entry.sequence not in superseded and entry.voids is None]

    def root(sequence: int) -> int:
        while (target := targets.get(sequence)) is not None:
            sequence = target
        return sequence

    return sorted((Live(root(entry.sequence), entry) for entry in standing), key=lambda one: one.root)
