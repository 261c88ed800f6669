"""How many people stand at each step of each unit: now from the projection, on a day gone by from the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from store.candidates import Candidate
from store.counting import Dead
from store.journal import Entry

J = Entry.__table__  # type: ignore[attr-defined]


def people_by_step(connection: Connection, steps: Collection[str]) -> dict[int, dict[str, int]]:
    """unit -> step -> people, as they stand now."""
    c = Candidate.__table__.c  # type: ignore[attr-defined]
    rows = connection.execute(
        select(c.unit_id, c.step, func.count()).where(c.step.in_(steps)).group_by(c.unit_id, c.step)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, step, count in rows:
        found[unit_id][step] = count
    return found


def people_by_step_on(
    connection: Connection, steps: Collection[str], day: date, dead: Sequence[Dead]
) -> dict[int, dict[str, int]]:
    """The same for a day gone by, from the journal: each person's last live entry up to that day, history left out."""
    c = J.c
    lives = and_(
        c.voids.is_(None),
        or_(c.source.is_not(None), c.trigger == "open_at"),
        or_(c.effective_on <= day, c.effective_on.is_(None)),
    )
    corrected = sorted({entry.candidate_id for entry in dead})
    place = func.row_number().over(
        partition_by=c.candidate_id,
        order_by=(c.effective_on.is_not(None).desc(), c.effective_on.desc(), c.sequence.desc()),
    )
    superseded = select(c.candidate_id).where(or_(c.corrects.is_not(None), c.voids.is_not(None)))
    ranked = (
        select(c.unit_id, c.destination, place.label("place"))
        .where(lives, c.candidate_id.not_in(superseded))
        .subquery()
    )
    rows: Iterable[Any] = connection.execute(
        select(ranked.c.unit_id, ranked.c.destination, func.count())
        .where(ranked.c.place == 1, ranked.c.destination.in_(steps))
        .group_by(ranked.c.unit_id, ranked.c.destination)
    ).all()
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, step, count in rows:
        found[unit_id][step] = count
    if corrected:
        gone = {entry[:2] for entry in dead}
        last: dict[int, tuple[Any, ...]] = {}
        asked = select(c.candidate_id, c.sequence, c.effective_on, c.unit_id, c.destination).where(
            lives, c.candidate_id.in_(superseded)
        )
        for row in connection.execute(asked):
            if row[:2] not in gone:
                rank = (row[2] or date.min, row[1], row[3], row[4])
                if row[0] not in last or rank[:2] > last[row[0]][:2]:
                    last[row[0]] = rank
        for _on, _sequence, unit_id, step in last.values():
            if step in steps:
                found[unit_id][step] = found[unit_id].get(step, 0) + 1
    return found
