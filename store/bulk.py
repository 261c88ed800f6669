"""Many rows at once, as plain tuples: SQLAlchemy's own dictionaries and rows would take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Date, Dialect, Table

from store.base import loads

CHUNK = 5_000
ASKED = 500  # values of one IN (…): both databases prepare such a statement quickly and take as many places
T = TypeVar("T")


def parts(values: Sequence[T], size: int = ASKED) -> Iterator[list[T]]:
    """The values in their order, so many at a time: for statements that name each of them."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])


def places(connection: Connection, number: int) -> str:
    """`number` places of a statement as this connection's driver marks them."""
    return ", ".join([_mark(connection.dialect)] * number)


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


def put_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first."""
    if rows:
        names = tuple(rows[0])
        put_values(connection, table, names, list(map(itemgetter(*names), rows)))


def put_values(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Sequence[Any]], also: str = ""
) -> None:
    """Insert rows given as values in the order of `names`; `also` ends the statement."""
    if rows:
        _run(connection, _insertion(connection.dialect, table, names, also), _bound(connection, table, names, rows))


def set_rows(
    connection: Connection, table: Table, rows: Sequence[Sequence[Any]], names: tuple[str, ...], where: tuple[str, ...],
    also: str = "",
) -> int:  # fmt: skip
    """Update columns `names` where the columns `where` have these values (a row gives both, in this order); how many met."""
    statement = _change(connection.dialect, table, names, where, also)
    return _run(connection, statement, _bound(connection, table, names + where, rows)) if rows else 0


@lru_cache(maxsize=64)
def _insertion(dialect: Dialect, table: Table, names: tuple[str, ...], also: str) -> str:
    marks = ", ".join([_mark(dialect)] * len(names))
    return f"INSERT INTO {table.name} ({', '.join(quoted(dialect, names))}) VALUES ({marks}) {also}"


@lru_cache(maxsize=64)
def _change(dialect: Dialect, table: Table, names: tuple[str, ...], where: tuple[str, ...], also: str) -> str:
    mark = _mark(dialect)
    sets = ", ".join(f"{name} = {mark}" for name in quoted(dialect, names))
    meets = " AND ".join(f"{name} = {mark}" for name in quoted(dialect, where))
    return f"UPDATE {table.name} SET {sets}{also} WHERE {meets}"


@lru_cache(maxsize=64)
def _binders(dialect: Dialect, table: Table, names: tuple[str, ...]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Where in a row values change on their way to the driver, and how."""
    found = [(at, find_binder(dialect, table, name)) for at, name in enumerate(names)]
    return [(at, bind) for at, bind in found if bind is not None]


def _bound(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Rows as the driver takes them, column by column: only some columns have values that change on the way."""
    changing = _binders(connection.dialect, table, names)
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for at, bind in changing:
        columns[at] = _bound_column(columns[at], bind)
    return list(zip(*columns, strict=True))


def _bound_column(given: Sequence[Any], bind: Callable[[Any], Any]) -> list[Any]:
    """One meeting has the same instant, the same day in every row: bound once."""
    before, kept = None, bind(None)
    bound = []
    for value in given:
        if value is not before:
            before, kept = value, bind(value)
        bound.append(kept)
    return bound


def plain_rows(result: CursorResult[Any]) -> list[Any]:
    """All rows as the driver gives them, when there are tens of thousands; days and JSON of them: `day_of`, `json_of`."""
    assert result.cursor is not None
    return list(result.cursor.fetchall())


def day_of(value: Any) -> date:
    """A day of a plain row: SQLite's driver gives text, and the same few come again and again."""
    return _read_day(value) if isinstance(value, str) else value


@lru_cache(maxsize=65_536)
def _read_day(written: str) -> date:
    return date.fromisoformat(written)


def json_of(value: Any) -> Any:
    """A JSON value of a plain row: SQLite's driver gives text."""
    return loads(value) if isinstance(value, str) else value


def quoted(dialect: Dialect, names: Sequence[str]) -> list[str]:
    """Names as SQL: some columns are called like words of the language (trigger)."""
    quote = dialect.identifier_preparer.quote
    return [quote(name) for name in names]


def find_binder(dialect: Dialect, table: Table, name: str) -> Callable[[Any], Any] | None:
    """What SQLAlchemy does to a value of this column on its way to the driver; None where it goes as it is."""
    if dialect.name == "sqlite" and isinstance(table.c[name].type, Date):
        return _day  # the same text, a few times quicker than by way of a format
    bind: Callable[[Any], Any] | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return bind


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _run(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    met = 0
    for some in parts(rows, CHUNK):
        met += connection.exec_driver_sql(statement, some).rowcount
    return met
