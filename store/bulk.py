"""Many rows at once, as plain tuples: SQLAlchemy's own dictionaries and rows would take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
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
    binders = [binder(connection, table, name) for name in names]
    put = f"INSERT INTO {table.name} ({', '.join(quoted(connection, names))}) VALUES ({places(connection, len(names))}) {also}"
    _run(connection, put, [tuple([bind(row[name]) for name, bind in zip(names, binders, strict=True)]) for row in rows])


def set_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], names: Sequence[str], where: Mapping[str, str],
    also: str = "",
) -> int:  # fmt: skip
    """Update `names` where every column of `where` has the row's value under its key; gives how many rows were met."""
    binders = [(name, binder(connection, table, name)) for name in names]
    binders += [(key, binder(connection, table, column)) for column, key in where.items()]
    mark = places(connection, 1)
    sets = ", ".join(f"{name} = {mark}" for name in quoted(connection, names))
    meets = " AND ".join(f"{column} = {mark}" for column in quoted(connection, list(where)))
    values = [tuple([bind(row[name]) for name, bind in binders]) for row in rows]
    return _run(connection, f"UPDATE {table.name} SET {sets}{also} WHERE {meets}", values)


def plain_rows(result: CursorResult[Any]) -> list[Any]:
    """All rows as the driver gives them, when there are tens of thousands and their values need no conversion."""
    assert result.cursor is not None
    return list(result.cursor.fetchall())


def quoted(connection: Connection, names: Sequence[str]) -> list[str]:
    """Names as SQL: some columns are called like words of the language (trigger)."""
    quote = connection.dialect.identifier_preparer.quote
    return [quote(name) for name in names]


def binder(connection: Connection, table: Table, name: str) -> Callable[[Any], Any]:
    """What SQLAlchemy does to a value of this column on its way to the driver."""
    dialect = connection.dialect
    if dialect.name == "sqlite" and isinstance(table.c[name].type, Date):
        return _day  # the same text, a few times quicker than by way of a format
    bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return bind or (lambda value: value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _run(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    met = 0
    for start in range(0, len(rows), CHUNK):
        met += connection.exec_driver_sql(statement, list(rows[start : start + CHUNK])).rowcount
    return met
