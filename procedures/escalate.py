"""Escalate: open, raise and close the cases of units that are behind their targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from procedures.judging import Judged, Key, judge_all
from procedures.list_cases import list_cases as list_cases
from states import escalation
from states.escalation import Ladder, Move, Rung, Standing
from store.escalation import (
    OpenCase,
    insert_cases,
    load_reach,
    log_case_events,
    plan_case_notices,
    update_cases,
    withdraw_case_notices,
)

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

CHUNK = 500  # cases moved in one transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """One case and what happens to it today. `known` is None for a case that opens."""

    key: Key
    judged: Judged
    standing: Standing
    moves: list[Move]
    known: OpenCase | None


def escalate(office: Office) -> dict[str, int]:
    """Judge every unit that has a target whose period contains the business day, and move its case.

    A case opens when the unit is behind its pace by more than the tolerance, today and already `weeks` weeks ago, and
    the period has run for `min_days`. It climbs while the unit stays so, waits while it is within the tolerance, and
    closes when the unit is back on its pace, when the period is over or the target gone. Each move is committed with
    its log and notices. Counts {opened, rose, closed, nobody_to_tell, notices, unchanged}; in a second run on the same
    day everything but `unchanged` is 0.
    """
    with office.database.reading() as connection:
        judged, cases, above = judge_all(office, connection)
    plans = list(_plan(office, judged, cases))
    counts = {"opened": 0, "rose": 0, "closed": 0, "nobody_to_tell": 0, "notices": 0}
    counts["unchanged"] = sum(1 for plan in plans if plan.known and not plan.moves)
    counts["unchanged"] += len(judged) - sum(1 for plan in plans if plan.key in judged)
    changed = [plan for plan in plans if not plan.known or plan.moves or _differs(plan)]
    for start in range(0, len(changed), CHUNK):
        with office.database.writing() as connection:
            for name, count in _write(office, connection, changed[start : start + CHUNK], above).items():
                counts[name] += count
    return counts


# ---------------------------------------------------------------------- plan


def _plan(office: Office, judged: dict[Key, Judged], cases: list[OpenCase]) -> Iterator[Plan]:
    """What happens to every open case, and to every unit behind that has none."""
    today, calendar = office.today, office.calendar
    with_case = set()
    for case in cases:
        key = (case.unit_id, case.indicator, case.period)
        with_case.add(key)
        found = judged.get(key)
        if found is None:  # no target in force any more, or nothing to be behind in
            found = Judged(escalation.TARGET_WITHDRAWN, case.status, case.actual, case.floor)
        standing = Standing(case.step, case.since, Ladder.from_json(case.ladder), found.finding, today, calendar)
        yield Plan(key, found, standing, escalation.move(standing), case)
    ladder = _ladder(office)
    for key, found in judged.items():
        if key not in with_case and found.finding == escalation.BEHIND:
            standing = Standing(escalation.THEO_DOI, today, ladder, found.finding, today, calendar)
            yield Plan(key, found, standing, escalation.move(standing), None)


def _ladder(office: Office) -> Ladder:
    settings = office.settings.escalation.ladder
    rungs = (Rung(r.step, r.after_working_days, tuple(r.tell), r.of) for r in settings.rungs)
    return Ladder(str(settings.version), tuple(rungs))


def _differs(plan: Plan) -> bool:
    """Whether an unmoved case is to show new figures."""
    case, judged = plan.known, plan.judged
    return case is not None and (case.status, case.actual, case.floor) != (judged.status, judged.actual, judged.floor)


# ---------------------------------------------------------------------- apply


def _write(office: Office, connection: Connection, plans: list[Plan], above: dict[int, int | None]) -> dict[str, int]:
    """One chunk in the caller's transaction: cases, their log, their notices."""
    today, now = office.today, office.now()
    ids = insert_cases(connection, [_opening(plan, today) for plan in plans if plan.known is None])
    update_cases(connection, [_update(plan, today) for plan in plans if plan.known is not None])
    roles = {role for plan in plans for rung in plan.standing.ladder.rungs for role in rung.tell}
    reach = load_reach(connection, roles)
    goes_out = today if office.calendar.is_working_day(today) else office.calendar.next_working_day(today)
    counts = {"opened": 0, "rose": 0, "closed": 0, "nobody_to_tell": 0, "notices": 0}
    events: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    settled: list[str] = []

    def log(case_id: int, event: str, **data: Any) -> None:
        events.append(
            {
                "case_id": case_id,
                "event": event,
                "happened_on": today,
                "data": data,
                "recorded_at": now,
                "recorded_by": office.user,
            }
        )

    for plan in plans:
        case_id = plan.known.id if plan.known else ids.get(plan.key)
        if case_id is None:
            continue  # another run has opened it meanwhile
        judged, ladder = plan.judged, plan.standing.ladder
        figures = {"status": judged.status, "actual": str(judged.actual), "floor": str(judged.floor)}
        if plan.known is None:
            counts["opened"] += 1
            log(case_id, "opened", ladder=ladder.version, **figures)
        for move in plan.moves:
            if move.step == escalation.DA_DONG:
                counts["closed"] += 1
                log(case_id, "closed", result=judged.finding, **figures)
                settled += [f"case:{case_id}:{rung.step}" for rung in ladder.rungs]
                continue
            counts["rose"] += 1
            log(case_id, "rose", step=move.step, **figures)
            rung = next(rung for rung in ladder.rungs if rung.step == move.step)
            told = plan.key[0] if rung.of == escalation.UNIT else above.get(plan.key[0])
            addresses = {address for role in rung.tell for address in reach.get((told or 0, role), ())}
            if not addresses:
                counts["nobody_to_tell"] += 1
                log(case_id, "nobody_to_tell", step=move.step, unit_id=told, roles=list(rung.tell))
            notices += [
                {
                    "subject": f"case:{case_id}:{move.step}",
                    "due_on": today,
                    "threshold": 0,
                    "recipient": address,
                    "unit_id": plan.key[0],
                    "planned_for": goes_out,
                    "state": "planned",
                    "created_at": now,
                }
                for address in sorted(addresses)
            ]
    log_case_events(connection, events)
    plan_case_notices(connection, notices)
    withdraw_case_notices(connection, settled)
    counts["notices"] = len(notices)
    return counts


def _columns(plan: Plan) -> dict[str, Any]:
    judged, standing = plan.judged, plan.standing
    return {
        "step": standing.state,
        "since": standing.since,
        "next_on": standing.next_on,
        "status": judged.status,
        "actual": judged.actual,
        "floor": judged.floor,
    }


def _opening(plan: Plan, today: date) -> dict[str, Any]:
    unit_id, indicator, period = plan.key
    row = {"unit_id": unit_id, "indicator": indicator, "period": period, "opened_on": today, "version": 1}
    return row | _columns(plan) | {"ladder": plan.standing.ladder.to_json()}


def _update(plan: Plan, today: date) -> dict[str, Any]:
    closed = plan.standing.state == escalation.DA_DONG
    result = {"closed_on": today if closed else None, "result": plan.judged.finding if closed else None}
    case = plan.known
    assert case is not None
    return {"case_id": case.id, "known_version": case.version} | _columns(plan) | result
