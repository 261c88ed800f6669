"""What was recorded after an instant, and what took the place of what: for the bridge from closed figures to today's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from store.bulk import parts
from store.candidates import Candidate
from store.figures import ReportedFigure
from store.journal import Entry
from store.people import PersonAttribute
from store.units import Unit, UnitVersion


class EntryMark(NamedTuple):
    """An entry, when it was recorded and which entry corrects or voids it."""

    entry: str
    trigger: str
    on: date | None
    recorded_at: datetime
    corrects: int | None
    voids: int | None
    followed_by: str | None


class UnitMark(NamedTuple):
    """The last change of a unit."""

    code: str
    from_on: date
    recorded_at: datetime


class PersonMark(NamedTuple):
    """The last change of what is known of a person."""

    from_on: date
    recorded_at: datetime


class FigureMark(NamedTuple):
    """The last number one unit reported for one body."""

    code: str
    period: str
    reported_on: date | None
    recorded_at: datetime


def load_entry_marks(connection: Connection, codes: Collection[str]) -> dict[str, EntryMark]:
    """All entries of some people, by CODE:sequence."""
    j, c = Entry.__table__.c, Candidate.__table__.c  # type: ignore[attr-defined]
    rows: list[Any] = []
    for some in parts(sorted(codes)):
        rows += connection.execute(
            select(c.code, j.sequence, j.trigger, j.effective_on, j.recorded_at, j.corrects, j.voids)
            .join(Candidate.__table__, c.id == j.candidate_id)  # type: ignore[attr-defined]
            .where(c.code.in_(some))
        ).all()
    followed = {(row[0], row[5] or row[6]): f"{row[0]}:{row[1]}" for row in rows if row[5] or row[6]}
    marks = (
        EntryMark(f"{code}:{sequence}", trigger, on, at, corrects, voids, followed.get((code, sequence)))
        for code, sequence, trigger, on, at, corrects, voids in rows
    )
    return {mark.entry: mark for mark in marks}


def load_person_marks(connection: Connection, codes: Collection[str], after: datetime) -> dict[str, PersonMark]:
    """The last change of what is known of these people that was recorded after an instant, by code."""
    a, c = PersonAttribute.__table__.c, Candidate.__table__.c  # type: ignore[attr-defined]
    found: dict[str, PersonMark] = {}
    for some in parts(sorted(codes)):
        asked = (
            select(c.code, a.from_on, a.recorded_at)
            .join(Candidate.__table__, c.person_id == a.person_id)  # type: ignore[attr-defined]
            .where(c.code.in_(some), a.recorded_at > after)
            .order_by(a.recorded_at, a.id)
        )
        found |= {row[0]: PersonMark(row[1], row[2]) for row in connection.execute(asked)}
    return found


def load_unit_marks(connection: Connection, after: datetime) -> dict[int, UnitMark]:
    """The last change of every unit that was changed after an instant."""
    u, v = Unit.__table__.c, UnitVersion.__table__.c  # type: ignore[attr-defined]
    asked = (
        select(v.unit_id, u.code, v.from_on, v.recorded_at)
        .join(Unit.__table__, u.id == v.unit_id)  # type: ignore[attr-defined]
        .where(v.recorded_at > after)
        .order_by(v.recorded_at, v.id)
    )
    return {row[0]: UnitMark(*row[1:]) for row in connection.execute(asked)}


def load_figure_marks(connection: Connection, indicator: str, after: datetime) -> dict[tuple[int, int], FigureMark]:
    """(unit, credited body) -> the last number of this indicator recorded after an instant."""
    u, r = Unit.__table__.c, ReportedFigure.__table__.c  # type: ignore[attr-defined]
    asked = (
        select(r.unit_id, r.credited_unit_id, u.code, r.period, r.reported_on, r.recorded_at)
        .join(Unit.__table__, u.id == r.unit_id)  # type: ignore[attr-defined]
        .where(r.indicator == indicator, r.recorded_at > after)
        .order_by(r.recorded_at, r.id)
    )
    return {(row[0], row[1]): FigureMark(*row[2:]) for row in connection.execute(asked)}
