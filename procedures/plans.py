"""What the gate means to write for one person, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from states.events import Event
from states.guards import Verdict
from states.membership import label_of
from states.way import PersonFacts, Way
from states.wording import Text, said
from store.journal import EntryRow, Live

SAME_WITH_OTHER_DATA = Text(
    "Sự kiện này đã ghi ở {entry} với dữ liệu khác; để sửa, dùng: ketnap correct {entry}",
    "This event stands as {entry} with other data; to change it use: ketnap correct {entry}",
)
TWICE = Text(
    "Hai dòng cùng người, cùng sự kiện, cùng ngày {day} và số văn bản nhưng dữ liệu khác nhau.",
    "Two rows of one person, trigger, day {day} and document number differ in their data.",
)
FUTURE = Text("Ngày {day} ở sau ngày làm việc {today}.", "The day {day} lies after the business day {today}.")
NO_LONGER_LAWFUL = Text(
    "Làm cho «{label}» ngày {day} ({entry}) không còn đúng: {reason}",
    "It would make “{label}” on {day} ({entry}) unlawful: {reason}",
)

DERIVED = ("irregular", "carried", "third_failure")  # what the gate found itself: verdicts overridden, marks of votes


@dataclass(slots=True)
class Loaded:
    """A candidate as the gate sees them. `entries` is None where only the projection was read."""

    id: int
    code: str
    person_id: int
    person: PersonFacts
    unit_id: int
    way: Way
    head_sequence: int
    head_hash: str
    version: int
    entries: list[EntryRow] | None = None
    live: list[Live] = field(default_factory=list)
    texts: dict[int, dict[str, str]] = field(default_factory=dict)
    opening: Event | None = None

    @property
    def fresh(self) -> bool:
        """Not in the database yet."""
        return self.version == 0

    def entry_id(self, sequence: int) -> str:
        """CODE:sequence."""
        return f"{self.code}:{sequence}"

    def event(self, entry: EntryRow) -> Event:
        """An entry as the event it tells of."""
        texts = self.texts.get(entry.sequence, {})
        data = {key: value for key, value in entry.data.items() if key not in DERIVED}
        irregular = (texts.get("irregular") or "–") if "irregular" in entry.data else None
        private = {key: value for key, value in texts.items() if key not in ("note", "irregular", "reason")}
        return Event(
            entry.trigger, entry.effective_on, entry.document_number, entry.document_date, data, private,
            texts.get("note"), irregular,
        )  # fmt: skip


@dataclass(slots=True)
class Draft:
    """One journal entry to be written."""

    trigger: str
    source: str | None
    destination: str | None
    on: date | None
    unit_id: int
    document_number: str | None
    document_date: date | None
    data: dict[str, Any]
    texts: dict[str, str]
    profile: str
    corrects: int | None = None
    voids: int | None = None
    tag: Any = None
    sequence: int = 0


@dataclass(slots=True)
class Problem:
    """Why one event cannot be written: its tag, all verdicts, and the recorded entry it would make unlawful, if any."""

    tag: Any
    verdicts: Sequence[Verdict]
    entry: str | None = None
    trigger: str = ""
    on: date | None = None

    def say(self, lang: str = "vi") -> str:
        """All reasons as one sentence, each with its clause and earliest day."""
        return "; ".join(self._one(self.named(verdict), lang) for verdict in self.verdicts)

    def named(self, verdict: Verdict) -> Verdict:
        """The verdict, saying which recorded entry it is about where it is not the new event."""
        if self.entry is None:
            return verdict
        reason = Text(verdict.text.say("vi", **verdict.values), verdict.text.say("en", **verdict.values))
        values = {"label": self.label, "day": self.on, "entry": self.entry, "reason": reason}
        return replace(verdict, text=NO_LONGER_LAWFUL, values=values)

    @property
    def label(self) -> Text:
        """What people call the recorded entry's trigger."""
        return label_of(self.trigger)

    @staticmethod
    def _one(verdict: Verdict, lang: str) -> str:
        said_ = verdict.text.say(lang, **verdict.values).rstrip(".")
        more = [verdict.citation] if verdict.citation else []
        if verdict.earliest is not None:
            more.append(Text("sớm nhất {day}", "earliest {day}").say(lang, day=said(verdict.earliest, lang)))
        return f"{said_} ({'; '.join(more)})" if more else said_


@dataclass(slots=True)
class Plan:
    """What becomes of one person: the way afterwards and the entries to write; nothing is written while problems stand."""

    loaded: Loaded
    way: Way
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0
    replayed: bool = False

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts of all problems; one against a recorded entry names that entry."""
        return [problem.named(verdict) for problem in self.problems for verdict in problem.verdicts]
