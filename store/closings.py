"""Closed periods: what a report said on the day it was closed, kept word for word. Append-only, like the journal."""

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.base import Instant, Json


class Closing(SQLModel, table=True):
    """One act on a unit's period: prepared (with the report as it is frozen), accepted, reopened."""

    __tablename__ = "closings"
    __table_args__ = (UniqueConstraint("unit_id", "period", "sequence"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    period: str
    sequence: int = Field(description="1, 2 … of this unit's period")
    version: int = Field(description="1 for the first report closed, 2 after a reopening …")
    event: str = Field(description="prepared -> accepted -> reopened")
    on: date = Field(sa_column_kwargs={"name": "happened_on"}, description="business day")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str
    signer: str | None = Field(default=None, description="who signs, by name or office, as the closing says it")
    reason: str | None = Field(default=None, description="why it was reopened")
    content: dict | None = Field(  # type: ignore[type-arg]
        default=None, sa_column=Column(Json), description="prepared: the report, its printed texts, how it was computed"
    )
    previous_hash: str
    hash: str


class ClosingFile(SQLModel, table=True):
    """A file issued at a closing (xlsx, docx), kept byte for byte and issued again."""

    __tablename__ = "closing_files"
    __table_args__ = (UniqueConstraint("closing_id", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    closing_id: int = Field(foreign_key="closings.id")
    kind: str = Field(description="xlsx, docx")
    content: str = Field(description="base64")
    digest: str = Field(description="SHA-256 of the bytes")
