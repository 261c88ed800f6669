"""Letters on paper: the names they may say, and notices recorded as handed over by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Table, func, insert, select, update

from store.candidates import Candidate
from store.notices import Letter, Notice
from store.people import Person

PAPER = "giay"
CHUNK = 500
_LETTERS: Table = Letter.__table__  # type: ignore[attr-defined]
_NOTICES: Table = Notice.__table__  # type: ignore[attr-defined]


def load_names_by_code(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """What these candidates are called; somebody whose name is erased is left out."""
    k, p = Candidate.__table__.c, Person.__table__.c  # type: ignore[attr-defined]
    found: dict[str, str] = {}
    for start in range(0, len(codes), CHUNK):
        asked = select(k.code, p.name).join_from(Candidate.__table__, Person.__table__, p.id == k.person_id)  # type: ignore[attr-defined]
        rows = connection.execute(asked.where(k.code.in_(codes[start : start + CHUNK]), p.name.is_not(None)))
        found.update((code, name) for code, name in rows)
    return found


def record_handed_over(
    connection: Connection,
    told: Collection[tuple[int, str]],
    today: date,
    day: date,
    database_id: str,
    now: datetime,
) -> int:
    """Mark what is planned by `today` for these (unit, recipient) as sent on paper on the working day `day`; how many.

    A recipient's notices go into one letter, the next part of that day; what is sent already stays as it is.
    """
    n, c = _NOTICES.c, _LETTERS.c
    wanted = set(told)
    asked = select(n.id, n.unit_id, n.recipient).where(n.state == "planned", n.planned_for <= today).order_by(n.id)
    by_recipient: dict[str, list[int]] = {}
    for notice_id, unit_id, recipient in connection.execute(asked):
        if (unit_id, recipient) in wanted:
            by_recipient.setdefault(recipient, []).append(notice_id)
    for recipient, notices in by_recipient.items():
        last = connection.execute(
            select(func.max(c.part)).where(c.recipient == recipient, c.day == day)
        ).scalar_one_or_none()
        part = (last or 0) + 1
        row = {
            "recipient": recipient,
            "day": day,
            "part": part,
            "message_id": f"{day:%Y%m%d}.{part}.{notices[0]}.{PAPER}@{database_id}.ketnap",
            "state": "sent",
            "channels": [PAPER],
            "attempts": 1,
            "reserved_at": now,
            "sent_at": now,
        }
        letter_id = connection.execute(insert(_LETTERS).values(row).returning(c.id)).scalar_one()
        for start in range(0, len(notices), CHUNK):
            some = notices[start : start + CHUNK]
            connection.execute(
                update(_NOTICES).where(n.id.in_(some), n.state == "planned").values(state="sent", letter_id=letter_id)
            )
    return sum(map(len, by_recipient.values()))
