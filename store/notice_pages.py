"""The ledger of notices and the letters, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from store.notices import LETTERS, NOTICES, NoticeRow
from store.unit_sets import among

_n, _l = NOTICES.c, LETTERS.c


class Asked(NamedTuple):
    """Which notices are asked for; None leaves a thing open. `recipient` is a part of an address."""

    unit_ids: Collection[int] | None = None
    about_people: bool = True
    recipient: str | None = None
    first: date | None = None
    last: date | None = None


class LetterRow(NamedTuple):
    """A letter with how many notices it carries."""

    id: int
    recipient: str
    day: date
    part: int
    state: str
    channels: list[str]
    attempts: int
    reserved_at: datetime
    sent_at: datetime | None
    failure: str | None
    notices: int


def count_by_state(connection: Connection, asked: Asked) -> dict[str, int]:
    """state -> how many of the notices asked for stand in it."""
    query = select(_n.state, func.count()).where(*_narrowed(connection, asked)).group_by(_n.state)
    return {str(state): int(count) for state, count in connection.execute(query)}


def page_of_notices(
    connection: Connection, asked: Asked, state: str | None, *, limit: int, offset: int
) -> list[NoticeRow]:
    """The latest planned first."""
    query = select(*(NOTICES.c[name] for name in NoticeRow._fields)).where(*_narrowed(connection, asked))
    if state is not None:
        query = query.where(_n.state == state)
    query = query.order_by(_n.planned_for.desc(), _n.id.desc()).limit(limit).offset(offset)
    return [NoticeRow(*row) for row in connection.execute(query)]


def count_letters(connection: Connection) -> dict[str, int]:
    """state -> how many letters stand in it."""
    rows = connection.execute(select(_l.state, func.count()).group_by(_l.state))
    return {str(state): int(count) for state, count in rows}


def page_of_letters(connection: Connection, state: str | None, *, limit: int, offset: int) -> list[LetterRow]:
    """The latest first."""
    notices = select(func.count()).where(_n.letter_id == _l.id).scalar_subquery()
    query = select(*(LETTERS.c[name] for name in LetterRow._fields[:-1]), notices)
    if state is not None:
        query = query.where(_l.state == state)
    query = query.order_by(_l.day.desc(), _l.id.desc()).limit(limit).offset(offset)
    return [LetterRow(*row) for row in connection.execute(query)]


def _narrowed(connection: Connection, asked: Asked) -> list[ColumnElement[Any]]:
    where: list[ColumnElement[Any]] = []
    if asked.unit_ids is not None:
        where.append(among(connection, _n.unit_id, asked.unit_ids))
    if not asked.about_people:
        where.append(_n.clock_id.is_(None))
    if asked.recipient:
        where.append(_n.recipient.contains(asked.recipient, autoescape=True))
    if asked.first is not None:
        where.append(_n.planned_for >= asked.first)
    if asked.last is not None:
        where.append(_n.planned_for <= asked.last)
    return where
