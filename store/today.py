"""Counts for the first page, within some units (None = all): cases, closings that wait."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, case, exists, func, select

from states.closing import PREPARED
from states.escalation import DA_DONG
from store.closings import Closing
from store.escalation import CASES
from store.unit_sets import among


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
