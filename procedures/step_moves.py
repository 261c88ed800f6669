"""What a step would do, told before it is written: the step arrived at, limits, reminders, figures; or why it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from procedures.correction_moves import find_moves
from procedures.plans import Draft, Loaded, Plan
from procedures.remind import rhythm_of
from states.clocks import LATE, MET, RUNNING, VOID, ClockRun
from states.guards import Verdict
from states.reckoning import reckoning
from states.reminders import all_marks, made
from states.steps import STAGE_OF, STEP_LABELS
from states.wording import Text
from store.units import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from procedures.office import Office
    from store.base import Connection

STARTED, MOVED, RESUMED, CHANGED = "started", "moved", "resumed", "changed"
WHAT = {
    STARTED: Text("bắt đầu", "starts"),
    MOVED: Text("dời hạn", "moves"),
    RESUMED: Text("chạy tiếp", "runs on"),
    CHANGED: Text("đổi ngày kết thúc", "stops on another day"),
    MET: Text("kết thúc, đúng hạn", "stops, met"),
    LATE: Text("kết thúc, quá hạn", "stops, late"),
    VOID: Text("không tính nữa", "void"),
}


def refused_moves(loaded: Loaded, verdicts: Sequence[Verdict], lang: str) -> dict[str, Any]:
    """Why not: every verdict, and whether they may be overridden for a reason (irregular)."""
    return {
        "code": loaded.code, "preview": True, "allowed": False, "version": loaded.version,
        "verdicts": [verdict.as_dict(lang) for verdict in verdicts],
        "overridable": bool(verdicts) and not any(verdict.hard for verdict in verdicts),
    }  # fmt: skip


def step_moves(
    office: Office, connection: Connection, loaded: Loaded, plan: Plan, before: Mapping[str, ClockRun],
    step: str, units: Units, overridden: Sequence[Verdict],
) -> dict[str, Any]:  # fmt: skip
    """Everything a lawful plan does. `before`, `step`: clocks and step before it was made; `overridden`: by its reason."""
    lang, way = office.lang, plan.way
    moves = find_moves(office, connection, loaded, plan, before, units)
    main = next(draft for draft in plan.drafts if draft.tag == 0)
    for draft in plan.drafts:  # a probation that is over stands as such on the page: not this step moves them there
        if draft is not main and draft.source == step and not draft.voids and _at_or_before(draft, main):
            step = draft.destination or step
    return {
        "code": loaded.code, "preview": True, "allowed": True, "version": loaded.version,
        "from": step, "from_label": STEP_LABELS[step].say(lang), "step": way.step,
        "step_label": STEP_LABELS[way.step].say(lang), "stage": STAGE_OF[way.step], "since": way.since,
        "moves": way.step != step, "history": main.source is None, "official_on": way.official_on,
        "unit": units.code(way.unit_id), "unit_name": units.name(way.unit_id, office.today),
        "transfers": way.unit_id != loaded.unit_id,
        "carried": main.data.get("carried"), "third_failure": bool(main.data.get("third_failure")),
        "clocks": clock_changes(office, before, way.clocks.latest),
        "entries": [row for row, draft in zip(moves["entries"], plan.drafts, strict=True) if draft is not main],
        "notices": coming_notices(office, before, way.clocks.latest),
        "overridden": [verdict.as_dict(lang) for verdict in overridden],
        **{name: moves[name] for name in ("waiting_notices", "figures", "open", "closed")},
    }  # fmt: skip


def clock_changes(
    office: Office, before: Mapping[str, ClockRun], after: Mapping[str, ClockRun]
) -> list[dict[str, Any]]:
    """Limits that start, stop, move or end, in words: what happens, the due day and its sum."""
    lang, rows = office.lang, []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        run = new or old
        assert run is not None
        what = _what(old, new)
        summed = reckoning(run.starts_on, run.due_on, run.limit_value, run.limit_unit, run.extension, office.calendar)
        rows.append({
            "key": key, "label": office.law.label(key).say(lang), "what": what, "what_label": WHAT[what].say(lang),
            "starts_on": run.starts_on, "due_on": run.due_on, "state": new.state if new else VOID,
            "stopped_on": new.stopped_on if new else None, "was_due_on": old.due_on if old and what == MOVED else None,
            "sum": summed.formula(lang), "citation": run.citation, "status": run.status,
        })  # fmt: skip
    return rows


def _at_or_before(one: Draft, other: Draft) -> bool:
    return one.on is not None and other.on is not None and one.on <= other.on


def _what(old: ClockRun | None, new: ClockRun | None) -> str:
    if new is None:
        return VOID
    if old is not None and (old.run, old.state) == (new.run, new.state):
        return MOVED if (old.starts_on, old.due_on) != (new.starts_on, new.due_on) else CHANGED
    if new.state != RUNNING:
        return new.state
    return STARTED if old is None or old.run != new.run else RESUMED


def coming_notices(
    office: Office, before: Mapping[str, ClockRun], after: Mapping[str, ClockRun]
) -> list[dict[str, Any]]:
    """The reminders to come of limits that start or move, by the rhythm config.yaml gives them."""
    rows = []
    for key, run in after.items():
        if run.state != RUNNING or before.get(key) == run:
            continue
        marks = made(
            all_marks(rhythm_of(office, key), run.due_on, run.limit_unit, office.calendar, office.today), run.starts_on
        )
        coming = [mark for mark in marks if mark.planned_for >= office.today and mark.threshold >= 0]
        if coming:
            rows.append({
                "key": key, "label": office.law.label(key).say(office.lang),
                "days": [mark.planned_for for mark in coming],
            })  # fmt: skip
    return rows
