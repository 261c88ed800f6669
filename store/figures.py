"""Reported figures (numbers units report) and stored roll-ups (numbers computed from rows)."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, PrimaryKeyConstraint, UniqueConstraint, select
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
    value: Decimal = Field(sa_type=Figure)
    reported_on: date | None = Field(default=None)
    credited_unit_id: int = Field(foreign_key="units.id", description="the unit itself unless another is credited")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


class RollUp(SQLModel, table=True):
    """A unit's own figure and its subtree's for one indicator and period, as last computed; no row = nothing."""

    __tablename__ = "roll_ups"
    __table_args__ = (PrimaryKeyConstraint("period", "indicator", "unit_id"),)
    period: str
    indicator: str
    unit_id: int = Field(foreign_key="units.id")
    own: Decimal = Field(sa_type=Figure)
    subtree: Decimal = Field(sa_type=Figure)
    as_of: date = Field(description="business day on which this figure was computed and found to be a new one")
    computed_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Reported(NamedTuple):
    """One reported figure in force: the last recording of its unit, indicator, period and credited body."""

    unit_id: int
    credited_unit_id: int
    indicator: str
    period: str
    value: Decimal


def known_periods(connection: Connection, known_at: datetime | None = None) -> list[str]:
    """The code of every period anything was reported for (by `known_at`, when given)."""
    c = ReportedFigure.__table__.c  # type: ignore[attr-defined]
    asked = select(c.period).distinct()
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    return [row[0] for row in connection.execute(asked)]


def load_reported(
    connection: Connection,
    indicators: Collection[str],
    periods: Collection[str],
    as_of: date,
    known_at: datetime | None = None,
) -> list[Reported]:
    """The reported figures in force for these indicators and periods, as reported by `as_of` and known at `known_at`.

    A figure without a day of report counts on any day.
    """
    if not indicators or not periods:
        return []
    c = ReportedFigure.__table__.c  # type: ignore[attr-defined]
    asked = (
        select(c.unit_id, c.credited_unit_id, c.indicator, c.period, c.value)
        .where(c.period.in_(periods), c.indicator.in_(indicators), c.reported_on.is_(None) | (c.reported_on <= as_of))
        .order_by(c.recorded_at, c.id)
    )
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    rows = connection.execute(asked)
    return list({row[:4]: Reported(*row) for row in rows}.values())
