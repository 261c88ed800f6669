"""Job claims: one job on one business day belongs to whoever claimed it first."""

from datetime import date, datetime

from sqlalchemy import Column, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from store.base import Instant, Json


class JobClaim(SQLModel, table=True):
    """`job` on `day` (and `scope`, such as a period) is being done, or was done with `result`."""

    __tablename__ = "job_claims"
    __table_args__ = (PrimaryKeyConstraint("job", "day", "scope"),)
    job: str
    day: date
    scope: str = Field(default="")
    owner: str = Field(description="random, per process")
    claimed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False), description="then another may take it over")
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    result: dict | None = Field(default=None, sa_column=Column(Json, nullable=True))  # type: ignore[type-arg]
