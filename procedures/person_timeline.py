"""A person's way as people read it: every entry in words, with the text in force, what was overridden, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from procedures.gate import Gate
from procedures.office import Office
from procedures.plans import Loaded
from states.errors import Unknown
from states.events import ALL_DOCUMENTS, BODIES, CAUSES, FIELDS, OUTCOMES
from states.membership import PROCESS, label_of
from states.replay import Taken
from states.steps import STEP_LABELS
from states.wording import Text, said
from store.journal import EntryRow
from store.units import Units

CHOICES: Mapping[str, Mapping[str, Text]] = {"outcome": OUTCOMES, "cause": CAUSES, "body": BODIES}
ERASED = Text("đã xóa", "erased")
ALL = Text("đủ", "all")
VOTES = Text("tán thành", "in favour")
CARRIED = Text("{votes} (đạt tỷ lệ)", "{votes} (ratio reached)")
FAILED = Text("{votes} (không đạt tỷ lệ)", "{votes} (ratio not reached)")
THIRD = Text("{votes} (không đạt lần thứ ba, chuyển cấp trên)", "{votes} (third failure, goes up)")
OPENED_AT = Text("bước lúc mở sổ", "step at the opening")
SEVERAL = Text("{n} người (đã xóa tên)", "{n} people (names erased)")


def timeline(
    gate: Gate, units: Units, loaded: Loaded, pending: Sequence[Taken], until: date | None = None
) -> list[dict[str, Any]]:
    """What stands, oldest first, `mature` that is not written yet included; up to a day, where one is given."""
    reasons = _overridden(gate, loaded)
    rows = []
    for one in loaded.live:
        if until is None or one.entry.effective_on is None or one.entry.effective_on <= until:
            row = in_words(gate.office, units, loaded, one.entry, reasons.get(one.root, ()))
            rows.append(
                row | {"root": one.root, "corrections": _before(gate.office, units, loaded, one.root, one.entry)}
            )
    for number, taken in enumerate(pending, loaded.head_sequence + 1):
        event = taken.item.event
        rows.append({
            "entry": loaded.entry_id(number), "trigger": event.trigger, "label": PROCESS[event.trigger].label.say(gate.office.lang),
            "on": event.on, "source": taken.source, "destination": taken.destination, "recorded_at": None,
            "recorded_by": None, "document": None, "document_date": None, "data": {}, "texts": {}, "said": [],
            "text": taken.profile, "text_label": text_label(gate.office, taken.profile), "pending": True, "root": number,
            "unit": units.code(taken.unit_id), "corrections": [], "note": False,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["on"] or date.min, row["root"]))
    for row in rows:
        del row["root"]
    return rows


def superseded(office: Office, units: Units, loaded: Loaded) -> list[dict[str, Any]]:
    """Entries that do not stand: corrected or void ones, and those that made something void."""
    standing = {one.entry.sequence for one in loaded.live}
    rest = [entry for entry in loaded.entries or () if entry.sequence not in standing]
    return [in_words(office, units, loaded, entry) for entry in rest]


def voided(office: Office, units: Units, loaded: Loaded) -> list[dict[str, Any]]:
    """What was made void, as it stood last, with who made it so, when and why."""
    entries = {entry.sequence: entry for entry in loaded.entries or ()}
    found = []
    for entry in entries.values():
        if entry.voids is None:
            continue
        row = in_words(office, units, loaded, entries[entry.voids])
        by = {"entry": loaded.entry_id(entry.sequence), "by": entry.recorded_by, "at": entry.recorded_at}
        found.append(row | {"void": by | {"reason": loaded.texts.get(entry.sequence, {}).get("reason")}})
    return found


def in_words(
    office: Office, units: Units, loaded: Loaded, entry: EntryRow, reasons: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """One entry with its label, what it says in words, and the name of the text in force that day."""
    lang = office.lang
    label = label_of(entry.trigger)
    texts = loaded.texts.get(entry.sequence, {})
    row: dict[str, Any] = {
        "entry": loaded.entry_id(entry.sequence), "trigger": entry.trigger, "label": label.say(lang),
        "on": entry.effective_on, "source": entry.source, "destination": entry.destination,
        "recorded_at": entry.recorded_at, "recorded_by": entry.recorded_by,
        "document": entry.document_number, "document_date": entry.document_date,
        "data": entry.data, "texts": texts, "text": entry.text_applied, "text_label": text_label(office, entry.text_applied),
        "unit": units.code(entry.unit_id), "note": entry.data.get("note", False), "said": said_in(office, units, entry.data, texts),
    }  # fmt: skip
    if entry.corrects is not None:
        row["corrects"] = loaded.entry_id(entry.corrects)
    if entry.voids is not None:
        row["voids"] = loaded.entry_id(entry.voids)
    if "irregular" in entry.data:
        codes = entry.data["irregular"]
        against = [dict(one) for one in reasons if one["code"] in codes]
        row["irregular"] = {"verdicts": codes, "reason": texts.get("irregular")}
        row["overridden"] = against
    return row


def said_in(office: Office, units: Units, data: Mapping[str, Any], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """What an entry says besides its day and document, as (name, label, value) in words; votes as one."""
    lang, rows = office.lang, []
    for name, field in FIELDS.items():
        if name not in data or name == "in_favour":
            continue
        value, label = data[name], field.label
        if name == "summoned":
            label, value = VOTES, _votes(data, lang)
        elif field.kind in ("words", "names"):
            value = texts.get(name) or (SEVERAL.say(lang, n=value) if field.kind == "names" else ERASED.say(lang))
        elif field.kind in CHOICES:
            value = CHOICES[field.kind][value].say(lang) if value in CHOICES[field.kind] else str(value)
        elif field.kind == "codes":
            value = ", ".join(ALL.say(lang) if code == ALL_DOCUMENTS else code for code in value)
        elif field.kind == "day":
            value = said(date.fromisoformat(value), lang)
        elif field.kind == "unit" and isinstance(value, int):
            value = f"{units.name(value, office.today)} ({units.code(value)})"
        elif field.kind == "clock":
            value = _limit(office, str(value))
        rows.append({"name": name, "label": label.say(lang), "value": str(value)})
    if "step" in data:
        step = STEP_LABELS.get(data["step"])
        rows.append(
            {"name": "step", "label": OPENED_AT.say(lang), "value": step.say(lang) if step else str(data["step"])}
        )
    return rows


def mask_notes(loaded: Loaded) -> None:
    """Take the notes out of what entries say; that there is one stays (`note` in their data)."""
    loaded.texts = {
        number: {key: text for key, text in texts.items() if key != "note"} for number, texts in loaded.texts.items()
    }


def text_label(office: Office, profile: str) -> str:
    """What people call the regulation an entry was judged by."""
    found = next((one.title for one in office.law.profiles if one.code == profile), None)
    return found.say(office.lang) if found else profile


def _votes(data: Mapping[str, Any], lang: str) -> str:
    votes = f"{data.get('in_favour', '?')}/{data['summoned']}"
    if "carried" not in data:
        return votes
    text = CARRIED if data["carried"] else THIRD if data.get("third_failure") else FAILED
    return text.say(lang, votes=votes)


def _limit(office: Office, key: str) -> str:
    try:
        return office.law.label(key).say(office.lang)
    except Unknown:
        return key


def _before(office: Office, units: Units, loaded: Loaded, root: int, stands: EntryRow) -> list[dict[str, Any]]:
    """What the entry said before each of its corrections, oldest first, with who corrected it, when and why."""
    entries = {entry.sequence: entry for entry in loaded.entries or ()}
    chain = [stands]
    while chain[0].sequence != root and chain[0].corrects is not None:
        chain.insert(0, entries[chain[0].corrects])
    found = []
    for old, new in pairwise(chain):
        reason = loaded.texts.get(new.sequence, {}).get("reason")
        by = {"entry": loaded.entry_id(new.sequence), "by": new.recorded_by, "at": new.recorded_at, "reason": reason}
        found.append(in_words(office, units, loaded, old) | {"corrected": by})
    return found


def _overridden(gate: Gate, loaded: Loaded) -> dict[int, list[dict[str, Any]]]:
    """The rules that were overridden, in full, by the root of the entry; read out of the law only where there are any."""
    if not any("irregular" in one.entry.data for one in loaded.live):
        return {}
    horizon = max((one.entry.effective_on for one in loaded.live if one.entry.effective_on), default=date.min)
    _, taken = gate.walked(loaded, horizon)
    return {one.item.sequence: [verdict.as_dict(gate.office.lang) for verdict in one.verdicts] for one in taken}
