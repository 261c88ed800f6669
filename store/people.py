"""People: rows that can be erased. The journal knows a person only by the random id here."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Connection, Index, UniqueConstraint, bindparam, select
from sqlmodel import Field, SQLModel

from store.base import Instant
from store.bulk import day_of, parts, plain_rows


class Person(SQLModel, table=True):
    """Who somebody is; erasable."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_name_key", "name_key", "id"),)
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False), description="random, 62 bits")
    name: str | None = Field(description="NFC; null once erased")
    name_key: str | None = Field(default=None, description="the name folded, for search without accents")
    birth: str | None = Field(default=None, description="1990-03-20, 1990-03 or 1990: as much as is known")
    erased_at: datetime | None = Field(
        default=None,
        sa_column=Column(Instant),
        description="then name, birth and words went; what counts stayed, coarse",
    )


class PersonAttribute(SQLModel, table=True):
    """One dated attribute (gioi_tinh, dan_toc, doan_vien, hoc_van …); a later recording of the same day replaces it."""

    __tablename__ = "person_attributes"
    __table_args__ = (
        UniqueConstraint("person_id", "key", "from_on", "recorded_at"),
        Index("ix_person_attributes_key", "key", "person_id", "from_on", "recorded_at", "value"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=BigInteger, foreign_key="people.id")
    key: str = Field(description="the workbook's column: gioi_tinh, dan_toc, ton_giao, …")
    value: str | None = Field(description="1/0 for yes/no; null = not known")
    from_on: date = Field(description="first day it holds; 0001-01-01 = since ever")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))


_a = PersonAttribute.__table__.c  # type: ignore[attr-defined]
_ALL_ATTRIBUTES = select(_a.person_id, _a.key, _a.from_on, _a.value).order_by(
    _a.person_id, _a.key, _a.from_on, _a.recorded_at
)
_ATTRIBUTES = _ALL_ATTRIBUTES.where(_a.person_id.in_(bindparam("ids", expanding=True)))
_ATTRIBUTES_OF = _ALL_ATTRIBUTES.where(_a.person_id == bindparam("id"))


def load_attributes(
    connection: Connection, person_ids: Sequence[int]
) -> dict[int, tuple[tuple[str, date, str | None], ...]]:
    """Every dated attribute of these people as (key, first day, value), the later recording of a day last."""
    found: dict[int, list[tuple[str, date, str | None]]] = {}
    if len(person_ids) == 1:
        rows = [(row[1], row[2], row[3]) for row in connection.execute(_ATTRIBUTES_OF, {"id": person_ids[0]})]
        return {person_ids[0]: tuple(rows)}
    for some in parts(person_ids):
        for person, key, from_on, value in plain_rows(connection.execute(_ATTRIBUTES, {"ids": some})):
            found.setdefault(person, []).append((key, day_of(from_on), value))
    return {person: tuple(rows) for person, rows in found.items()}


def find_name(connection: Connection, person_id: int) -> str | None:
    """What the person is called; None once erased."""
    p = Person.__table__.c  # type: ignore[attr-defined]
    return connection.execute(select(p.name).where(p.id == person_id)).scalar()
