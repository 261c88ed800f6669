"""What is due, page by page: running clocks in the order of their days, counted and read without loading everybody.

A probation that is over though `mature` is not written is told apart (`over`): what is due of it is the review that
follows, and on which day is for the law to say. Everything else stands as it is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from states.aftermath import PROBATION
from store.bulk import parts
from store.candidates import CANDIDATES
from store.clocks import CLOCKS, RUNS, RunningClock, clocks_with_people
from store.people import Person
from store.unit_sets import among

_c, _k = CLOCKS.c, CANDIDATES.c
LATER = ""
FEW = 4_000  # people: below it they are asked for their clocks, above it the clocks for their people


@dataclass(frozen=True)
class Asked:
    """Which clocks: of the people of these units (None = all), of these limits, or those somebody has to act on."""

    units: Collection[int] | None = None
    keys: Collection[str] | None = None
    acting: Sequence[tuple[Collection[str], Collection[str], Collection[int]]] | None = (
        None  # limits, steps, units: any
    )
    people: int | None = None  # about how many people stand in `units`
    first: date | None = None  # only those due from this day on
    last: date | None = None  # only those due by this day

    @property
    def narrow(self) -> bool:
        """Whether to begin with the people."""
        return self.units is not None and self.people is not None and self.people < FEW


class Overs(NamedTuple):
    """Probations that are over: how many of people at this step ended on this day."""

    step: str
    due_on: date
    number: int


class Spot(NamedTuple):
    """A clock's place in the list."""

    due_on: date
    key: str
    code: str
    id: int


def count_overs(connection: Connection, asked: Asked, today: date) -> list[Overs]:
    """Running probations whose last day has come, by step and day."""
    query = select(_k.step, _c.due_on, func.count()).where(RUNS, _c.due_on <= today, _c.key == PROBATION)
    rows = connection.execute(_of(connection, query, asked, people=True).group_by(_k.step, _c.due_on))
    return [Overs(*row) for row in rows]


def count_due(connection: Connection, asked: Asked, today: date, until: date) -> dict[tuple[str, bool], int]:
    """(limit, whether its day has passed) -> running clocks due by `until`, without probations that are over.

    Those of later days are counted together, under "".
    """
    late = cast(_c.due_on < today, Integer)
    if asked.units is None and asked.acting is None:  # the index knows: no need to look at those of later days
        query = select(_c.key, late, func.count()).where(RUNS, _c.due_on <= until, _not_over(today))
        rows = [tuple(row) for row in connection.execute(_of(connection, query, asked).group_by(_c.key, late))]
        every = select(func.count()).select_from(CLOCKS).where(RUNS, _c.due_on > until)
        rows.append((LATER, 0, connection.execute(_of(connection, every, asked)).scalar_one()))
    else:
        key = case((_c.due_on <= until, _c.key), else_=LATER)
        query = select(key, late, func.count()).where(RUNS, _not_over(today))
        grouped = _of(connection, query, asked, counted=True).group_by(key, late)
        rows = [tuple(row) for row in connection.execute(grouped)]
    return {(key, bool(passed)): number for key, passed, number in rows}


def count_all(connection: Connection, asked: Asked, today: date) -> int:
    """Running clocks, without probations that are over."""
    query = select(func.count()).select_from(CLOCKS).where(RUNS, _not_over(today))
    return int(connection.execute(_of(connection, query, asked, counted=asked.keys is None)).scalar_one())


def next_due_day(connection: Connection, asked: Asked, today: date) -> date | None:
    """The first day from `today` on on which a clock runs out."""
    query = select(_c.due_on).where(RUNS, _c.due_on >= today, _not_over(today)).order_by(_c.due_on).limit(1)
    return connection.execute(_of(connection, query, asked)).scalar()


def due_spots(connection: Connection, asked: Asked, today: date, skip: int, number: int) -> list[Spot]:
    """So many clocks from a place of the list on, by day, limit and code; probations that are over left out."""
    query = select(_c.due_on, _c.key, _k.code, _c.id).where(RUNS, _not_over(today))
    query = _of(connection, query, asked, people=True).order_by(_c.due_on, _c.key, _k.code)
    return [Spot(*row) for row in connection.execute(query.limit(number).offset(skip))]


def over_spots(connection: Connection, asked: Asked, step: str, days: Sequence[date]) -> list[Spot]:
    """The probations that were over on these days, of people at this step."""
    query = select(_c.due_on, _c.key, _k.code, _c.id).where(RUNS, _c.key == PROBATION, _k.step == step)
    found = []
    for some in parts(days):
        rows = connection.execute(_of(connection, query.where(_c.due_on.in_(some)), asked, people=True))
        found += [Spot(*row) for row in rows]
    return found


def load_due(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[RunningClock, str | None]]:
    """These clocks with the person's name, by id."""
    p = Person.__table__.c  # type: ignore[attr-defined]
    query = (
        clocks_with_people(RunningClock, p.name)
        .join(Person.__table__, p.id == _k.person_id)  # type: ignore[attr-defined]
        .where(_c.id.in_(ids))
    )
    return {row[0]: (RunningClock(*row[:-1]), row[-1]) for row in connection.execute(query)} if ids else {}


def next_clocks(connection: Connection, candidate_ids: Sequence[int]) -> list[RunningClock]:
    """Every running clock of these people, the earliest first."""
    query = clocks_with_people(RunningClock)
    query = query.where(RUNS, _c.candidate_id.in_(candidate_ids)).order_by(_c.due_on, _c.key)
    return [RunningClock(*row) for row in connection.execute(query)] if candidate_ids else []


def _not_over(today: date) -> ColumnElement[bool]:
    return not_(and_(_c.key == PROBATION, _c.due_on <= today))


def _of(
    connection: Connection, query: Select[Any], asked: Asked, *, people: bool = False, counted: bool = False
) -> Select[Any]:
    """The query narrowed to what is asked; joined to the people where they are needed.

    SQLite is told where to begin (a `+` before a column keeps its index out): it does not know how many people there are.
    """
    if asked.keys is not None:
        query = query.where(_c.key.in_(list(asked.keys)) if asked.keys else false())
    if asked.first is not None:
        query = query.where(_c.due_on >= asked.first)
    if asked.last is not None:
        query = query.where(_c.due_on <= asked.last)
    if asked.units is None and asked.acting is None and not people:
        return query
    query = query.join_from(CLOCKS, CANDIDATES, _k.id == _c.candidate_id)
    wide = connection.dialect.name == "sqlite" and not (asked.narrow or counted)
    unit: ColumnElement[Any] = literal_column("+candidates.unit_id") if wide else _k.unit_id
    if asked.units is not None:
        query = query.where(among(connection, unit, asked.units))
    if asked.acting is not None:
        some = (
            and_(_c.key.in_(keys), _k.step.in_(steps), among(connection, unit, units))
            for keys, steps, units in asked.acting
        )
        query = query.where(or_(false(), *some))
    return query
