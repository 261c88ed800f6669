"""What an officer does with a case: acknowledge it with a commitment, silence it for a time, close it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from procedures import access
from procedures.escalate import standing_of
from procedures.list_cases import NO_CASE, show_case
from procedures.office import Office
from states import escalation
from states.errors import BadInput, Conflict, Refused, Unknown
from states.escalation import Ladder, Standing
from states.events import one_line
from states.periods import parse_period
from states.wording import Text
from store.base import Connection
from store.case_notices import hold_case_notices, withdraw_case_notices
from store.escalation import MOVED, OpenCase, load_cases, log_case_events, update_cases

_NUMBER = re.compile(r"(?:case:|#)?(\d{1,18})")


def acknowledge_case(office: Office, case: str, commit: str, until: date, version: int | None = None) -> dict[str, Any]:
    """The unit has promised something by a day: while that holds, through `until`, the case does not climb.

    A commitment made anew takes the place of the one before. Every act here: Unknown for a case there is not, Refused
    for one that is closed or a day that is past or beyond the target's period, Conflict when it was moved meanwhile
    (`version` = as it was when the officer looked). Returns the case as `case list` shows it.
    """
    text = _said(commit, Text("Xin ghi nội dung cam kết.", "Please say what is promised."))

    def change(found: OpenCase, standing: Standing) -> tuple[dict[str, Any], str, dict[str, Any]]:
        held = {"committed": text, "committed_until": until, "next_on": standing.next_on}
        who = {"acknowledged_on": office.today, "acknowledged_by": office.user}
        return held | who, "acknowledged", {"text": text, "until": str(until)}

    return _act(office, case, "acknowledge", until, version, change)


def silence_case(office: Office, case: str, reason: str, until: date, version: int | None = None) -> dict[str, Any]:
    """Nothing is told of the case and it does not climb through `until`; that ends by itself."""
    text = _said(reason, NEEDS_REASON)

    def change(found: OpenCase, standing: Standing) -> tuple[dict[str, Any], str, dict[str, Any]]:
        held = {"silence_reason": text, "silenced_until": until, "next_on": standing.next_on}
        return held, "silenced", {"text": text, "until": str(until)}

    def then(connection: Connection, found: OpenCase) -> None:
        hold_case_notices(connection, _subjects(found), office.calendar.next_working_day(until))

    return _act(office, case, "silence", until, version, change, then)


def close_case(office: Office, case: str, reason: str, version: int | None = None) -> dict[str, Any]:
    """Close the case by hand. The unit gets a new one when it has recovered and falls behind anew, or after
    `reopen_after_days` days of being behind all the same.
    """
    text = _said(reason, NEEDS_REASON)
    again = office.today + timedelta(days=office.settings.escalation.reopen_after_days)

    def change(found: OpenCase, standing: Standing) -> tuple[dict[str, Any], str, dict[str, Any]]:
        closed = {"step": standing.state, "since": standing.since, "closed_on": office.today, "next_on": again}
        closed |= {"result": escalation.BY_HAND, "silence_reason": None, "silenced_until": None}
        figures = {"status": found.status, "actual": str(found.actual), "floor": str(found.floor)}
        return closed, "closed", {"result": escalation.BY_HAND, "text": text, "again_on": str(again), **figures}

    def then(connection: Connection, found: OpenCase) -> None:
        withdraw_case_notices(connection, _subjects(found))

    return _act(office, case, "close_by_hand", None, version, change, then)


def case_number(what: str) -> int:
    """The number of a case as people write it: 3, case:3 or #3; Unknown for anything else."""
    found = _NUMBER.fullmatch(what.strip())
    if found is None:
        raise Unknown(NO_CASE, what=what)
    return int(found[1])


NEEDS_REASON = Text("Xin ghi lý do.", "Please give the reason.")
Change = Callable[[OpenCase, Standing], tuple[dict[str, Any], str, dict[str, Any]]]


def _act(
    office: Office, what: str, trigger: str, until: date | None, version: int | None, change: Change,
    then: Callable[[Connection, OpenCase], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Look at the case, ask whether the step is allowed, take it, and write it where nobody has moved it since."""
    access.require(office, "act_on_case")
    number = case_number(what)
    with office.database.reading() as connection:
        found = load_cases(connection, [number]).get(number)
        seen = access.visible(office, connection)
    if found is None or (seen is not None and found.unit_id not in seen):
        raise Unknown(NO_CASE, what=what)
    last = parse_period(found.period, office.terms).last
    against = escalation.refusals(found.step, found.opened_on, office.today, until, last, found.since)
    if against:
        first = against[0]
        raise Refused(against, first.text, details={"case": number}, **first.values)
    if version is not None and version != found.version:
        raise Conflict(MOVED, details={"case": number})
    standing = standing_of(office, found, Ladder.from_json(found.ladder), escalation.WAITING)
    escalation.act(standing, trigger, until)
    values, event, data = change(found, standing)
    with office.database.writing() as connection:
        update_cases(connection, tuple(values), [(*values.values(), found.id, found.version)])
        log_case_events(connection, [(found.id, event, office.today, data, office.now(), office.user)])
        if then:
            then(connection, found)
    return show_case(office, number)


def _said(text: str, missing: Text) -> str:
    if not (words := one_line(text)):
        raise BadInput(missing)
    return words


def _subjects(case: OpenCase) -> list[str]:
    return Ladder.from_json(case.ladder).subjects(case.id)
