"""List, show and add units."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.cells import CHAINS, choice, clean
from procedures.workbook import nearest
from states.calendar import SINCE_EVER
from states.errors import BadInput, Unknown
from states.wording import Text, fold
from store.units import NewVersion, Units, Version, insert_units, insert_versions, load_successions, load_units

if TYPE_CHECKING:
    from procedures.office import Office

NEARLY = Text("Không có đơn vị mã {code}; gần giống: {near}.", "There is no unit {code}; similar: {near}.")
THERE_ALREADY = Text("Đã có đơn vị mã {code}: {name}.", "There is a unit {code} already: {name}.")
TAKEN = Text("Mã {code} đã dùng. Xin chọn mã khác.", "The code {code} is taken. Choose another.")
BELOW_OWN = Text(
    "Xin chọn đơn vị cấp trên: tài khoản của bạn chỉ thêm đơn vị trực thuộc {unit} trở xuống.",
    "Choose the unit above: your account adds units below {unit} only.",
)
NO_NAME = Text("Cần mã và tên đơn vị.", "A unit needs a code and a name.")
NO_SUCH_KIND = Text(
    "Không có loại đơn vị «{kind}». Chọn một trong: {known}.", "There is no unit kind {kind!r}. One of: {known}."
)


def list_units(office: Office) -> dict[str, Any]:
    """{items: [{code, name, kind, parent, chain, active}]} on the business day, by code."""
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
    seen = access.visible_units(office, units)
    return {"items": [_shown(office, units, one) for one in units.ids() if seen is None or one in seen]}


def show_unit(office: Office, code: str) -> dict[str, Any]:
    """One unit with its attributes, the units right below, every dated version, predecessors and successors."""
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
        successions = load_successions(connection)
    unit_id = get_unit(office, units, code)
    version = units.version(unit_id, office.today)
    seen = access.visible_units(office, units)
    if seen is not None:
        successions = [one for one in successions if one[0] in seen and one[1] in seen]
    return _shown(office, units, unit_id) | {
        "attributes": dict(version.attributes),
        "children": [units.code(one) for one in units.children(unit_id, office.today)],
        "versions": [
            _shown_version(office, units, one) | {"is_now": one is version} for one in units.versions(unit_id)
        ],
        "predecessors": [{"code": units.code(old), "on": on} for old, new, on in successions if new == unit_id],
        "successors": [{"code": units.code(new), "on": on} for old, new, on in successions if old == unit_id],
    }


def add_unit(
    office: Office,
    code: str,
    *,
    name: str,
    kind: str,
    parent: str | None = None,
    chain: str | None = None,
    from_on: date | None = None,
) -> dict[str, Any]:
    """Add a unit: {code, name, kind, parent, chain, …}. BadInput for a code there is already, Unknown for the unit above.

    Whose account is for a unit adds only below it.
    """
    access.require(office, "edit_units")
    code, name = clean(code), clean(name)
    if not code or not name:
        raise BadInput(NO_NAME)
    known = {word: Text(label, label) for word, label in office.settings.unit_kinds.items()}
    word = next((one for one, label in known.items() if fold(kind) in (fold(one), fold(label.vi))), None)
    if word is None:
        raise BadInput(NO_SUCH_KIND, kind=kind, known=", ".join(known))
    says = choice(chain, CHAINS) if chain else None
    with office.database.writing() as connection:
        units = load_units(connection)
        if code in units.by_code:
            if not access.may_see_unit(office, units, units.by_code[code]):
                raise BadInput(TAKEN, code=code)
            there = units.name(units.by_code[code], office.today)
            raise BadInput(THERE_ALREADY, code=code, name=there)
        above = get_unit(office, units, parent) if parent else None
        if above is None and office.actor.unit is not None:
            raise BadInput(BELOW_OWN, unit=office.actor.unit)
        unit_id = insert_units(connection, [code])[code]
        version = Version(from_on or SINCE_EVER, name, word, above, says, {}, False)
        insert_versions(connection, [NewVersion(unit_id, version)], office.now(), office.user)
        return _shown(office, load_units(connection), unit_id)


def get_unit(office: Office, units: Units, code: str) -> int:
    """The actor's unit of that code; Unknown names a similar one of theirs."""
    unit_id = units.by_code.get(clean(code))
    seen = access.visible_units(office, units)
    if unit_id is None or (seen is not None and unit_id not in seen):
        known = units.by_code if seen is None else {units.code(one): one for one in seen}
        near = nearest(code, known) if len(units) <= 2_000 else None
        raise Unknown(NEARLY if near else access.NO_SUCH_UNIT, code=code, near=near)
    return unit_id


def _shown(office: Office, units: Units, unit_id: int) -> dict[str, Any]:
    on = office.today
    version = units.version(unit_id, on)
    return {
        "code": units.code(unit_id),
        "name": version.name,
        "kind": version.kind,
        "parent": access.code_within(office, units, version.parent_id),
        "chain": units.chain(unit_id, on),
        "active": units.exists(unit_id, on),
    }


def _shown_version(office: Office, units: Units, version: Version) -> dict[str, Any]:
    return {
        "from": None if version.from_on == SINCE_EVER else version.from_on,
        "name": version.name,
        "kind": version.kind,
        "parent": access.code_within(office, units, version.parent_id),
        "chain": version.chain,
        "attributes": dict(version.attributes),
        "ended": version.ended,
    }
