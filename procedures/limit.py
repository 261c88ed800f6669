"""Look up a limit: the law's answer for a key and a first day, without anybody's clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.office import Office


def limit(office: Office, key: str, start: date) -> dict[str, Any]:
    """The limit in force on `start` and its last day in time (None where no clock runs); Unknown for an unknown key."""
    found = office.law.limit(key, start)
    return {
        "key": found.key,
        "label": office.law.label(key).say(office.lang),
        "from": start,
        "due_on": office.law.due(found, start, office.calendar),
        "value": found.value,
        "unit": found.unit,
        "profile": found.profile,
        "profile_title": office.law.profile(start).title.say(office.lang),
        "since": found.since,
        "status": found.status,
        "citation": found.citation,
    }
