"""Targets: what a unit is held to. A later decision date is a revision; the same date twice is refused here."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Numeric, UniqueConstraint, insert, select
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from states import targets as meant
from store.base import Instant


class Exact(TypeDecorator[Decimal]):
    """A number with a fixed count of decimals, read back as a Decimal (bare when whole) from both databases."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        kind: Any = self.impl_instance
        if dialect.name == "sqlite":  # it has no decimals of its own: ask for what it stores, without a warning
            return dialect.type_descriptor(Numeric(kind.precision, kind.scale, asdecimal=False))
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return int(value) if value == int(value) else float(value)

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        if value is None:
            return None
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        return Decimal(int(exact)) if exact == int(exact) else exact.normalize()


Figure = Exact(18, 4)


class Target(SQLModel, table=True):
    """A target by one decision: a floor (and a ceiling), or a ratio of another indicator."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("unit_id", "indicator", "period", "decision_date"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    indicator: str
    period: str = Field(description="2020, 2020-H1, 2020-Q2, 2020-06, 2020-9M, 2015/2020")
    floor: Decimal | None = Field(default=None, sa_type=Figure)
    ceiling: Decimal | None = Field(default=None, sa_type=Figure)
    ratio: Decimal | None = Field(default=None, sa_type=Exact(12, 6), description="of the base, 0.5 = 50%")
    base: str | None = Field(default=None, description="indicator the ratio is of, or so_dang_vien")
    decision_number: str | None = Field(default=None)
    decision_date: date = Field(description="0001-01-01 = no decision named")
    credited_unit_id: int | None = Field(default=None, foreign_key="units.id")
    responsible: str | None = Field(default=None, description="officer or department in charge")
    rule: str | None = Field(default=None, description="config.yaml's target rule it comes from; null = decided")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


_FIELDS = tuple(meant.Target.__dataclass_fields__)


def load_targets(
    connection: Connection, *, unit_id: int | None = None, indicator: str | None = None, period: str | None = None
) -> list[meant.Target]:
    """Every target ever decided, revisions too, by unit, indicator, period and decision."""
    c = Target.__table__.c  # type: ignore[attr-defined]
    asked = select(*(c[name] for name in _FIELDS)).order_by(c.unit_id, c.indicator, c.period, c.decision_date)
    for column, value in ((c.unit_id, unit_id), (c.indicator, indicator), (c.period, period)):
        if value is not None:
            asked = asked.where(column == value)
    return [meant.Target(*row) for row in connection.execute(asked)]


def insert_targets(
    connection: Connection, targets: Iterable[meant.Target], recorded_at: datetime, recorded_by: str
) -> int:
    """Record targets that were checked before (states.targets.check_target); how many."""
    rows = [
        {**{name: getattr(t, name) for name in _FIELDS}, "recorded_at": recorded_at, "recorded_by": recorded_by}
        for t in targets
    ]
    if rows:
        connection.execute(insert(Target.__table__), rows)  # type: ignore[attr-defined]
    return len(rows)
