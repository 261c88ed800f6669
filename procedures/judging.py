"""Judge the units: who is behind which target on the business day. One pass over the targets, by indicator and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from procedures.figures import Figures
from procedures.roll_up import open_periods
from procedures.yardstick import Held, Judged, Measured, Suspect, Yardstick
from states import escalation
from states.periods import parse_period
from states.targets import Target, in_force
from store.escalation import Glance, glance_at_open_cases, load_closed_by_hand
from store.targets import exact_number, load_targets, plain_floors

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

Key = tuple[int, str, str]  # unit, indicator, period
Group = tuple[str, str]  # indicator, period


@dataclass
class Judgement:
    """What a day's judging found: the units behind that have no case, the open cases something may happen to."""

    above: Mapping[int, int | None]
    openings: list[tuple[Key, Judged]] = field(default_factory=list)
    cases: dict[int, Judged] = field(default_factory=dict)
    recovered: list[int] = field(default_factory=list)  # closed by hand, and the unit has been on its pace since
    unchanged: int = 0


def judge_all(office: Office, connection: Connection) -> Judgement:
    """Every target of a running period judged, every target of an open case whose period is over judged a last time."""
    today = office.today
    figures = Figures(office, connection, today)
    tree = figures.tree(today)
    found = Judgement(tree.parents)
    glances: dict[Group, dict[int, Glance]] = defaultdict(dict)
    for glance in glance_at_open_cases(connection, today):
        _id, unit_id, name, code, *_, later = glance
        if later:
            found.unchanged += 1  # the office looks back; the case stands
        else:
            glances[name, code][unit_id] = glance
    by_hand: dict[Group, dict[int, int]] = defaultdict(dict)
    for (unit_id, name, code), case_id in load_closed_by_hand(connection, today).items():
        by_hand[name, code][unit_id] = case_id
    periods = {one.code: one for one in open_periods(today, office.terms)}
    periods |= {code: parse_period(code, office.terms) for _name, code in glances if code not in periods}
    targets = _targets(connection, list(periods), today)

    seen = {today: figures}

    def earlier(weeks: int) -> Figures:
        day = today - timedelta(weeks=weeks)
        if day not in seen:
            seen[day] = Figures(office, connection, day, shared_with=figures)
        return seen[day]

    for (name, code), group in targets.items():
        period, indicator, cases = periods[code], figures.indicators.get(name), glances[name, code]
        if indicator is None or indicator.is_ratio or period.first > today or (period.last < today and not cases):
            continue
        judge_group(
            Yardstick(office, figures, indicator, period),
            tree.exists,
            group,
            cases,
            by_hand[name, code],
            found,
            earlier,
        )
    for rest in glances.values():
        for case in rest.values():  # no target in force any more, or nothing to be behind in
            gone = escalation.TARGET_WITHDRAWN if tree.exists(case[1]) else escalation.UNIT_ENDED
            found.cases[case[0]] = Judged(gone, case[4], exact_number(case[5]), exact_number(case[6]))
    return found


def _targets(connection: Connection, periods: list[str], today: date) -> dict[Group, dict[int, Held]]:
    """What every body is held to in these periods, by indicator and period: nearly always a bare floor.

    The same as states.targets.in_force of all of them, which is asked only where there is something to choose from.
    """
    floors: dict[Group, dict[int, tuple[Any, Any]]] = defaultdict(dict)
    for unit_id, name, code, floor, decided in plain_floors(connection, periods, today):
        group = floors[name, code]
        if unit_id not in group or group[unit_id][1] < decided:
            group[unit_id] = (floor, decided)
    others = load_targets(connection, periods=periods, plain=False)
    disputed = {key for target in others for key in (target.key, target.held_key)}
    for unit_id, name, code in disputed:
        if plain := floors[name, code].pop(unit_id, None):
            floor, decided = plain
            day = decided if isinstance(decided, date) else date.fromisoformat(decided)
            others.append(Target(unit_id, name, code, exact_number(floor), decision_date=day))
    held: dict[Group, dict[int, Held]] = {group: dict(found) for group, found in floors.items()}
    for (holder, name, code), target in in_force(others, today).items():
        held[name, code][holder] = target
    return held


def judge_group(
    yardstick: Yardstick,
    exists: Callable[[int], bool],
    targets: Mapping[int, Held],
    cases: dict[int, Glance],
    by_hand: Mapping[int, int],
    found: Judgement,
    earlier: Callable[[int], Figures],
) -> None:
    """The targets of one indicator and period. `cases` loses those that were judged; `by_hand` keeps units from a new one."""
    measure, keeps, over = yardstick.measure, yardstick.keeps, yardstick.over
    suspects: list[Suspect] = []
    unchanged = 0
    for unit_id, held in targets.items():
        case = cases.get(unit_id)
        if (not exists(unit_id) and not over) or (case is None and over):
            continue
        measured = measure(held, unit_id)
        if measured is None:
            continue
        if case is not None:
            del cases[unit_id]
            judged = look_at(yardstick, case, unit_id, measured)
            if judged is None:
                unchanged += 1
            else:
                found.cases[case[0]] = judged
            continue
        unchanged += 1
        actual, _floor, expected, _scale = measured
        if actual >= expected:
            if unit_id in by_hand:
                found.recovered.append(by_hand[unit_id])
        elif actual * 100 < expected * keeps and unit_id not in by_hand:
            suspects.append((unit_id, held, measured))
    for unit_id, opening in yardstick.confirmed(suspects, earlier):
        unchanged -= 1
        found.openings.append(((unit_id, yardstick.indicator.name, yardstick.period.code), opening))
    found.unchanged += unchanged


def look_at(yardstick: Yardstick, case: Glance, unit_id: int, measured: Measured) -> Judged | None:
    """An open case: judged when something may happen to it or its figures are others; None leaves it as it is."""
    _id, _unit, _name, _period, status, was, floor_was, due, _later = case
    actual, floor, _expected, scale = measured
    finding = yardstick.finding(measured)
    if not due and finding not in escalation.SETTLED and was * scale == actual and floor_was * scale == floor:
        return None if yardstick.status(unit_id, measured) == status else yardstick.judged(finding, unit_id, measured)
    judged = yardstick.judged(finding, unit_id, measured)
    same = (judged.status, judged.actual, judged.floor) == (status, exact_number(was), exact_number(floor_was))
    return None if same and not due and finding not in escalation.SETTLED else judged
