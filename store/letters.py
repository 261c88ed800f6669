"""Letters: reserved, carried by every channel, confirmed. A crash between any two leaves what the next run finishes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, Table, bindparam, func, insert, select, text, update

from states.errors import Conflict
from states.wording import Text
from store.bulk import parts
from store.candidates import Candidate
from store.clocks import CLOCKS
from store.database import Database
from store.escalation import EVENTS, Case
from store.notices import UNSENT, Letter, Notice

LOCK = 0x6B657470  # PostgreSQL's advisory lock while letters go out
PATIENCE = 30  # seconds to wait for another delivery under way
_LETTERS: Table = Letter.__table__  # type: ignore[attr-defined]
_NOTICES: Table = Notice.__table__  # type: ignore[attr-defined]
_CANDIDATES: Table = Candidate.__table__  # type: ignore[attr-defined]

BUSY = Text(
    "Đang có lượt gửi khác chạy; xin thử lại sau ít phút.", "Another delivery is under way; please try again soon."
)


class WaitingLetter(NamedTuple):
    """A letter that has not gone through every channel."""

    id: int
    recipient: str
    day: date
    part: int
    message_id: str
    reserved_at: datetime
    channels: list[str]
    attempts: int


class ClockItem(NamedTuple):
    """A clock somebody is told of."""

    letter_id: int
    clock_id: int
    unit_id: int
    code: str
    step: str
    key: str
    due_on: date
    limit_unit: str
    status: str
    citation: str


class CaseItem(NamedTuple):
    """A unit's case somebody is told of."""

    letter_id: int
    case_id: int
    unit_id: int
    indicator: str
    period: str
    step: str
    due_on: date
    status: str
    actual: Any
    floor: Any
    figures: Mapping[str, Any]  # those of the day the rung was reached: expected, people …; may be empty


class StandingItem(NamedTuple):
    """A silent unit or a duty somebody is told of, by its subject."""

    letter_id: int
    subject: str
    unit_id: int
    due_on: date


class Outcome(NamedTuple):
    """How far a letter came: the channels it has gone through, and what stopped it."""

    id: int
    channels: list[str]
    failure: str | None


@contextmanager
def delivering(database: Database) -> Iterator[None]:
    """One delivery at a time for a database; the lock dies with its process. Conflict when another goes on too long."""
    if database.dialect == "postgresql":
        with database.reading() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield
        return
    lock = sqlite3.connect(database.beside("delivery.lock"), timeout=PATIENCE, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise Conflict(BUSY) from None
        yield
    finally:
        lock.close()


def reserve(connection: Connection, today: date, day: date, name: Callable[[str, int], str], now: datetime) -> int:
    """Put every planned notice due to go out by `today` into its recipient's letter of the working day `day`.

    `name` gives the message id of (recipient, part). What comes up after a letter has been made goes into the next part.
    """
    n, c = _NOTICES.c, _LETTERS.c
    waiting = select(n.recipient).where(_PLANNED, n.planned_for <= today).distinct().order_by(n.recipient)
    recipients = [row[0] for row in connection.execute(waiting)]
    if not recipients:
        return 0
    before = connection.execute(select(func.coalesce(func.max(c.id), 0))).scalar_one()
    parts = connection.execute(select(c.recipient, func.max(c.part)).where(c.day == day).group_by(c.recipient))
    made = {recipient: part for recipient, part in parts}  # noqa: C416
    rows = []
    for recipient in recipients:
        part = made.get(recipient, 0) + 1
        row = {"recipient": recipient, "day": day, "part": part, "message_id": name(recipient, part)}
        rows.append(row | {"state": "reserved", "attempts": 0, "reserved_at": now, "channels": []})
    connection.execute(insert(_LETTERS), rows)
    connection.execute(_FILL, {"today": today, "day": day, "before": before})  # planned -> reserved
    return len(rows)


def waiting_letters(connection: Connection) -> list[WaitingLetter]:
    """Letters reserved or failed, oldest first."""
    c = _LETTERS.c
    query = select(c.id, c.recipient, c.day, c.part, c.message_id, c.reserved_at, c.channels, c.attempts)
    return [WaitingLetter(*row) for row in connection.execute(query.where(text(UNSENT)).order_by(c.id))]


def count_sent(connection: Connection, day: date) -> int:
    """Letters of a working day that have gone."""
    c = _LETTERS.c
    return int(connection.execute(select(func.count()).where(c.day == day, c.state == "sent")).scalar_one())


def clock_items(connection: Connection, letter_ids: Sequence[int]) -> list[ClockItem]:
    """The clocks these letters tell of."""
    n, c, k = _NOTICES.c, CLOCKS.c, _CANDIDATES.c
    rows = connection.execute(
        select(n.letter_id, n.clock_id, k.unit_id, k.code, k.step, c.key, n.due_on, c.limit_unit, c.status, c.citation)
        .join_from(_NOTICES, CLOCKS, c.id == n.clock_id)
        .join(_CANDIDATES, k.id == c.candidate_id)
        .where(n.letter_id.in_(letter_ids), n.state == "reserved")
    )
    return [ClockItem(*row) for row in rows]


def case_items(connection: Connection, letter_ids: Sequence[int]) -> list[CaseItem]:
    """The cases these letters tell of."""
    n, k = _NOTICES.c, Case.__table__.c  # type: ignore[attr-defined]
    query = select(n.letter_id, n.subject, n.due_on).where(n.clock_id.is_(None))
    rows = connection.execute(query.where(n.letter_id.in_(letter_ids), n.state == "reserved")).all()
    told = [(row[0], *row[1].split(":")[1:3], row[2]) for row in rows if row[1].startswith("case:")]
    cases: dict[int, Any] = {}
    reached: dict[tuple[int, str], Mapping[str, Any]] = {}
    if told:
        columns = (k.id, k.unit_id, k.indicator, k.period, k.step, k.status, k.actual, k.floor)
        for ids in parts(sorted({int(one[1]) for one in told})):
            cases.update((row[0], row) for row in connection.execute(select(*columns).where(k.id.in_(ids))))
            rose = select(EVENTS.c.case_id, EVENTS.c.data).where(EVENTS.c.case_id.in_(ids), EVENTS.c.event == "rose")
            reached.update(((row[0], row[1].get("step")), row[1]) for row in connection.execute(rose))
    return [
        CaseItem(
            letter,
            case.id,
            case.unit_id,
            case.indicator,
            case.period,
            rung,
            on,
            case.status,
            case.actual,
            case.floor,
            reached.get((case.id, rung), {}),
        )
        for letter, case_id, rung, on in told
        if (case := cases.get(int(case_id))) is not None
    ]


def standing_items(connection: Connection, letter_ids: Sequence[int]) -> list[StandingItem]:
    """What else these letters tell of: silent units, duties."""
    n = _NOTICES.c
    asked = select(n.letter_id, n.subject, n.unit_id, n.due_on).where(n.clock_id.is_(None), n.state == "reserved")
    rows = connection.execute(asked.where(n.letter_id.in_(letter_ids)))
    return [StandingItem(*row) for row in rows if not row[1].startswith("case:")]


def note_channel(connection: Connection, letter_ids: Sequence[int], channel: str) -> None:
    """These letters were found to have gone through `channel` before a crash."""
    c = _LETTERS.c
    known = select(c.id, c.channels).where(c.id.in_(letter_ids))
    rows = [{"_id": row[0], "channels": sorted({*row[1], channel})} for row in connection.execute(known)]
    if rows:
        connection.execute(update(_LETTERS).where(c.id == bindparam("_id")), rows)


def confirm(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Record how far letters came: reserved, failed -> sent | failed; their notices are sent with them."""
    c, n = _LETTERS.c, _NOTICES.c
    rows = [
        {
            "_id": one.id,
            "channels": one.channels,
            "failure": one.failure,
            "state": "failed" if one.failure else "sent",
            "sent_at": None if one.failure else now,
        }
        for one in outcomes
    ]
    if rows:
        connection.execute(update(_LETTERS).where(c.id == bindparam("_id")).values(attempts=c.attempts + 1), rows)
    sent = [one.id for one in outcomes if not one.failure]
    for some in parts(sent):
        connection.execute(update(_NOTICES).where(n.letter_id.in_(some), n.state == "reserved").values(state="sent"))


def withdraw_letters(connection: Connection, letter_ids: Sequence[int]) -> None:
    """Letters in which nothing true is left to say: reserved, failed -> withdrawn."""
    for some in parts(letter_ids):
        connection.execute(update(_LETTERS).where(_LETTERS.c.id.in_(some)).values(state="withdrawn"))


_PLANNED = text("state IN ('planned', 'reserved') AND state = 'planned'")
_FILL = text("""
UPDATE notices SET state = 'reserved', letter_id = (
    SELECT l.id FROM letters l WHERE l.recipient = notices.recipient AND l.day = :day AND l.id > :before)
WHERE state IN ('planned', 'reserved') AND state = 'planned' AND planned_for <= :today AND EXISTS (
    SELECT 1 FROM letters l WHERE l.recipient = notices.recipient AND l.day = :day AND l.id > :before)
""").bindparams(bindparam("today", type_=Date), bindparam("day", type_=Date))
