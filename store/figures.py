"""Reported figures (numbers units report) and stored roll-ups (numbers computed from rows)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, PrimaryKeyConstraint, UniqueConstraint, select
from sqlmodel import Field, SQLModel

from store.base import Instant
from store.bulk import plain_rows
from store.targets import Figure, exact_number


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
    value: int | Decimal


def known_periods(connection: Connection, known_at: datetime | None = None) -> list[str]:
    """The code of every period anything was reported for (by `known_at`, when given)."""
    c = ReportedFigure.__table__.c  # type: ignore[attr-defined]
    asked = select(c.period).distinct()
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    return [row[0] for row in connection.execute(asked)]


Body = tuple[int, int, str, str]  # unit, credited body, indicator, period


@dataclass(frozen=True)
class Reports:
    """Recordings of reported figures, oldest first, with the days (in order) on which some were reported."""

    rows: Sequence[
        tuple[Any, ...]
    ]  # unit, credited body, indicator, period, number, day of report: as the driver gives them
    days: Sequence[date]

    def in_force(self, as_of: date) -> dict[Body, int | Decimal]:
        """The last recording of each reported by `as_of`; a figure without a day of report counts on any day."""
        if self.days and self.days[-1] > as_of:
            day: Any = as_of.isoformat() if any(isinstance(row[5], str) for row in self.rows) else as_of
            kept: Iterable[tuple[Any, ...]] = [row for row in self.rows if row[5] is None or row[5] <= day]
        else:
            kept = self.rows
        found = {(unit, credited, name, code): value for unit, credited, name, code, value, _ in kept}
        numbers = {value: _number(value) for value in set(found.values()) if type(value) is not int}
        return {key: numbers.get(value, value) for key, value in found.items()} if numbers else found


def load_reports(
    connection: Connection, indicators: Collection[str], periods: Collection[str], known_at: datetime | None = None
) -> Reports:
    """What was recorded (by `known_at`, when given) for these indicators and periods."""
    if not indicators or not periods:
        return Reports((), ())
    c = ReportedFigure.__table__.c  # type: ignore[attr-defined]
    asked = (
        select(c.unit_id, c.credited_unit_id, c.indicator, c.period, c.value, c.reported_on)
        .where(c.period.in_(periods), c.indicator.in_(indicators))
        .order_by(c.recorded_at, c.id)
    )
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    rows = plain_rows(connection.execute(asked))
    days = {row[5] for row in rows} - {None}
    return Reports(rows, sorted(date.fromisoformat(day) if isinstance(day, str) else day for day in days))


def load_reported(
    connection: Connection,
    indicators: Collection[str],
    periods: Collection[str],
    as_of: date,
    known_at: datetime | None = None,
) -> list[Reported]:
    """The reported figures in force for these indicators and periods, as reported by `as_of` and known at `known_at`."""
    reports = load_reports(connection, indicators, periods, known_at)
    return [Reported(*key, value) for key, value in reports.in_force(as_of).items()]


def _number(stored: float | Decimal) -> int | Decimal:
    """A number as the driver gives it: an int when whole."""
    exact = exact_number(stored)
    return int(exact) if exact == int(exact) else exact
