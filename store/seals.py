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
from store.closings import Closing
from store.units import Unit

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
    closings_to: int | None = Field(default=None, description="the last act of closing sealed so far; null = none")
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
ACTS = Closing.__table__  # type: ignore[attr-defined]
UNITS = Unit.__table__  # type: ignore[attr-defined]


def lock(connection: Connection) -> None:
    """One sealing at a time; SQLite's writing block is that already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE seals IN EXCLUSIVE MODE")


def add_seal(connection: Connection, now: datetime) -> int:
    """Anchor every head that moved on since it was last sealed and every new act of closing; how many. None: no seal.

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
    before = last.closings_to if last else None
    closings_to = connection.execute(select(func.max(ACTS.c.id))).scalar() or before
    acts = _count_acts(connection, before, closings_to)
    if not acts and connection.execute(moved.limit(1)).first() is None:
        return 0
    seal = {"id": number, "sealed_at": now, "heads": 0, "candidates": 0, "entries": 0, "previous_digest": previous}
    seal["closings_to"] = closings_to
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
    heads = acts + connection.execute(select(func.count()).where(HEADS.c.seal_id == number)).scalar_one()
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


def _count_acts(connection: Connection, after: int | None, to: int | None) -> int:
    between = (ACTS.c.id > (after or 0), ACTS.c.id <= (to or 0))
    return int(connection.execute(select(func.count()).select_from(ACTS).where(*between)).scalar_one())


def count_acts(connection: Connection) -> int:
    """How many acts of closing there are."""
    return int(connection.execute(select(func.count()).select_from(ACTS)).scalar_one())


def head_lines(connection: Connection, number: int) -> Iterator[bytes]:
    """The seal file's lines of seal `number`: the heads that stand as it sealed them, by candidate id, then the acts."""
    columns = (HEADS.c.candidate_id, HEADS.c.code, HEADS.c.sequence, HEADS.c.hash)
    statement = select(*columns).where(HEADS.c.seal_id == number).order_by(HEADS.c.candidate_id)
    for row in connection.execute(statement, execution_options={"yield_per": 5000}):
        candidate_id, code, sequence, hash_ = row
        yield _line({"candidate": candidate_id, "code": code, "sequence": sequence, "hash": hash_})
    two = select(SEALS.c.id, SEALS.c.closings_to).where(SEALS.c.id.in_([number - 1, number]))
    ends = {row[0]: row[1] for row in connection.execute(two)}
    acts = (
        select(ACTS.c.id, UNITS.c.code, ACTS.c.period, ACTS.c.sequence, ACTS.c.hash)
        .join(UNITS, UNITS.c.id == ACTS.c.unit_id)
        .where(ACTS.c.id > (ends.get(number - 1) or 0), ACTS.c.id <= (ends.get(number) or 0))
        .order_by(ACTS.c.id)
    )
    for act_id, unit, period, sequence, hash_ in connection.execute(acts):
        yield _line({"closing": act_id, "unit": unit, "period": period, "sequence": sequence, "hash": hash_})


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
        **({"closings_to": seal["closings_to"]} if seal["closings_to"] else {}),  # absent before anything was closed
        "previous": seal["previous_digest"],
    }


def _line(content: dict[str, Any]) -> bytes:
    return canonical(content).encode() + b"\n"
