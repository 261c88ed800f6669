"""Many rows at once, as plain tuples: SQLAlchemy's own dictionaries and rows would take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, CursorResult, Date, Table

CHUNK = 5_000


def places(connection: Connection, number: int) -> str:
    """`number` places of a statement as this connection's driver marks them."""
    return ", ".join(["?" if connection.dialect.paramstyle == "qmark" else "%s"] * number)


def put_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    also: str = "",
    names: Sequence[str] = (),
) -> None:
    """Insert rows that all have the same columns (`names`, or those of the first row); `also` ends the statement."""
    if not rows:
        return
    names = names or list(rows[0])
    put = f"INSERT INTO {table.name} ({', '.join(quoted(connection, names))}) VALUES ({places(connection, len(names))}) {also}"
    _run(connection, put, _values(connection, table, rows, [(name, name) for name in names]))


def set_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], names: Sequence[str], where: Mapping[str, str],
    also: str = "",
) -> int:  # fmt: skip
    """Update `names` where every column of `where` has the row's value under its key; gives how many rows were met."""
    mark = places(connection, 1)
    sets = ", ".join(f"{name} = {mark}" for name in quoted(connection, names))
    meets = " AND ".join(f"{column} = {mark}" for column in quoted(connection, list(where)))
    columns = [(name, name) for name in names] + [(key, column) for column, key in where.items()]
    values = _values(connection, table, rows, columns)
    return _run(connection, f"UPDATE {table.name} SET {sets}{also} WHERE {meets}", values)


def _values(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]]
) -> list[Any]:
    """Rows as tuples; `columns` are (key in the row, column). Only columns whose values change on their way are touched."""
    pick = itemgetter(*(key for key, _ in columns))
    found = [(at, find_binder(connection, table, column)) for at, (_, column) in enumerate(columns)]
    changing = [(at, bind) for at, bind in found if bind is not None]
    before: list[tuple[Any, Any]] = [(None, bind(None)) for _, bind in changing]
    values: list[Any] = []
    for row in rows:
        value = list(pick(row))
        for place, (at, bind) in enumerate(changing):
            given = value[at]
            if given is not before[place][0]:  # one meeting: the same instant, the same day in every row
                before[place] = (given, bind(given))
            value[at] = before[place][1]
        values.append(tuple(value))
    return values


def plain_rows(result: CursorResult[Any]) -> list[Any]:
    """All rows as the driver gives them, when there are tens of thousands and their values need no conversion."""
    assert result.cursor is not None
    return list(result.cursor.fetchall())


def quoted(connection: Connection, names: Sequence[str]) -> list[str]:
    """Names as SQL: some columns are called like words of the language (trigger)."""
    quote = connection.dialect.identifier_preparer.quote
    return [quote(name) for name in names]


def find_binder(connection: Connection, table: Table, name: str) -> Callable[[Any], Any] | None:
    """What SQLAlchemy does to a value of this column on its way to the driver; None where it goes as it is."""
    dialect = connection.dialect
    if dialect.name == "sqlite" and isinstance(table.c[name].type, Date):
        return _day  # the same text, a few times quicker than by way of a format
    bind: Callable[[Any], Any] | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return bind


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _run(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    met = 0
    for start in range(0, len(rows), CHUNK):
        met += connection.exec_driver_sql(statement, list(rows[start : start + CHUNK])).rowcount
    return met
