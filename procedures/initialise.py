"""Initialise: create the office's database, or bring it to this program's revision."""

from __future__ import annotations

from typing import Any

from procedures import access
from procedures.office import Office


def init(office: Office) -> dict[str, Any]:
    """{created, revision}; an existing database is upgraded, one of this revision is left as it is."""
    access.require_whole(office, "run_jobs")
    return office.database.init()
