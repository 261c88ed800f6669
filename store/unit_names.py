"""A few units by code or id, without reading the whole tree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, exists, func, select

from states.errors import Unknown
from states.wording import Text
from store.bulk import parts
from store.units import Unit, UnitVersion


class UnitName(NamedTuple):
    """What a unit is called on a day."""

    id: int
    code: str
    name: str
    kind: str


def get_unit_id(connection: Connection, code: str, known_at: datetime | None = None) -> int:
    """The unit of that code; Unknown if there is none, or none that was recorded by `known_at`."""
    c = Unit.__table__.c  # type: ignore[attr-defined]
    recorded = exists().where(UnitVersion.__table__.c.unit_id == c.id)  # type: ignore[attr-defined]
    found = connection.execute(select(c.id).where(c.code == code, recorded)).scalar()
    if found is None:
        raise Unknown(Text("Không có đơn vị mã {code}.", "There is no unit {code}."), code=code)
    if known_at is not None:
        v = UnitVersion.__table__.c  # type: ignore[attr-defined]
        first = connection.execute(select(func.min(v.recorded_at)).where(v.unit_id == found)).scalar()
        if first is None or first > known_at:
            text = Text("Lúc ấy chưa ghi đơn vị mã {code}.", "The unit {code} was not recorded by then.")
            raise Unknown(text, code=code)
    return int(found)


def ended_by(connection: Connection, unit_id: int, on: date) -> date | None:
    """The unit's last day, where it is no more on `on`."""
    c = UnitVersion.__table__.c  # type: ignore[attr-defined]
    asked = select(c.from_on, c.ended).where(c.unit_id == unit_id, c.from_on <= on)
    last = connection.execute(asked.order_by(c.from_on.desc(), c.id.desc()).limit(1)).first()
    return last.from_on - timedelta(days=1) if last is not None and last.ended else None


def load_unit_names(
    connection: Connection, ids: Sequence[int], on: date, known_at: datetime | None = None
) -> dict[int, UnitName]:
    """Code, name and kind of these units on a day (before its first day a unit has its first name)."""
    u, v = Unit.__table__.c, UnitVersion.__table__.c  # type: ignore[attr-defined]
    found: dict[int, UnitName] = {}
    asked = (
        select(u.id, u.code, v.name, v.kind, v.from_on)
        .join(UnitVersion.__table__, v.unit_id == u.id)  # type: ignore[attr-defined]
        .order_by(u.id, v.from_on, v.id)
    )
    if known_at is not None:
        asked = asked.where(v.recorded_at <= known_at)
    for some in parts(ids):
        for unit_id, code, name, kind, from_on in connection.execute(asked.where(u.id.in_(some))):
            if from_on <= on or unit_id not in found:
                found[unit_id] = UnitName(unit_id, code, name, kind)
    if known_at is None and (gone := [one for one in ids if one not in found]):  # their import was undone
        asked = select(u.id, u.code)
        for some in parts(gone):
            found.update(
                (row[0], UnitName(row[0], row[1], row[1], ""))
                for row in connection.execute(asked.where(u.id.in_(some)))
            )
    return found
