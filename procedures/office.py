"""The office a command works in: its settings, its database, its day, its user."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pendulum

import config
from config import Settings
from states.calendar import Calendar, parse_day
from states.regulations import Law, Limit
from store.base import Connection
from store.database import Database
from store.units import Units, latest_version, load_units

ZONE = "Asia/Ho_Chi_Minh"


@dataclass
class Office:
    """One installation on one business day. `today` is the day the law is asked about; `now()` is the machine's instant."""

    settings: Settings
    database: Database
    today: date
    user: str
    lang: str
    law: Law
    calendar: Calendar
    _units_read: tuple[int, Units] | None = field(
        default=None, init=False, repr=False
    )  # with the latest version it knows

    @property
    def terms(self) -> dict[str, tuple[date, date]]:
        """Terms declared in config.yaml with their first and last day."""
        return self.settings.terms

    def units(self, connection: Connection) -> Units:
        """The tree of units as this reading knows it; read anew only when a version was recorded since the last time."""
        latest = latest_version(connection)
        if self._units_read is None or self._units_read[0] != latest:
            self._units_read = (latest, load_units(connection))
        return self._units_read[1]

    def now(self) -> datetime:
        """The machine's instant, for `recorded_at`; never the business day."""
        return datetime.now(UTC)

    def clock_limit(self, key: str, starts_on: date) -> Limit:
        """The limit a running clock stands under: that of its first day, or of today with `clock_keeps_text: false`."""
        keeps = self.settings.clock_keeps_text
        return self.law.limit(key, starts_on if keeps else max(starts_on, self.today))

    @classmethod
    def open(
        cls, config_path: Path | str | None = None, today: date | str | None = None, database_url: str | None = None,
        user: str | None = None, lang: str | None = None,
    ) -> Office:  # fmt: skip
        """Open an installation: option over environment over config.yaml."""
        settings = config.load(Path(config_path) if config_path else None)
        day = today or os.environ.get("KETNAP_TODAY") or settings.business_day
        return cls(
            settings,
            Database(database_url or os.environ.get("KETNAP_DATABASE_URL") or settings.database),
            parse_day(day) if day else pendulum.now(ZONE).date(),
            user or os.environ.get("KETNAP_USER") or _login(),
            lang or os.environ.get("KETNAP_LANG") or settings.language,
            settings.law(),
            settings.make_calendar(),
        )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ketnap"
