"""Cases of units that fall behind, and the log of what happened to each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, bindparam, case, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

from states.errors import Conflict
from states.escalation import DA_DONG, STEPS
from states.wording import Text
from store.base import Instant, Json
from store.notices import Notice, Recipient
from store.targets import Figure


class Case(SQLModel, table=True):
    """A unit behind on an indicator in a period; at most one is open."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_open",
            "unit_id",
            "indicator",
            "period",
            unique=True,
            sqlite_where=text("step <> 'da_dong'"),
            postgresql_where=text("step <> 'da_dong'"),
        ),
        Index("ix_cases_step", "step"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    indicator: str
    period: str
    step: str = Field(description="theo_doi -> nhac -> cap_tren -> thuong_vu -> da_dong")
    since: date = Field(description="the day this rung was reached")
    next_on: date | None = Field(default=None, description="working day the next rung is due")
    opened_on: date
    closed_on: date | None = Field(default=None)
    result: str | None = Field(default=None, description="caught_up, period_ended, target_withdrawn")
    status: str = Field(description="cham, nguy_co, chua_co_nguon: as last judged")
    actual: Decimal = Field(sa_type=Figure)
    floor: Decimal = Field(sa_type=Figure)
    ladder: dict = Field(  # type: ignore[type-arg]
        sa_column=Column(Json, nullable=False), description="the ladder as it was when the case opened"
    )
    committed: str | None = Field(default=None, description="what the unit promised, with committed_until")
    committed_until: date | None = Field(default=None)
    acknowledged_on: date | None = Field(default=None, description="day of the commitment")
    acknowledged_by: str | None = Field(default=None)
    silence_reason: str | None = Field(default=None, description="with silenced_until")
    silenced_until: date | None = Field(default=None)
    version: int = Field(default=1)


class CaseEvent(SQLModel, table=True):
    """What happened to a case: opened, rose, nobody_to_tell, closed …"""

    __tablename__ = "case_events"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    event: str
    on: date = Field(sa_column_kwargs={"name": "happened_on"})
    data: dict = Field(sa_column=Column(Json, nullable=False))  # type: ignore[type-arg]
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


_KEYS = ("case_id", "known_version")


class OpenCase(NamedTuple):
    """A case that is not closed, as the next judging needs it."""

    id: int
    unit_id: int
    indicator: str
    period: str
    step: str
    since: date
    status: str
    actual: Decimal
    floor: Decimal
    ladder: Mapping[str, Any]
    version: int


def load_open_cases(connection: Connection) -> list[OpenCase]:
    """Every open case."""
    c = Case.__table__.c  # type: ignore[attr-defined]
    asked = select(*(c[name] for name in OpenCase._fields)).where(c.step != DA_DONG).order_by(c.id)
    return [OpenCase(*row) for row in connection.execute(asked)]


def insert_cases(connection: Connection, rows: Sequence[dict[str, Any]]) -> dict[tuple[int, str, str], int]:
    """Open cases; (unit, indicator, period) -> id. One that another run has opened meanwhile is left out."""
    if not rows:
        return {}
    table = Case.__table__  # type: ignore[attr-defined]
    new = _insert(connection, table).on_conflict_do_nothing()
    returned = connection.execute(
        new.returning(table.c.unit_id, table.c.indicator, table.c.period, table.c.id), list(rows)
    )
    return {(row[0], row[1], row[2]): row[3] for row in returned}


def update_cases(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Move cases by compare-and-set: rows of case_id, known_version and what moves. Conflict if one has moved."""
    if not rows:
        return
    table = Case.__table__  # type: ignore[attr-defined]
    columns = [name for name in rows[0] if name not in _KEYS]
    change = (
        update(table)
        .where(table.c.id == bindparam("case_id"), table.c.version == bindparam("known_version"))
        .values({name: bindparam(f"new_{name}") for name in columns} | {"version": table.c.version + 1})
    )
    bound = [{name if name in _KEYS else f"new_{name}": value for name, value in row.items()} for row in rows]
    if connection.execute(change, bound).rowcount != len(rows):
        raise Conflict(
            Text(
                "Có trường hợp vừa được người khác xử lý. Xin chạy lại.",
                "Somebody has just moved one of these cases. Please run it again.",
            )
        )


def log_case_events(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what happened: case_id, event, happened_on, data, recorded_at, recorded_by."""
    if rows:
        connection.execute(CaseEvent.__table__.insert(), list(rows))  # type: ignore[attr-defined]


def load_reach(connection: Connection, roles: Collection[str]) -> dict[tuple[int, str], list[str]]:
    """(unit, role) -> addresses, for the roles asked for."""
    c = Recipient.__table__.c  # type: ignore[attr-defined]
    found: dict[tuple[int, str], list[str]] = {}
    rows = connection.execute(select(c.unit_id, c.role, c.address).where(c.role.in_(roles)).order_by(c.address))
    for unit_id, role, address in rows:
        found.setdefault((unit_id, role), []).append(address)
    return found


def plan_case_notices(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put the notices of reached rungs into the ledger; the unique key keeps each from being made twice."""
    if rows:
        connection.execute(_insert(connection, Notice.__table__).on_conflict_do_nothing(), list(rows))  # type: ignore[attr-defined]


def withdraw_case_notices(connection: Connection, subjects: Sequence[str]) -> None:
    """Take back what was planned for closed cases and has not gone out."""
    c = Notice.__table__.c  # type: ignore[attr-defined]
    for start in range(0, len(subjects), 500):
        connection.execute(
            update(Notice.__table__)  # type: ignore[attr-defined]
            .where(c.subject.in_(subjects[start : start + 500]), c.state == "planned")
            .values(state="withdrawn")
        )


def list_case_rows(connection: Connection, *, closed: bool, unit_ids: Collection[int] | None) -> list[dict[str, Any]]:
    """Cases as rows, open ones first, of these the furthest up and oldest; `closed` also those that are over."""
    table = Case.__table__  # type: ignore[attr-defined]
    rank = case({step: place for place, step in enumerate(reversed(STEPS[:-1]))}, value=table.c.step, else_=len(STEPS))
    asked = select(table).order_by(rank, table.c.opened_on, table.c.id)
    if not closed:
        asked = asked.where(table.c.step != DA_DONG)
    rows = [dict(row) for row in connection.execute(asked).mappings()]
    return rows if unit_ids is None else [row for row in rows if row["unit_id"] in set(unit_ids)]


def load_case_events(connection: Connection, case_id: int) -> list[dict[str, Any]]:
    """What happened to one case, oldest first."""
    table = CaseEvent.__table__  # type: ignore[attr-defined]
    rows = connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.id))
    return [dict(row) for row in rows.mappings()]


def _insert(connection: Connection, table: Any) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
