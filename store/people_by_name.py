"""People by their names, folded: what a pasted list calls them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from store.bulk import parts
from store.candidates import CANDIDATES, STANDS
from store.people import Person


class NamedPerson(NamedTuple):
    """Somebody with the key of their name (states.wording.fold)."""

    code: str
    name: str
    name_key: str
    unit_id: int


_p = Person.__table__.c  # type: ignore[attr-defined]
_c = CANDIDATES.c
_PEOPLE = (
    select(_c.code, _p.name, _p.name_key, _c.unit_id)
    .join_from(CANDIDATES, Person.__table__, _p.id == _c.person_id)  # type: ignore[attr-defined]
    .where(STANDS, _p.name.is_not(None))
)


def find_named(
    connection: Connection, keys: Sequence[str], units: Collection[int] | None = None
) -> dict[str, list[NamedPerson]]:
    """Everybody of these units (None = all) whose name has one of these keys, by key."""
    return _by(connection, _p.name_key, keys, units, "name_key")


def find_coded(
    connection: Connection, codes: Sequence[str], units: Collection[int] | None = None
) -> dict[str, list[NamedPerson]]:
    """Those of these units with one of these codes, by code."""
    return _by(connection, _c.code, codes, units, "code")


def _by(
    connection: Connection, column: object, values: Sequence[str], units: Collection[int] | None, at: str
) -> dict[str, list[NamedPerson]]:
    found: dict[str, list[NamedPerson]] = {}
    for some in parts(sorted(set(values))):
        for row in connection.execute(_PEOPLE.where(column.in_(some))):  # type: ignore[attr-defined]
            one = NamedPerson(*row)
            if units is None or one.unit_id in units:
                found.setdefault(getattr(one, at), []).append(one)
    return found
