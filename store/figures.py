"""Reported figures (numbers units report) and stored roll-ups (numbers computed from rows)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.base import Instant
from store.targets import Figure


class ReportedFigure(SQLModel, table=True):
    """A number a unit reported for a period; a later recording of the same key replaces the earlier."""

    __tablename__ = "reported_figures"
    __table_args__ = (
        UniqueConstraint("unit_id", "indicator", "period", "credited_unit_id", "recorded_at"),
        Index("ix_reported_figures_period_indicator", "period", "indicator"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    indicator: str
    period: str
    value: Decimal = Field(sa_type=Figure)  # type: ignore[call-overload]
    reported_on: date | None = Field(default=None)
    credited_unit_id: int = Field(foreign_key="units.id", description="the unit itself unless another is credited")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


class RollUp(SQLModel, table=True):
    """A unit's own figure and its subtree's for one indicator and period, as last computed."""

    __tablename__ = "roll_ups"
    __table_args__ = (PrimaryKeyConstraint("period", "indicator", "unit_id"),)
    period: str
    indicator: str
    unit_id: int = Field(foreign_key="units.id")
    own: Decimal = Field(sa_type=Figure)  # type: ignore[call-overload]
    subtree: Decimal = Field(sa_type=Figure)  # type: ignore[call-overload]
    as_of: date = Field(description="business day it was computed on")
    computed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
