"""Targets: what a unit is held to. A later decision date is a revision; the same date twice is refused here."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Index, Numeric, and_, not_, or_, select, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from states import targets as meant
from store.base import Instant
from store.bulk import parts, plain_rows, put_values


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
    __table_args__ = (
        Index(
            "uq_targets_decided",
            "unit_id",
            "indicator",
            "period",
            "decision_date",
            unique=True,
            sqlite_where=text("rule IS NULL"),
            postgresql_where=text("rule IS NULL"),
        ),
        Index(
            "uq_targets_by_rule",
            "unit_id",
            "indicator",
            "period",
            "from_on",
            "recorded_at",
            unique=True,
            sqlite_where=text("rule IS NOT NULL"),
            postgresql_where=text("rule IS NOT NULL"),
        ),
    )
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
    from_on: date | None = Field(
        default=None,
        description="by rule: the first day it holds; a later recording of the same day replaces the earlier",
    )
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


_FIELDS = meant.Target._fields
_T = Target.__table__  # type: ignore[attr-defined]


def load_targets(
    connection: Connection,
    *,
    unit_id: int | None = None,
    indicator: str | None = None,
    period: str | None = None,
    periods: Collection[str] | None = None,
    plain: bool = True,
    known_at: datetime | None = None,
    by_rule_only: bool = False,
    of_units: Sequence[int] | None = None,
) -> list[meant.Target]:
    """Every target ever decided, revisions too, and every one by rule but those replaced since, in order of recording.

    `known_at`: only what was recorded by that instant. `plain` = False leaves out what `plain_floors` gives. `of_units`:
    those of a few units or credited to them.
    """
    asked = select(*(_T.c[name] for name in _FIELDS)).order_by(_T.c.id)
    for column, value in ((_T.c.unit_id, unit_id), (_T.c.indicator, indicator), (_T.c.period, period)):
        if value is not None:
            asked = asked.where(column == value)
    if periods is not None:
        asked = asked.where(_T.c.period.in_(periods))
    if not plain:
        asked = asked.where(not_(_PLAIN))
    if known_at is not None:
        asked = asked.where(_T.c.recorded_at <= known_at)
    if by_rule_only:
        asked = asked.where(_T.c.rule.is_not(None))
    if of_units is not None:
        asked = asked.where(or_(_T.c.unit_id.in_(of_units), _T.c.credited_unit_id.in_(of_units)))
    found: list[meant.Target] = []
    by_rule: dict[tuple[meant.Key, date], meant.Target] = {}
    exact, day, make = _Numbers(), _Days(), tuple.__new__
    for row in plain_rows(connection.execute(asked)):
        unit, name, code, floor, ceiling, ratio, base, number, decided, credited, responsible, rule, from_on = row
        target = make(
            meant.Target,
            (
                unit, name, code, exact[floor], exact[ceiling], exact[ratio], base, number, day[decided], credited,
                responsible, rule, day[from_on],
            ),
        )  # fmt: skip
        if rule is None:
            found.append(target)
        else:
            by_rule[target.key, target.since] = target
    return [*found, *by_rule.values()]


def load_targets_of(connection: Connection, units: Collection[int]) -> list[meant.Target]:
    """`load_targets` of these units, each once, however many they are."""
    found = [load_targets(connection, of_units=some) for some in parts(sorted(set(units)))]
    return list(dict.fromkeys(target for some in found for target in some))


_PLAIN = and_(_T.c.rule.is_(None), _T.c.credited_unit_id.is_(None), _T.c.ratio.is_(None), _T.c.floor.is_not(None))
Floor = tuple[int, str, str, Any, Any]  # unit, indicator, period, floor, day of decision: as the driver gives them


def plain_floors(connection: Connection, periods: Collection[str], on: date) -> list[Floor]:
    """Floors decided up to a day for the units themselves, as nearly all targets are; plain tuples for their number."""
    c = _T.c
    asked = select(c.unit_id, c.indicator, c.period, c.floor, c.decision_date)
    return plain_rows(connection.execute(asked.where(c.period.in_(periods), c.decision_date <= on, _PLAIN)))


def exact_number(stored: Any) -> Decimal:
    """A number of a target as the driver gives it."""
    exact = Figure.process_result_value(stored, None)
    assert exact is not None
    return exact


class _Numbers(dict[Any, Decimal | None]):
    """Numbers as either driver gives them -> as the column's type would; the same few come again and again."""

    def __missing__(self, stored: Any) -> Decimal | None:
        self[stored] = exact = Figure.process_result_value(stored, None)
        return exact


class _Days(dict[Any, date | None]):
    """The same for days."""

    def __missing__(self, stored: Any) -> date | None:
        self[stored] = day = date.fromisoformat(stored) if isinstance(stored, str) else stored
        return day


def has_rule_targets(connection: Connection) -> bool:
    """Whether target rules have been applied here."""
    return connection.execute(select(_T.c.id).where(_T.c.rule.is_not(None)).limit(1)).first() is not None


def insert_targets(
    connection: Connection, targets: Sequence[meant.Target], recorded_at: datetime, recorded_by: str
) -> int:
    """Record targets that were checked before (states.targets.check_target); how many."""
    rows = [(*target, recorded_at, recorded_by) for target in targets]
    put_values(connection, _T, (*_FIELDS, "recorded_at", "recorded_by"), rows)
    return len(rows)
