"""The ladder checked: does every rung of every unit that has or may have a target reach somebody?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.channels import open_channels
from procedures.escalate import ladder_of, told_unit
from procedures.letter import is_mail_address
from procedures.office import Office
from states.escalation import ABOVE
from states.periods import parse_period
from states.targets import in_force
from states.wording import Text
from store.base import Connection
from store.case_notices import load_reach
from store.targets import load_targets
from store.units import Units

if TYPE_CHECKING:
    from config.settings import ChannelSettings

NO_CHANNEL = Text(
    "không kênh gửi nào được bật (channels trong config.yaml)", "no channel is switched on (channels in config.yaml)"
)
NO_RECIPIENT = Text("chưa có người nhận ở các vai trò này", "nobody in these roles")
NO_ADDRESS = Text("địa chỉ không kênh nào gửi tới được", "no channel can deliver to the address")
UNIT_GONE = Text("đơn vị phải báo không còn hoạt động", "the unit to be told is no more")
AT_THE_ROOT = Text(
    "Đơn vị gốc không có cấp trên: bậc báo cấp trên thì báo cho chính đơn vị ấy ({units}).",
    "A root has nobody above: its rungs that tell the unit above tell itself ({units}).",
)


def check_ladder(office: Office) -> dict[str, Any]:
    """{ok, version, units, rungs, problems: [{unit, step, told_unit, roles, why}], roots, notes}.

    Looked at are the units that have a target in a period that is not over, and all of a kind some target rule is for.
    A recipient counts when a channel that is switched on can deliver to the address.
    """
    access.require(office, "see_figures")
    ladder = ladder_of(office)
    with office.database.reading() as connection:
        units = office.units(connection)
        concerned = list(access.within(office, units, _concerned(office, connection, units)) or ())
        reach = load_reach(connection, {role for rung in ladder.rungs for role in rung.tell})
    above = {unit_id: units.parent(unit_id, office.today) for unit_id in concerned}
    channels = [office.settings.channels[channel.name] for channel in open_channels(office)]
    problems: list[dict[str, Any]] = []
    for unit_id in concerned:
        for rung in ladder.rungs:
            told = told_unit(rung, unit_id, above)
            addresses = [address for role in rung.tell for address in reach.get((told, role), ())]
            if why := lacking(office, units, channels, told, addresses):
                problems.append(
                    {
                        "unit": units.code(unit_id),
                        "name": units.name(unit_id, office.today),
                        "step": rung.step,
                        "told_unit": access.code_within(office, units, told),
                        "roles": list(rung.tell),
                        "why": why.say(office.lang),
                    }
                )
    tells_above = any(rung.of == ABOVE for rung in ladder.rungs)
    roots = [units.code(unit_id) for unit_id in concerned if above[unit_id] is None] if tells_above else []
    return {
        "ok": not problems,
        "version": ladder.version,
        "units": len(concerned),
        "rungs": len(ladder.rungs),
        "problems": problems,
        "roots": roots,
        "notes": [AT_THE_ROOT.say(office.lang, units=", ".join(roots))] if roots else [],
    }


def lacking(
    office: Office, units: Units, channels: Sequence[ChannelSettings], told: int, addresses: Sequence[str]
) -> Text | None:
    """Why nobody of the unit to be told is reached; None where somebody is."""
    if not channels:
        return NO_CHANNEL
    if not units.exists(told, office.today):
        return UNIT_GONE
    if not any(addresses):
        return NO_RECIPIENT
    if not any(delivers(one.kind, one.url, address) for one in channels for address in addresses):
        return NO_ADDRESS
    return None


def _concerned(office: Office, connection: Connection, units: Units) -> list[int]:
    """The units that have a target that is not over, or may be given one by a rule; by code."""
    held = in_force(load_targets(connection), office.today)
    found = {unit_id for unit_id, _indicator, code in held if parse_period(code, office.terms).last >= office.today}
    kinds = {kind for rule in office.settings.target_rules.values() for kind in rule.kinds}
    if kinds:
        found |= {unit_id for unit_id in units.ids() if units.kind(unit_id, office.today) in kinds}
    return [unit_id for unit_id in units.ids() if unit_id in found and units.exists(unit_id, office.today)]


def delivers(kind: str, url: str, address: str) -> bool:
    """Whether a channel can carry a letter there: a folder takes any address, mail one that is a mail address."""
    if not address.strip():
        return False
    if kind == "folder" or "{address}" not in url:
        return True
    return is_mail_address(address) if url.startswith("mailto") else not any(c.isspace() for c in address)
