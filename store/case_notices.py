"""Notices of cases: who can be told, what is planned for a rung, what is taken back or put off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select, text, update

from states.escalation import DA_DONG
from store.bulk import parts, put_values
from store.escalation import CASES
from store.notices import LETTERS, NOTICES, Recipient


def load_reach(connection: Connection, roles: Collection[str]) -> dict[tuple[int, str], list[str]]:
    """(unit, role) -> addresses, for the roles asked for."""
    c = Recipient.__table__.c  # type: ignore[attr-defined]
    found: dict[tuple[int, str], list[str]] = {}
    rows = connection.execute(select(c.unit_id, c.role, c.address).where(c.role.in_(roles)).order_by(c.address))
    for unit_id, role, address in rows:
        found.setdefault((unit_id, role), []).append(address)
    return found


def plan_case_notices(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put notices of reached rungs into the ledger: (subject, day, recipient, unit_id, planned_for, created_at).

    The unique key keeps each from being made twice.
    """
    names = ("subject", "due_on", "recipient", "unit_id", "planned_for", "created_at", "threshold", "state")
    put_values(connection, NOTICES, names, [(*row, 0, "planned") for row in rows], "ON CONFLICT DO NOTHING")


def withdraw_case_notices(connection: Connection, subjects: Sequence[str]) -> int:
    """Take back what was planned for closed cases and has not gone out; how many."""
    n = NOTICES.c
    return sum(
        connection.execute(
            update(NOTICES).where(n.subject.in_(some), n.state == "planned").values(state="withdrawn")
        ).rowcount
        for some in parts(subjects)
    )


def hold_case_notices(connection: Connection, subjects: Sequence[str], until: date) -> None:
    """What is planned about a silenced case does not go out before `until`."""
    n = NOTICES.c
    planned = (n.subject.in_(subjects), n.state == "planned", n.planned_for < until)
    connection.execute(update(NOTICES).where(*planned).values(planned_for=until))


def take_back_reserved(connection: Connection, today: date, next_day: Callable[[date], date]) -> int:
    """Notices in letters that no channel has carried: withdrawn where the case is closed, put off where it is silenced.

    For the one delivery that is under way, before it carries anything. `next_day` = the working day after a silence.
    """
    n, k = NOTICES.c, LETTERS.c
    waiting = connection.execute(
        select(n.id, n.subject, k.channels)
        .join_from(NOTICES, LETTERS, k.id == n.letter_id)
        .where(
            text("notices.state IN ('planned', 'reserved') AND notices.state = 'reserved'"), n.subject.like("case:%")
        )
    )
    told = {row[0]: int(row[1].split(":")[1]) for row in waiting if not row[2]}
    changed = 0
    for some in parts(sorted(set(told.values()))):
        held = connection.execute(
            select(CASES.c.id, CASES.c.step, CASES.c.silenced_until).where(
                CASES.c.id.in_(some), or_(CASES.c.step == DA_DONG, CASES.c.silenced_until >= today)
            )
        ).all()
        for case_id, step, silenced_until in held:
            ids = [one for one, of in told.items() if of == case_id]
            values: dict[str, Any] = {"state": "withdrawn"}
            if step != DA_DONG:
                values = {"state": "planned", "letter_id": None, "planned_for": next_day(silenced_until)}
            changed += connection.execute(update(NOTICES).where(n.id.in_(ids)).values(**values)).rowcount
    return changed
