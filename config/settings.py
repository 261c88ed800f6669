"""Every setting of config.yaml: what it is called, which values it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from os.path import normpath
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from config.checking import Strict, Word
from config.figures import BreakdownsSettings, IndicatorSettings
from config.law import build_law
from config.target_rules import TargetRuleSettings
from states.calendar import Calendar
from states.regulations import Entry, Law


class CalendarSettings(Strict):
    """Days off and days worked that the installation adds; they win over the holiday table."""

    days_off: dict[date, Word] = Field(default_factory=dict)
    worked: dict[date, Word] = Field(default_factory=dict)


class TermSettings(Strict):
    """First and last day of a term."""

    first: date
    last: date


class PercentSettings(Strict):
    """How percentages are printed."""

    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    rounding: Literal["half_up", "cut_off"] = "half_up"


class PrintingSettings(Strict):
    """What stands on printed reports and letters around the figures."""

    place: str = ""
    above: str = ""
    forms: dict[str, Literal["dang", "cong_doan", "doan", "nha_nuoc"]] = Field(default_factory=dict)
    symbols: dict[str, Word] = Field(default_factory=dict)
    copies: list[Word] = Field(default_factory=list)


Percent = Annotated[int, Field(ge=0, le=100)]


class PaceSettings(Strict):
    """Per indicator: percent of the period's days gone -> percent of the target due."""

    phased: dict[str, dict[Percent, Percent]] = Field(default_factory=dict)


class CommendationSettings(Strict):
    """Which bodies are proposed for commendation: of these statuses and from this percent of the floor on."""

    statuses: list[Literal["vuot", "dat", "dung_tien_do"]] = Field(default=["vuot"])
    min_percent: Annotated[int, Field(ge=0)] = 0


class Rhythm(Strict):
    """Days before the due day (0 = that day) and every how many days after it (0 = never again)."""

    before: list[Annotated[int, Field(ge=0)]] = Field(default_factory=lambda: [30, 14, 7, 1, 0])
    after_every: Annotated[int, Field(ge=0)] = 7


class ReminderSettings(Strict):
    """When a clock reminds, in general and by key, and which roles are told."""

    default: Rhythm = Rhythm()
    clocks: dict[str, Rhythm] = Field(default_factory=dict)
    roles: list[Word] = Field(default_factory=list)

    def for_clock(self, key: str) -> Rhythm:
        """The rhythm of the clock `key`; what its own entry leaves out is the default's."""
        own = self.clocks.get(key)
        return self.default.model_copy(update=own.model_dump(exclude_unset=True)) if own else self.default


class ChannelSettings(Strict):
    """One way out: a folder of .eml files or an apprise address."""

    kind: Literal["folder", "apprise"]
    enabled: bool = False
    url: str = ""


Count = Annotated[int, Field(ge=0)]


class BehindIndicatorSettings(Strict):
    """When a unit counts as behind on one indicator; what is left out is as for all."""

    tolerance_percent: Percent = 10
    weeks: Count = 2
    min_days: Count = 30
    no_source_min_days: Count | None = None


class BehindSettings(BehindIndicatorSettings):
    """When a unit counts as behind, in general and by indicator."""

    indicators: dict[str, BehindIndicatorSettings] = Field(default_factory=dict)

    def for_indicator(self, name: str) -> BehindIndicatorSettings:
        """What holds for the indicator `name`."""
        own = self.indicators.get(name)
        return self.model_copy(update=own.model_dump(exclude_unset=True)) if own else self


class RungSettings(Strict):
    """One rung: whom to tell, of the unit itself or of the one above, so many working days after the rung before."""

    step: Literal["nhac", "cap_tren", "thuong_vu"]
    after_working_days: Annotated[int, Field(ge=0)]
    tell: Annotated[list[Word], Field(min_length=1)]
    of: Literal["unit", "above"] = "unit"


class LadderSettings(Strict):
    """The rungs and their version."""

    version: Word
    rungs: Annotated[list[RungSettings], Field(min_length=1)]


class EscalationSettings(Strict):
    """When a unit is behind and how it is escalated."""

    behind: BehindSettings = BehindSettings()
    reopen_after_days: Count = 90
    ladder: LadderSettings


class SilentUnitsSettings(Strict):
    """After how many quarters without an entry or a figure a unit of these kinds is silent, and who above is told."""

    quarters: Annotated[int, Field(ge=1, le=200)] = 2
    kinds: list[Word]
    tell: list[Word]


class DutySettings(Strict):
    """A duty that returns: whose, how often, due on which day, done by which reported figure, and who is reminded.

    `due` is a day of the year ("31/12", for yearly duties) or the number of the working day after the period's end.
    """

    label: Word
    kinds: Annotated[list[Word], Field(min_length=1)]
    every: Literal["year", "half", "quarter", "month"]
    due: Word | Annotated[int, Field(ge=1)]
    done_by: Word
    roles: Annotated[list[Word], Field(min_length=1)]
    since: date | None = None


class BackupSettings(Strict):
    """Which of the backups made by themselves stay: all of so many days, and the first of each of so many months."""

    keep_days: Annotated[int, Field(ge=1)] = 30
    keep_months: Annotated[int, Field(ge=0)] = 12


class RetentionSettings(Strict):
    """When personal data of who came to an end of the way is proposed for erasure: so many months after; None = never."""

    erase_after_months: Annotated[int, Field(ge=0, le=1200)] | None = None


class ScheduleSettings(Strict):
    """One schedule: five fields of cron, Vietnamese time."""

    cron: Annotated[str, Field(pattern=r"^\S+ \S+ \S+ \S+ \S+$")]


class ServerSettings(Strict):
    """Ports on this machine, and how the desk may be reached from others."""

    port: Annotated[int, Field(ge=1, le=65535)] = 4200
    status_port: Annotated[int, Field(ge=1, le=65535)] = 4280
    listen: str = "127.0.0.1"
    hosts: list[str] = Field(default_factory=list)
    certificate: str | None = None
    key: str | None = None

    @property
    def desk(self) -> str:
        """Where people reach the desk, for links."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self.hosts[0] if self.hosts else '127.0.0.1'}:{self.status_port}"


class DeskSettings(Strict):
    """The officers' desk: how long a signing-in holds, when failed ones are held up, how much may be sent."""

    idle_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    session_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 12
    lock_after: Annotated[int, Field(ge=1, le=100)] = 5
    lock_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 1
    lock_minutes_most: Annotated[int, Field(ge=1, le=24 * 60)] = 60
    address_failures: Annotated[int, Field(ge=1, le=100_000)] = 50
    password_length: Annotated[int, Field(ge=8, le=64)] = 12
    one_time_password_days: Annotated[int, Field(ge=1, le=366)] = 7
    upload_mb: Annotated[int, Field(ge=1, le=1000)] = 20
    requests_a_minute: Annotated[int, Field(ge=10, le=100_000)] = 600


class Settings(Strict):
    """config.yaml, the installation's over the shipped one, checked."""

    business_day: date | None = None
    language: Literal["vi", "en"] = "vi"
    database: Word
    clock_keeps_text: bool = True
    calendar: CalendarSettings = CalendarSettings()
    regulations: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    declared_terms: dict[str, TermSettings] = Field(alias="terms")
    unit_kinds: dict[str, Word]
    indicators: dict[str, IndicatorSettings]
    breakdowns: BreakdownsSettings
    percent: PercentSettings = PercentSettings()
    printing: PrintingSettings = PrintingSettings()
    pace: PaceSettings = PaceSettings()
    target_rules: dict[str, TargetRuleSettings] = Field(default_factory=dict)
    commendation: CommendationSettings = CommendationSettings()
    reminders: ReminderSettings = ReminderSettings()
    roles: dict[str, Word]
    channels: dict[str, ChannelSettings]
    escalation: EscalationSettings
    silent_units: SilentUnitsSettings
    duties: dict[str, DutySettings] = Field(default_factory=dict)
    backups: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    schedules: dict[str, ScheduleSettings]
    server: ServerSettings = ServerSettings()
    desk: DeskSettings = DeskSettings()

    _path: Path = PrivateAttr(default=Path("config.yaml"))
    _overrides: dict[str, list[Entry]] = PrivateAttr(default_factory=dict)
    _law: Law | None = PrivateAttr(default=None)
    _calendar: Calendar | None = PrivateAttr(default=None)

    def settled(self, path: Path, overrides: dict[str, list[Entry]]) -> Settings:
        """These settings as those of the file `path`: its folder is where a relative database lies."""
        database = self.database
        if "://" not in database:
            database = f"sqlite:///{normpath(path.parent / database)}"
        settings = self.model_copy(update={"database": database})
        settings._path = path
        settings._overrides = overrides
        return settings

    @property
    def path(self) -> Path:
        """The installation's config.yaml."""
        return self._path

    @property
    def terms(self) -> dict[str, tuple[date, date]]:
        """First and last day of every declared term."""
        return {code: (term.first, term.last) for code, term in self.declared_terms.items()}

    def law(self) -> Law:
        """The regulations with this installation's confirmations and overrides."""
        if self._law is None:
            self._law = build_law(self._overrides)
        return self._law

    def law_with(self, rulings: Mapping[str, Sequence[Entry]]) -> Law:
        """The same with what was ruled at the desk over it: a ruling replaces the entry of its key and day."""
        merged = {key: list(entries) for key, entries in self._overrides.items()}
        for key, entries in rulings.items():
            merged.setdefault(key, []).extend(entries)
        return build_law(merged)

    def own_entries(self, key: str) -> list[Entry]:
        """What config.yaml itself says about a rule, under `regulations`."""
        return list(self._overrides.get(key, ()))

    def make_calendar(self) -> Calendar:
        """The working calendar with this installation's days."""
        if self._calendar is None:
            self._calendar = Calendar(self.calendar.days_off, self.calendar.worked)
        return self._calendar
