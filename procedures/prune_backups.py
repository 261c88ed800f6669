"""Prune backups: of those made by themselves keep every one of late, and one a month before that."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from procedures import access
from procedures.office import Office

_NAME = re.compile(r"ketnap-(\d{8}T\d{6})\.\d+Z\.zip")


def prune_backups(office: Office) -> dict[str, int]:
    """Delete what `backups` in config.yaml no longer keeps: {kept, deleted}. Files with other names are never touched."""
    access.require_whole(office, "run_jobs")
    folder, now = office.database.beside("backups"), office.now()
    settings = office.settings.backups
    since = now - timedelta(days=settings.keep_days)
    made = sorted((at, path) for path in folder.glob("ketnap-*.zip") if (at := _made_at(path)) is not None)
    months: dict[tuple[int, int], Path] = {}
    for at, path in made:
        months.setdefault((at.year, at.month), path)  # the first of each month
    firsts = set(list(months.values())[-settings.keep_months :]) if settings.keep_months else set()
    gone = [path for at, path in made[:-1] if at < since and path not in firsts]
    for path in gone:
        path.unlink(missing_ok=True)
    return {"kept": len(made) - len(gone), "deleted": len(gone)}


def _made_at(path: Path) -> datetime | None:
    found = _NAME.fullmatch(path.name)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if found else None
