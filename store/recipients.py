"""Recipients: recording and reading who is told about a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from store.bulk import parts
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


def load_addressees(connection: Connection, unit_id: int | None = None) -> list[Addressee]:
    """Everybody who is told (of one unit, if given), by unit, role and address."""
    c = RECIPIENTS.c
    asked = select(c.unit_id, c.role, c.name, c.address).order_by(c.unit_id, c.role, c.address)
    if unit_id is not None:
        asked = asked.where(c.unit_id == unit_id)
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


def recipient_ids(connection: Connection, addressees: Sequence[Addressee]) -> list[int]:
    """The rows of these recipients, in their order."""
    if not addressees:
        return []
    c = RECIPIENTS.c
    asked = select(c.id, c.unit_id, c.role, c.address)
    found: dict[tuple[int, str, str], int] = {}
    for some in parts(sorted({one.unit_id for one in addressees})):
        found.update(((row[1], row[2], row[3]), row[0]) for row in connection.execute(asked.where(c.unit_id.in_(some))))
    return [found[one.key] for one in addressees]


def delete_addressee(connection: Connection, unit_id: int, role: str, address: str) -> bool:
    """Take one away; False when there is no such row."""
    c = RECIPIENTS.c
    gone = delete(RECIPIENTS).where(c.unit_id == unit_id, c.role == role, c.address == address)
    return connection.execute(gone).rowcount > 0
