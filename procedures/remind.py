"""Remind: whatever threshold of a limit or a duty has fallen by the business day becomes a notice, once for a recipient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from procedures import access
from procedures.duties import remind_duties
from procedures.office import Office
from states.reminders import Rhythm, horizon, marks
from store.clocks import DueDay, running_due_days
from store.notices_ledger import DueMark, as_marks, sweep


def remind(office: Office) -> dict[str, Any]:
    """Bring the ledger of notices up to date: {created, passed_over, withdrawn, unchanged, nobody_to_tell}.

    Of thresholds missed only the latest is planned, the others are recorded as passed over. A second run does nothing.
    """
    access.require_whole(office, "run_jobs")
    until = horizon(
        (rhythm_of(office, key) for key in ("", *office.settings.reminders.clocks)), office.calendar, office.today
    )
    with office.database.writing() as connection:
        fallen = _fallen(office, running_due_days(connection, until))
        swept = sweep(connection, fallen, office.settings.reminders.roles, office.today, office.now())._asdict()
        duties = remind_duties(office, connection)._asdict()
    return {name: count + duties[name] for name, count in swept.items()}


def rhythm_of(office: Office, key: str) -> Rhythm:
    """When the clock `key` reminds, as config.yaml says."""
    said = office.settings.reminders.for_clock(key)
    return Rhythm(tuple(said.before), said.after_every or 0)


def _fallen(office: Office, days: Iterable[DueDay]) -> list[DueMark]:
    """The thresholds fallen by the business day, for either unit of days (a limit may have changed from one to the other)."""
    rows = {}
    for day in days:
        for unit in ("months", "working_days"):
            if found := marks(rhythm_of(office, day.key), day.due_on, unit, office.calendar, office.today):
                rows[day.key, unit, day.due_on] = found
    return as_marks(rows)
