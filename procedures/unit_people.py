"""How many people stand at each step, in a unit and in all below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procedures.access import require, require_unit
from states.steps import STAGE_LABELS, STAGES, STEP_LABELS
from store.candidates_by_step import count_by_step

if TYPE_CHECKING:
    from procedures.office import Office


def unit_people(office: Office, unit: str) -> dict[str, Any]:
    """{unit, own, all, steps: [{step, label, stage, stage_label, own, all}]} as people stand now; steps nobody stands at left out."""
    require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
        unit_id = require_unit(office, units, unit)
        own = count_by_step(connection, [unit_id])
        below = count_by_step(connection, units.subtree(unit_id, office.today, with_ended=True))
    steps = [
        {
            "step": step,
            "label": STEP_LABELS[step].say(office.lang),
            "stage": stage,
            "stage_label": STAGE_LABELS[stage].say(office.lang),
            "own": own.get(step, 0),
            "all": below[step],
        }
        for stage, names in STAGES.items()
        for step in names
        if below.get(step)
    ]
    return {"unit": unit, "own": sum(own.values()), "all": sum(below.values()), "steps": steps}
