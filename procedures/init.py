"""Create the database, or bring an older one up to this program."""

from __future__ import annotations

from typing import Any

from procedures.office import Office


def init(office: Office) -> dict[str, Any]:
    """Whether the database is new, and its revision; safe to repeat."""
    return {"database": office.database.name, **office.database.init()}
