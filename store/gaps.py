"""What is not known and ought to be: first days of clocks, papers, helpers, birth dates, education."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, TextClause, func, select, text

from store.candidates import BLANK, CANDIDATES, GAPS
from store.people import Person, PersonAttribute
from store.unit_sets import among

_k = CANDIDATES.c
FACTS, BIRTH, EDUCATION = "facts", "birth", "hoc_van"


class Gap(NamedTuple):
    """Something not known about one person; `what` is a gap's code (clock:KEY, introducers, helper, birth, hoc_van)."""

    code: str
    unit_id: int
    what: str


def load_gaps(
    connection: Connection, ends: Sequence[str], today: date, units: Collection[int] | None = None
) -> list[Gap]:
    """Every gap of everybody of these units (None = all) whose way has not ended (`ends` = the steps that are ends), by code."""
    lacks, going = lacking(connection, today), _going(connection, ends, units)
    found = [
        Gap(code, unit_id, what)
        for code, unit_id, gaps in connection.execute(
            select(_k.code, _k.unit_id, _k.facts["gaps"]).where(lacks.pop(FACTS), *going)
        )
        for what in gaps
    ]
    for what, lack in lacks.items():
        rows = connection.execute(select(_k.code, _k.unit_id).where(lack, *going))
        found += [Gap(code, unit_id, what) for code, unit_id in rows]
    return sorted(found)


def count_gaps(
    connection: Connection, ends: Sequence[str], today: date, units: Collection[int] | None = None
) -> dict[str, int]:
    """How many of those people lack a paper or a day (facts), a birth date, an education."""
    going = _going(connection, ends, units)
    return {
        what: connection.execute(select(func.count()).select_from(CANDIDATES).where(lack, *going)).scalar_one()
        for what, lack in lacking(connection, today).items()
    }


def lacking(connection: Connection, today: date) -> dict[str, ColumnElement[bool] | TextClause]:
    """What is looked for of a candidate -> whether it is not known."""
    p, a = Person.__table__.c, PersonAttribute.__table__.c  # type: ignore[attr-defined]
    taught = select(a.person_id).where(a.key == EDUCATION, a.value.is_not(None), a.from_on <= today)
    return {
        FACTS: text(GAPS[connection.dialect.name]),
        BIRTH: _k.person_id.in_(select(p.id).where(p.birth.is_(None))),
        EDUCATION: _k.person_id.not_in(taught),
    }


def _going(connection: Connection, ends: Sequence[str], units: Collection[int] | None) -> list[ColumnElement[bool]]:
    inside = [] if units is None else [among(connection, _k.unit_id, units)]
    return [_k.step.not_in([*ends, BLANK]), *inside]
