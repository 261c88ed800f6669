"""One person as the officer sees them: where they stand, which limits run, what comes next and why not yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.advance import NO_SUCH_PERSON
from procedures.gate import Gate
from procedures.office import Office
from procedures.plans import Loaded
from states.clocks import RUNNING, days_left
from states.errors import Unknown
from states.events import FIELDS
from states.membership import OPEN_LABEL, PROCESS
from states.replay import Taken, next_steps
from states.steps import STAGE_OF, STEP_LABELS
from states.way import Way
from states.wording import Text
from store import candidates, journal, people

GAPS = {
    "introducers": Text("chưa ghi người giới thiệu", "introducers not recorded"),
    "shared_since": Text(
        "chưa ghi ngày cùng sinh hoạt của người giới thiệu", "since when introducers are together is not recorded"
    ),
    "helper": Text("chưa có đảng viên giúp đỡ", "no helper recorded"),
    "birth": Text("chưa có ngày sinh", "birth date not recorded"),
    "hoc_van": Text("chưa có học vấn", "education not recorded"),
}
NO_DAY = Text("thiếu ngày: {limit}", "no first day: {limit}")


def show_candidate(office: Office, code: str) -> dict[str, Any]:
    """{code, step, stage, since, official_on, clocks, next, timeline, …}; `mature` shown as if it were written."""
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code]).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        units = gate.units(connection)
        name = people.find_name(connection, loaded.person_id)
    way, pending = gate.as_of_today(loaded)
    lang = office.lang
    return {
        "code": code,
        "name": name,
        "unit": units.code(way.unit_id),
        "unit_name": units.name(way.unit_id, office.today),
        "step": way.step,
        "step_label": STEP_LABELS[way.step].say(lang),
        "stage": STAGE_OF[way.step],
        "since": way.since,
        "official_on": way.official_on,
        "version": loaded.version,
        "clocks": _clocks(office, way),
        "next": [
            {
                "trigger": trigger,
                "label": PROCESS[trigger].label.say(lang),
                "who": PROCESS[trigger].who.say(lang),
                "allowed": not against,
                "verdicts": [verdict.as_dict(lang) for verdict in against],
                "records": {name: FIELDS[name].label.say(lang) for name in PROCESS[trigger].records},
            }
            for trigger, against in next_steps(way, gate.ground(loaded), office.today)
        ],
        "gaps": [{"code": gap, "what": gap_label(office, gap)} for gap in _gaps(loaded, way, office.today)],
        "timeline": _timeline(loaded, pending, lang),
        "superseded": _superseded(loaded, lang),
    }


def list_candidates(office: Office, unit: str | None = None, step: str | None = None) -> dict[str, Any]:
    """{items: [{code, unit, step, stage, since}]} of everybody, of a unit's subtree, or at one step."""
    gate = Gate(office)
    with office.database.reading() as connection:
        units = gate.units(connection)
        wanted = None
        if unit is not None:
            if unit not in units.by_code:
                raise Unknown(Text("Không có đơn vị «{unit}».", "There is no unit “{unit}”."), unit=unit)
            wanted = units.subtree(units.by_code[unit], office.today, with_ended=True)
        if step is not None and step not in STEP_LABELS:
            raise Unknown(
                Text("Không có bước «{step}»; các bước: {steps}.", "There is no step “{step}”; the steps: {steps}."),
                step=step, steps=", ".join(STEP_LABELS),
            )  # fmt: skip
        due = candidates.matured(connection, office.today)
        rows = candidates.list_candidates(connection, wanted)
    items = []
    for code, unit_id, at, since, _ in rows:
        if code in due:
            at, since = "xet_chinh_thuc", due[code]
        if step is None or at == step:
            items.append({"code": code, "unit": units.code(unit_id), "step": at, "stage": STAGE_OF[at], "since": since})
    return {"items": items}


def gap_label(office: Office, gap: str) -> str:
    """A gap's code in words."""
    if gap.startswith("clock:"):
        return NO_DAY.say(office.lang, limit=office.law.label(gap.removeprefix("clock:")))
    return GAPS[gap].say(office.lang)


def _clocks(office: Office, way: Way) -> list[dict[str, Any]]:
    return [
        {
            "key": run.key,
            "label": office.law.label(run.key).say(office.lang),
            "starts_on": run.starts_on,
            "due_on": run.due_on,
            "state": run.state,
            "days_left": days_left(run.due_on, run.limit_unit, office.today, office.calendar)
            if run.state == RUNNING
            else None,
            "unit": run.limit_unit,
            "value": run.limit_value,
            "extension": run.extension,
            "stopped_on": run.stopped_on,
            "profile": run.profile,
            "status": run.status,
            "citation": run.citation,
        }
        for run in sorted(way.clocks.latest.values(), key=lambda r: (r.state != RUNNING, r.due_on))
    ]


def _gaps(loaded: Loaded, way: Way, today: date) -> list[str]:
    gaps = way.gaps()
    if way.step not in ("quan_chung", "duoc_gioi_thieu") and STAGE_OF[way.step] == "cam_tinh":
        gaps += ["birth"] if loaded.person.birth is None else []
        gaps += ["hoc_van"] if loaded.person.attribute("hoc_van", today) is None else []
    return gaps


def _timeline(loaded: Loaded, pending: list[Taken], lang: str) -> list[dict[str, Any]]:
    rows = [
        _entry(loaded, one.entry, lang) | {"root": one.root}
        for one in sorted(loaded.live, key=lambda x: (x.entry.effective_on or date.min, x.root))
    ]
    for number, taken in enumerate(pending, loaded.head_sequence + 1):
        event = taken.item.event
        rows.append({
            "entry": loaded.entry_id(number), "trigger": event.trigger, "label": PROCESS[event.trigger].label.say(lang),
            "on": event.on, "source": taken.source, "destination": taken.destination, "recorded_at": None,
            "recorded_by": None, "document": None, "document_date": None, "text": taken.profile, "pending": True, "root": number,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["on"] or date.min, row["root"]))
    for row in rows:
        del row["root"]
    return rows


def _superseded(loaded: Loaded, lang: str) -> list[dict[str, Any]]:
    standing = {one.entry.sequence for one in loaded.live}
    return [_entry(loaded, entry, lang) for entry in loaded.entries or () if entry.sequence not in standing]


def _entry(loaded: Loaded, entry: journal.EntryRow, lang: str) -> dict[str, Any]:
    label = PROCESS[entry.trigger].label if entry.trigger in PROCESS else OPEN_LABEL
    texts = loaded.texts.get(entry.sequence, {})
    row: dict[str, Any] = {
        "entry": loaded.entry_id(entry.sequence), "trigger": entry.trigger, "label": label.say(lang),
        "on": entry.effective_on, "source": entry.source, "destination": entry.destination,
        "recorded_at": entry.recorded_at, "recorded_by": entry.recorded_by,
        "document": entry.document_number, "document_date": entry.document_date,
        "data": entry.data, "texts": texts, "text": entry.text_applied,
    }  # fmt: skip
    if entry.corrects is not None:
        row["corrects"] = loaded.entry_id(entry.corrects)
    if entry.voids is not None:
        row["voids"] = loaded.entry_id(entry.voids)
    if "irregular" in entry.data:
        row["irregular"] = {"verdicts": entry.data["irregular"], "reason": texts.get("irregular")}
    return row
