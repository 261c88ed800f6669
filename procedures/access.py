"""What the one who asks may see and do: asked by every procedure before it reads or writes."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from states.errors import Unknown
from states.roles import Forbidden
from states.wording import Text
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office

NO_SUCH_UNIT = Text("Không có đơn vị mã {code}.", "There is no unit {code}.")


def require(office: Office, permission: str) -> None:
    """Forbidden unless the actor's role has the permission."""
    if not office.actor.may(permission):
        raise Forbidden()


def visible_units(office: Office, units: Units) -> frozenset[int] | None:
    """The units the actor may see today, ended ones below included; None = all. An account whose unit is gone sees none."""
    code = office.actor.unit
    if code is None:
        return None
    unit_id = units.by_code.get(code)
    return frozenset() if unit_id is None else frozenset(units.subtree(unit_id, office.today, with_ended=True))


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


def within(office: Office, units: Units, wanted: Collection[int] | None) -> Collection[int] | None:
    """The units asked for (None = all), less those the actor may not see."""
    seen = visible_units(office, units)
    if seen is None:
        return wanted
    return seen if wanted is None else [unit_id for unit_id in wanted if unit_id in seen]
