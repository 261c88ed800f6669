"""All chains read raw, for verify: whatever somebody wrote into a column past the program, reading goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, bindparam, text

from states.proof import Anchor
from store.database import driver

WAY = """
SELECT c.id, c.code, c.head_sequence, c.head_hash, s.sequence, s.hash, s.code, t.salt, CAST(t.content AS TEXT),
  j.id, j.sequence, j.trigger, j.source, j.destination, CAST(j.effective_on AS TEXT), {recorded_at}, j.recorded_by,
  j.unit_id, j.document_number, CAST(j.document_date AS TEXT), CAST(j.data AS TEXT), j.text_applied, j.corrects,
  j.voids, j.private_digest, j.previous_hash, j.hash
FROM candidates c
LEFT JOIN sealed_heads s ON s.candidate_id = c.id
LEFT JOIN journal j ON j.candidate_id = c.id
LEFT JOIN entry_texts t ON t.candidate_id = j.candidate_id AND t.sequence = j.sequence
ORDER BY c.id, j.sequence, j.id
"""
RECORDED_AT = {
    "sqlite": "CAST(j.recorded_at AS TEXT)",
    "postgresql": "CAST(j.recorded_at AT TIME ZONE 'UTC' AS TEXT)",
}
FIRST_OF_ENTRY = 9


class RawEntry(NamedTuple):
    """An entry with native values by column name (only its place in the chain where they cannot be read)."""

    fields: dict[str, Any]
    salt: Any
    content: Any  # None: erased or never there


class RawChain(NamedTuple):
    """A candidate with the heads remembered of it and all entries."""

    candidate_id: int
    code: Any
    head: Anchor
    sealed: Anchor | None
    sealed_code: Any
    entries: list[RawEntry]


class RawProjection(NamedTuple):
    """A candidate's row as it stands, days as written, and its clocks by (key, run)."""

    columns: dict[str, Any]
    facts: Any
    clocks: dict[tuple[Any, Any], dict[str, Any]]


class Orphan(NamedTuple):
    """What is left of a candidate whose row is gone."""

    candidate_id: Any
    code: str | None


@contextmanager
def lenient(connection: Connection) -> Iterator[None]:
    """Text that is no UTF-8 comes out marked instead of stopping the reading; it matches no hash."""
    if connection.dialect.name != "sqlite":
        yield
        return
    held = driver(connection)
    held.text_factory = lambda raw: str(raw, "utf-8", "surrogateescape")
    try:
        yield
    finally:
        held.text_factory = str


def read_chains(connection: Connection) -> Iterator[RawChain]:
    """Every candidate with all entries, by id; one stream, one chain in memory at a time."""
    statement = text(WAY.format(recorded_at=RECORDED_AT[connection.dialect.name]))
    chain: RawChain | None = None
    for row in connection.execute(statement, execution_options={"yield_per": 2000}):
        if chain is None or chain.candidate_id != row[0]:
            if chain is not None:
                yield chain
            sealed = None if row[4] is None else Anchor(row[4], row[5])
            chain = RawChain(row[0], row[1], Anchor(row[2], row[3]), sealed, row[6], [])
        if row[FIRST_OF_ENTRY] is not None:
            chain.entries.append(RawEntry(_fields(row), row[7], _content(row[8])))
    if chain is not None:
        yield chain


PROJECTION = """
SELECT id, code, step, CAST(since AS TEXT), unit_id, CAST(official_on AS TEXT), CAST(facts AS TEXT)
FROM candidates WHERE id IN :ids
"""
CLOCKS = """
SELECT candidate_id, key, run, CAST(starts_on AS TEXT), CAST(due_on AS TEXT), limit_value, limit_unit, extension, profile,
  status, citation, calendar, state, CAST(stopped_on AS TEXT)
FROM clocks WHERE candidate_id IN :ids
"""
CLOCK_COLUMNS = (
    "key", "run", "starts_on", "due_on", "limit_value", "limit_unit", "extension", "profile", "status", "citation",
    "calendar", "state", "stopped_on",
)  # fmt: skip


def read_projections(connection: Connection, ids: Iterable[Any]) -> dict[str, RawProjection]:
    """The rows and clocks of some candidates, by code."""
    wanted = list(ids)
    clocks: dict[Any, dict[tuple[Any, Any], dict[str, Any]]] = {}
    for candidate_id, *row in connection.execute(_among(CLOCKS), {"ids": wanted}):
        run = dict(zip(CLOCK_COLUMNS, row, strict=True))
        clocks.setdefault(candidate_id, {})[run["key"], run["run"]] = run
    return {
        code: RawProjection(
            {"step": step, "since": since, "unit_id": unit_id, "official_on": official_on},
            _content(facts),
            clocks.get(candidate_id, {}),
        )
        for candidate_id, code, step, since, unit_id, official_on, facts in connection.execute(
            _among(PROJECTION), {"ids": wanted}
        )
    }


def count_entries(connection: Connection) -> int:
    """All entries of the journal, those of lost candidates included."""
    return int(connection.execute(text("SELECT count(*) FROM journal")).scalar_one())


def find_orphans(connection: Connection) -> list[Orphan]:
    """Candidates that entries or sealed heads know and whose row is gone."""
    rows = connection.execute(
        text(
            "SELECT lost.candidate_id, s.code FROM ("
            " SELECT DISTINCT j.candidate_id FROM journal j LEFT JOIN candidates c ON c.id = j.candidate_id"
            " WHERE c.id IS NULL UNION"
            " SELECT h.candidate_id FROM sealed_heads h LEFT JOIN candidates c ON c.id = h.candidate_id"
            " WHERE c.id IS NULL) lost LEFT JOIN sealed_heads s ON s.candidate_id = lost.candidate_id"
        )
    )
    return [Orphan(*row) for row in rows]


def find_strange_texts(connection: Connection) -> list[tuple[Any, Any]]:
    """(code, sequence) of texts that belong to no entry of a candidate that is there."""
    rows = connection.execute(
        text(
            "SELECT c.code, t.sequence FROM entry_texts t"
            " LEFT JOIN journal j ON j.candidate_id = t.candidate_id AND j.sequence = t.sequence"
            " JOIN candidates c ON c.id = t.candidate_id WHERE j.id IS NULL"
        )
    )
    return [(row[0], row[1]) for row in rows]


def hashes(connection: Connection, candidate_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """The hashes of all entries of some candidates, by candidate and sequence."""
    ids = [number for number in set(candidate_ids) if -(2**63) <= number < 2**63]
    statement = _among("SELECT candidate_id, sequence, hash FROM journal WHERE candidate_id IN :ids")
    return {(row[0], row[1]): row[2] for row in connection.execute(statement, {"ids": ids})}


def _among(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("ids", expanding=True))


def _fields(row: Any) -> dict[str, Any]:
    try:
        return {
            "candidate_id": row[0],
            "sequence": row[10],
            "trigger": row[11],
            "source": row[12],
            "destination": row[13],
            "effective_on": _day(row[14]),
            "recorded_at": datetime.fromisoformat(row[15]).replace(tzinfo=UTC),
            "recorded_by": row[16],
            "unit_id": row[17],
            "document_number": row[18],
            "document_date": _day(row[19]),
            "data": parse(row[20]),
            "text_applied": row[21],
            "corrects": row[22],
            "voids": row[23],
            "private_digest": row[24],
            "previous_hash": row[25],
            "hash": row[26],
        }
    except (ValueError, TypeError, RecursionError):
        return {"sequence": row[10], "previous_hash": row[25], "hash": row[26]}


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A doubled key would be hashed as one value and counted in SQL as the other."""
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


parse = json.JSONDecoder(object_pairs_hook=_distinct).decode  # a column of JSON as written; ValueError if it is none


def _content(value: str | None) -> Any:
    try:
        return None if value is None else parse(value)
    except (ValueError, TypeError, RecursionError):
        return value
