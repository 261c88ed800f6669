"""Who would be told of a unit on each rung of the ladder, as it would be climbed today."""

from __future__ import annotations

from typing import Any

from procedures.access import may_see_unit, require, require_unit
from procedures.channels import open_channels
from procedures.escalate import ladder_of, told_unit
from procedures.ladder import lacking
from procedures.office import Office
from states.escalation import LABELS
from store.case_notices import load_reach


def unit_reach(office: Office, unit: str) -> dict[str, Any]:
    """{unit, version, ok, items: [{step, label, after_working_days, told_unit, told_name, roles, reached, why}]}.

    `reached`: how many addresses, `why`: what is missing where there is nobody. A unit above that is not the account's to
    see has neither code nor name here.
    """
    require(office, "see_figures")
    ladder = ladder_of(office)
    with office.database.reading() as connection:
        units = office.units(connection)
        unit_id = require_unit(office, units, unit)
        reach = load_reach(connection, {role for rung in ladder.rungs for role in rung.tell})
    channels = [office.settings.channels[channel.name] for channel in open_channels(office)]
    above = {unit_id: units.parent(unit_id, office.today)}
    items = []
    for rung in ladder.rungs:
        told = told_unit(rung, unit_id, above)
        addresses = {address for role in rung.tell for address in reach.get((told, role), ())}
        why = lacking(office, units, channels, told, sorted(addresses))
        seen = may_see_unit(office, units, told)
        items.append(
            {
                "step": rung.step,
                "label": LABELS[rung.step].say(office.lang),
                "after_working_days": rung.after_working_days,
                "is_own": told == unit_id,
                "told_unit": units.code(told) if seen else None,
                "told_name": units.name(told, office.today) if seen else None,
                "roles": [office.settings.roles.get(role, role) for role in rung.tell],
                "reached": 0 if why else len(addresses),
                "why": why.say(office.lang) if why else None,
            }
        )
    return {"unit": unit, "version": ladder.version, "ok": all(one["reached"] for one in items), "items": items}
