"""The office a command works in: its settings, its database, its day, its user."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pendulum

import config
from config import Settings
from states.calendar import Calendar, parse_day
from states.errors import Installation
from states.figures import Tree
from states.regulations import Entry, Law, Limit
from states.roles import Actor, at_the_machine
from store.base import Connection
from store.database import READ_ANEW, Database
from store.failures import NOT_INITIALISED
from store.rulings import latest_ruling, load_rulings, standing
from store.trees import load_tree
from store.units import Units, latest_version, load_units

ZONE = "Asia/Ho_Chi_Minh"
DAYS_KEPT = 4  # whose trees are kept: today, the end of a period or two


@dataclass
class Office:
    """One installation on one business day. `today` is the day the law is asked about; `now()` is the machine's instant."""

    settings: Settings
    database: Database
    today: date
    user: str
    lang: str
    written_law: Law  # by regulations.yaml and config.yaml; what was ruled at the desk goes over it: `law`
    calendar: Calendar
    _tree: dict[tuple[int, ...], Units] = field(default_factory=dict, init=False, repr=False)  # by what it stands at
    _days: dict[tuple[int, ...], dict[date, Tree]] = field(default_factory=dict, init=False, repr=False)  # likewise
    _actor: Actor | None = field(default=None, repr=False)
    _laws: dict[tuple[int, int], Law] = field(
        default_factory=dict, init=False, repr=False
    )  # by the latest ruling it knows
    _law: Law | None = field(default=None, init=False, repr=False)

    @property
    def actor(self) -> Actor:
        """Who asks: the account at the desk, or whoever holds the database at the command line."""
        return self._actor or at_the_machine(self.user)

    @property
    def at_command_line(self) -> bool:
        """Whether no account asks: a command or a flow of whoever holds the database."""
        return self._actor is None

    def for_actor(self, actor: Actor, lang: str | None = None) -> Office:
        """The same office as an account sees it; it shares the database and the tree of units already read."""
        theirs = replace(self, user=actor.user, lang=lang or self.lang, _actor=actor)
        theirs._tree, theirs._days, theirs._laws = self._tree, self._days, self._laws
        return theirs

    @property
    def law(self) -> Law:
        """The law by day: regulations.yaml, over it config.yaml, over that what was ruled at the desk.

        Read when first asked and then kept, so that one piece of work stands under one law; where no database has been
        laid out yet, the files alone speak.
        """
        if self._law is None:
            try:
                with self.database.reading() as connection:
                    return self.law_known_to(connection)
            except Installation as error:
                if error.sentence is not NOT_INITIALISED:
                    raise
                self._law = self.written_law
        return self._law

    def law_known_to(self, connection: Connection) -> Law:
        """`law`, read through a connection that is open already."""
        if self._law is None:
            latest = latest_ruling(connection)
            key = latest, self.database.rollbacks
            law = self._laws.get(key) if latest else self.written_law
            if law is None:
                law = self.settings.law_with(standing(load_rulings(connection)))
                self._laws.clear()
                self._laws[key] = law
                connection.info[READ_ANEW] = True
            self._law = law
        return self._law

    def forget_law(self) -> None:
        """Read the rulings anew when the law is asked next: one was recorded."""
        self._law = None

    def under(self, rulings: Mapping[str, Sequence[Entry]]) -> Office:
        """The same office as if these were its rulings: to look ahead at what one of them moves."""
        theirs = replace(self)
        theirs._tree, theirs._law = self._tree, self.settings.law_with(rulings)
        return theirs

    @property
    def terms(self) -> dict[str, tuple[date, date]]:
        """Terms declared in config.yaml with their first and last day."""
        return self.settings.terms

    def units(self, connection: Connection) -> Units:
        """The tree of units as this reading knows it; read anew only when a version was recorded since the last time."""
        self.law_known_to(connection)  # while it is at hand: a second one inside the first could wait for itself
        latest = (*latest_version(connection), self.database.rollbacks)
        tree = self._tree.get(latest)
        if tree is None:
            tree = load_units(connection)
            self._tree.clear()
            self._tree[latest] = tree
            connection.info[READ_ANEW] = True
        return tree

    def tree(self, connection: Connection, on: date) -> Tree:
        """Who stands under whom on a day, without names; kept like `units`, of a few days."""
        latest = (*latest_version(connection), self.database.rollbacks)
        if latest not in self._days:
            self._days.clear()
        trees = self._days.setdefault(latest, {})
        tree = trees.get(on)
        if tree is None:
            tree = load_tree(connection, on)
            if len(trees) >= DAYS_KEPT:
                trees.clear()
            trees[on] = tree
            connection.info[READ_ANEW] = True
        return tree

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
