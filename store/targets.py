"""Targets: what a unit is held to. A later decision date is a revision; the same date twice is refused here."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.base import Instant

Figure = Numeric(18, 4)


class Target(SQLModel, table=True):
    """A target by one decision: a floor (and a ceiling), or a ratio of another indicator."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("unit_id", "indicator", "period", "decision_date"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    indicator: str
    period: str = Field(description="2020, 2020-H1, 2020-Q2, 2020-06, 2020-9M, 2015/2020")
    floor: Decimal | None = Field(default=None, sa_type=Figure)  # type: ignore[call-overload]
    ceiling: Decimal | None = Field(default=None, sa_type=Figure)  # type: ignore[call-overload]
    ratio: Decimal | None = Field(default=None, sa_type=Numeric(12, 6), description="of the base, 0.5 = 50%")  # type: ignore[call-overload]
    base: str | None = Field(default=None, description="indicator the ratio is of, or so_dang_vien")
    decision_number: str | None = Field(default=None)
    decision_date: date = Field(description="0001-01-01 = no decision named")
    credited_unit_id: int | None = Field(default=None, foreign_key="units.id")
    responsible: str | None = Field(default=None, description="person or office in charge (an officer, not a candidate)")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str
