"""Recompute clocks: when the holiday table or a limit changed, running clocks are reckoned again and each move recorded."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from procedures.access import require_whole
from procedures.gate import Gate
from procedures.office import Office
from states.clocks import reckon
from store.base import Connection
from store.bulk import parts
from store.clocks import (
    Basis,
    clock_rows,
    clocks_on,
    count_running,
    due_days,
    record_moves,
    running_bases,
)
from store.notices_ledger import withdraw_untrue

CHUNK = 2_000  # people reckoned again in one transaction


class Move(NamedTuple):
    """A running clock that would be reckoned again: its due day as it stands and as it would be."""

    code: str
    unit: str
    key: str
    starts_on: date
    before: date
    after: date


def recompute_clocks(office: Office) -> dict[str, Any]:
    """Reckon again what rests on another holiday table or limit than today's: {moved, restated, unchanged} clocks.

    `restated` clocks keep their due day and get the confirmed value, status and citation. A clock keeps the text of the
    day it started unless config.yaml says otherwise (clock_keeps_text); a holiday table that moves nothing rewrites nothing.
    """
    require_whole(office, "run_jobs")
    with office.database.reading() as connection:
        running = count_running(connection)
        outdated = _Outdated(office, connection)
    moved = 0
    for some in outdated.chunks():
        with office.database.writing() as connection:
            moved += outdated.reckon(connection, some)
    return {"moved": moved, "restated": len(outdated) - moved, "unchanged": running - len(outdated)}


def recompute_through(office: Office, connection: Connection) -> dict[str, Any]:
    """The same within a transaction that is open already, whose other work gave the reason."""
    running = count_running(connection)
    outdated = _Outdated(office, connection)
    moved = sum(outdated.reckon(connection, some) for some in outdated.chunks())
    return {"moved": moved, "restated": len(outdated) - moved, "unchanged": running - len(outdated)}


def moves_under(office: Office, connection: Connection) -> list[Move]:
    """What `recompute_clocks` would reckon again under this office's law and calendar; nothing is written."""
    units = office.units(connection)
    found = []
    outdated = _Outdated(office, connection)
    for row in clock_rows(connection, clock_ids=sorted(outdated.clocks)):
        limit = office.clock_limit(row.key, row.starts_on)
        assert limit.value is not None
        due_on = reckon(row.starts_on, limit.value, limit.unit, row.extension, office.calendar)
        found.append(Move(row.code, units.code(row.unit_id), row.key, row.starts_on, row.due_on, due_on))
    return found


class _Outdated:
    """Running clocks that rest on another limit or holiday table than the office's."""

    def __init__(self, office: Office, connection: Connection) -> None:
        self._office = office
        office.law_known_to(connection)
        self._reasons = {basis: reason for basis in running_bases(connection) if (reason := _changed(office, basis))}
        self.clocks = clocks_on(connection, self._reasons)
        self._people: dict[int, list[int]] = {}
        for clock_id, (candidate_id, _) in self.clocks.items():
            self._people.setdefault(candidate_id, []).append(clock_id)

    def __len__(self) -> int:
        return len(self.clocks)

    def chunks(self) -> list[list[int]]:
        """The people concerned, by the thousand."""
        return list(parts(sorted(self._people), CHUNK))

    def reckon(self, connection: Connection, people: list[int]) -> int:
        """Reckon these people's clocks again and write down which due days moved; how many did."""
        clock_ids = [clock_id for candidate_id in people for clock_id in self._people[candidate_id]]
        before = due_days(connection, clock_ids)
        Gate(self._office).recompute(connection, people)
        after = due_days(connection, clock_ids)
        moves: dict[int, tuple[date, date, str]] = {
            clock_id: (before[clock_id], after[clock_id], self._reasons[self.clocks[clock_id][1]])
            for clock_id in clock_ids
            if before[clock_id] != after[clock_id]
        }
        record_moves(connection, moves, self._office.now())
        if moves:
            withdraw_untrue(connection)
        return len(moves)


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
