"""Cases as the desk shows them: a page of them by filter, and one with what is missing and what may be done."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.case_story import say_event, tell_case
from procedures.indicators import indicators_of
from procedures.list_cases import list_some_cases, show_case
from procedures.unit_tree import desk_of
from states import escalation
from states.errors import BadInput
from states.pace import as_number
from states.periods import parse_period
from states.wording import Text
from store.escalation import CaseMark, glance_at_cases, lapsed_cases

if TYPE_CHECKING:
    from procedures.office import Office

PAGE = 50
OPEN, LAPSED, CLOSED = "mo", "qua_hen", "dong"
STATES = {
    OPEN: Text("Đang mở", "Open"),
    LAPSED: Text("Cam kết đã quá hẹn", "Lapsed commitments"),
    CLOSED: Text("Đã đóng", "Closed"),
}
ACTS = {  # the acts of states.escalation, in the words of their buttons
    "acknowledge": Text("Ghi cam kết của đơn vị", "Record the unit's commitment"),
    "silence": Text("Tạm dừng đôn đốc", "Silence the case"),
    "close_by_hand": Text("Đóng vụ việc", "Close the case"),
}
NO_STATE = Text("Không có nhóm vụ việc «{state}».", "There is no group of cases {state!r}.")


def case_board(
    office: Office,
    *,
    state: str = OPEN,
    unit: str | None = None,
    step: str | None = None,
    indicator: str | None = None,
    page: int = 1,
) -> dict[str, Any]:
    """{items, total, page, pages, states: [{state, label, count}], steps: [{step, label, count}], indicators}: oldest first.

    Counts are of what the account sees of the unit; `lapsed`: open cases whose commitment was not kept. Unknown for the
    unit, BadInput for a state, step or indicator there is not.
    """
    access.require(office, "see_figures")
    known = indicators_of(office)
    if state not in STATES or (step and step not in escalation.LABELS) or (indicator and indicator not in known):
        raise BadInput(NO_STATE, state=next(one for one in (state, step, indicator) if one))
    with office.database.reading() as connection:
        units = office.units(connection)
        seen = access.visible_units(office, units)
        if unit:
            seen = frozenset(units.subtree(access.require_unit(office, units, unit), office.today, with_ended=True))
        hidden = (
            set() if access.may(office, "see_people") else {n for n, one in known.items() if one.tells_people_apart}
        )
        marks = [
            one
            for one in glance_at_cases(connection)
            if (seen is None or one.unit_id in seen) and one.indicator not in hidden
        ]
        lapsed = lapsed_cases(connection)

        def is_of(one: CaseMark, group: str) -> bool:
            closed = one.step == escalation.DA_DONG
            return closed if group == CLOSED else not closed and (group == OPEN or one.id in lapsed)

        inside = [one for one in marks if is_of(one, state)]
        chosen = [
            one for one in inside if (not step or one.step == step) and (not indicator or one.indicator == indicator)
        ]
        pages = max(1, -(-len(chosen) // PAGE))
        page = min(max(page, 1), pages)
        shown = chosen[(page - 1) * PAGE : page * PAGE]
        items = list_some_cases(office, connection, [one.id for one in shown])
    return {
        "items": [one | {"lapsed": one["case"] in lapsed} for one in items],
        "total": len(chosen),
        "page": page,
        "pages": pages,
        "state": state,
        "states": [
            {"state": name, "label": text.say(office.lang), "count": sum(is_of(one, name) for one in marks)}
            for name, text in STATES.items()
        ],
        "steps": [
            {"step": name, "label": text.say(office.lang), "count": count}
            for name, text in escalation.LABELS.items()
            if (count := sum(one.step == name for one in inside))
        ],
        "indicators": [
            {"indicator": name, "label": known[name].label if name in known else name}
            for name in dict.fromkeys(one.indicator for one in inside)
        ],
    }


def case_page(office: Office, number: int) -> dict[str, Any]:
    """One case with its story (procedures.case_story), `missing` to catch up, and `acts` with their verdicts.

    `missing`: {done, expected, floor, to_pace, to_floor, explanation} as of the business day; None of a closed case or one
    without a target. Unknown where there is no such case of the account's.
    """
    case = show_case(office, number)
    with office.database.reading() as connection:
        story = tell_case(office, connection, case)
        missing = None
        lapsed = case["step"] != escalation.DA_DONG and number in lapsed_cases(connection)
        if case["step"] != escalation.DA_DONG and case["indicator"] in indicators_of(office):
            desk = desk_of(office, connection, indicators_of(office)[case["indicator"]])
            unit_id = access.get_unit_id(office, connection, case["unit"])
            asked = parse_period(case["period"], office.terms)
            missing = _missing(desk.row(unit_id, asked, case["indicator"]))
    last = parse_period(case["period"], office.terms).last
    against = escalation.refusals(case["step"], case["opened_on"], office.today, None, last, case["since"])
    if not access.may(office, "see_people"):
        story = _without_addresses(story, office.lang)
    return story | {
        "told_events": [event | {"said": say_event(event, office.lang)} for event in story["events"]],
        "reached": {event["data"]["step"]: event["on"] for event in story["events"] if event["event"] == "rose"},
        "rung_labels": {name: text.say(office.lang) for name, text in escalation.LABELS.items()},
        "lapsed": lapsed,
        "missing": missing,
        "last": last,
        "acts": [
            {
                "act": act,
                "label": ACTS[act].say(office.lang),
                "verdicts": [one.as_dict(office.lang) for one in against],
                "allowed": not against and access.may(office, "act_on_case"),
            }
            for act, *_ in escalation.ACTS
        ],
    }


def _without_addresses(story: dict[str, Any], lang: str) -> dict[str, Any]:
    """The story for who may not see people: how many were told, not who."""
    events = []
    for event in story["events"]:
        data = dict(event["data"])
        if data.get("told"):
            data["told"] = [RECIPIENTS.say(lang, n=len(data["told"]))]
        events.append(event | {"data": data})
    return story | {"events": events, "notices": [one | {"recipient": None} for one in story["notices"]]}


RECIPIENTS = Text("{n} người nhận", "{n} recipients")


def _missing(row: dict[str, Any]) -> dict[str, Any] | None:
    """How much more is needed to be on the pace, and to reach the target; whole numbers unless it is a ratio."""
    if row["floor"] is None or row["done"] is None:
        return None
    done = Fraction(row["done"])
    lacking = [max(Fraction(row[key] or 0) - done, Fraction(0)) for key in ("expected", "floor")]
    if "numerator" not in row:
        lacking = [Fraction(ceil(one)) for one in lacking]
    to_pace, to_floor = (as_number(one) for one in lacking)
    return {
        "done": row["done"],
        "expected": row["expected"],
        "floor": row["floor"],
        "to_pace": to_pace,
        "to_floor": to_floor,
        "is_ratio": "numerator" in row,
        "status": row["status"],
        "explanation": row["explanation"],
    }
