"""How many people stand at each step, in a unit and in all below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procedures.access import require, require_unit
from states.steps import STAGE_LABELS, STAGES, STEP_LABELS
from store.candidates_by_step import people_by_step

if TYPE_CHECKING:
    from procedures.office import Office


def unit_people(office: Office, unit: str) -> dict[str, Any]:
    """{unit, own, all, steps: [{step, label, stage, stage_label, own, all}]} as people stand now; steps nobody stands at left out."""
    require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
        unit_id = require_unit(office, units, unit)
        at = people_by_step(connection, list(STEP_LABELS))
        inside = units.subtree(unit_id, office.today, with_ended=True)
    steps = []
    for stage, names in STAGES.items():
        for step in names:
            below = sum(at[one].get(step, 0) for one in inside if one in at)
            if below:
                own = at.get(unit_id, {}).get(step, 0)
                label = STEP_LABELS[step].say(office.lang)
                said = STAGE_LABELS[stage].say(office.lang)
                steps.append(
                    {"step": step, "label": label, "stage": stage, "stage_label": said, "own": own, "all": below}
                )
    return {
        "unit": unit,
        "own": sum(one["own"] for one in steps),
        "all": sum(one["all"] for one in steps),
        "steps": steps,
    }
