"""Notices and letters as the desk leafs through them: who was told what and why, what did not go out."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures import access
from procedures.due import subtree
from procedures.notices import STATES, notice_items
from procedures.office import Office
from states.errors import BadInput
from states.wording import Text
from store.notice_pages import Asked, LetterRow, count_by_state, count_letters, page_of_letters, page_of_notices

PAGE = 50
LETTER_STATES = {
    "reserved": Text("chờ gửi", "to be sent"),
    "sent": Text("đã gửi", "sent"),
    "failed": Text("gửi hỏng", "failed"),
    "withdrawn": Text("không còn gì để báo", "nothing left to say"),
}
NO_SUCH_STATE = Text("Không có trạng thái «{state}». Có: {known}.", "There is no state “{state}”. There are: {known}.")


def notice_board(
    office: Office, *, unit: str | None = None, state: str | None = None, recipient: str | None = None,
    first: date | None = None, last: date | None = None, number: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """{items, states: {state: count}, page} of the ledger, the latest planned first.

    Within the actor's units; who may not see people gets no notices about people.
    """
    access.require(office, "see_figures")
    _known(state, STATES)
    with office.database.reading() as connection:
        units = office.units(connection)
        wanted = access.within(office, units, None if unit is None else subtree(office, units, unit))
        asked = Asked(wanted, access.may(office, "see_people"), recipient, first, last)
        counts = count_by_state(connection, asked)
        page = _page(sum(counts.values()) if state is None else counts.get(state, 0), number)
        rows = page_of_notices(connection, asked, state, limit=PAGE, offset=(page["number"] - 1) * PAGE)
        items = access.without_strangers(office, connection, notice_items(office, connection, rows), "label")
    states = {name: counts.get(name, 0) for name in STATES}
    return {"items": items, "states": states, "all": sum(counts.values()), "page": page}


def letter_board(office: Office, state: str | None = None, number: int = 1) -> dict[str, Any]:
    """{items, states, page, channels} of the letters of the whole office, the latest first."""
    access.require_whole(office, "run_jobs")
    _known(state, LETTER_STATES)
    with office.database.reading() as connection:
        counts = count_letters(connection)
        page = _page(sum(counts.values()) if state is None else counts.get(state, 0), number)
        rows = page_of_letters(connection, state, limit=PAGE, offset=(page["number"] - 1) * PAGE)
    channels = [name for name, channel in office.settings.channels.items() if channel.enabled]
    states = {name: counts.get(name, 0) for name in LETTER_STATES}
    items = [_letter(office, row) for row in rows]
    return {"items": items, "states": states, "all": sum(counts.values()), "page": page, "channels": channels}


def _letter(office: Office, row: LetterRow) -> dict[str, Any]:
    return row._asdict() | {"state_label": LETTER_STATES[row.state].say(office.lang)}


def _known(state: str | None, states: dict[str, Text]) -> None:
    if state is not None and state not in states:
        raise BadInput(NO_SUCH_STATE, state=state, known=", ".join(states))


def _page(total: int, number: int) -> dict[str, int]:
    pages = max(1, -(-total // PAGE))
    return {"number": min(max(1, number), pages), "pages": pages, "total": total}
