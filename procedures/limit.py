"""Look up a limit: the law's answer for a key and a first day, without anybody's clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.office import Office
from states.reckoning import reckoning
from states.regulations import Limit


def limit(office: Office, key: str, start: date) -> dict[str, Any]:
    """The limit in force on `start` and its last day in time (None where no clock runs); Unknown for an unknown key.

    `sum` says how that day came about, with every day off that was passed over.
    """
    law = office.law
    found = law.limit(key, start)
    due_on = law.due(found, start, office.calendar)
    return {
        "key": found.key,
        "label": law.label(key).say(office.lang),
        "from": start,
        "due_on": due_on,
        "value": found.value,
        "unit": found.unit,
        "profile": found.profile,
        "profile_title": law.profile(start).title.say(office.lang),
        "since": found.since,
        "status": found.status,
        "citation": found.citation,
        "sum": _sum(office, found, start, due_on),
    }


def _sum(office: Office, limit: Limit, start: date, due_on: date | None) -> str | None:
    if due_on is None or limit.value is None:
        return None
    return reckoning(start, due_on, limit.value, limit.unit, 0, office.calendar).formula(office.lang)
