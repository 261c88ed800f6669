"""The tree figures go up on a day, and the numbers units say of themselves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, Integer, String, select, type_coerce

from states.figures import Tree
from store.bulk import plain_rows
from store.units import UnitVersion


def load_tree(connection: Connection, on: date, known_at: datetime | None = None) -> Tree:
    """Who stands under whom on a day, without names: a fraction of the time all of a unit's days take to read."""
    c = UnitVersion.__table__.c  # type: ignore[attr-defined]
    begun = type_coerce(c.from_on <= on, Integer)
    asked = select(c.unit_id, c.parent_id, type_coerce(c.ended, Integer), begun, type_coerce(c.from_on, String), c.id)
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    rows = plain_rows(connection.execute(asked))
    parents: dict[int, int | None] = {row[0]: row[1] for row in rows}
    if len(parents) == len(rows):  # as nearly always: nothing about any unit has ever changed
        return Tree(parents, {row[0] for row in rows if row[3] and not row[2]})
    rows.sort(key=lambda row: (row[0], row[4], row[5]))
    parents, living = {}, set()
    for unit_id, parent_id, ended, has_begun, *_ in rows:
        if not has_begun:
            parents.setdefault(unit_id, parent_id)
            continue
        parents[unit_id] = parent_id
        if ended:
            living.discard(unit_id)
        else:
            living.add(unit_id)
    return Tree(parents, living)


def stock_of(connection: Connection, key: str, on: date, known_at: datetime | None = None) -> dict[int, int]:
    """A unit attribute that is a number (so_dang_vien) on a day; units without one are left out."""
    c = UnitVersion.__table__.c  # type: ignore[attr-defined]
    found: dict[int, int] = {}
    asked = select(c.unit_id, c.attributes).where(c.from_on <= on).order_by(c.unit_id, c.from_on, c.id)
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    for unit_id, attributes in connection.execute(asked):
        value = str((attributes or {}).get(key) or "")
        if value.isdigit():
            found[unit_id] = int(value)
        else:
            found.pop(unit_id, None)
    return found
