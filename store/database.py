"""The database: one address, two ways in (reading, writing), and the only commit of the project."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from states.errors import Installation
from states.wording import Text
from store import failures, migrations
from store.base import loads, write_json
from store.seals import DatabaseIdentity

JSON: dict[str, Any] = {"json_serializer": write_json, "json_deserializer": loads}
CACHE_KIB = 65_536  # pages a connection may hold: a meeting of thousands is written without spilling half-way
READ_ANEW = "read_anew"  # in a connection's info: what was kept of it may come again under its number
HELD = 12  # SQLite connections kept open between two uses
POOL, OVERFLOW = 12, 36  # PostgreSQL: a request may read within a reading; none waits for another's connection
BUSY_SECONDS = 5  # how long a command waits for another writer before it says so
OLDER = Text(
    "Cơ sở dữ liệu {database} ở phiên bản {found}, chương trình cần {needed}. Xin chạy: ketnap init",
    "The database {database} stands at revision {found}, this program needs {needed}. Please run: ketnap init",
)
NEWER = Text(
    "Cơ sở dữ liệu {database} ở phiên bản mới hơn ({found}) chương trình này ({needed}) (newer schema). "
    "Xin cập nhật chương trình.",
    "The database {database} has a newer schema ({found}) than this program ({needed}). Please update the program.",
)
BAD_URL = Text(
    "Địa chỉ cơ sở dữ liệu không đúng. Mẫu: sqlite:///var/ketnap.db hoặc postgresql://nguoi_dung@may_chu/ten",
    "The database address is not right. Like: sqlite:///var/ketnap.db or postgresql://user@host/name",
)


class Database:
    """One database by its URL: `sqlite:///var/x.db` or `postgresql://user@host/name`. Connects when first used."""

    def __init__(self, url: str) -> None:
        address = _read(url)
        self.dialect = address.get_backend_name()
        self.path = Path(str(address.database)).absolute() if self.dialect == "sqlite" else None
        if self.path is not None:
            self.name = str(self.path)
            self.engine = _sqlite(self.path)
        else:
            self.name = f"{address.database or ''}@{address.host or address.query.get('host') or 'localhost'}"
            self.engine = _postgresql(address)
            self._snapshots = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._held: list[Connection] = []
        self.rollbacks = 0  # how often writing was taken back in which a tree or a law had been read anew (READ_ANEW)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent snapshot; what it writes is lost."""
        with failures.told(self), self._hold() if self.path else self._snapshots.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[Connection]:
        """A connection whose work is committed when the block ends and rolled back when it raises.

        SQLite lets one writer in at a time; on PostgreSQL writers meet at rows, so compare and set. Conflict when
        another holds the database (at once without `wait`) or has just written the same key. Not to be nested.
        """
        with failures.told(self), self._hold() if self.path else self.engine.connect() as connection:
            if self.path:
                _begin_writing(driver(connection), wait)
            connection.begin()
            connection.info.pop(READ_ANEW, None)
            try:
                yield connection
                connection.commit()
            except BaseException:
                self.rollbacks += bool(connection.info.get(READ_ANEW))
                raise

    @contextmanager
    def _hold(self) -> Iterator[Connection]:
        """A SQLite connection kept open between two uses: taking one from the pool costs a tenth of a durable step."""
        try:
            connection = self._held.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()  # rolls back
            raise
        connection.rollback()
        if len(self._held) < HELD:
            self._held.append(connection)
        else:
            connection.close()

    def init(self) -> dict[str, Any]:
        """Create the tables or bring them to this program's revision; safe when two do it at once."""
        if self.path is not None:
            _lay_out(self.path, self)
        with self.writing() as connection:
            if self.dialect == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (migrations.LOCK,))
            found = migrations.revision(connection)
            if found is not None and found not in migrations.REVISIONS:
                raise Installation(NEWER, database=self.name, found=found, needed=migrations.HEAD)
            if found != migrations.HEAD:
                migrations.upgrade(connection)
            if found is None:
                connection.execute(insert(DatabaseIdentity).values(id=1, database_id=secrets.token_hex(8)))
                self._set_aside_seals()
        return {"created": found is None, "revision": migrations.HEAD}

    def check(self) -> None:
        """Installation unless the tables stand at this program's revision."""
        with self.reading() as connection:
            found = migrations.revision(connection)
        if found is None:
            raise Installation(failures.NOT_INITIALISED, database=self.name)
        if found != migrations.HEAD:
            known = found in migrations.REVISIONS
            raise Installation(OLDER if known else NEWER, database=self.name, found=found, needed=migrations.HEAD)

    @cached_property
    def database_id(self) -> str:
        """The random id this database was given when it was created."""
        with self.reading() as connection:
            return str(connection.execute(select(DatabaseIdentity.database_id)).scalar_one())  # type: ignore[call-overload]

    def beside(self, name: str) -> Path:
        """Where this database keeps `name` ("outbox", "backups", "seals.jsonl"): x.db has x.outbox next to it."""
        if self.path is None:
            return Path("var", f"{self.database_id}.{name}").absolute()
        stem = self.path.stem if self.path.suffix == ".db" else self.path.name
        return self.path.with_name(f"{stem}.{name}")

    def close(self) -> None:
        """Let go of every held connection."""
        while self._held:
            self._held.pop().close()
        self.engine.dispose()

    def _set_aside_seals(self) -> None:
        """A new database under an old name must not be measured by the seals of the one that lay there before."""
        if self.path is not None and (seals := self.beside("seals.jsonl")).exists():
            seals.rename(seals.with_name(f"{seals.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%f}.old"))


def _read(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise Installation(BAD_URL) from None
    backend = address.get_backend_name()
    if backend == "postgres":  # how many hosts still write it
        backend = "postgresql"
    if backend == "sqlite" and address.database and address.database != ":memory:":
        return address
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    raise Installation(BAD_URL)


def _sqlite(path: Path) -> Engine:
    """An engine that begins its transactions itself: the driver's own handling takes no snapshot and no early lock."""
    address = f"file:{quote(str(path))}?mode=rw"

    def open_file() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return connection

    engine = create_engine(
        URL.create("sqlite", database=str(path)), creator=open_file, poolclass=NullPool, hide_parameters=True, **JSON
    )
    engine.dialect.do_begin = _begin  # type: ignore[method-assign, assignment]
    return engine


def _begin_writing(connection: sqlite3.Connection, wait: bool) -> None:
    if wait:
        connection.execute("BEGIN IMMEDIATE")
        return
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("BEGIN IMMEDIATE")
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def driver(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection underneath."""
    held: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return held


def _begin(connection: PoolProxiedConnection) -> None:
    """A snapshot from the first reading on, unless `writing` has begun already."""
    if not connection.in_transaction:
        connection.execute("BEGIN")


def _postgresql(address: URL) -> Engine:
    settings = f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC -c datestyle=ISO"
    return create_engine(
        address,
        hide_parameters=True,
        **JSON,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        connect_args={"options": settings, "connect_timeout": 10, "application_name": "ketnap"},
    )


def _lay_out(path: Path, database: Database) -> None:
    """An empty file only its owner can read, in WAL mode. Turning to WAL does not wait for others by itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        raise Installation(failures.NO_PLACE, database=path) from None
    with failures.told(database):
        patience = time.monotonic() + BUSY_SECONDS
        while True:
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as failure:
                if (failure.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
                time.sleep(0.02)
            finally:
                connection.close()
