"""What is due: every running limit with who must act and on which ground, and what is not known and ought to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from procedures import access
from procedures.duties import list_duties
from procedures.gate import Gate
from procedures.office import Office
from procedures.show import gap_label
from states.aftermath import PROBATION, REVIEW
from states.clocks import days_left, reckon
from states.reminders import HELPER, actor, awaited, days_word
from states.steps import ENDS, STEP_LABELS
from states.way import DU_BI, XET_CHINH_THUC
from states.wording import Text
from store.base import Connection
from store.clocks import RunningClock, running_clocks
from store.gaps import load_gaps
from store.notices_ledger import units_with_nobody
from store.units import Units

NOBODY = Text(
    "chưa có người nhận nhắc hạn, kể cả ở cấp trên (bảng nguoi_nhan)", "nobody to remind, nor above (sheet nguoi_nhan)"
)
STANDING: Mapping[str, Text] = {
    "verified": Text("{clause}", "{clause}"),
    "reported": Text("{clause} (theo nguồn tin, chưa đối chiếu nguyên văn)", "{clause} (as reported, not checked)"),
    "carried_over": Text(
        "{clause} (tiếp nối văn bản trước, chưa đối chiếu nguyên văn)", "{clause} (carried over, not checked)"
    ),
}


def due(office: Office, unit: str | None = None, until: date | None = None) -> dict[str, Any]:
    """{items, gaps, duties} of a unit's subtree, or of everybody; items by due day, so what is overdue comes first.

    Without `until` every running limit is listed. `days_left` counts `days_unit`: calendar days for limits in months,
    working days for the others; negative when overdue. Gaps: limits whose first day is unknown, missing papers, helpers,
    birth dates and education, units whose reminders would reach nobody. Duties: what units owe every period.
    """
    access.require(office, "see_people")
    gate = Gate(office)
    with office.database.reading() as connection:
        units = gate.units(connection)
        wanted = access.within(office, units, None if unit is None else subtree(office, units, unit))
        running = [as_of_today(office, one) for one in running_clocks(connection, until or date.max, wanted)]
        gaps = _gaps(office, connection, units, wanted, running)
        duties = list_duties(office, connection, units, wanted, until)
    items = [
        due_item(office, one, units)
        for one in sorted(running, key=lambda one: (one.due_on, one.code, one.key))
        if until is None or one.due_on <= until
    ]
    return {"items": items, "gaps": gaps, "duties": duties}


def as_of_today(office: Office, clock: RunningClock) -> RunningClock:
    """The clock as it stands once `mature` is written: a probation that is over shows as the review that follows it."""
    if clock.key != PROBATION or clock.step != DU_BI or clock.due_on > office.today:
        return clock
    limit = office.law.limit(REVIEW, clock.due_on)
    if limit.value is None:
        return clock
    return clock._replace(
        key=REVIEW, step=XET_CHINH_THUC, starts_on=clock.due_on, limit_unit=limit.unit, profile=limit.profile,
        due_on=reckon(clock.due_on, limit.value, limit.unit, 0, office.calendar), status=limit.status, citation=limit.citation,
    )  # fmt: skip


def ground(citation: str, status: str, lang: str) -> str:
    """The clause, and how sure its text is."""
    return STANDING[status].say(lang, clause=citation)


def due_item(office: Office, clock: RunningClock, units: Units) -> dict[str, Any]:
    """One running clock as `due` lists it."""
    lang = office.lang
    row = awaited(clock.key, clock.step)
    return {
        "code": clock.code,
        "unit": units.code(clock.unit_id),
        "unit_name": units.name(clock.unit_id, office.today),
        "clock": clock.key,
        "label": office.law.label(clock.key).say(lang),
        "starts_on": clock.starts_on,
        "due_on": clock.due_on,
        "days_left": days_left(clock.due_on, clock.limit_unit, office.today, office.calendar),
        "days_unit": days_word(clock.limit_unit),
        "step": clock.step,
        "step_label": STEP_LABELS[clock.step].say(lang),
        "actor": actor(clock.key, clock.step).say(lang),
        "action": row.label.say(lang) if row else None,
        "ground": ground(clock.citation, clock.status, lang),
        "status": clock.status,
        "citation": clock.citation,
        "profile": clock.profile,
    }


def subtree(office: Office, units: Units, code: str) -> list[int]:
    """A unit of the actor's and all below it, ended ones too; Unknown for another."""
    return units.subtree(access.require_unit(office, units, code), office.today, with_ended=True)


def _gaps(
    office: Office,
    connection: Connection,
    units: Units,
    wanted: Sequence[int] | None,
    running: Sequence[RunningClock],
) -> list[dict[str, Any]]:
    gaps = [
        {"code": gap.code, "what": gap_label(office, gap.what), "gap": gap.what, "unit": units.code(gap.unit_id)}
        for gap in load_gaps(connection, ENDS, office.today, wanted)
    ]
    offices = [role for role in office.settings.reminders.roles if role != HELPER]
    concerned = sorted({clock.unit_id for clock in running})
    for unit_id in units_with_nobody(connection, concerned, offices, office.today):
        code = units.code(unit_id)
        gaps.append({"code": code, "what": NOBODY.say(office.lang), "gap": "nobody_to_tell", "unit": code})
    return gaps
