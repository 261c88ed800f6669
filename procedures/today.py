"""Today: what must be done by the actor's units, by legal due day, a page at a time and never loading everybody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from procedures import access
from procedures.acting import KEYS, Turn, turns_of
from procedures.due import as_of_today, due_item
from procedures.office import Office
from states.aftermath import PROBATION
from states.errors import BadInput
from states.membership import possible
from states.reminders import awaited
from states.wording import Text
from store.base import Connection
from store.candidates_by_step import count_by_step
from store.clocks import RunningClock
from store.due_list import (
    LATER,
    Asked,
    Spot,
    count_all,
    count_due,
    count_overs,
    due_spots,
    load_due,
    next_due_day,
    over_spots,
)
from store.units import Units

PAGE, MOST = 50, 200
WEEK, SOON = 7, 30  # calendar days
ALL, MINE = "tat_ca", "cap_toi"
NO_SUCH_CLOCK = Text("Không có thời hạn «{clock}»; có: {known}.", "There is no limit “{clock}”; there are: {known}.")
NO_SUCH_DAYS = Text("Không có khoảng ngày «{word}»; có: {known}.", "There are no days “{word}”; there are: {known}.")
OVERDUE, WITHIN_SOON, WITHIN_TWO_MONTHS = "qua_han", "30_ngay", "60_ngay"
DAYS: Mapping[str, tuple[Text, int | None, int]] = {  # words, from and to so many calendar days from today
    OVERDUE: (Text("quá hạn", "overdue"), None, -1),
    WITHIN_SOON: (Text("30 ngày tới", "within 30 days"), 0, SOON),
    WITHIN_TWO_MONTHS: (Text("60 ngày tới", "within 60 days"), 0, 60),
}
BANDS: Mapping[str, Text] = {
    "overdue": Text("Quá hạn", "Overdue"),
    "today": Text("Hôm nay", "Today"),
    "week": Text("Trong 7 ngày tới", "Within 7 days"),
    "soon": Text("Trong 30 ngày tới", "Within 30 days"),
    "later": Text("Sau đó", "Later"),
}


def today(
    office: Office, *, unit: str | None = None, mine: bool = False, clock: str | None = None, days: str | None = None,
    page: int = 1, size: int = PAGE,
) -> dict[str, Any]:  # fmt: skip
    """{items, counts, clocks, people, page, pages, total, quiet, nothing_until}.

    Items as `due` lists them, with `name` and `trigger`, by day, limit and code: overdue first; `code` and `name` are
    None for who may not see people. `counts`: overdue, soon (30 days), later. `clocks`: the same by limit.
    `unit`: it and what stands below it; `mine`: what the actor's own body acts on; `clock`: one limit; `days`: only what
    falls on these (a word of DAYS), which narrows the items and their total, not the counts.
    `people`: those of the units by step, probations that are over counted as under review (not where `mine` is asked).
    `nothing_until`: where nothing is overdue or falls within a week, the first day something does (None = no day at all).
    """
    access.require(office, "see_figures")
    if clock is not None and clock not in KEYS:
        raise BadInput(NO_SUCH_CLOCK, clock=clock, known=", ".join(KEYS))
    if days is not None and days not in DAYS:
        raise BadInput(NO_SUCH_DAYS, word=days, known=", ".join(DAYS))
    size = max(1, min(size, MOST))
    with office.database.reading() as connection:
        units = office.units(connection)
        inside = in_sight(office, units, unit)
        people = count_by_step(connection, inside)
        asked = Asked(inside, acting=_acting(office, units) if mine else None, people=sum(people.values()))
        overs = _Overs(office, connection, asked)
        if not mine:
            overs.move(people)
        clocks = _count(office, connection, asked, overs)
        if clock is not None:
            asked = replace(asked, keys=(clock,))
            overs = overs.only(lambda due: due.key == clock)
        counts = _sums(clocks, clock)
        if clock is not None:
            counts["later"] = count_all(connection, asked, office.today) + overs.total - sum(counts.values())
        total, listed, over = sum(counts.values()), asked, overs
        if days is not None:
            first, last = days_from(office.today, days)
            listed = replace(asked, first=first, last=last)
            over = overs.only(lambda due: (first is None or due.due_on >= first) and due.due_on <= last)
            total = count_all(connection, listed, office.today) + over.total
        pages = max(1, -(-total // size))
        page = max(1, min(page, pages))
        spots = _spots(connection, listed, over, office.today, (page - 1) * size, size)
        found = load_due(connection, [spot.id for spot in spots])
        names = office.actor.may("see_people")
        items = [_item(office, units, *found[spot.id], names=names) for spot in spots]
        ahead = min(filter(None, (next_due_day(connection, asked, office.today), overs.first)), default=None)
    quiet = not counts["overdue"] and (ahead is None or ahead > office.today + timedelta(days=WEEK))
    return {
        "people": people,
        "items": items,
        "counts": counts,
        "clocks": _named(office, clocks),
        "total": total,
        "page": page,
        "pages": pages,
        "quiet": quiet,
        "nothing_until": ahead if quiet else None,
    }


def band(due_on: date, today: date) -> str:
    """How near a day is: overdue, today, week, soon, later."""
    if due_on <= today:
        return "today" if due_on == today else "overdue"
    left = (due_on - today).days
    return "week" if left <= WEEK else "soon" if left <= SOON else "later"


def in_sight(office: Office, units: Units, unit: str | None = None) -> Collection[int] | None:
    """The actor's units, or those of them below `unit`; None where that is everything."""
    wanted = None if unit is None else units.inside(access.require_unit(office, units, unit), office.today)
    inside = access.within(office, units, wanted)
    return None if inside is not None and len(inside) >= len(units) else inside


def days_from(today: date, days: str) -> tuple[date | None, date]:
    """The first and last day of a word of DAYS; no first day = whatever lies before."""
    _, first, last = DAYS[days]
    return None if first is None else today + timedelta(days=first), today + timedelta(days=last)


def people_by_step(office: Office, connection: Connection, inside: Collection[int] | None) -> dict[str, int]:
    """How many people of these units stand at each step today, probations that are over counted as under review."""
    people = count_by_step(connection, inside)
    _Overs(office, connection, Asked(inside, people=sum(people.values()))).move(people)
    return people


def _acting(office: Office, units: Units) -> list[Turn] | None:
    """What the actor's own body acts on; None where the actor stands above all."""
    own = office.actor.unit
    if own is None:
        return None
    return turns_of(units, units.by_code[own], office.today) if own in units.by_code else []


class _Over(NamedTuple):
    """What is due instead of a probation that is over, when, and of how many people."""

    key: str
    due_on: date
    number: int


class _Overs:
    """Probations that are over though `mature` is not written, by the step as stored and the day they ended."""

    def __init__(self, office: Office, connection: Connection, asked: Asked) -> None:
        self.office = office
        self.days: dict[tuple[str, date], _Over] = {}
        self.moved: dict[tuple[str, str], int] = {}  # from the step as stored to that of today: people
        for over in count_overs(connection, replace(asked, keys=None), office.today):
            due = as_of_today(office, standing_for(over.step, over.due_on))
            self.days[over.step, over.due_on] = _Over(due.key, due.due_on, over.number)
            if due.step != over.step:
                self.moved[over.step, due.step] = self.moved.get((over.step, due.step), 0) + over.number

    def move(self, people: dict[str, int]) -> None:
        """Count those people where they stand today."""
        for (old, new), number in self.moved.items():
            people[old] -= number
            people[new] = people.get(new, 0) + number

    def only(self, wanted: Callable[[_Over], bool]) -> _Overs:
        """Those of which this is due now."""
        some = copy(self)
        some.days = {at: one for at, one in self.days.items() if wanted(one)}
        return some

    @property
    def total(self) -> int:
        return sum(one.number for one in self.days.values())

    @property
    def first(self) -> date | None:
        """The first day that has not passed."""
        return min((one.due_on for one in self.days.values() if one.due_on >= self.office.today), default=None)

    def earliest(self, connection: Connection, asked: Asked, number: int) -> list[Spot]:
        """At least the first `number` of them, by what is due now."""
        wanted: dict[tuple[str, date], tuple[str, date]] = {}
        enough = 0
        for _, some in groupby(sorted(self.days.items(), key=lambda one: one[1][1]), key=lambda one: one[1][1]):
            if enough >= number:
                break
            for at, (key, due_on, how_many) in some:
                wanted[at] = key, due_on
                enough += how_many
        found = []
        for step in {step for step, _ in wanted}:
            days = {day: due for (at, day), due in wanted.items() if at == step}
            for spot in over_spots(connection, replace(asked, keys=None, first=None, last=None), step, list(days)):
                key, due_on = days[spot.due_on]
                found.append(spot._replace(due_on=due_on, key=key))
        return found


def standing_for(step: str, due_on: date) -> RunningClock:
    """A probation that ends on that day, of nobody in particular."""
    return RunningClock(0, 0, "", 0, step, PROBATION, due_on, due_on, "months", "", "verified", "")


def _count(office: Office, connection: Connection, asked: Asked, overs: _Overs) -> dict[tuple[str, str], int]:
    """(limit, overdue | soon | later) -> how many."""
    until = office.today + timedelta(days=SOON)
    found: dict[tuple[str, str], int] = {}
    for (key, late), number in count_due(connection, asked, office.today, until).items():
        near = "later" if key == LATER else "overdue" if late else "soon"
        found[key, near] = found.get((key, near), 0) + number
    for key, due_on, number in overs.days.values():
        near = "overdue" if due_on < office.today else "soon" if due_on <= until else "later"
        key = LATER if near == "later" else key
        found[key, near] = found.get((key, near), 0) + number
    return found


def _sums(clocks: Mapping[tuple[str, str], int], clock: str | None) -> dict[str, int]:
    return {
        near: sum(n for (key, at), n in clocks.items() if at == near and (clock is None or key == clock))
        for near in ("overdue", "soon", "later")
    }


def _named(office: Office, clocks: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    keys = {key for key, _ in clocks if key != LATER}
    rows = [
        {
            "key": key,
            "label": office.law.label(key).say(office.lang),
            "overdue": clocks.get((key, "overdue"), 0),
            "soon": clocks.get((key, "soon"), 0),
        }
        for key in KEYS
        if key in keys
    ]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["soon"]))


def _spots(connection: Connection, asked: Asked, overs: _Overs, today: date, skip: int, size: int) -> list[Spot]:
    if not overs.days:
        return due_spots(connection, asked, today, skip, size)
    both = due_spots(connection, asked, today, 0, skip + size) + overs.earliest(connection, asked, skip + size)
    return sorted(both)[skip : skip + size]


def _item(office: Office, units: Units, clock: RunningClock, name: str | None, *, names: bool) -> dict[str, Any]:
    shown = as_of_today(office, clock)
    item = due_item(office, shown, units)
    row = awaited(shown.key, shown.step)
    return item | {
        "code": item["code"] if names else None,
        "name": name if names else None,
        "trigger": row.trigger if row is not None and possible(row.trigger, shown.step) else None,
        "band": band(shown.due_on, office.today),
    }
