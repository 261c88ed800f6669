"""The candidate: a projection of the journal, one row a person, that can be rebuilt from it at any time."""

from datetime import date

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from store.base import Json


class Candidate(SQLModel, table=True):
    """Where a person stands, with the head of their chain. Written only by the gate, with compare-and-set on version."""

    __tablename__ = "candidates"
    __table_args__ = (Index("ix_candidates_unit_id_step", "unit_id", "step"),)
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False), description="random, 62 bits")
    code: str = Field(unique=True)
    person_id: int = Field(sa_type=BigInteger, foreign_key="people.id", unique=True)
    unit_id: int = Field(foreign_key="units.id", description="today's unit")
    step: str = Field(index=True)
    since: date | None = Field(default=None, description="the day the step was entered; null = undated opening")
    official_on: date | None = Field(default=None, description="ceremony + 12 months, once recognised")
    facts: dict = Field(sa_column=Column(Json, nullable=False), description="states.membership.Way, for judging the next step")  # type: ignore[type-arg]
    head_sequence: int
    head_hash: str
    version: int = Field(description="grows by one at every write")
