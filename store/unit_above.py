"""The unit above another, without reading the whole tree."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from store.units import UnitVersion


def find_unit_above(connection: Connection, unit_id: int, on: date) -> int | None:
    """The unit above on a day (before its first day that of its first version); None at the root."""
    v = UnitVersion.__table__.c  # type: ignore[attr-defined]
    asked = select(v.parent_id, v.from_on).where(v.unit_id == unit_id).order_by(v.from_on, v.id)
    found: int | None = None
    for place, (parent, from_on) in enumerate(connection.execute(asked)):
        if from_on <= on or place == 0:
            found = parent
    return found
