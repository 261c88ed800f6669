"""What the headings of people's own workbooks were once said to mean."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Connection, delete, insert, select
from sqlmodel import Field, SQLModel

from store.base import Instant, Json


class HeadingMap(SQLModel, table=True):
    """One sheet of somebody's own making, known again by its set of headings."""

    __tablename__ = "heading_maps"
    headings: str = Field(primary_key=True, description="SHA-256 of the sheet's name and its headings, folded")
    sheet: str = Field(description="ours; empty = not to be read")
    columns: dict = Field(sa_column=Column(Json, nullable=False), description="folded heading -> our column, or empty")  # type: ignore[type-arg]
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


MAPS = HeadingMap.__table__  # type: ignore[attr-defined]


def load_heading_maps(connection: Connection, keys: Collection[str]) -> dict[str, tuple[str, dict[str, str]]]:
    """(sheet, columns) of those of these sets of headings that were seen before."""
    asked = select(MAPS.c.headings, MAPS.c.sheet, MAPS.c["columns"]).where(MAPS.c.headings.in_(list(keys)))
    return {row[0]: (row[1], row[2]) for row in connection.execute(asked)}


def save_heading_map(
    connection: Connection, key: str, sheet: str, columns: dict[str, str], at: datetime, by: str
) -> None:
    """Remember what a set of headings means, instead of what was said before."""
    connection.execute(delete(MAPS).where(MAPS.c.headings == key))
    connection.execute(insert(MAPS).values(headings=key, sheet=sheet, columns=columns, recorded_at=at, recorded_by=by))
