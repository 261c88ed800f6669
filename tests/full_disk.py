"""A SQLite database on a disk without room: what is there can be read and changed, nothing can be added."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from states.errors import Installation
from store.database import Database


@contextmanager
def full(database: Database) -> Iterator[None]:
    """Inside, no connection of this process gets another page, whoever opens it; free ones are used up first."""

    def cap(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the size there is

    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE ballast (lead TEXT)")
    database.close()
    event.listen(Pool, "connect", cap)
    try:
        for size in (3000, 300, 30):
            with_room = True
            while with_room:
                try:
                    with database.writing() as connection:
                        connection.exec_driver_sql("INSERT INTO ballast VALUES (?)", ("x" * size,))
                except Installation:
                    with_room = False
        yield
    finally:
        event.remove(Pool, "connect", cap)
        database.close()


def counts(database: Database) -> dict[str, int]:
    """How many rows every table has, by bare SQL."""
    with database.reading() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
            for name in tables
            if name != "ballast"
        }
