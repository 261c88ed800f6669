"""Seals: nightly anchors of the heads of all chains, here and in an append-only file outside the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Row, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from states.chain import canonical, instant_form
from store.base import Instant
from store.candidates import Candidate

FIRST = ""  # what the first seal names as the digest before it


class DatabaseIdentity(SQLModel, table=True):
    """The random id of this database; one row."""

    __tablename__ = "database_identity"
    id: int = Field(default=1, primary_key=True)
    database_id: str


class Seal(SQLModel, table=True):
    """One sealing: how many heads, and the digest over them, chained to the seal before."""

    __tablename__ = "seals"
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False), description="1, 2, 3 …")
    sealed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    heads: int = Field(description="heads that moved since the seal before")
    candidates: int = Field(description="all chains sealed so far")
    entries: int = Field(sa_type=BigInteger, description="all entries in them")
    previous_digest: str
    digest: str = Field(description="over this seal's lines in the seal file")
    filed_to: int | None = Field(
        default=None,
        sa_type=BigInteger,
        description="bytes of the seal file with this seal in it; null = not yet written",
    )


class SealedHead(SQLModel, table=True):
    """The head of one candidate's chain as last sealed."""

    __tablename__ = "sealed_heads"
    candidate_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    code: str = Field(description="to name a candidate whose row is gone")
    sequence: int
    hash: str
    seal_id: int = Field(sa_type=BigInteger, foreign_key="seals.id")


SEALS = Seal.__table__  # type: ignore[attr-defined]
HEADS = SealedHead.__table__  # type: ignore[attr-defined]


def lock(connection: Connection) -> None:
    """One sealing at a time; SQLite's writing block is that already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE seals IN EXCLUSIVE MODE")


def add_seal(connection: Connection, now: datetime) -> int:
    """Anchor every head that moved on since it was last sealed; how many. None moved: no seal.

    A head that went back or changed under the same number is not sealed over: verify is to find it.
    """
    candidates = Candidate.__table__  # type: ignore[attr-defined]
    last = connection.execute(select(SEALS).order_by(SEALS.c.id.desc()).limit(1)).one_or_none()
    number, previous = (last.id + 1, last.digest) if last else (1, FIRST)
    moved = (
        select(candidates.c.id, candidates.c.code, candidates.c.head_sequence, candidates.c.head_hash)
        .outerjoin(HEADS, HEADS.c.candidate_id == candidates.c.id)
        .where(or_(HEADS.c.candidate_id.is_(None), candidates.c.head_sequence > HEADS.c.sequence))
    )
    if connection.execute(moved.limit(1)).first() is None:
        return 0
    seal = {"id": number, "sealed_at": now, "heads": 0, "candidates": 0, "entries": 0, "previous_digest": previous}
    connection.execute(insert(SEALS).values(**seal, digest=""))
    upsert = (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(HEADS).from_select(
        ["candidate_id", "code", "sequence", "hash", "seal_id"], moved.add_columns(literal(number, BigInteger))
    )
    new = upsert.excluded
    connection.execute(
        upsert.on_conflict_do_update(
            index_elements=["candidate_id"],
            set_={"code": new.code, "sequence": new.sequence, "hash": new.hash, "seal_id": new.seal_id},
        )
    )
    heads = connection.execute(select(func.count()).where(HEADS.c.seal_id == number)).scalar_one()
    candidates_sealed, entries = totals(connection)
    seal |= {"heads": heads, "candidates": candidates_sealed, "entries": entries}
    digest = sha256(seal_form(seal))
    for line in head_lines(connection, number):
        digest.update(line)
    filled = {"heads": heads, "candidates": candidates_sealed, "entries": entries, "digest": digest.hexdigest()}
    connection.execute(update(SEALS).where(SEALS.c.id == number).values(**filled))
    return int(heads)


def totals(connection: Connection) -> tuple[int, int]:
    """How many chains are sealed, and how many entries stand in them."""
    count, entries = connection.execute(select(func.count(), func.coalesce(func.sum(HEADS.c.sequence), 0))).one()
    return int(count), int(entries)


def load_seals(connection: Connection) -> list[Row[Any]]:
    """All seals, oldest first."""
    return list(connection.execute(select(SEALS).order_by(SEALS.c.id)))


def find_unfiled(connection: Connection) -> Row[Any] | None:
    """The oldest seal the file does not have yet: its process was cut off between the commit and the file."""
    return connection.execute(select(SEALS).where(SEALS.c.filed_to.is_(None)).order_by(SEALS.c.id)).first()


def filed_to(connection: Connection) -> int:
    """The length the seal file must have at least, in bytes."""
    return int(connection.execute(select(func.coalesce(func.max(SEALS.c.filed_to), 0))).scalar_one())


def mark_filed(connection: Connection, number: int, size: int) -> None:
    """The file has this seal now and is `size` bytes long."""
    connection.execute(update(SEALS).where(SEALS.c.id == number).values(filed_to=size))


def head_lines(connection: Connection, number: int) -> Iterator[bytes]:
    """The lines of the seal file for the heads that stand as sealed by seal `number`, by candidate id."""
    columns = (HEADS.c.candidate_id, HEADS.c.code, HEADS.c.sequence, HEADS.c.hash)
    statement = select(*columns).where(HEADS.c.seal_id == number).order_by(HEADS.c.candidate_id)
    for row in connection.execute(statement, execution_options={"yield_per": 5000}):
        candidate_id, code, sequence, hash_ = row
        yield _line({"candidate": candidate_id, "code": code, "sequence": sequence, "hash": hash_})


def seal_form(seal: dict[str, Any]) -> bytes:
    """The part of a seal's first line that its digest covers."""
    return _line(_head_of(seal))


def seal_line(seal: dict[str, Any]) -> bytes:
    """A seal's first line in the file."""
    return _line(_head_of(seal) | {"digest": seal["digest"]})


def _head_of(seal: dict[str, Any]) -> dict[str, Any]:
    return {
        "seal": seal["id"],
        "sealed_at": instant_form(seal["sealed_at"]),
        "heads": seal["heads"],
        "candidates": seal["candidates"],
        "entries": seal["entries"],
        "previous": seal["previous_digest"],
    }


def _line(content: dict[str, Any]) -> bytes:
    return canonical(content).encode() + b"\n"
