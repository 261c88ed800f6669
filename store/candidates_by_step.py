"""How many people stand at each step of each unit: now from the projection, on a day gone by from the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from store.candidates import Candidate
from store.counting import Dead
from store.journal import Entry

J = Entry.__table__  # type: ignore[attr-defined]
# An entry stands in the unit it happened in; a transfer leaves the person in the new one.
UNIT_AFTER = case((J.c.trigger == "transfer", J.c.data["to_unit"].as_integer()), else_=J.c.unit_id)


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
    place = func.row_number().over(
        partition_by=c.candidate_id,
        order_by=(c.effective_on.is_not(None).desc(), c.effective_on.desc(), c.sequence.desc()),
    )
    superseding = or_(c.corrects.is_not(None), c.voids.is_not(None))
    ranked = (
        select(UNIT_AFTER.label("unit_id"), c.destination, place.label("place"))
        .where(lives, c.candidate_id.not_in(select(c.candidate_id).where(superseding)))
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
    for unit_id, stands in _last_of_corrected(connection, select(c.candidate_id).where(superseding), lives, dead):
        if stands is not None and stands in steps:
            found[unit_id][stands] = found[unit_id].get(stands, 0) + 1
    return found


def _last_of_corrected(
    connection: Connection, candidates: Any, lives: Any, dead: Sequence[Dead]
) -> list[tuple[int, str | None]]:
    """(unit, step) of each person with superseded entries: a correction stands where the entry it corrects stood."""
    c = J.c
    gone = {entry[:2] for entry in dead}
    roots: dict[tuple[int, int], int] = {}
    last: dict[int, tuple[tuple[date, int], int, str | None]] = {}
    asked = select(
        c.candidate_id, c.sequence, c.corrects, c.effective_on, UNIT_AFTER, c.destination, lives.label("lives")
    )
    rows = connection.execute(asked.where(c.candidate_id.in_(candidates)).order_by(c.candidate_id, c.sequence))
    for candidate_id, sequence, corrects, on, unit_id, step, alive in rows:
        root = roots[candidate_id, sequence] = roots.get((candidate_id, corrects), sequence)
        place = (on or date.min, root)
        if alive and (candidate_id, sequence) not in gone and place >= last.get(candidate_id, (place,))[0]:
            last[candidate_id] = (place, unit_id, step)
    return [(unit_id, step) for _place, unit_id, step in last.values()]
