"""What is not known and ought to be: first days of clocks, papers, helpers, birth dates, education."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, exists, func, select

from store.candidates import BLANK, CANDIDATES
from store.people import Person, PersonAttribute

_k = CANDIDATES.c


class Gap(NamedTuple):
    """Something not known about one person; `what` is a gap's code (clock:KEY, introducers, helper, birth, hoc_van)."""

    code: str
    unit_id: int
    what: str


def load_gaps(connection: Connection, ends: Sequence[str], today: date) -> list[Gap]:
    """Every gap of everybody whose way has not ended (`ends` = the steps that are ends), by code."""
    p, a = Person.__table__.c, PersonAttribute.__table__.c  # type: ignore[attr-defined]
    going = _k.step.not_in([*ends, BLANK])
    found = [
        Gap(code, unit_id, what)
        for code, unit_id, gaps in connection.execute(
            select(_k.code, _k.unit_id, _k.facts["gaps"]).where(going, any_gap(connection))
        )
        for what in gaps
    ]
    born = select(_k.code, _k.unit_id).join_from(CANDIDATES, Person.__table__, p.id == _k.person_id)  # type: ignore[attr-defined]
    unborn = connection.execute(born.where(going, p.birth.is_(None)))
    found += [Gap(code, unit_id, "birth") for code, unit_id in unborn]
    taught = exists().where(
        and_(a.person_id == _k.person_id, a.key == "hoc_van", a.value.is_not(None), a.from_on <= today)
    )
    untaught = connection.execute(select(_k.code, _k.unit_id).where(going, ~taught))
    found += [Gap(code, unit_id, "hoc_van") for code, unit_id in untaught]
    return sorted(found)


def any_gap(connection: Connection) -> Any:
    """Whether the facts of somebody's way name a gap."""
    if connection.dialect.name == "postgresql":
        return func.jsonb_array_length(_k.facts["gaps"]) > 0
    return func.json_array_length(_k.facts, "$.gaps") > 0
