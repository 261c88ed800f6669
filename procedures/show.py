"""One person as the officer sees them: where they stand, which limits run, what comes next and why not yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.access import require, require_unit, within
from procedures.access_log import record
from procedures.advance import NO_SUCH_PERSON
from procedures.gate import Gate
from procedures.office import Office
from procedures.person_attributes import SENSITIVE, attributes
from procedures.person_next import next_rows, stages
from procedures.person_papers import papers
from procedures.person_timeline import mask_notes, superseded, text_label, timeline, voided
from procedures.plans import FUTURE, Loaded
from states.clocks import RUNNING, days_left
from states.errors import BadInput, Unknown
from states.events import tidy
from states.reckoning import reckoning
from states.reminders import actor, days_word
from states.steps import STAGE_OF, STEP_LABELS
from states.way import Way
from states.wording import Text
from store import candidates, people

GAPS = {
    "introducers": Text("chưa ghi người giới thiệu", "introducers not recorded"),
    "shared_since": Text(
        "chưa ghi ngày cùng sinh hoạt của người giới thiệu", "since when introducers are together is not recorded"
    ),
    "helper": Text("chưa có đảng viên giúp đỡ", "no helper recorded"),
    "birth": Text("chưa có ngày sinh", "birth date not recorded"),
    "hoc_van": Text("chưa có học vấn", "education not recorded"),
}
NO_REASON = Text("Xin ghi lý do xem.", "Please say why you look.")
NO_DAY = Text("thiếu ngày: {limit}", "no first day: {limit}")


def show_candidate(
    office: Office, code: str, *, as_of: date | None = None, reveal: str | None = None
) -> dict[str, Any]:  # fmt: skip
    """{code, step, stage, since, official_on, clocks, next, papers, timeline, …}; `mature` shown as if it were written.

    `as_of`: the person as they stood on that day, by the book as it is corrected today. BadInput for a day to come or
    before the book was opened. `reveal`: why religion, ethnicity and notes are looked at, which is logged; without it
    they are masked for everybody at the desk.
    """
    require(office, "see_people")
    if reveal is not None:
        require(office, "reveal")
        if not (reveal := tidy(reveal) or ""):
            raise BadInput(NO_REASON)
    masked = not office.at_command_line and reveal is None
    day = office.today if as_of is None else as_of
    if day > office.today:
        raise BadInput(FUTURE, day=day, today=office.today)
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code]).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        units = gate.units(connection)
        name = people.find_name(connection, loaded.person_id)
    if reveal is not None:
        record(office, "reveal", subject=code, why=reveal, detail={"fields": [*SENSITIVE, "note"]})
    if as_of is None:
        way, pending = gate.as_of_today(loaded)
    else:
        way, taken = gate.walked(loaded, day)
        written = {one.entry.effective_on for one in loaded.live if one.entry.trigger == "mature"}
        pending = [one for one in taken if one.item.event.trigger == "mature" and one.item.event.on not in written]
    if masked:
        mask_notes(loaded)
    lang = office.lang
    return {
        "code": code,
        "name": name,
        "birth": loaded.person.birth,
        "unit": units.code(way.unit_id),
        "unit_name": units.name(way.unit_id, day),
        "chain": units.chain(way.unit_id, day),
        "step": way.step,
        "step_label": STEP_LABELS[way.step].say(lang),
        "stage": STAGE_OF[way.step],
        "since": way.since,
        "official_on": way.official_on,
        "version": loaded.version,
        "as_of": as_of,
        "stages": stages(way, lang),
        "clocks": _clocks(office, way, day),
        "next": next_rows(office, way, gate.ground(loaded), day),
        "gaps": [{"code": gap, "what": gap_label(office, gap)} for gap in _gaps(loaded, way, day)],
        "papers": papers(gate, loaded, way, day),
        "attributes": attributes(office, loaded.person, day, masked=masked),
        "masked": masked,
        "timeline": timeline(gate, units, loaded, pending, as_of),
        "superseded": superseded(office, units, loaded) if as_of is None else [],
        "voided": voided(office, units, loaded) if as_of is None else [],
    }


def list_candidates(office: Office, unit: str | None = None, step: str | None = None) -> dict[str, Any]:
    """{items: [{code, unit, step, stage, since}]} of everybody, of a unit's subtree, or at one step."""
    require(office, "see_people")
    gate = Gate(office)
    with office.database.reading() as connection:
        units = gate.units(connection)
        wanted = None
        if unit is not None:
            wanted = units.subtree(require_unit(office, units, unit), office.today, with_ended=True)
        wanted = within(office, units, wanted)
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


def _clocks(office: Office, way: Way, day: date) -> list[dict[str, Any]]:
    rows = []
    for run in sorted(way.clocks.latest.values(), key=lambda r: (r.state != RUNNING, r.due_on)):
        running = run.state == RUNNING
        summed = reckoning(run.starts_on, run.due_on, run.limit_value, run.limit_unit, run.extension, office.calendar)
        rows.append({
            "key": run.key, "label": office.law.label(run.key).say(office.lang), "starts_on": run.starts_on,
            "due_on": run.due_on, "state": run.state,
            "days_left": days_left(run.due_on, run.limit_unit, day, office.calendar) if running else None,
            "days_unit": days_word(run.limit_unit), "unit": run.limit_unit, "value": run.limit_value,
            "extension": run.extension, "stopped_on": run.stopped_on, "profile": run.profile,
            "text_label": text_label(office, run.profile), "status": run.status, "citation": run.citation,
            "sum": summed.formula(office.lang), "days_off": [{"on": off, "name": name} for off, name in summed.days_off],
            "who": actor(run.key, way.step).say(office.lang) if running else None,
        })  # fmt: skip
    return rows


def _gaps(loaded: Loaded, way: Way, today: date) -> list[str]:
    gaps = way.gaps()
    if way.step not in ("quan_chung", "duoc_gioi_thieu") and STAGE_OF[way.step] == "cam_tinh":
        gaps += ["birth"] if loaded.person.birth is None else []
        gaps += ["hoc_van"] if loaded.person.attribute("hoc_van", today) is None else []
    return gaps
