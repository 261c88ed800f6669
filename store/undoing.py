"""Taking back what an import wrote besides entries: what was built upon it, and the rows to be taken away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, select, update

from store.bulk import parts
from store.candidates import CANDIDATES
from store.figures import ReportedFigure
from store.imports import RowMark
from store.journal import JOURNAL, TEXTS
from store.people import Person, PersonAttribute
from store.recipients import RECIPIENTS
from store.targets import Target
from store.units import Unit, UnitSuccession, UnitVersion

U: Table = Unit.__table__  # type: ignore[attr-defined]
V: Table = UnitVersion.__table__  # type: ignore[attr-defined]
S: Table = UnitSuccession.__table__  # type: ignore[attr-defined]
T: Table = Target.__table__  # type: ignore[attr-defined]
F: Table = ReportedFigure.__table__  # type: ignore[attr-defined]
P: Table = Person.__table__  # type: ignore[attr-defined]
A: Table = PersonAttribute.__table__  # type: ignore[attr-defined]
TABLES = {"version": V, "succession": S, "target": T, "figure": F, "recipient": RECIPIENTS}


class DatedRow(NamedTuple):
    """A version, target or figure an import wrote, as far as it matters who built upon it."""

    id: int
    unit_id: int
    code: str
    from_on: date | None = None
    indicator: str = ""
    period: str = ""
    credited_unit_id: int | None = None


def load_versions(connection: Connection, ids: Sequence[int]) -> list[DatedRow]:
    """These versions of units."""
    asked = select(V.c.id, V.c.unit_id, U.c.code, V.c.from_on).join_from(V, U, U.c.id == V.c.unit_id)
    return [DatedRow(*row) for some in parts(ids) for row in connection.execute(asked.where(V.c.id.in_(some)))]


def load_numbers(connection: Connection, noun: str, ids: Sequence[int]) -> list[DatedRow]:
    """These targets or figures."""
    c = TABLES[noun].c
    asked = select(c.id, c.unit_id, U.c.code, c.indicator, c.period, c.credited_unit_id)
    asked = asked.join_from(TABLES[noun], U, U.c.id == c.unit_id)
    return [
        DatedRow(row[0], row[1], row[2], None, *row[3:])
        for some in parts(ids)
        for row in connection.execute(asked.where(c.id.in_(some)))
    ]


def revised(connection: Connection, noun: str, rows: Iterable[DatedRow]) -> list[DatedRow]:
    """Of these targets or figures those whose unit, indicator and period were recorded again later, by anybody else."""
    c = TABLES[noun].c
    ours = list(rows)
    ids = {one.id for one in ours}
    of_units = sorted({one.unit_id for one in ours})
    last: dict[tuple[Any, ...], int] = {}
    for some in parts(of_units):
        asked = select(c.unit_id, c.indicator, c.period, c.credited_unit_id, c.id).where(c.unit_id.in_(some))
        if noun == "target":
            asked = asked.where(c.rule.is_(None))
        for *key, row_id in connection.execute(asked):
            if row_id not in ids:
                last[tuple(key)] = max(row_id, last.get(tuple(key), 0))
    return [one for one in ours if last.get((one.unit_id, one.indicator, one.period, one.credited_unit_id), 0) > one.id]


def versions_after(connection: Connection, rows: Iterable[DatedRow]) -> list[str]:
    """Codes of units of which another version was recorded after these."""
    ours = list(rows)
    first: dict[int, int] = {}
    for one in ours:
        first[one.unit_id] = min(one.id, first.get(one.unit_id, one.id))
    ids = {one.id for one in ours}
    codes = {one.unit_id: one.code for one in ours}
    found = set()
    for some in parts(sorted(first)):
        for unit_id, row_id in connection.execute(select(V.c.unit_id, V.c.id).where(V.c.unit_id.in_(some))):
            if row_id > first[unit_id] and row_id not in ids:
                found.add(codes[unit_id])
    return sorted(found)


class Tenant(NamedTuple):
    """Something that stands on a unit an import brought and is not of that import."""

    kind: str  # person, unit, target, figure, recipient
    unit: str
    what: str


def tenants(
    connection: Connection, unit_ids: Sequence[int], people: Collection[int], own: dict[str, set[int]]
) -> list[Tenant]:
    """What others have put on these units: people, units below, targets, figures, recipients. `own`: ids by noun."""
    found: list[Tenant] = []
    k, j = CANDIDATES.c, JOURNAL.c
    for some in parts(unit_ids):
        codes = dict(connection.execute(select(U.c.id, U.c.code).where(U.c.id.in_(some))).tuples().all())
        here = select(k.id, k.code, k.unit_id).where(k.unit_id.in_(some), k.step != "")
        passed = (
            select(k.id, k.code, j.unit_id)
            .join_from(JOURNAL, CANDIDATES, k.id == j.candidate_id)
            .where(j.unit_id.in_(some), k.step != "")
        )
        of_people = {tuple(row) for asked in (here, passed) for row in connection.execute(asked)}
        found += [Tenant("person", codes[unit_id], code) for id_, code, unit_id in of_people if id_ not in people]
        below = select(V.c.id, U.c.code, V.c.parent_id).join_from(V, U, U.c.id == V.c.unit_id)
        for version_id, code, parent_id in connection.execute(below.where(V.c.parent_id.in_(some))):
            if version_id not in own["version"]:
                found.append(Tenant("unit", codes[parent_id], code))
        for noun, table in (("target", T), ("figure", F)):
            c = table.c
            for column in (c.unit_id, c.credited_unit_id):
                asked = select(c.id, column, c.indicator, c.period).where(column.in_(some))
                if noun == "target":
                    asked = asked.where(c.rule.is_(None))
                for row_id, unit_id, indicator, period in connection.execute(asked):
                    if row_id not in own[noun]:
                        found.append(Tenant(noun, codes[unit_id], f"{indicator} {period}"))
        r = RECIPIENTS.c
        for row_id, unit_id, role in connection.execute(select(r.id, r.unit_id, r.role).where(r.unit_id.in_(some))):
            if row_id not in own["recipient"]:
                found.append(Tenant("recipient", codes[unit_id], role))
    return sorted(set(found))


# Taking away -------------------------------------------------------------------------------------------------------


def drop_rows(connection: Connection, noun: str, ids: Sequence[int]) -> None:
    """Take these rows away."""
    table = TABLES[noun]
    for some in parts(ids):
        connection.execute(delete(table).where(table.c.id.in_(some)))


def drop_rule_targets(connection: Connection, unit_ids: Sequence[int]) -> None:
    """Targets that rules made for units that are taken back."""
    for some in parts(unit_ids):
        connection.execute(delete(T).where(T.c.unit_id.in_(some), T.c.rule.is_not(None)))


def rename_recipients(connection: Connection, marks: Sequence[RowMark]) -> None:
    """Give recipients the names they had."""
    if marks:
        connection.execute(
            update(RECIPIENTS).where(RECIPIENTS.c.id == bindparam("_id")),
            [{"_id": one.row_id, "name": one.name_before} for one in marks],
        )


def blank_people(connection: Connection, candidate_ids: Sequence[int], person_ids: Sequence[int]) -> None:
    """Forget who these people are: name, birth date, attributes, and the words of their entries."""
    for some in parts(person_ids):
        connection.execute(update(P).where(P.c.id.in_(some)).values(name=None, name_key=None, birth=None))
        connection.execute(delete(A).where(A.c.person_id.in_(some)))
    for some in parts(candidate_ids):
        connection.execute(delete(TEXTS).where(TEXTS.c.candidate_id.in_(some)))


def drop_attributes(connection: Connection, person_ids: Sequence[int], recorded_at: datetime) -> None:
    """Take away what an import recorded about these people at its instant."""
    for some in parts(person_ids):
        connection.execute(delete(A).where(A.c.person_id.in_(some), A.c.recorded_at == recorded_at))


def load_names(connection: Connection, person_ids: Sequence[int]) -> dict[int, str | None]:
    """What these people are called now; None once erased."""
    asked = select(P.c.id, P.c.name)
    return {row[0]: row[1] for some in parts(person_ids) for row in connection.execute(asked.where(P.c.id.in_(some)))}
