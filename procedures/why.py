"""Why: what a notice, a case or a person's limits rest on: the clause, the sum of days, the thresholds, who is told."""

from __future__ import annotations

import re
from typing import Any

from procedures import access
from procedures.case_story import of_case, tell_case
from procedures.due import ground
from procedures.explanation import of_clock, of_notice, of_person
from procedures.list_cases import show_case
from procedures.notices import STATES, case_label
from procedures.office import Office
from procedures.remind import rhythm_of
from procedures.show import show_candidate
from states.clocks import RUNNING, days_left
from states.errors import Unknown
from states.reckoning import reckoning
from states.reminders import HELPER, Mark, actor, all_marks, days_word, falls_on, made
from states.wording import Text
from store.base import Connection
from store.candidates import find_candidate
from store.clocks import ClockRow, clock_rows, load_moves
from store.escalation import load_cases
from store.notices import NoticeRow, find_letter, list_notice_rows
from store.recipients import load_addressees
from store.units import Units

NOTHING = Text(
    "Không có người, nhắc việc hay vụ việc nào là «{what}». Viết mã người, notice:SỐ hoặc case:SỐ.",
    "There is no person, notice or case “{what}”. Write a person's code, notice:NUMBER or case:NUMBER.",
)
_NAMED = re.compile(r"(?:(notice|case|clock):)?(\d+)(?::\w+)?")


def why(office: Office, what: str) -> dict[str, Any]:
    """Explain a person's CODE, a notice (`notice:12` or 12) or a case (`case:3`); Unknown when there is no such thing.

    `explanation` says in sentences what the other keys hold.
    """
    access.require(office, "see_figures")
    found = _find(office, what.strip())
    in_words = {"candidate": of_person, "clock": of_clock, "notice": of_notice, "case": of_case}[found["what"]]
    lines = in_words(found, office.lang)
    if also := found.get("also"):  # a bare number may be that of a notice and of a case
        lines += ["", *of_case(also, office.lang)]
    return found | {"explanation": lines}


def _find(office: Office, what: str) -> dict[str, Any]:
    with office.database.reading() as connection:
        seen, may_see_people = access.visible(office, connection), access.may(office, "see_people")

        def theirs(unit_id: int) -> bool:
            return seen is None or unit_id in seen

        person = find_candidate(connection, what)
        if person is not None and theirs(person.unit_id):
            return _person(office, connection, what, person.id)
        named = _NAMED.fullmatch(what)
        kind, number = (named[1], int(named[2])) if named else ("", 0)
        about = _about_case(office, connection, number) if kind in ("case", None) else None
        rows = list_notice_rows(connection, notice_id=number) if kind in ("notice", None) else []
        if rows and theirs(rows[0].unit_id) and (may_see_people or not rows[0].clock_id):
            told = _notice(office, connection, rows[0])
            also = about if kind is None and told.get("case", {}).get("case") != number else None
            return told | ({"also": also} if also else {})
        clocks = clock_rows(connection, clock_ids=[number]) if kind == "clock" and may_see_people else []
        if clocks and theirs(clocks[0].unit_id):
            return {"what": "clock", **_clock(office, connection, office.units(connection), clocks[0])}
        if about:
            return about
    raise Unknown(NOTHING, what=what)


def _about_case(office: Office, connection: Connection, number: int) -> dict[str, Any] | None:
    """The story of the case of that number, where there is one that the actor may see."""
    if not load_cases(connection, [number]):
        return None
    try:
        return tell_case(office, connection, show_case(office, number))
    except Unknown:
        return None


def _person(office: Office, connection: Connection, code: str, candidate_id: int) -> dict[str, Any]:
    shown = show_candidate(office, code)
    units = office.units(connection)
    clocks = [_clock(office, connection, units, row) for row in clock_rows(connection, candidate_id=candidate_id)]
    return {
        "what": "candidate",
        **{key: shown[key] for key in ("code", "unit", "step", "step_label", "stage", "since", "official_on")},
        "clocks": sorted(clocks, key=lambda one: (one["state"] != RUNNING, one["due_on"])),
        "gaps": [gap["what"] for gap in shown["gaps"]],
        "next": [
            {"trigger": one["trigger"], "label": one["label"], "allowed": one["allowed"], "reasons": _reasons(one)}
            for one in shown["next"]
        ],
    }


def _reasons(step: dict[str, Any]) -> str:
    return "; ".join(
        f"{verdict['reason']} ({verdict['citation']})" if verdict["citation"] else str(verdict["reason"])
        for verdict in step["verdicts"]
    )


def _clock(office: Office, connection: Connection, units: Units, row: ClockRow) -> dict[str, Any]:
    lang, calendar = office.lang, office.calendar
    running = row.state == RUNNING
    summed = reckoning(row.starts_on, row.due_on, row.limit_value, row.limit_unit, row.extension, calendar)
    told = _told(connection, row)
    planned = made(
        all_marks(rhythm_of(office, row.key), row.due_on, row.limit_unit, calendar, office.today), row.starts_on
    )
    return {
        "clock": row.key,
        "label": office.law.label(row.key).say(lang),
        "code": row.code,
        "state": row.state,
        "starts_on": row.starts_on,
        "due_on": row.due_on,
        "days_left": days_left(row.due_on, row.limit_unit, office.today, calendar) if running else None,
        "days_unit": days_word(row.limit_unit),
        "stopped_on": row.stopped_on,
        "sum": summed.say(lang),
        "days_off": [f"{day:%d/%m/%Y} {name}" for day, name in summed.days_off],
        "ground": ground(row.citation, row.status, lang),
        "citation": row.citation,
        "status": row.status,
        "profile": row.profile,
        "calendar": row.calendar,
        "actor": actor(row.key, row.step).say(lang) if running else None,
        "thresholds": [_threshold(office, row, mark, told) for mark in planned] if running else [],
        "recipients": _recipients(office, connection, units, row.unit_id) if running else [],
        "moves": [
            {"from": old, "to": new, "reason": reason, "recorded_at": recorded_at}
            for old, new, reason, recorded_at in load_moves(connection, row.id)
        ],
    }


def _told(connection: Connection, row: ClockRow) -> dict[int, list[NoticeRow]]:
    found: dict[int, list[NoticeRow]] = {}
    for notice in list_notice_rows(connection, subjects=[f"clock:{row.id}"]):
        if notice.due_on == row.due_on:
            found.setdefault(notice.threshold, []).append(notice)
    return found


def _threshold(office: Office, row: ClockRow, mark: Mark, told: dict[int, list[NoticeRow]]) -> dict[str, Any]:
    day = falls_on(row.due_on, mark.threshold, row.limit_unit, office.calendar)
    states = sorted({STATES[notice.state].say(office.lang) for notice in told.get(mark.threshold, [])})
    return {
        "threshold": mark.threshold,
        "falls_on": day,
        "planned_for": mark.planned_for,
        "day_off": office.calendar.day_off_name(day) if mark.planned_for != day else None,
        "state": ", ".join(states) or None,
    }


def _recipients(office: Office, connection: Connection, units: Units, unit_id: int) -> list[dict[str, Any]]:
    """Who is told about the unit: its own recipients, else those of the nearest unit above that has some."""
    offices = [role for role in office.settings.reminders.roles if role != HELPER]
    everybody = load_addressees(connection)
    for place in units.path(unit_id, office.today):
        here = [one for one in everybody if one.unit_id == place and one.role in offices and one.address]
        if here:
            return [
                {
                    "address": one.address,
                    "role": office.settings.roles.get(one.role, one.role),
                    "unit": units.code(place),
                }
                for one in here
            ]
    return []


def _notice(office: Office, connection: Connection, row: NoticeRow) -> dict[str, Any]:
    units = office.units(connection)
    letter = find_letter(connection, row.letter_id) if row.letter_id else None
    clocks = clock_rows(connection, clock_ids=[row.clock_id]) if row.clock_id else []
    told: dict[str, Any] = {
        "what": "notice",
        "id": row.id,
        "subject": row.subject,
        "unit": units.code(row.unit_id),
        "recipient": row.recipient or None,
        "threshold": row.threshold,
        "due_on": row.due_on,
        "planned_for": row.planned_for,
        "state": row.state,
        "state_label": STATES[row.state].say(office.lang),
        "created_at": row.created_at,
        "letter": {
            "day": letter.day,
            "part": letter.part,
            "state": letter.state,
            "message_id": letter.message_id,
            "sent_at": letter.sent_at,
            "attempts": letter.attempts,
            "failure": letter.failure,
        }
        if letter
        else None,
    }
    if not clocks:
        told |= {"label": case_label(office, row.subject)}
        number = int(row.subject.split(":")[1]) if row.subject.startswith("case:") else 0
        about = _about_case(office, connection, number)
        return told | ({"case": about} if about else {})
    clock = clocks[0]
    if clock.due_on != row.due_on:
        told["moved"] = MOVED.say(office.lang, old=row.due_on, new=clock.due_on)
    return told | {"about": _clock(office, connection, units, clock)}


MOVED = Text("hạn đã dời từ {old} sang {new}", "the due day moved from {old} to {new}")
