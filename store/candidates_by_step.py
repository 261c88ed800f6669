"""Who stands at which step of which unit: now from the projection, on a day gone by from the journal.

`known_at` everywhere: only what was recorded by that instant; None = all that is recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, exists, func, or_, select

from states.breakdowns import ATTRIBUTES, PERSON, Condition
from states.calendar import add_months
from states.membership import PROCESS
from states.way import DU_BI, XET_CHINH_THUC
from store.bulk import parts
from store.candidates import CANDIDATES, STANDS
from store.counting import Dead, Part, superseding
from store.journal import Entry
from store.person_values import Value, load_values, value_on
from store.unit_sets import among
from store.unit_values import UnitValues, conditions, layer

J = Entry.__table__  # type: ignore[attr-defined]
# An entry stands in the unit it happened in; a transfer leaves the person in the new one.
UNIT_AFTER = case((J.c.trigger == "transfer", J.c.data["to_unit"].as_integer()), else_=J.c.unit_id)


class Standing(NamedTuple):
    """Where one person stands on a day, by the last entry up to it."""

    candidate_id: int
    unit_id: int
    step: str
    sequence: int
    on: date | None


def people_by_step(connection: Connection, steps: Collection[str]) -> dict[int, dict[str, int]]:
    """unit -> step -> people, as they stand now."""
    c = CANDIDATES.c
    rows = connection.execute(
        select(c.unit_id, c.step, func.count()).where(c.step.in_(steps)).group_by(c.unit_id, c.step)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, step, count in rows:
        found[unit_id][step] = count
    return found


def count_by_step(connection: Connection, units: Collection[int] | None = None) -> dict[str, int]:
    """step -> people of these units (None = all), as they stand now."""
    c = CANDIDATES.c
    asked = select(c.step, func.count()).where(STANDS).group_by(c.step)
    if units is not None:
        asked = asked.where(among(connection, c.unit_id, units))
    return {str(step): int(number) for step, number in connection.execute(asked)}


def is_later_recorded(connection: Connection, day: date) -> bool:
    """Whether anything happened after `day`, so that people may stand elsewhere than on it."""
    asked = exists().where(J.c.trigger.in_([*PROCESS, "open_at"]), J.c.effective_on > day)
    return bool(connection.execute(select(asked)).scalar())


def people_by_step_on(
    connection: Connection, steps: Collection[str], day: date, dead: Sequence[Dead], known_at: datetime | None = None
) -> dict[int, dict[str, int]]:
    """The same for a day gone by, from the journal: each person's last live entry up to that day, history left out."""
    last = _last_entries(day, known_at)
    rows: Iterable[Any] = connection.execute(
        select(last.c.unit_id, last.c.destination, func.count())
        .where(last.c.place == 1, last.c.destination.in_(steps))
        .group_by(last.c.unit_id, last.c.destination)
    ).all()
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for unit_id, step, count in rows:
        found[unit_id][step] = count
    for one in _last_of_corrected(connection, day, dead, known_at):
        if one.step in steps:
            found[one.unit_id][one.step] = found[one.unit_id].get(one.step, 0) + 1
    return found


def standing_on(
    connection: Connection, steps: Collection[str], day: date, dead: Sequence[Dead], known_at: datetime | None = None
) -> list[Standing]:
    """The same, one by one."""
    last = _last_entries(day, known_at)
    columns = (last.c.candidate_id, last.c.unit_id, last.c.destination, last.c.sequence, last.c.effective_on)
    rows = connection.execute(select(*columns).where(last.c.place == 1, last.c.destination.in_(steps)))
    corrected = _last_of_corrected(connection, day, dead, known_at)
    return [*(Standing(*row) for row in rows), *(one for one in corrected if one.step in steps)]


def split_standing(
    connection: Connection, steps: Collection[str], day: date, keys: Sequence[str], where: Sequence[Condition],
    dead: Sequence[Dead], of_units: UnitValues, known_at: datetime | None = None, *, now: bool = False,
    also: Sequence[tuple[Standing, int]] = (),
) -> Iterator[Part]:  # fmt: skip
    """Those who stand there and meet `where`, by unit and the values of `keys` on the day.

    One statement asks for what is known of the people. `now`: the projection answers, for a day nothing lies after.
    `also`: people to be counted besides (1) or not (-1).
    """
    wanted = list(dict.fromkeys([*keys, *(one.key for one in where)]))
    of_people = [key for key in wanted if ATTRIBUTES[key].of == PERSON]
    lay, meets = layer(of_units, wanted), conditions(where, wanted)
    c = CANDIDATES.c
    values = [value_on(key, c.person_id, day, known_at).label(f"v{n}") for n, key in enumerate(of_people)]
    if now:
        each = select(c.unit_id, *values).where(c.step.in_(steps)).subquery()
    else:
        last = _last_entries(day, known_at)
        joined = select(last.c.unit_id, *values).join(CANDIDATES, c.id == last.c.candidate_id)
        each = joined.where(last.c.place == 1, last.c.destination.in_(steps)).subquery()
    for unit_id, *found, count in connection.execute(select(*each.c, func.count()).group_by(*each.c)):
        if meets(whole := lay(unit_id, day, found)):
            yield Part(unit_id, whole[: len(keys)], count)
    more = list(also)
    if not now:
        more += [(one, 1) for one in _last_of_corrected(connection, day, dead, known_at) if one.step in steps]
    known: Mapping[int, tuple[Value, ...]] = {}
    if of_people:
        known = load_values(connection, [one.candidate_id for one, _ in more], of_people, day, known_at)
    for one, by in more:
        if meets(whole := lay(one.unit_id, day, known.get(one.candidate_id, ()))):
            yield Part(one.unit_id, whole[: len(keys)], by)


def matured_unwritten(
    connection: Connection, day: date, months: int, dead: Sequence[Dead], known_at: datetime | None = None
) -> list[Standing]:
    """Probationers whose probation is over by `day` though `mature` is not written: they count as under review."""
    begun = standing_on(connection, (DU_BI,), day, dead, known_at)
    ids = [one.candidate_id for one in begun]
    gone = {entry[:2] for entry in dead}
    ceremonies: dict[int, date] = {}
    asked = select(J.c.candidate_id, J.c.sequence, J.c.effective_on).where(
        J.c.trigger == "hold_ceremony", J.c.effective_on <= day
    )
    if known_at is not None:
        asked = asked.where(J.c.recorded_at <= known_at)
    for some in parts(ids):
        for candidate_id, sequence, on in connection.execute(asked.where(J.c.candidate_id.in_(some))):
            if (candidate_id, sequence) not in gone:
                ceremonies[candidate_id] = max(on, ceremonies.get(candidate_id, on))
    return [
        one._replace(step=XET_CHINH_THUC)
        for one in begun
        if (held := ceremonies.get(one.candidate_id)) is not None and add_months(held, months) <= day
    ]


def _lives(day: date, known_at: datetime | None) -> ColumnElement[bool]:
    """Whether an entry moved its person by that day: judged entries and openings, no history before an opening."""
    c = J.c
    lives = [
        c.voids.is_(None),
        or_(c.source.is_not(None), c.trigger == "open_at"),
        or_(c.effective_on <= day, c.effective_on.is_(None)),
    ]
    return and_(*lives) if known_at is None else and_(*lives, c.recorded_at <= known_at)


def _last_entries(day: date, known_at: datetime | None) -> Subquery:
    """Every entry up to the day of those who were never corrected; `place` 1 is each person's last."""
    c = J.c
    place = func.row_number().over(
        partition_by=c.candidate_id,
        order_by=(c.effective_on.is_not(None).desc(), c.effective_on.desc(), c.sequence.desc()),
    )
    columns = (c.candidate_id, UNIT_AFTER.label("unit_id"), c.destination, c.sequence, c.effective_on)
    asked = select(*columns, place.label("place"))
    return asked.where(_lives(day, known_at), c.candidate_id.not_in(superseding(known_at))).subquery()


def _last_of_corrected(
    connection: Connection, day: date, dead: Sequence[Dead], known_at: datetime | None
) -> list[Standing]:
    """Where each person with superseded entries stands: a correction stands where the entry it corrects stood."""
    c = J.c
    gone = {entry[:2] for entry in dead}
    roots: dict[tuple[int, int], int] = {}
    last: dict[int, tuple[tuple[date, int], Standing]] = {}
    asked = select(
        c.candidate_id, c.sequence, c.corrects, c.effective_on, UNIT_AFTER, c.destination,
        _lives(day, known_at).label("lives"),
    ).where(c.candidate_id.in_(superseding(known_at)))  # fmt: skip
    rows = connection.execute(asked.order_by(c.candidate_id, c.sequence))
    for candidate_id, sequence, corrects, on, unit_id, step, alive in rows:
        root = roots[candidate_id, sequence] = roots.get((candidate_id, corrects), sequence)
        place = (on or date.min, root)
        if alive and (candidate_id, sequence) not in gone and place >= last.get(candidate_id, (place,))[0]:
            last[candidate_id] = (place, Standing(candidate_id, unit_id, step or "", sequence, on))
    return [one for _place, one in last.values()]
