"""Mature: whose twelve months of probation are over by the business day goes on to recognition, written by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procedures import access
from procedures.gate import Gate
from procedures.office import Office
from states.aftermath import PROBATION
from states.way import DU_BI
from store.clocks import count_at, due_candidates

CHUNK = 2_000  # people moved in one transaction


def mature(office: Office, unit_codes: Sequence[str] | None = None) -> dict[str, Any]:
    """Write `mature` for everybody it is due for: {matured, unchanged}; `unit_codes` = the people of these units alone.

    The business day is the day that counts: the engine writes what the calendar alone brings about.
    """
    access.require_whole(office, "run_jobs")
    with office.database.reading() as connection:
        gate = Gate(office)
        units = None if unit_codes is None else [gate.units(connection).by_code[code] for code in unit_codes]
        due = due_candidates(connection, PROBATION, DU_BI, office.today, units)
        waiting = count_at(connection, PROBATION, DU_BI, units)
    matured = 0
    for start in range(0, len(due), CHUNK):
        with office.database.writing() as connection:
            matured += Gate(office).mature(connection, due[start : start + CHUNK])
    return {"matured": matured, "unchanged": waiting - matured}
