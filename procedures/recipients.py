"""Who is told about a unit: listed, added and taken away by an officer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procedures.access import require, require_unit
from procedures.cells import clean
from procedures.channels import open_channels
from procedures.ladder import delivers
from states.errors import BadInput, Conflict, Unknown
from states.events import one_line
from states.wording import Text
from store.recipients import Addressee, delete_addressee, insert_addressees, load_addressees, rename_addressees

if TYPE_CHECKING:
    from procedures.office import Office

LONGEST = 320  # characters: the longest mail address there may be is 254
NO_SUCH_ROLE = Text(
    "Không có vai trò «{role}». Chọn một trong: {known}.", "There is no role {role!r}. One of: {known}."
)
NO_ADDRESS = Text("Xin ghi địa chỉ nhận, ví dụ thư điện tử.", "Please give an address, such as an e-mail.")
TOO_LONG = Text("Tên và địa chỉ dài nhất {most} chữ.", "A name or address has at most {most} characters.")
THERE_ALREADY = Text(
    "Địa chỉ này đã có ở vai trò «{role}» của đơn vị với cùng tên.", "This address is in the role {role!r} already."
)
NOT_THERE = Text(
    "Người nhận này không còn trong danh sách; có thể người khác vừa bỏ. Xin xem lại.",
    "This recipient is not in the list any more; somebody may have taken it away. Please look again.",
)


def list_recipients(office: Office, unit: str) -> dict[str, Any]:
    """{unit, items: [{role, role_label, name, address, delivers}]}: the unit's own.

    `delivers`: whether a channel that is switched on can carry a letter there. Names and addresses are for accounts that
    may see people.
    """
    require(office, "see_figures")
    named = office.actor.may("see_people")
    channels = [office.settings.channels[channel.name] for channel in open_channels(office)]
    with office.database.reading() as connection:
        unit_id = require_unit(office, office.units(connection), unit)
        found = load_addressees(connection, unit_id)
    roles = office.settings.roles
    places = list(roles)
    found.sort(key=lambda one: (places.index(one.role) if one.role in roles else len(places), one.address))
    return {
        "unit": unit,
        "items": [
            {
                "role": one.role,
                "role_label": roles.get(one.role, one.role),
                "name": one.name if named else None,
                "address": one.address if named else None,
                "delivers": any(delivers(channel.kind, channel.url, one.address) for channel in channels),
            }
            for one in found
        ],
    }


def add_recipient(office: Office, unit: str, role: str, address: str, name: str = "") -> dict[str, Any]:
    """Tell this address of the unit in the role; another name for the same address puts the name right.

    BadInput for a role there is not, without an address, and for what stands there already; Unknown for the unit.
    """
    require(office, "edit_units")
    address, said = one_line(clean(address)) or "", one_line(clean(name)) or None
    if role not in office.settings.roles:
        raise BadInput(NO_SUCH_ROLE, role=role, known=", ".join(office.settings.roles.values()))
    if not address:
        raise BadInput(NO_ADDRESS)
    if max(len(address), len(said or "")) > LONGEST:
        raise BadInput(TOO_LONG, most=LONGEST)
    with office.database.writing() as connection:
        unit_id = require_unit(office, office.units(connection), unit)
        one = Addressee(unit_id, role, said, address)
        there = {known.key: known for known in load_addressees(connection, unit_id)}
        known = there.get(one.key)
        if known is None:
            insert_addressees(connection, [one])
        elif said and known.name != said:
            rename_addressees(connection, [one])
        else:
            raise BadInput(THERE_ALREADY, role=office.settings.roles[role])
    return {"unit": unit, "role": role, "created": known is None}


def remove_recipient(office: Office, unit: str, role: str, address: str) -> dict[str, Any]:
    """This address is no longer told of the unit in the role. Conflict where it stands there no more."""
    require(office, "edit_units")
    if not role or not address:
        raise Unknown(NOT_THERE)
    with office.database.writing() as connection:
        unit_id = require_unit(office, office.units(connection), unit)
        if not delete_addressee(connection, unit_id, role, address):
            raise Conflict(NOT_THERE)
    return {"unit": unit, "role": role, "removed": True}
