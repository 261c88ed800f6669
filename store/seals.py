"""Seals: nightly anchors of the heads of all chains, here and in an append-only file outside the database."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from store.base import Instant


class DatabaseIdentity(SQLModel, table=True):
    """The random id of this database; one row."""

    __tablename__ = "database_identity"
    id: int = Field(default=1, primary_key=True)
    database_id: str


class Seal(SQLModel, table=True):
    """One sealing: how many heads, and the digest over them, chained to the seal before."""

    __tablename__ = "seals"
    id: int | None = Field(default=None, primary_key=True)
    sealed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    candidates: int
    entries: int
    previous_digest: str
    digest: str


class SealedHead(SQLModel, table=True):
    """The head of one candidate's chain as last sealed."""

    __tablename__ = "sealed_heads"
    candidate_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    sequence: int
    hash: str
    seal_id: int = Field(foreign_key="seals.id")
