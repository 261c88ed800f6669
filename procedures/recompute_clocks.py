"""Recompute clocks: when the holiday table or a limit changed, running clocks are reckoned again and each move recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures import access
from procedures.gate import Gate
from procedures.office import Office
from states.clocks import reckon
from store.clocks import Basis, clocks_on, count_running, due_days, record_moves, running_bases
from store.notices_ledger import withdraw_untrue

CHUNK = 2_000  # people reckoned again in one transaction


def recompute_clocks(office: Office) -> dict[str, Any]:
    """Reckon again what rests on another holiday table or limit than today's: {moved, restated, unchanged} clocks.

    `restated` clocks keep their due day and get the confirmed value, status and citation. A clock keeps the text of the
    day it started unless config.yaml says otherwise (clock_keeps_text); a holiday table that moves nothing rewrites nothing.
    """
    access.require_whole(office, "run_jobs")
    with office.database.reading() as connection:
        running = count_running(connection)
        changed = {basis: reason for basis in running_bases(connection) if (reason := _changed(office, basis))}
        outdated = clocks_on(connection, changed)
    people: dict[int, list[int]] = {}
    for clock_id, (candidate_id, _) in outdated.items():
        people.setdefault(candidate_id, []).append(clock_id)
    ids = sorted(people)
    moved = 0
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        clock_ids = [clock_id for candidate_id in some for clock_id in people[candidate_id]]
        with office.database.writing() as connection:
            before = due_days(connection, clock_ids)
            Gate(office).recompute(connection, some)
            after = due_days(connection, clock_ids)
            moves: dict[int, tuple[date, date, str]] = {
                clock_id: (before[clock_id], after[clock_id], changed[outdated[clock_id][1]])
                for clock_id in clock_ids
                if before[clock_id] != after[clock_id]
            }
            record_moves(connection, moves, office.now())
            if moves:
                withdraw_untrue(connection)
        moved += len(moves)
    return {"moved": moved, "restated": len(outdated) - moved, "unchanged": running - len(outdated)}


def _changed(office: Office, basis: Basis) -> str | None:
    """Why clocks of this basis have to be reckoned again ("limit" or "calendar"); None when they stand."""
    limit = office.clock_limit(basis.key, basis.starts_on)
    if limit.value is None:
        return None
    now = (limit.value, limit.unit, limit.profile, limit.status, limit.citation)
    if now != (basis.limit_value, basis.limit_unit, basis.profile, basis.status, basis.citation):
        return "limit"
    due_on = reckon(basis.starts_on, limit.value, limit.unit, basis.extension, office.calendar)
    return "calendar" if due_on != basis.due_on else None
