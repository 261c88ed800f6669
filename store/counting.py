"""Counting: the only SQL that turns journal entries into figures, and the tree the figures go up.

Every entry of a trigger is counted over a covering index; the few that do not count (superseded by a correction, made
void, or themselves only voiding another) are found through ix_journal_superseding and taken off again in Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, String, and_, func, or_, select, type_coerce

from states.figures import Tree
from states.indicators import Indicator
from store.bulk import plain_rows
from store.candidates import Candidate
from store.journal import Entry
from store.units import UnitVersion

J = Entry.__table__  # type: ignore[attr-defined]
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


def load_dead(connection: Connection) -> list[Dead]:
    """Every entry that does not count: whatever a later entry corrects or voids, and what only voids another."""
    columns = [J.c[name] for name in Dead._fields]
    superseding = or_(J.c.corrects.is_not(None), J.c.voids.is_not(None))
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
) -> Counts:
    """Live entries of each counted indicator per unit, whose counting day lies in the period and that had happened by
    `as_of`. `units` only narrows the question (a small part of a large tree); the answer for those units is the same.
    """
    wanted = list(indicators)
    counted: dict[tuple[str | None, str, str | None], dict[int, int]] = {}
    for one in wanted:
        key = (one.trigger, one.basis, one.destination)
        if key not in counted:
            counted[key] = _count(connection, one, _days(one.basis, first, last, as_of), units)
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
    units: Collection[int],
) -> list[Behind]:
    """The live entries a counted figure of these units is made of, by the day that counts and code."""
    gone = {entry[:2] for entry in dead}
    c = Candidate.__table__.c  # type: ignore[attr-defined]
    day = J.c.effective_on if indicator.basis == "effective" else func.coalesce(J.c.document_date, J.c.effective_on)
    inside = units if len(units) <= 5_000 else None
    found: list[Behind] = []
    wanted = set(units)
    for condition in _days(indicator.basis, first, last, as_of):
        asked = (
            select(J.c.candidate_id, J.c.sequence, c.code, J.c.unit_id, day)
            .join(Candidate.__table__, c.id == J.c.candidate_id)  # type: ignore[attr-defined]
            .where(J.c.trigger == indicator.trigger, condition)
        )
        if indicator.destination is not None:
            asked = asked.where(J.c.destination == indicator.destination)
        if inside is not None:
            asked = asked.where(J.c.unit_id.in_(inside))
        for candidate_id, sequence, code, unit_id, on in connection.execute(asked):
            if unit_id in wanted and (candidate_id, sequence) not in gone:
                found.append(Behind(code, sequence, unit_id, on))
    return sorted(found, key=lambda one: (one.on, one.code, one.sequence))


def _days(basis: str, first: date, last: date, as_of: date) -> list[ColumnElement[bool]]:
    """The conditions, each answered by one index, that together find the entries to count."""
    if basis == "effective":
        return [J.c.effective_on.between(first, min(last, as_of))]
    return [
        and_(J.c.document_date.between(first, last), J.c.effective_on <= as_of),
        and_(J.c.document_date.is_(None), J.c.effective_on.between(first, min(last, as_of))),
    ]


def _counts(indicator: Indicator, entry: Dead, first: date, last: date, as_of: date) -> bool:
    """Whether the SQL above has counted this entry."""
    if entry.trigger != indicator.trigger or indicator.destination not in (None, entry.destination):
        return False
    if entry.effective_on is None or entry.effective_on > as_of:
        return False
    day = entry.document_date if indicator.basis == "document" else None
    return first <= (day or entry.effective_on) <= last


# ---------------------------------------------------------------------- the tree


def load_tree(connection: Connection, on: date) -> Tree:
    """Who stands under whom on a day, without names: a fraction of the time all of a unit's days take to read."""
    c = UnitVersion.__table__.c  # type: ignore[attr-defined]
    begun = type_coerce(c.from_on <= on, Integer)
    asked = select(c.unit_id, c.parent_id, type_coerce(c.ended, Integer), begun, type_coerce(c.from_on, String), c.id)
    rows = plain_rows(connection.execute(asked))
    parents: dict[int, int | None] = {row[0]: row[1] for row in rows}
    if len(parents) == len(rows):  # as nearly always: nothing about any unit has ever changed
        return Tree(parents, {row[0] for row in rows if row[3] and not row[2]})
    rows.sort(key=lambda row: (row[0], row[4], row[5]))
    parents, living = {}, set()
    for unit_id, parent_id, ended, has_begun, *_ in rows:
        if not has_begun:
            parents.setdefault(unit_id, parent_id)
            continue
        parents[unit_id] = parent_id
        if ended:
            living.discard(unit_id)
        else:
            living.add(unit_id)
    return Tree(parents, living)


def stock_of(connection: Connection, key: str, on: date) -> Mapping[int, int]:
    """A unit attribute that is a number (so_dang_vien) on a day; units without one are left out."""
    c = UnitVersion.__table__.c  # type: ignore[attr-defined]
    found: dict[int, int] = {}
    rows = connection.execute(
        select(c.unit_id, c.attributes).where(c.from_on <= on).order_by(c.unit_id, c.from_on, c.id)
    )
    for unit_id, attributes in rows:
        value = str((attributes or {}).get(key) or "")
        if value.isdigit():
            found[unit_id] = int(value)
        else:
            found.pop(unit_id, None)
    return found
