"""All tables as lines of JSON and back, the same for both databases: what a backup carries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, Numeric, func, insert, select

from states.chain import instant_form
from store.attempts import ATTEMPTS
from store.base import Instant
from store.seals import DatabaseIdentity
from store.sessions import SESSIONS
from store.tables import metadata

CHUNK = 2000
# A restored database stays itself, and nobody is signed in by a copy of what was ended since.
LEFT_OUT = {table.name for table in (DatabaseIdentity.__table__, SESSIONS, ATTEMPTS)}  # type: ignore[attr-defined]


def names() -> list[str]:
    """Tables to be carried, each after those it points to."""
    return [table.name for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def dump(connection: Connection, name: str) -> Iterator[bytes]:
    """A table's rows, one JSON object a line, by primary key."""
    table = metadata.tables[name]
    columns = [column.name for column in table.columns]
    statement = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(statement, execution_options={"yield_per": CHUNK}):
        yield _encode(dict(zip(columns, row, strict=True))).encode() + b"\n"


def load(connection: Connection, name: str, lines: Iterable[bytes]) -> int:
    """Insert the rows of `dump`; how many. ValueError for a line that is none of ours."""
    table = metadata.tables[name]
    read = {column.name: _reader(column.type) for column in table.columns}
    rows = iter(lines)
    count = 0
    while chunk := [_row(line, read) for line in islice(rows, CHUNK)]:
        connection.execute(insert(table), chunk)
        count += len(chunk)
    return count


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been recorded yet."""
    return all(
        connection.execute(select(1).select_from(metadata.tables[name]).limit(1)).first() is None for name in names()
    )


def go_on_counting(connection: Connection) -> None:
    """PostgreSQL hands out ids from sequences of its own: put them behind what was loaded."""
    if connection.dialect.name != "postgresql":
        return
    for name in names():
        column = metadata.tables[name].autoincrement_column
        if column is None:
            continue
        last = connection.execute(select(func.max(column))).scalar()
        sequence = connection.execute(select(func.pg_get_serial_sequence(name, column.name))).scalar()
        if last is not None and sequence is not None:
            connection.execute(select(func.setval(sequence, last)))


def _row(line: bytes, read: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    values = json.loads(line)
    if not isinstance(values, dict) or values.keys() != read.keys():
        raise ValueError("other columns")
    return {name: None if value is None else read[name](value) for name, value in values.items()}


def _reader(kind: Any) -> Callable[[Any], Any]:
    """How a value of this column's type comes back from JSON."""
    if isinstance(kind, Instant):
        return datetime.fromisoformat
    kind = getattr(kind, "impl_instance", kind)  # our own kinds of number
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, Numeric):
        return Decimal
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return instant_form(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} is in no table")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_spelled).encode
