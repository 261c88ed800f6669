"""Counts for the first page, within some units (None = all): what is not known, cases, closings that wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, and_, case, cast, exists, func, select

from states.closing import PREPARED
from states.escalation import DA_DONG
from store.candidates import CANDIDATES, STANDS
from store.closings import Closing
from store.escalation import CASES
from store.gaps import any_gap
from store.people import Person, PersonAttribute
from store.unit_sets import among

_k = CANDIDATES.c


class CaseCounts(NamedTuple):
    """Open cases, their units, and those whose commitment or silence ends soon."""

    cases: int
    units: int
    lapsing: int


class Waiting(NamedTuple):
    """A unit's period that was prepared and is not accepted."""

    unit_id: int
    period: str


def count_cases(connection: Connection, units: Collection[int] | None, until: date) -> CaseCounts:
    """Open cases of these units; `until`: the last day on which an end counts as soon."""
    c = CASES.c
    ends = case((c.committed_until <= until, 1), (c.silenced_until <= until, 1), else_=0)
    query = select(func.count(), func.count(func.distinct(c.unit_id)), func.sum(ends)).where(c.step != DA_DONG)
    if units is not None:
        query = query.where(among(connection, c.unit_id, units))
    row = connection.execute(query).one()
    return CaseCounts(row[0], row[1], int(row[2] or 0))


def waiting_closings(connection: Connection, units: Collection[int] | None, number: int) -> list[Waiting]:
    """Periods whose latest act is their preparing, the oldest first."""
    a, later = Closing.__table__, Closing.__table__.alias()  # type: ignore[attr-defined]
    newer = exists().where(
        later.c.unit_id == a.c.unit_id, later.c.period == a.c.period, later.c.sequence > a.c.sequence
    )
    query = select(a.c.unit_id, a.c.period).where(a.c.event == PREPARED, ~newer).order_by(a.c.id).limit(number)
    if units is not None:
        query = query.where(among(connection, a.c.unit_id, units))
    return [Waiting(*row) for row in connection.execute(query)]


def count_gaps(
    connection: Connection, units: Collection[int] | None, ends: Sequence[str], today: date
) -> dict[str, int]:
    """How many people whose way goes on lack a paper or a day (facts), a birth date, an education."""
    p, a = Person.__table__.c, PersonAttribute.__table__.c  # type: ignore[attr-defined]
    taught = exists().where(
        and_(a.person_id == _k.person_id, a.key == "hoc_van", a.value.is_not(None), a.from_on <= today)
    )
    unborn = exists().where(p.id == _k.person_id, p.birth.is_(None))
    columns: list[Any] = [func.sum(cast(one, Integer)) for one in (any_gap(connection), unborn, ~taught)]
    query = select(*columns).where(STANDS, _k.step.not_in(list(ends)))
    if units is not None:
        query = query.where(among(connection, _k.unit_id, units))
    row = connection.execute(query).one()
    return dict(zip(("facts", "birth", "hoc_van"), (int(one or 0) for one in row), strict=True))
