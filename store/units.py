"""Units: a lasting identity with a code, dated versions of everything that changes, and predecessors with successors."""

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.base import Instant, Json


class Unit(SQLModel, table=True):
    """A unit as such; what it is called and where it stands is dated."""

    __tablename__ = "units"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, description="the code people use; leading zeros kept")


class UnitVersion(SQLModel, table=True):
    """All a unit is from a day on, until its next version; a later recording of the same day replaces the earlier."""

    __tablename__ = "unit_versions"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on", "recorded_at"),
        Index("ix_unit_versions_parent_id", "parent_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    from_on: date = Field(description="first day it holds; 0001-01-01 = since ever")
    name: str
    kind: str = Field(description="a word of config.yaml's unit kinds")
    parent_id: int | None = Field(default=None, foreign_key="units.id")
    chain: str | None = Field(default=None, description="co_so, truc_tiep, uy_quyen; null = as the parent")
    attributes: dict = Field(sa_column=Column(Json, nullable=False), description="co_to_chuc_dang, co_doan, …")  # type: ignore[type-arg]
    ended: bool = Field(default=False, description="true: from this day on the unit is no more (den_ngay + 1)")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


class UnitSuccession(SQLModel, table=True):
    """`successor` took over from `predecessor` on a day (sáp nhập, hợp nhất, chia tách)."""

    __tablename__ = "unit_successions"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)
    id: int | None = Field(default=None, primary_key=True)
    predecessor_id: int = Field(foreign_key="units.id")
    successor_id: int = Field(foreign_key="units.id", index=True)
    on: date | None = Field(default=None, sa_column_kwargs={"name": "succeeded_on"})
