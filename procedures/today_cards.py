"""What stands beside today's list: people per step, cases, what is not known, certificates, periods to close, duties."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from procedures import access
from procedures.closings import closing_state
from procedures.duties import list_duties
from procedures.office import Office
from procedures.show import gap_label
from procedures.today import DAYS, OVERDUE, WEEK, WITHIN_TWO_MONTHS, days_from, in_sight, people_by_step
from states.aftermath import CERTIFICATE
from states.closing import ACCEPTED
from states.periods import QUARTER, YEAR, parse_period, period_of
from states.steps import ENDS, ON_THE_WAY, STAGE_LABELS, STAGES, STEP_LABELS
from states.wording import Text
from store.base import Connection
from store.due_list import Asked, count_all
from store.gaps import count_gaps, load_gaps
from store.notice_pages import count_letters
from store.today import count_cases, waiting_closings
from store.units import Units

FEW_PEOPLE = 3_000  # of more people gaps are counted on their own page alone
UNSENT = ("failed", "reserved")
MOST_ROOTS, MOST_WAITING, MOST_DUTIES = 3, 5, 8
FACTS = Text("Ngày, giấy tờ, đảng viên giúp đỡ", "Days, papers, helpers")


def today_cards(office: Office, found: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """{stages, on_the_way, cases, gaps, certificates, periods, duties, more_duties, letters} of the actor's units.

    `found`: what `today` found of the same units, so that nothing is counted twice. `gaps` is None where there are too
    many people to count them here; `certificates`: of people who have not been voted on;
    `letters`: state -> how many were not sent, for who stands above all.
    """
    access.require(office, "see_figures")
    day = office.today
    with office.database.reading() as connection:
        units = office.units(connection)
        inside = in_sight(office, units)
        people = found["people"] if found else people_by_step(office, connection, inside)
        total = sum(people.values())
        cases = count_cases(connection, inside, day + timedelta(days=WEEK))
        gaps = _gaps_of(office, connection, inside, total)
        certificates = _certificates(office, connection, inside, total)
        duties = [one for one in list_duties(office, connection, units, inside, None) if not one["done"]]
        waiting = [(units.code(one.unit_id), one.period) for one in waiting_closings(connection, inside, MOST_WAITING)]
        own = _own_units(office, units)
        letters = count_letters(connection) if office.actor.unit is None else {}
    return {
        "stages": _stages(people, office.lang),
        "on_the_way": sum(people.get(step, 0) for stage in ON_THE_WAY for step in STAGES[stage]),
        "cases": cases._asdict(),
        "gaps": gaps,
        "certificates": certificates,
        "periods": _periods(office, own, waiting),
        "duties": duties[:MOST_DUTIES],
        "letters": {state: letters[state] for state in UNSENT if letters.get(state)},
        "more_duties": max(0, len(duties) - MOST_DUTIES),
    }


def list_gaps(
    office: Office, *, unit: str | None = None, what: str | None = None, page: int = 1, size: int = 50
) -> dict[str, Any]:
    """{items: [{code, unit, unit_name, gap, what}], kinds: [{gap, what, number}], total, page, pages} of the actor's people."""
    access.require(office, "see_people")
    with office.database.reading() as connection:
        units = office.units(connection)
        inside = in_sight(office, units, unit)
        rows = load_gaps(connection, ENDS, office.today, inside)
    numbers: dict[str, int] = {}
    for gap in rows:
        numbers[gap.what] = numbers.get(gap.what, 0) + 1
    chosen = [gap for gap in rows if what is None or gap.what == what]
    pages = max(1, -(-len(chosen) // size))
    page = max(1, min(page, pages))
    return {
        "items": [
            {
                "code": gap.code,
                "unit": units.code(gap.unit_id),
                "unit_name": units.name(gap.unit_id, office.today),
                "gap": gap.what,
                "what": gap_label(office, gap.what),
            }
            for gap in chosen[(page - 1) * size : page * size]
        ],
        "kinds": [
            {"gap": kind, "what": gap_label(office, kind), "number": number}
            for kind, number in sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
        ],
        "total": len(chosen),
        "page": page,
        "pages": pages,
    }


def _stages(people: Mapping[str, int], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage,
            "label": STAGE_LABELS[stage].say(lang),
            "people": sum(people.get(step, 0) for step in steps),
            "steps": [
                {"step": step, "label": STEP_LABELS[step].say(lang), "people": people.get(step, 0)} for step in steps
            ],
        }
        for stage, steps in STAGES.items()
    ]


def _certificates(
    office: Office, connection: Connection, inside: Collection[int] | None, people: int
) -> dict[str, int]:
    """Those that ran out and those that soon will, on the days the start page lists them by."""

    def number(days: str) -> int:
        first, last = days_from(office.today, days)
        asked = Asked(inside, keys=(CERTIFICATE,), people=people, first=first, last=last)
        return count_all(connection, asked, office.today)

    return {"expired": number(OVERDUE), "expiring": number(WITHIN_TWO_MONTHS), "days": DAYS[WITHIN_TWO_MONTHS][2]}


def _gaps_of(
    office: Office, connection: Connection, inside: Collection[int] | None, people: int
) -> dict[str, Any] | None:
    if people > FEW_PEOPLE:
        return None
    counted = count_gaps(connection, ENDS, office.today, inside)
    said = {"facts": FACTS.say(office.lang)} | {kind: gap_label(office, kind) for kind in ("birth", "hoc_van")}
    return {
        "total": sum(counted.values()),
        "kinds": [{"gap": kind, "what": said[kind], "number": number} for kind, number in counted.items() if number],
    }


def _own_units(office: Office, units: Units) -> list[str]:
    if office.actor.unit is not None:
        return [office.actor.unit] if office.actor.unit in units.by_code else []
    roots = units.roots(office.today)
    return [units.code(one) for one in roots] if len(roots) <= MOST_ROOTS else []


def _periods(office: Office, own: list[str], waiting: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The quarter past (and the year, after its end) of the actor's own unit while it is not closed; then what was prepared."""
    if not office.actor.may("close_period"):
        return []
    quarter = period_of(QUARTER, period_of(QUARTER, office.today).first - timedelta(days=1))
    over = [quarter, *([period_of(YEAR, quarter.last)] if quarter.last.month == 12 else [])]
    rows = [
        {
            "unit": code,
            "period": period.code,
            "label": period.label(office.lang),
            "state": state["state"],
            "since": period.last,
        }
        for period in over
        for code, state in closing_state(office, own, period.code).items()
        if state["state"] != ACCEPTED
    ]
    known = {(row["unit"], row["period"]) for row in rows}
    for code, period in waiting:
        if (code, period) not in known:
            read = parse_period(period, office.terms)
            rows.append(
                {
                    "unit": code,
                    "period": period,
                    "label": read.label(office.lang),
                    "state": "prepared",
                    "since": read.last,
                }
            )
    return rows
