"""What can come next for one person: every trigger that leaves from the step, in which group, allowed or why not yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.office import Office
from states.clocks import RUNNING, ClockRun
from states.events import FIELDS
from states.membership import PROCESS, STAY, Row, base_next, decision_next, goes_up_to_base, goes_up_to_decision
from states.reminders import awaited
from states.replay import Ground, next_steps
from states.steps import ENDS, GOING, STAGE_LABELS, STAGE_OF, STAGES, STEP_LABELS
from states.way import RUNS_AT, Way
from states.wording import Text

ONWARD, BESIDE, AWAY = "onward", "beside", "away"  # to another step, staying at this one, out or back
STAYS = Text("vẫn ở bước này", "stays at this step")


def next_rows(office: Office, way: Way, ground: Ground, day: date) -> list[dict[str, Any]]:
    """{trigger, label, who, allowed, verdicts, records, group, suggested, overridable, leads_to} in the table's order.

    `suggested`: the one thing to do now, at most one and only where it is allowed. `overridable`: what stands against it
    may be recorded for a reason (ly_do_ngoai_le).
    """
    lang, rows = office.lang, []
    base = ground.units.chain(way.unit_id, day) == "co_so"
    for trigger, against in next_steps(way, ground, day):
        row = PROCESS[trigger]
        rows.append({
            "trigger": trigger, "label": row.label.say(lang), "who": row.who.say(lang), "allowed": not against,
            "verdicts": [verdict.as_dict(lang) for verdict in against],
            "records": {name: FIELDS[name].label.say(lang) for name in row.records},
            "group": group(row, way.step), "suggested": False,
            "overridable": bool(against) and not any(verdict.hard for verdict in against),
            "leads_to": [STAYS.say(lang) if to == STAY else STEP_LABELS[to].say(lang) for to in _destinations(row, way.step, base)],
        })  # fmt: skip
    allowed = [row["trigger"] for row in rows if row["allowed"]]
    wanted = next((one for one in _wanted(way, rows, day) if one in allowed), None)
    for one in rows:
        one["suggested"] = one["trigger"] == wanted
    return rows


def stages(way: Way, lang: str) -> list[dict[str, Any]]:
    """Every stage with its steps, for the bar: which lie behind, which is now; the ends only for those who reached one."""
    step, left = way.step, way.step_left
    order = [stage for stage in STAGES if stage != "ket_thuc"]
    here = STAGE_OF[step]
    found = []
    for place, stage in enumerate(order):
        last = STAGE_OF[left] if step in ENDS and left else here
        at = order.index(last) if last in order else 0
        state = "now" if stage == here else "done" if place < at or (here not in order and stage == last) else "ahead"
        reached = left if step in ENDS else step
        steps = [
            {"step": one, "label": STEP_LABELS[one].say(lang), "state": _step_state(one, step, reached)}
            for one in STAGES[stage]
        ]
        found.append({"stage": stage, "label": STAGE_LABELS[stage].say(lang), "state": state, "steps": steps})
    if here not in order:
        end = [{"step": step, "label": STEP_LABELS[step].say(lang), "state": "now"}]
        found.append({"stage": here, "label": STAGE_LABELS[here].say(lang), "state": "now", "steps": end})
    return found


def group(row: Row, step: str) -> str:
    """Whether a trigger leads on, is done beside the way, or leads out of it or back."""
    to = _destinations(row, step)
    order = list(STEP_LABELS)
    if all(one == STAY for one in to):
        return BESIDE
    moved = [one for one in to if one != STAY]
    if all(one in ENDS for one in moved):
        return AWAY
    if step not in ENDS and all(one in ENDS or order.index(one) < order.index(step) for one in moved):
        return AWAY
    return BESIDE if set(row.sources) == set(GOING) else ONWARD


def _destinations(row: Row, step: str, base: bool | None = None) -> list[str]:
    """Where a trigger can lead from a step; `base`: by a chain with a base committee's vote, or by one without."""
    ways = [branch for branch in row.branches if step in branch.sources]
    if base is not None:
        closed = (decision_next, goes_up_to_decision) if base else (base_next, goes_up_to_base)
        ways = [branch for branch in ways if branch.when not in closed]
    return list(dict.fromkeys(branch.destination for branch in ways))


def _step_state(one: str, here: str, reached: str | None) -> str:
    """`reached`: the step one stands at, or left the way at."""
    order = list(STEP_LABELS)
    if one == here:
        return "now"
    return "done" if reached and order.index(one) <= order.index(reached) else "ahead"


def _is_lacking(run: ClockRun | None, day: date) -> bool:
    """Not running, or a paper that lost its value."""
    return run is None or (run.limit_unit == "months" and run.due_on < day)


def _wanted(way: Way, rows: list[dict[str, Any]], day: date) -> list[str]:
    """What the main way waits for, then the running limits, then what starts a limit that is missing or over, then on."""
    main = awaited("", way.step)
    runs = sorted((run for run in way.clocks.latest.values() if run.state == RUNNING), key=lambda run: run.due_on)
    beside = [row for run in runs if (row := awaited(run.key, way.step)) is not None]
    found = [row.trigger for row in (*([main] if main else []), *beside)]
    lacking = [key for key in RUNS_AT.get(way.step, ()) if _is_lacking(way.clocks.running(key), day)]
    found += [row["trigger"] for row in rows if set(PROCESS[row["trigger"]].starts) & set(lacking)]
    return found + [row["trigger"] for row in rows if row["group"] == ONWARD]
