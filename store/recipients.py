"""Recipients: recording and reading who is told about a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from store.notices import Recipient

RECIPIENTS: Table = Recipient.__table__  # type: ignore[attr-defined]


class Addressee(NamedTuple):
    """An officer who is told about a unit in a role."""

    unit_id: int
    role: str
    name: str | None
    address: str

    @property
    def key(self) -> tuple[int, str, str]:
        """What one row stands for: unit, role and address."""
        return self.unit_id, self.role, self.address


def load_addressees(connection: Connection) -> list[Addressee]:
    """Everybody who is told, by unit, role and address."""
    c = RECIPIENTS.c
    asked = select(c.unit_id, c.role, c.name, c.address).order_by(c.unit_id, c.role, c.address)
    return [Addressee(*row) for row in connection.execute(asked)]


def insert_addressees(connection: Connection, new: Sequence[Addressee]) -> None:
    """Record recipients."""
    if new:
        connection.execute(insert(RECIPIENTS), [one._asdict() for one in new])


def rename_addressees(connection: Connection, changed: Sequence[Addressee]) -> None:
    """Put the names of known recipients right."""
    c = RECIPIENTS.c
    same = (c.unit_id == bindparam("_unit"), c.role == bindparam("_role"), c.address == bindparam("_address"))
    if changed:
        connection.execute(
            update(RECIPIENTS).where(*same),
            [{"_unit": one.unit_id, "_role": one.role, "_address": one.address, "name": one.name} for one in changed],
        )
