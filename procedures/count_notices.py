"""Count the notices of the ledger by their state, without reading them."""

from __future__ import annotations

from procedures.office import Office
from store.overview import notices_by_state


def count_notices(office: Office) -> dict[str, int]:
    """{planned, reserved, sent, passed_over, withdrawn, nobody}: how many stand in each state that occurs."""
    with office.database.reading() as connection:
        return notices_by_state(connection)
