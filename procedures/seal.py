"""Seal: anchor the heads of all chains and the acts of closing in a table and in a file outside the database."""

from __future__ import annotations

from procedures import access
from procedures.office import Office
from store import seal_file, seals


def seal(office: Office) -> dict[str, int]:
    """Anchor what moved since the last seal; nothing moved: no new seal. Counts {sealed, unchanged}."""
    access.require_whole(office, "run_jobs")
    file = office.database.beside("seals.jsonl")
    with office.database.writing() as connection:
        seal_file.complete(connection, file)
        sealed = seals.add_seal(connection, office.now())
        unchanged = seals.totals(connection)[0] + seals.count_acts(connection) - sealed
    if sealed:
        with office.database.writing() as connection:
            seal_file.complete(connection, file)
    return {"sealed": sealed, "unchanged": unchanged}
