"""Acts of closing and their files read raw, for verify: whatever somebody wrote into a column, reading goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from store.chains import parse

ACTS = """
SELECT a.id, u.code, a.unit_id, CAST(a.period AS TEXT), a.sequence, a.version, a.event, CAST(a.happened_on AS TEXT),
  {recorded_at}, a.recorded_by, a.signer, a.reason, CAST(a.content AS TEXT), a.previous_hash, a.hash
FROM closings a LEFT JOIN units u ON u.id = a.unit_id
ORDER BY a.unit_id, a.period, a.sequence, a.id
"""
RECORDED_AT = {
    "sqlite": "CAST(a.recorded_at AS TEXT)",
    "postgresql": "CAST(a.recorded_at AT TIME ZONE 'UTC' AS TEXT)",
}
FILES = "SELECT kind, content, digest FROM closing_files WHERE closing_id = :act ORDER BY kind, id"
STRAYS = """
SELECT DISTINCT f.closing_id FROM closing_files f LEFT JOIN closings a ON a.id = f.closing_id WHERE a.id IS NULL
"""


class RawAct(NamedTuple):
    """An act with native values by column name (only its place in the chain where they cannot be read)."""

    id: Any
    unit: str
    fields: dict[str, Any]


class RawFile(NamedTuple):
    """A file as it stands."""

    kind: Any
    content: Any
    digest: Any


def read_acts(connection: Connection) -> Iterator[RawAct]:
    """Every act, by unit, period and sequence."""
    statement = text(ACTS.format(recorded_at=RECORDED_AT[connection.dialect.name]))
    for row in connection.execute(statement, execution_options={"yield_per": 100}):
        yield RawAct(row[0], str(row[1] if row[1] is not None else f"#{row[2]}"), _fields(row))


def read_files(connection: Connection, act_id: Any) -> list[RawFile]:
    """The files of an act."""
    return [RawFile(*row) for row in connection.execute(text(FILES), {"act": act_id})]


def load_hashes(connection: Connection) -> dict[tuple[Any, Any, Any], Any]:
    """(unit's code, period, sequence) -> hash of every act."""
    rows = connection.execute(
        text("SELECT u.code, a.period, a.sequence, a.hash FROM closings a JOIN units u ON u.id = a.unit_id")
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def find_strays(connection: Connection) -> list[Any]:
    """The acts that files name and that are gone."""
    return [row[0] for row in connection.execute(text(STRAYS))]


def _fields(row: Any) -> dict[str, Any]:
    place = {"unit_id": row[2], "period": row[3], "sequence": row[4], "previous_hash": row[13], "hash": row[14]}
    try:
        return place | {
            "version": row[5],
            "event": row[6],
            "on": date.fromisoformat(row[7]),
            "recorded_at": datetime.fromisoformat(row[8]).replace(tzinfo=UTC),
            "recorded_by": row[9],
            "signer": row[10],
            "reason": row[11],
            "content": None if row[12] is None else parse(row[12]),
        }
    except (ValueError, TypeError, RecursionError):
        return place
