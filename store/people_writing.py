"""Recording people and what changes about them, many at once."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from states.wording import fold
from store.bulk import parts
from store.candidates import STANDS, Candidate
from store.journal import Entry
from store.people import Person, PersonAttribute

PEOPLE: Table = Person.__table__  # type: ignore[attr-defined]
ATTRIBUTES: Table = PersonAttribute.__table__  # type: ignore[attr-defined]


class KnownPerson(NamedTuple):
    """Who stands behind a candidate's code, and where their way was opened."""

    person_id: int
    candidate_id: int
    name: str | None
    birth: str | None
    unit_id: int
    step: str
    since: date | None
    opened_step: str
    opened_on: date | None
    opened_unit_id: int


class Attribute(NamedTuple):
    """One dated attribute to be recorded."""

    person_id: int
    key: str
    from_on: date
    value: str | None


def new_id() -> int:
    """A random id of 62 bits: it says nothing about whom it stands for."""
    return secrets.randbits(62)


def insert_people(connection: Connection, people: Sequence[tuple[int, str, str | None]]) -> None:
    """Record people as (id, name, birth)."""
    if people:
        rows = [{"id": one, "name": name, "name_key": fold(name), "birth": birth} for one, name, birth in people]
        connection.execute(insert(PEOPLE), rows)


def update_people(connection: Connection, people: Sequence[tuple[int, str | None, str | None]]) -> None:
    """Put name and birth of people right, given as (id, name, birth)."""
    if people:
        connection.execute(
            update(PEOPLE).where(PEOPLE.c.id == bindparam("_id"), PEOPLE.c.erased_at.is_(None)),
            [
                {"_id": one, "name": name, "name_key": None if name is None else fold(name), "birth": birth}
                for one, name, birth in people
            ],
        )


def insert_attributes(connection: Connection, attributes: Iterable[Attribute], recorded_at: datetime) -> None:
    """Record dated attributes."""
    rows = [{**one._asdict(), "recorded_at": recorded_at} for one in attributes]
    if rows:
        connection.execute(insert(ATTRIBUTES), rows)


def load_known_people(connection: Connection, codes: Collection[str] | None = None) -> dict[str, KnownPerson]:
    """Those of these codes who are known (everybody without `codes`), by code, with their opening."""
    c, p, j = Candidate.__table__.c, PEOPLE.c, Entry.__table__.c  # type: ignore[attr-defined]
    people = select(c.code, c.person_id, c.id, p.name, p.birth, c.unit_id, c.step, c.since).join_from(
        Candidate.__table__,  # type: ignore[attr-defined]
        PEOPLE,
    )
    people = people.where(STANDS)
    openings = (
        select(j.candidate_id, j.destination, j.effective_on, j.unit_id)
        .where(j.trigger == "open_at", j.voids.is_(None))
        .order_by(j.candidate_id, j.sequence)
    )
    rows = []
    opened = {}
    if codes is None:
        rows = list(connection.execute(people.order_by(c.code)))
        opened = {row[0]: tuple(row[1:]) for row in connection.execute(openings)}
    else:
        wanted = list(codes)
        for some in parts(wanted):
            found = list(connection.execute(people.where(c.code.in_(some))))
            rows += found
            of_these = openings.where(j.candidate_id.in_([row[2] for row in found]))
            opened.update({row[0]: tuple(row[1:]) for row in connection.execute(of_these)})
    return {row[0]: KnownPerson(*row[1:], *opened[row[2]]) for row in rows}
