"""The candidate: a projection of the journal, one row a person, that can be rebuilt from it at any time."""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    CursorResult,
    Date,
    Index,
    String,
    Table,
    bindparam,
    select,
    text,
)
from sqlmodel import Field, SQLModel

from store.base import Json
from store.bulk import json_of, parts, plain_rows, put_rows, set_rows
from store.people import Person

# Whether the facts of somebody's way name a gap, in the words of the index over those who have one. SQLite keeps them as
# write_json spelt them: a look at the text costs a step next to nothing, and damaged facts can still be read and named.
GAPS = {"sqlite": "instr(facts, '\"gaps\":[]') = 0", "postgresql": "jsonb_array_length(facts -> 'gaps') > 0"}


class Candidate(SQLModel, table=True):
    """Where a person stands, with the head of their chain. Written only by the gate, with compare-and-set on version."""

    __tablename__ = "candidates"
    __table_args__ = (
        # All that lists ask of many people at once: the rows themselves are wide and lie far apart.
        Index("ix_candidates_unit_id_step", "unit_id", "step", "id", "code", "person_id"),
        Index(
            "ix_candidates_gaps",
            "unit_id",
            "step",
            sqlite_where=text(GAPS["sqlite"]),
            postgresql_where=text(GAPS["postgresql"]),
        ),
    )
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False), description="random, 62 bits")
    code: str = Field(unique=True)
    person_id: int = Field(sa_type=BigInteger, foreign_key="people.id", unique=True)
    unit_id: int = Field(foreign_key="units.id", description="today's unit")
    step: str = Field(index=True)
    since: date | None = Field(default=None, description="the day the step was entered; null = undated opening")
    official_on: date | None = Field(default=None, description="ceremony + 12 months, once recognised")
    facts: dict = Field(  # type: ignore[type-arg]
        sa_column=Column(Json, nullable=False), description="states.membership.Way, for judging the next step"
    )
    head_sequence: int
    head_hash: str
    version: int = Field(description="grows by one at every write")


CANDIDATES: Table = Candidate.__table__  # type: ignore[attr-defined]
_c = CANDIDATES.c


class CandidateRow(NamedTuple):
    """A candidate with what the law asks about the person."""

    id: int
    code: str
    person_id: int
    unit_id: int
    step: str
    head_sequence: int
    head_hash: str
    version: int
    birth: str | None
    facts: dict[str, Any]


_ROWS = select(
    _c.id, _c.code, _c.person_id, _c.unit_id, _c.step, _c.head_sequence, _c.head_hash, _c.version,
    Person.__table__.c.birth, _c.facts,  # type: ignore[attr-defined]
).join_from(CANDIDATES, Person.__table__)  # type: ignore[attr-defined] # fmt: skip
BLANK = ""  # the step of somebody of whom nothing stands any more: the import that opened their book was undone
STANDS = _c.step != BLANK
_BY_CODE = _ROWS.where(_c.code == bindparam("code"), STANDS)
_ALL_BY_CODE = _ROWS.where(_c.code.in_(bindparam("codes", expanding=True)))
_IDS_BY_CODE = _ALL_BY_CODE.where(STANDS)
_BY_IDS = _ROWS.where(_c.id.in_(bindparam("ids", expanding=True)))


def find_candidate(connection: Connection, code: str) -> CandidateRow | None:
    """The candidate with this code."""
    row = connection.execute(_BY_CODE, {"code": code}).first()
    return CandidateRow(*row) if row is not None else None


def load_candidates(connection: Connection, codes: Sequence[str], *, blank: bool = False) -> list[CandidateRow]:
    """The candidates with these codes; unknown codes are left out. `blank`: also those of whom nothing stands."""
    asked = _ALL_BY_CODE if blank else _IDS_BY_CODE
    return [row for some in parts(codes) for row in _rows(connection.execute(asked, {"codes": some}))]


def load_blank(connection: Connection, codes: Sequence[str]) -> dict[str, CandidateRow]:
    """Those of these codes of whom nothing stands: an undone import opened their book."""
    if connection.execute(_ANY_BLANK).first() is None:
        return {}
    return {row.code: row for row in load_candidates(connection, codes, blank=True) if row.step == BLANK}


_ANY_BLANK = select(_c.id).where(_c.step == BLANK).limit(1)


def load_candidates_by_id(connection: Connection, ids: Sequence[int]) -> list[CandidateRow]:
    """The candidates with these ids."""
    return [row for some in parts(ids) for row in _rows(connection.execute(_BY_IDS, {"ids": some}))]


def _rows(result: CursorResult[Any]) -> Iterator[CandidateRow]:
    return (CandidateRow._make((*row[:-1], json_of(row[-1]))) for row in plain_rows(result))


def list_candidates(
    connection: Connection, unit_ids: Sequence[int] | None = None, step: str | None = None
) -> list[tuple[str, int, str, date | None, dict[str, Any]]]:
    """(code, unit, step, since, facts) of everybody, of these units or at this step, by code."""
    query = select(_c.code, _c.unit_id, _c.step, _c.since, _c.facts).where(STANDS).order_by(_c.code)
    if step is not None:
        query = query.where(_c.step == step)
    wanted = None if unit_ids is None else set(unit_ids)
    return [tuple(row) for row in connection.execute(query) if wanted is None or row[1] in wanted]


def insert_candidates(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """New candidates."""
    put_rows(connection, CANDIDATES, rows)


_MOVED = ("step", "since", "official_on", "facts", "head_sequence", "head_hash")
_KNOWN = ("id", "version")


def move_candidates(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Compare-and-set on `id` and `version`; gives how many rows were still at their version.

    A row names `unit_id` only where it changes: a foreign key that is set is looked up.
    """
    stayed = [row for row in rows if "unit_id" not in row]
    went = [row for row in rows if "unit_id" in row]
    return _move(connection, stayed, _MOVED) + _move(connection, went, (*_MOVED, "unit_id"))


def _move(connection: Connection, rows: Sequence[dict[str, Any]], names: tuple[str, ...]) -> int:
    values = list(map(itemgetter(*names, *_KNOWN), rows))
    return set_rows(connection, CANDIDATES, values, names, _KNOWN, ", version = version + 1")


_MATURED = (
    text(
        "SELECT candidates.code, clocks.due_on FROM clocks JOIN candidates ON candidates.id = clocks.candidate_id "
        "WHERE clocks.state = 'running' AND clocks.key = 'probation_months' AND clocks.due_on <= :today "
        "AND candidates.step = 'du_bi'"
    )
    .bindparams(bindparam("today", type_=Date))
    .columns(code=String, due_on=Date)
)


def matured(connection: Connection, today: date) -> dict[str, date]:
    """People whose probation is over though `mature` is not written yet, with that day."""
    return {row[0]: row[1] for row in connection.execute(_MATURED, {"today": today})}
