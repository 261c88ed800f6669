"""A person's papers: which are there, since when, valid until which day, and which are missing or expired; who helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from procedures.gate import Gate
from procedures.office import Office
from procedures.plans import Loaded
from states.aftermath import CERTIFICATE, DECLARATION, FILE
from states.calendar import add_months
from states.clocks import LATE, MET, days_left
from states.events import ALL_DOCUMENTS, FIELDS, Event
from states.guards import Scene
from states.guards.papers import introducer_row
from states.membership import PROCESS
from states.regulations import IntroducerRow
from states.steps import ENDS, STAGE_OF
from states.way import RUNS_AT, Way
from states.wording import Text
from store.journal import EntryRow

THERE, MISSING, EXPIRED, LATER, UNKNOWN = "there", "missing", "expired", "later", "unknown"
STATES = {
    THERE: Text("có", "there"),
    MISSING: Text("còn thiếu", "missing"),
    EXPIRED: Text("hết giá trị", "expired"),
    LATER: Text("chưa đến lúc", "not yet needed"),
    UNKNOWN: Text("chưa ghi", "not recorded"),
}
NEW_MEMBER = "certify_new_member"
LABELS = {
    CERTIFICATE: Text("Giấy chứng nhận lớp bồi dưỡng nhận thức về Đảng", "Certificate of the awareness class"),
    FILE: Text("Hồ sơ xin vào Đảng", "Admission file"),
    NEW_MEMBER: Text("Giấy chứng nhận lớp bồi dưỡng đảng viên mới", "Certificate of the new members' class"),
    DECLARATION: Text("Khai lý lịch đảng viên", "Declaration of the member's history"),
}
JOINING = ("quan_chung", "cam_tinh")  # stages before the ceremony


@dataclass(frozen=True, slots=True)
class _Reading:
    """What all papers of one person are judged with, on one day."""

    office: Office
    loaded: Loaded
    way: Way
    day: date
    entries: Sequence[EntryRow]
    scene: Scene

    @property
    def stage(self) -> str:
        """The stage one stands at, or left the way at."""
        step = self.way.step_left if self.way.step in ENDS and self.way.step_left else self.way.step
        return STAGE_OF[step]

    def last(self, *triggers: str) -> EntryRow | None:
        """The latest entry of these triggers."""
        return next((entry for entry in reversed(self.entries) if entry.trigger in triggers), None)

    def texts(self, entry: EntryRow) -> dict[str, str]:
        return self.loaded.texts.get(entry.sequence, {})

    def paper(self, key: str, state: str, entry: EntryRow | None, **more: Any) -> dict[str, Any]:
        """One line of the list."""
        lang = self.office.lang
        row: dict[str, Any] = {
            "key": key, "label": LABELS[key].say(lang), "state": state, "state_label": STATES[state].say(lang),
            "since": None, "until": None, "days_left": None, "citation": None,
            "entry": self.loaded.entry_id(entry.sequence) if entry else None,
            "document": entry.document_number if entry else None,
            "issuer": self.texts(entry).get("issuer") if entry else None,
        }  # fmt: skip
        return row | more


def papers(gate: Gate, loaded: Loaded, way: Way, day: date) -> dict[str, Any]:
    """{items, documents, introducers, helper}: the papers as they stand on a day, by the text in force that day."""
    live = [one for one in loaded.live if one.entry.effective_on is None or one.entry.effective_on <= day]
    entries = [one.entry for one in sorted(live, key=lambda one: (one.entry.effective_on or date.min, one.root))]
    scene = gate.ground(loaded).scene(way, Event(_starting(FILE)[0], day), asking=True)
    reading = _Reading(gate.office, loaded, way, day, entries, scene)
    items = [
        _dated(reading, CERTIFICATE, way.certificate_on),
        _dated(reading, FILE, way.file_on),
        _new_member(reading),
        _declaration(reading),
    ]
    row = introducer_row(_when_filed(gate, reading))
    return {
        "items": [item for item in items if item is not None],
        "documents": _documents(reading, row),
        "introducers": _introducers(reading, row),
        "helper": _helper(reading),
    }


def _when_filed(gate: Gate, reading: _Reading) -> Scene:
    """The case as it stood when the file was complete; as it stands now while it is still being made."""
    filed = reading.last("complete_file")
    if filed is None or filed.effective_on is None or _preparing(reading.way):
        return reading.scene
    then = replace(reading.way, unit_id=filed.unit_id)
    return gate.ground(reading.loaded).scene(then, Event(filed.trigger, filed.effective_on), asking=True)


def _starting(key: str) -> list[str]:
    return [row.trigger for row in PROCESS.values() if key in row.starts]


def _dated(reading: _Reading, key: str, since: date | None) -> dict[str, Any] | None:
    """A paper that loses its value: the certificate, the file. Once the chi bộ has voted its days no longer count."""
    way, day, office = reading.way, reading.day, reading.office
    entry = reading.last(*_starting(key))
    if since is None:
        if reading.stage not in JOINING or way.step in ENDS:
            return None
        needed = key in RUNS_AT.get(way.step, ())
        state = (MISSING if entry is None and _preparing(way) and key == FILE else UNKNOWN) if needed else LATER
        return reading.paper(key, state, None)
    run = way.clocks.get(key)
    limit = office.law.limit(key, day)
    if (run is not None and run.state in (MET, LATE)) or reading.stage not in JOINING or limit.value is None:
        return reading.paper(key, THERE, entry, since=since)
    until = add_months(since, limit.value)
    left = days_left(until, "months", day, office.calendar)
    state = EXPIRED if left < 0 else THERE
    return reading.paper(key, state, entry, since=since, until=until, days_left=left, citation=limit.citation)


def _preparing(way: Way) -> bool:
    """The file is being made: it may still lack everything."""
    return way.step in PROCESS[_starting(FILE)[0]].sources


def _new_member(reading: _Reading) -> dict[str, Any] | None:
    entry = reading.last(NEW_MEMBER)
    if reading.way.new_member_certificate:
        since = (entry.document_date or entry.effective_on) if entry else None
        return reading.paper(NEW_MEMBER, THERE, entry, since=since)
    return reading.paper(NEW_MEMBER, MISSING, None) if reading.stage == "du_bi" else None


def _declaration(reading: _Reading) -> dict[str, Any] | None:
    run = reading.way.clocks.get(DECLARATION)
    answers = [row.trigger for row in PROCESS.values() if DECLARATION in row.stops]
    entry = reading.last(*answers)
    if entry is not None and reading.stage not in JOINING:
        return reading.paper(DECLARATION, THERE, entry, since=entry.effective_on)
    running = reading.way.clocks.running(DECLARATION)
    if running is None:
        return reading.paper(DECLARATION, UNKNOWN, None) if run is not None and reading.stage not in JOINING else None
    left = days_left(running.due_on, running.limit_unit, reading.day, reading.office.calendar)
    return reading.paper(DECLARATION, MISSING, None, until=running.due_on, days_left=left, citation=running.citation)


def _documents(reading: _Reading, row: IntroducerRow | None) -> dict[str, Any] | None:
    """The file's documents by their codes: those required on the day, and what was handed in besides them."""
    law, lang = reading.office.law, reading.office.lang
    filed = reading.last("complete_file")
    redone = reading.last("refresh_file")
    if filed is None and redone is None and (reading.stage not in JOINING or reading.way.step in ENDS):
        return None
    more = row.documents if row else ()
    required = [*cast("tuple[str, ...]", law.choice("documents_admission", reading.day).value), *more]
    again = [*cast("tuple[str, ...]", law.choice("documents_refresh", reading.day).value), *more]
    given: dict[str, EntryRow] = {}
    for entry, whole in ((filed, required), (redone, again)):
        if entry is None or (entry is redone and filed is not None and _order(redone) < _order(filed)):
            continue
        codes = entry.data.get("documents", ())
        given |= dict.fromkeys(whole if ALL_DOCUMENTS in codes else codes, entry)
    known = any("documents" in entry.data for entry in (filed, redone) if entry is not None)
    unsaid = MISSING if known or _preparing(reading.way) else UNKNOWN if reading.way.file_on else LATER
    items = []
    for code in dict.fromkeys((*required, *given)):
        entry = given.get(code)
        state = THERE if entry is not None else unsaid
        label = law.document_label(code).say(lang) if code in law.document_codes() else code
        items.append({
            "code": code, "label": label, "state": state, "state_label": STATES[state].say(lang),
            "required": code in required, "since": entry.effective_on if entry else None,
            "entry": reading.loaded.entry_id(entry.sequence) if entry else None,
        })  # fmt: skip
    choice = law.choice("documents_admission", reading.day)
    return {"items": items, "citation": choice.citation, "there": sum(one["state"] == THERE for one in items)}


def _order(entry: EntryRow) -> tuple[date, int]:
    return entry.effective_on or date.min, entry.sequence


def _introducers(reading: _Reading, row: IntroducerRow | None) -> dict[str, Any] | None:
    """Who introduces, as the last file says; how many official members the case asks for (None: facts are missing)."""
    if reading.last("complete_file", "refresh_file") is None and (
        reading.stage not in JOINING or reading.way.step in ENDS
    ):
        return None
    choice = reading.office.law.choice("introducer_pattern", reading.day)
    found: dict[str, Any] = {
        "names": None, "count": None, "since": None, "entry": None, "needed": row.members if row else None,
        "pattern": row.label.say(reading.office.lang) if row else None, "citation": choice.citation,
    }  # fmt: skip
    for entry in reversed(reading.entries):
        if "introducers" in entry.data:
            since = entry.data.get("shared_since")
            found |= {
                "names": reading.texts(entry).get("introducers"), "count": entry.data["introducers"],
                "since": date.fromisoformat(since) if since else None, "entry": reading.loaded.entry_id(entry.sequence),
            }  # fmt: skip
            break
    return found


def _helper(reading: _Reading) -> dict[str, Any] | None:
    """Who helps and since when; None where nobody does. A name that was erased is None."""
    assert "helper" in FIELDS
    if not reading.way.helper:
        return None
    assigns = [row.trigger for row in PROCESS.values() if "helper" in row.records]
    entry = next((e for e in reversed(reading.entries) if e.trigger in assigns and "helper" in e.data), None)
    return {
        "name": reading.texts(entry).get("helper") if entry else None,
        "since": entry.effective_on if entry else None,
        "entry": reading.loaded.entry_id(entry.sequence) if entry else None,
    }
