"""Counting: the only SQL that turns journal entries into figures.

Every entry of a trigger is counted over a covering index; the few that do not count (superseded by a correction, made
void, or themselves only voiding another) are found through ix_journal_superseding and taken off again in Python.
Entries told apart by what is known of their person or unit go by one statement with those values (`split_entries`).

`known_at` everywhere: only what was recorded by that instant; None = all that is recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from states.breakdowns import ATTRIBUTES, PERSON
from states.indicators import Indicator
from store.bulk import plain_rows
from store.candidates import CANDIDATES
from store.journal import Entry
from store.person_values import Value, value_on
from store.unit_values import UnitValues, conditions, layer, matcher

J = Entry.__table__  # type: ignore[attr-defined]
MANY = 5_000  # so many units are named in a statement; of more, all entries are read and theirs kept
Counts = dict[str, dict[int, int]]  # indicator -> unit -> entries


class Dead(NamedTuple):
    """An entry that stands in the journal and does not count."""

    candidate_id: int
    sequence: int
    trigger: str
    destination: str | None
    effective_on: date | None
    document_date: date | None
    unit_id: int


def load_dead(connection: Connection, known_at: datetime | None = None) -> list[Dead]:
    """Every entry that does not count: whatever a later entry corrects or voids, and what only voids another."""
    columns = [J.c[name] for name in Dead._fields]
    superseding = or_(J.c.corrects.is_not(None), J.c.voids.is_not(None))
    if known_at is not None:
        superseding = and_(superseding, J.c.recorded_at <= known_at)
    aim = J.alias("aim")
    later = connection.execute(select(*columns, J.c.corrects, J.c.voids).where(superseding)).all()
    aimed_at = connection.execute(
        select(*(aim.c[name] for name in Dead._fields))
        .select_from(J)
        .join(
            aim,
            and_(aim.c.candidate_id == J.c.candidate_id, aim.c.sequence == func.coalesce(J.c.corrects, J.c.voids)),
        )
        .where(superseding)
    )
    entries = {row[:2]: Dead(*row) for row in aimed_at}
    gone: dict[tuple[int, int], Dead] = {}
    for *fields, corrects, voids in later:
        entry = Dead(*fields)
        for sequence in (corrects, voids):
            if sequence is not None and (aim_entry := entries.get((entry.candidate_id, sequence))):
                gone[aim_entry[:2]] = aim_entry
        if voids is not None:
            gone[entry[:2]] = entry
    return list(gone.values())


def count_entries(
    connection: Connection,
    indicators: Iterable[Indicator],
    first: date,
    last: date,
    as_of: date,
    dead: Sequence[Dead],
    units: Collection[int] | None = None,
    known_at: datetime | None = None,
) -> Counts:
    """Live entries of each counted indicator per unit, whose counting day lies in the period and that had happened by
    `as_of`. `units` only narrows the question (a small part of a large tree); the answer for those units is the same.
    Conditions of an indicator are not looked at: see count_where.
    """
    wanted = list(indicators)
    counted: dict[tuple[str | None, str, str | None], dict[int, int]] = {}
    for one in wanted:
        key = (one.trigger, one.basis, one.destination)
        if key not in counted:
            counted[key] = _count(connection, one, _days(one.basis, first, last, as_of, known_at), units)
    counts: Counts = {one.name: dict(counted[one.trigger, one.basis, one.destination]) for one in wanted}
    for entry in dead:
        for one in wanted:
            sums = counts[one.name]
            if entry.unit_id in sums and _counts(one, entry, first, last, as_of):
                sums[entry.unit_id] -= 1
    return {name: {unit: count for unit, count in sums.items() if count} for name, sums in counts.items()}


def _count(
    connection: Connection, one: Indicator, days: Sequence[ColumnElement[bool]], units: Collection[int] | None
) -> dict[int, int]:
    """Entries per unit: one trigger at a time, so that each row is a pair and the pairs are the answer as they come."""
    found: dict[int, int] = {}
    for condition in days:
        asked = select(J.c.unit_id, func.count()).where(J.c.trigger == one.trigger, condition).group_by(J.c.unit_id)
        if one.destination is not None:
            asked = asked.where(J.c.destination == one.destination)
        if units is not None:
            asked = asked.where(J.c.unit_id.in_(units))
        pairs: dict[int, int] = dict(plain_rows(connection.execute(asked)))
        if not found:
            found = pairs
            continue
        for unit_id, count in pairs.items():
            found[unit_id] = found.get(unit_id, 0) + count
    return found


class Behind(NamedTuple):
    """One entry behind a figure."""

    code: str
    sequence: int
    unit_id: int
    on: date


def entries_behind(
    connection: Connection,
    indicator: Indicator,
    first: date,
    last: date,
    as_of: date,
    dead: Sequence[Dead],
    of_units: UnitValues,
    units: Collection[int],
    known_at: datetime | None = None,
) -> list[Behind]:
    """The live entries a counted figure of these units is made of, by the day that counts and code."""
    gone = {entry[:2] for entry in dead}
    c = CANDIDATES.c
    day = _counting_day(indicator)
    inside = units if len(units) <= MANY else None
    keys = [one.key for one in indicator.where if one.of == PERSON]
    meets = matcher(of_units, indicator.where)
    found: list[Behind] = []
    wanted = set(units)
    for condition in _days(indicator.basis, first, last, as_of, known_at):
        asked = (
            select(J.c.candidate_id, J.c.sequence, c.code, J.c.unit_id, day)
            .join(CANDIDATES, c.id == J.c.candidate_id)
            .where(J.c.trigger == indicator.trigger, condition)
        )
        if keys:
            asked = asked.add_columns(*(value_on(key, c.person_id, day, known_at) for key in keys))
        if indicator.destination is not None:
            asked = asked.where(J.c.destination == indicator.destination)
        if inside is not None:
            asked = asked.where(J.c.unit_id.in_(inside))
        for candidate_id, sequence, code, unit_id, on, *values in connection.execute(asked):
            if unit_id in wanted and (candidate_id, sequence) not in gone and meets(unit_id, on, values):
                found.append(Behind(code, sequence, unit_id, on))
    return sorted(found, key=lambda one: (one.on, one.code, one.sequence))


def _counting_day(indicator: Indicator) -> Any:
    return J.c.effective_on if indicator.basis == "effective" else func.coalesce(J.c.document_date, J.c.effective_on)


def _days(
    basis: str, first: date, last: date, as_of: date, known_at: datetime | None = None
) -> list[ColumnElement[bool]]:
    """The conditions, each answered by one index, that together find the entries to count."""
    if basis == "effective":
        found = [J.c.effective_on.between(first, min(last, as_of))]
    else:
        found = [
            and_(J.c.document_date.between(first, last), J.c.effective_on <= as_of),
            and_(J.c.document_date.is_(None), J.c.effective_on.between(first, min(last, as_of))),
        ]
    return found if known_at is None else [and_(one, J.c.recorded_at <= known_at) for one in found]


def _counts(indicator: Indicator, entry: Dead, first: date, last: date, as_of: date) -> bool:
    """Whether the SQL above has counted this entry."""
    if entry.trigger != indicator.trigger or indicator.destination not in (None, entry.destination):
        return False
    if entry.effective_on is None or entry.effective_on > as_of:
        return False
    day = entry.document_date if indicator.basis == "document" else None
    return first <= (day or entry.effective_on) <= last


# ---------------------------------------------------------------------- told apart by person and unit


class Part(NamedTuple):
    """So many entries (or people) of one unit with these values."""

    unit_id: int
    values: tuple[Value, ...]
    entries: int


def split_entries(
    connection: Connection,
    indicator: Indicator,
    first: date,
    last: date,
    as_of: date,
    keys: Sequence[str],
    dead: Sequence[Dead],
    of_units: UnitValues,
    units: Collection[int] | None = None,
    known_at: datetime | None = None,
) -> Iterator[Part]:
    """The live entries of a counted indicator that meet its conditions, by unit and the values of `keys`.

    One statement asks for what is known of the people nothing was ever corrected about, one for the few others; what is
    known of units is laid beside it.
    """
    wanted = list(dict.fromkeys([*keys, *(one.key for one in indicator.where)]))
    of_people = [key for key in wanted if ATTRIBUTES[key].of == PERSON]
    lay, meets = layer(of_units, wanted), conditions(indicator.where, wanted)
    gone = {entry[:2] for entry in dead}
    c, counting_day = CANDIDATES.c, _counting_day(indicator)
    day = [] if len(of_people) == len(wanted) else [counting_day.label("day")]  # units change from day to day
    for condition in _days(indicator.basis, first, last, as_of, known_at):
        values = [value_on(key, c.person_id, counting_day, known_at).label(f"v{n}") for n, key in enumerate(of_people)]
        rows = select(J.c.unit_id, *day, *values).where(J.c.trigger == indicator.trigger, condition)
        if values:
            rows = rows.join(CANDIDATES, c.id == J.c.candidate_id)
        if indicator.destination is not None:
            rows = rows.where(J.c.destination == indicator.destination)
        if units is not None and len(units) <= MANY:
            rows = rows.where(J.c.unit_id.in_(units))
        corrected = superseding(known_at)
        each = rows.where(J.c.candidate_id.not_in(corrected)).subquery()
        grouped = connection.execute(select(*each.c, func.count()).group_by(*each.c))
        alone = rows.add_columns(J.c.candidate_id, J.c.sequence).where(J.c.candidate_id.in_(corrected))
        found = [tuple(row) for row in grouped]
        found += [(*row[:-2], 1) for row in connection.execute(alone) if row[-2:] not in gone]
        for unit_id, *rest, count in found:
            on = rest.pop(0) if day else first
            if meets(whole := lay(unit_id, on, rest)):
                yield Part(unit_id, whole[: len(keys)], count)


def superseding(known_at: datetime | None = None) -> Any:
    """Whoever has an entry that corrects or voids another: few people, looked at one by one."""
    aside = J.alias()
    later = or_(aside.c.corrects.is_not(None), aside.c.voids.is_not(None))
    return select(aside.c.candidate_id).where(
        later if known_at is None else and_(later, aside.c.recorded_at <= known_at)
    )
