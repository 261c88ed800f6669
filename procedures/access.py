"""What the one who asks may see and do: asked by every procedure before it reads or writes.

Nothing here asks the database for anything where the actor's is the whole office, as at the command line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from states.errors import Unknown
from states.roles import Forbidden
from states.wording import Text
from store import unit_names
from store.base import Connection
from store.candidates import load_candidates
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office

NO_SUCH_UNIT = Text("Không có đơn vị mã {code}.", "There is no unit {code}.")
WHOLE_OFFICE = Text(
    "Việc này là của toàn văn phòng; tài khoản của bạn chỉ phụ trách đơn vị {unit}. Xin liên hệ người quản trị chung.",
    "This concerns the whole office; your account is for the unit {unit}. Please ask the general administrator.",
)
OUTSIDE = Text(
    "Việc này thuộc đơn vị ngoài phạm vi của bạn ({unit}). Xin liên hệ cấp trên quản lý cả hai nơi.",
    "This belongs to a unit outside yours ({unit}). Please ask the committee above both.",
)


def require(office: Office, permission: str) -> None:
    """Forbidden unless the actor's role has the permission."""
    if not office.actor.may(permission):
        raise Forbidden()


def require_whole(office: Office, permission: str) -> None:
    """Forbidden unless the actor has the permission over the whole office: jobs, backups, the law."""
    require(office, permission)
    if (unit := office.actor.unit) is not None:
        raise Forbidden(WHOLE_OFFICE, unit=unit)


def may(office: Office, permission: str) -> bool:
    """Whether the actor's role has the permission."""
    return office.actor.may(permission)


def visible_units(office: Office, units: Units) -> frozenset[int] | None:
    """The units the actor may see today, ended ones below included; None = all. An account whose unit is gone sees none."""
    code = office.actor.unit
    if code is None:
        return None
    unit_id = units.by_code.get(code)
    return frozenset() if unit_id is None else units.inside(unit_id, office.today)


def visible(office: Office, connection: Connection) -> frozenset[int] | None:
    """`visible_units` of the tree as this reading knows it; the tree is not read where all may be seen."""
    return None if office.actor.unit is None else visible_units(office, office.units(connection))


def may_see_unit(office: Office, units: Units, unit_id: int) -> bool:
    """Whether a unit lies within the actor's subtree."""
    seen = visible_units(office, units)
    return seen is None or unit_id in seen


def require_unit(office: Office, units: Units, code: str) -> int:
    """The unit's id; Unknown where there is none, and with the same words where it is not the actor's to see."""
    unit_id = units.by_code.get(code)
    if unit_id is None or not may_see_unit(office, units, unit_id):
        raise Unknown(NO_SUCH_UNIT, code=code)
    return unit_id


def get_unit_id(office: Office, connection: Connection, code: str, known_at: datetime | None = None) -> int:
    """`require_unit` without the tree; Unknown also for a unit that was not recorded by `known_at`."""
    if office.actor.unit is not None:
        require_unit(office, office.units(connection), code)
    return unit_names.get_unit_id(connection, code, known_at)


def within(office: Office, units: Units, wanted: Collection[int] | None) -> list[int] | None:
    """The units asked for (None = all), less those the actor may not see; None = all."""
    seen = visible_units(office, units)
    if wanted is None:
        return None if seen is None else list(seen)
    return [unit_id for unit_id in wanted if seen is None or unit_id in seen]


def code_within(office: Office, units: Units, unit_id: int | None) -> str | None:
    """The unit's code; None for no unit and for one the actor may not see (what stands above their own)."""
    return units.code(unit_id) if unit_id is not None and may_see_unit(office, units, unit_id) else None


def within_people(office: Office, connection: Connection, codes: Iterable[str]) -> frozenset[str] | None:
    """Those of these people the actor may see by where they stand now; None = all."""
    if not may(office, "see_people"):
        return frozenset()
    seen = visible(office, connection)
    if seen is None:
        return None
    return frozenset(row.code for row in load_candidates(connection, sorted(set(codes))) if row.unit_id in seen)


def without_strangers(
    office: Office, connection: Connection, rows: list[dict[str, Any]], *fields: str
) -> list[dict[str, Any]]:
    """Rows about people (`code`) with code and `fields` taken out of those about somebody the actor may not see.

    The row itself stays: it is part of a figure the actor may see.
    """
    seen = within_people(office, connection, (str(row["code"]) for row in rows if row.get("code")))
    if seen is None:
        return rows
    blank: dict[str, Any] = dict.fromkeys(("code", *fields))
    return [row if row.get("code") in seen else row | blank for row in rows]
