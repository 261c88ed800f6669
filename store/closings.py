"""Closed periods: what a report said on the day it was closed, kept word for word. Append-only, like the journal."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, UniqueConstraint, insert, select
from sqlmodel import Field, SQLModel

from store.base import Instant, Json


class Closing(SQLModel, table=True):
    """One act on a unit's period: prepared (with the report as it is frozen), accepted, reopened."""

    __tablename__ = "closings"
    __table_args__ = (UniqueConstraint("unit_id", "period", "sequence"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    period: str
    sequence: int = Field(description="1, 2 … of this unit's period")
    version: int = Field(description="1 for the first report closed, 2 after a reopening …")
    event: str = Field(description="prepared -> accepted -> reopened")
    on: date = Field(sa_column_kwargs={"name": "happened_on"}, description="business day")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str
    signer: str | None = Field(default=None, description="who signs, by name or office, as the closing says it")
    reason: str | None = Field(default=None, description="why it was reopened")
    content: dict | None = Field(  # type: ignore[type-arg]
        default=None, sa_column=Column(Json), description="prepared: the report, its printed texts, how it was computed"
    )
    previous_hash: str
    hash: str


class ClosingFile(SQLModel, table=True):
    """A file issued at a closing (xlsx, docx), kept byte for byte and issued again."""

    __tablename__ = "closing_files"
    __table_args__ = (UniqueConstraint("closing_id", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    closing_id: int = Field(foreign_key="closings.id")
    kind: str = Field(description="xlsx, docx")
    content: str = Field(description="base64")
    digest: str = Field(description="SHA-256 of the bytes")


ACTS = Closing.__table__  # type: ignore[attr-defined]
FILES = ClosingFile.__table__  # type: ignore[attr-defined]
# What figures are made of: nobody writes into these while a report is being frozen.
_GROUND = ("journal", "reported_figures", "targets", "unit_versions", "person_attributes", "closings")


class Act(NamedTuple):
    """An act without its content."""

    id: int
    unit_id: int
    period: str
    sequence: int
    version: int
    event: str
    on: date
    recorded_at: datetime
    recorded_by: str
    signer: str | None
    reason: str | None
    hash: str


_ACT = [ACTS.c["happened_on" if name == "on" else name] for name in Act._fields]


def hold_still(connection: Connection) -> None:
    """Wait for those who are writing and let nobody begin before the end of this transaction (SQLite has one writer)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(_GROUND)} IN SHARE ROW EXCLUSIVE MODE")


def load_acts(connection: Connection, *, unit_id: int | None = None, period: str | None = None) -> list[Act]:
    """Every act, by unit, period and sequence."""
    asked = select(*_ACT).order_by(ACTS.c.unit_id, ACTS.c.period, ACTS.c.sequence)
    for column, value in ((ACTS.c.unit_id, unit_id), (ACTS.c.period, period)):
        if value is not None:
            asked = asked.where(column == value)
    return [Act(*row) for row in connection.execute(asked)]


def load_content(connection: Connection, act_id: int) -> dict[str, Any]:
    """What an act froze."""
    return connection.execute(select(ACTS.c.content).where(ACTS.c.id == act_id)).scalar_one() or {}


def insert_act(connection: Connection, act: Mapping[str, Any], files: Mapping[str, bytes]) -> int:
    """Append an act (its columns by name) with its files; its id."""
    row = {("happened_on" if name == "on" else name): value for name, value in act.items()}
    key = connection.execute(insert(ACTS).values(**row)).inserted_primary_key
    act_id = int(key[0])  # type: ignore[index]
    if files:
        connection.execute(
            insert(FILES),
            [
                {"closing_id": act_id, "kind": kind, "content": b64encode(content).decode(), "digest": digest(content)}
                for kind, content in files.items()
            ],
        )
    return act_id


def find_file(connection: Connection, act_id: int, kind: str) -> bytes | None:
    """A file as it was issued; None where the act has none of this kind."""
    asked = select(FILES.c.content).where(FILES.c.closing_id == act_id, FILES.c.kind == kind)
    found = connection.execute(asked).scalar()
    return None if found is None else b64decode(found)


def digest(content: bytes) -> str:
    """What an act remembers of a file."""
    return sha256(content).hexdigest()
