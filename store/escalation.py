"""Cases of units that fall behind, and the log of what happened to each."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from store.base import Instant, Json
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
    ladder: dict = Field(sa_column=Column(Json, nullable=False), description="the ladder as it was when the case opened")  # type: ignore[type-arg]
    committed: str | None = Field(default=None, description="what the unit promised, with committed_until")
    committed_until: date | None = Field(default=None)
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
