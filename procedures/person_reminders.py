"""Which reminders one person's running limits have brought about, and which are to come."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.access import require
from procedures.advance import NO_SUCH_PERSON
from procedures.gate import Gate
from procedures.notices import STATES
from procedures.office import Office
from procedures.remind import rhythm_of
from states.clocks import RUNNING
from states.errors import Unknown
from states.reminders import all_marks, made
from store.clocks import clock_rows
from store.notices import list_notice_rows


def person_reminders(office: Office, code: str) -> list[dict[str, Any]]:
    """{key, label, due_on, told: [{id, day, threshold, state, recipient}], next_on} of every limit that runs."""
    require(office, "see_people")
    with office.database.reading() as connection:
        loaded = Gate(office).load(connection, [code], entries=False).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        clocks = [row for row in clock_rows(connection, candidate_id=loaded.id) if row.state == RUNNING]
        subjects = {f"clock:{row.id}": row.id for row in clocks}
        notices = list_notice_rows(connection, subjects=list(subjects)) if clocks else []
    rows = []
    for clock in sorted(clocks, key=lambda one: one.due_on):
        marks = made(
            all_marks(rhythm_of(office, clock.key), clock.due_on, clock.limit_unit, office.calendar, office.today),
            clock.starts_on,
        )
        told = [one for one in notices if one.subject == f"clock:{clock.id}" and one.due_on == clock.due_on]
        rows.append({
            "key": clock.key, "label": office.law.label(clock.key).say(office.lang), "due_on": clock.due_on,
            "next_on": _next(marks, office.today),
            "told": [
                {"id": one.id, "day": one.planned_for, "threshold": one.threshold, "recipient": one.recipient or None,
                 "state": one.state, "state_label": STATES[one.state].say(office.lang)}
                for one in told
            ],
        })  # fmt: skip
    return rows


def _next(marks: Any, today: date) -> date | None:
    return next((mark.planned_for for mark in marks if mark.planned_for > today), None)
