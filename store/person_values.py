"""What is known of people on the day that counts, as SQL: a dated attribute, or the age in completed years.

Each value is looked up for every row of one statement through the unique index of the attributes: one question for all
the people of a filter or a breakdown, never one a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, case, cast, extract, func, literal, select

from states.breakdowns import AGE
from store.bulk import parts
from store.candidates import CANDIDATES
from store.people import Person, PersonAttribute

P = Person.__table__  # type: ignore[attr-defined]
A = PersonAttribute.__table__  # type: ignore[attr-defined]
BIRTH = "ngay_sinh"  # the birth date believed until `recorded_at`, "" for none; written when it is put right

Value = str | int | None


def value_on(
    key: str, person_id: ColumnElement[int], day: ColumnElement[date] | date, known_at: datetime | None
) -> ColumnElement[Any]:
    """The value of `key` for a person on a day, as known at an instant (None: as known now)."""
    return _age_on(person_id, day, known_at) if key == AGE else _dated(key, person_id, day, known_at)


def _dated(
    key: str, person_id: ColumnElement[int], day: ColumnElement[date] | date, known_at: datetime | None
) -> ColumnElement[Any]:
    a = A.alias()
    found = select(a.c.value).where(a.c.person_id == person_id, a.c.key == key, a.c.from_on <= day)
    if known_at is not None:
        found = found.where(a.c.recorded_at <= known_at)
    return found.order_by(a.c.from_on.desc(), a.c.recorded_at.desc()).limit(1).scalar_subquery()


def _age_on(
    person_id: ColumnElement[int], day: ColumnElement[date] | date, known_at: datetime | None
) -> ColumnElement[Any]:
    """states.calendar.age_months in years, in SQL: an incomplete birth date is its latest possible day."""
    birth: ColumnElement[Any] = P.c.birth
    if known_at is not None:
        a = A.alias()
        believed = (
            select(a.c.value)
            .where(a.c.person_id == person_id, a.c.key == BIRTH, a.c.recorded_at > known_at)
            .order_by(a.c.recorded_at)
            .limit(1)
        )
        birth = func.nullif(func.coalesce(believed.scalar_subquery(), P.c.birth), "")
    born = cast(func.substr(birth, 1, 4), Integer) * 12 + case(
        (func.length(birth) >= 7, cast(func.substr(birth, 6, 2), Integer)), else_=12
    )
    months: Any
    if isinstance(day, date):
        months = literal(day.year * 12 + day.month, Integer)
    else:
        months = cast(extract("year", day), Integer) * 12 + cast(extract("month", day), Integer)
    age = select(cast((months - born) // 12, Integer)).where(P.c.id == person_id).scalar_subquery()
    return func.coalesce(age, cast(_dated(AGE, person_id, day, known_at), Integer))  # the band kept of who was erased


def load_values(
    connection: Connection, candidate_ids: Sequence[int], keys: Sequence[str], day: date, known_at: datetime | None
) -> Mapping[int, tuple[Value, ...]]:
    """The values of some people on a day, by candidate."""
    c = CANDIDATES.c
    asked = select(c.id, *(value_on(key, c.person_id, day, known_at) for key in keys))
    found: dict[int, tuple[Value, ...]] = {}
    for some in parts(candidate_ids):
        for row in connection.execute(asked.where(c.id.in_(some))):
            found[row[0]] = tuple(row[1:])
    return found
