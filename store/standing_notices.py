"""Notices about what is not a person's clock or a case (a silent unit, a duty): planned anew at every run from what is true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text, update

from store.bulk import parts, put_values
from store.notices import NOTICES, WAITING

PLANNED, PASSED_OVER, NOBODY, WITHDRAWN = "planned", "passed_over", "nobody", "withdrawn"
_n = NOTICES.c


class Wanted(NamedTuple):
    """A notice as it ought to stand in the ledger. An empty recipient = nobody to tell."""

    subject: str
    due_on: date
    threshold: int
    recipient: str
    unit_id: int
    planned_for: date
    state: str


class Kept(NamedTuple):
    """What became of the ledger."""

    created: int
    passed_over: int
    withdrawn: int
    unchanged: int
    nobody_to_tell: int


def keep_notices(connection: Connection, prefix: str, wanted: Sequence[Wanted], now: datetime) -> Kept:
    """Bring the notices whose subject begins with `prefix` to what is wanted; what has been sent stays sent.

    planned -> withdrawn where it is no longer true, planned -> passed_over where a later threshold has come,
    withdrawn -> planned where it is true again.
    """
    known: dict[tuple[str, date, int, str], tuple[int, str]] = {}
    for some in parts(sorted({one.subject for one in wanted})):
        asked = select(_n.subject, _n.due_on, _n.threshold, _n.recipient, _n.id, _n.state).where(_n.subject.in_(some))
        known.update(((row[0], row[1], row[2], row[3]), (row[4], row[5])) for row in connection.execute(asked))
    new: list[tuple[Any, ...]] = []
    turned: dict[str, list[int]] = {PLANNED: [], PASSED_OVER: [], NOBODY: []}
    counts = dict.fromkeys((PLANNED, PASSED_OVER, NOBODY), 0)
    unchanged = 0
    for one in wanted:
        there = known.get(one[:4])
        if there is None:
            new.append((*one, now))
        elif there[1] == WITHDRAWN or (there[1] == PLANNED and one.state == PASSED_OVER):
            turned[one.state].append(there[0])
        else:
            unchanged += one.state != PASSED_OVER
            continue
        counts[one.state] += 1
    put_values(connection, NOTICES, (*Wanted._fields, "created_at"), new, "ON CONFLICT DO NOTHING")
    for state, ids in turned.items():
        for some_ids in parts(ids):
            connection.execute(update(NOTICES).where(_n.id.in_(some_ids)).values(state=state))
    keys = {one[:4] for one in wanted}
    waiting = connection.execute(
        select(_n.id, _n.subject, _n.due_on, _n.threshold, _n.recipient).where(
            text(f"{WAITING} AND state = 'planned'"), _n.subject.like(f"{prefix}%")
        )
    )
    gone = [row[0] for row in waiting if (row[1], row[2], row[3], row[4]) not in keys]
    for some_ids in parts(gone):
        connection.execute(update(NOTICES).where(_n.id.in_(some_ids)).values(state=WITHDRAWN))
    return Kept(counts[PLANNED], counts[PASSED_OVER], len(gone), unchanged, counts[NOBODY])
