"""What the movement of members is made of: the entries that bring or take a member, and the codes of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from states.movement import TRIGGERS, Move
from store.bulk import parts
from store.candidates import CANDIDATES
from store.candidates_by_step import UNIT_AFTER
from store.counting import Dead
from store.journal import Entry

J = Entry.__table__  # type: ignore[attr-defined]


def load_moves(
    connection: Connection, first: date, last: date, dead: Sequence[Dead], known_at: datetime | None = None
) -> list[Move]:
    """The live entries of these days that were judged or opened a way; by `known_at`, when given."""
    judged = or_(J.c.source.is_not(None), J.c.trigger == "open_at")
    return _load(connection, first, last, dead, known_at, judged)


def load_history(
    connection: Connection, first: date, last: date, dead: Sequence[Dead], known_at: datetime | None = None
) -> list[Move]:
    """The live entries of these days that lie before their person's opening and moved nobody."""
    return _load(connection, first, last, dead, known_at, J.c.source.is_(None) & (J.c.trigger != "open_at"))


def _load(
    connection: Connection,
    first: date,
    last: date,
    dead: Sequence[Dead],
    known_at: datetime | None,
    which: ColumnElement[bool],
) -> list[Move]:
    c, gone = J.c, {entry[:2] for entry in dead}
    columns = (c.candidate_id, c.sequence, c.trigger, c.source, c.destination, c.effective_on, c.unit_id, UNIT_AFTER)
    asked = select(*columns).where(c.trigger.in_(TRIGGERS), c.effective_on.between(first, last), which)
    if known_at is not None:
        asked = asked.where(c.recorded_at <= known_at)
    rows = connection.execute(asked.order_by(c.effective_on, c.candidate_id, c.sequence))
    return [Move(*row) for row in rows if row[:2] not in gone]


def load_codes(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The codes of these people."""
    c = CANDIDATES.c
    found: dict[int, str] = {}
    for some in parts(sorted(set(ids))):
        found.update({row[0]: row[1] for row in connection.execute(select(c.id, c.code).where(c.id.in_(some)))})
    return found
