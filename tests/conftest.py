"""What all tests share: an initialised database on SQLite and on a real PostgreSQL server of the machine's own."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import create_engine

from procedures import passwords
from store.database import Database
from tests.example_offices import (  # noqa: F401
    _long_bien_file,
    _long_bien_template,
    _six_file,
    _six_template,
    long_bien_on_postgresql,
    long_bien_on_sqlite,
    six,
    six_on_postgresql,
    six_on_sqlite,
)

CHROMIUM = Path("/usr/bin/chromium")
# Files that wait for real servers and browsers, by far the longest; the two with a Prefect server not side by side.
LONGEST = ("flows/test_up.py", "desk/test_jobs.py", "desk/test_looks.py", "flows/test_example_up.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files are begun first, so that no core is left alone with one of them at the end."""
    place = {Path(__file__).parent / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))


class Server(NamedTuple):
    """A PostgreSQL server that lives as long as the test session, reached through a socket in its own folder."""

    folder: Path
    strategy: str = ""  # how a database is copied

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def sql(self, statement: str) -> None:
        engine = create_engine(self.url("postgres").replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    @contextmanager
    def copy(self, model: str) -> Iterator[str]:
        """The address of a database of its own, made like `model`; gone afterwards."""
        name = f"t{secrets.token_hex(6)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {model} {self.strategy}")
        yield self.url(name)
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")


def _programs() -> Path | None:
    """The newest PostgreSQL on this machine; Debian keeps its programs off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def _missing(part: str) -> NoReturn:
    """Skip what needs a part of the machine; under CI, where every part must be, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(part)
    pytest.skip(part)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of our own (socket only, nothing kept); skipped where PostgreSQL is missing, a failure under CI."""
    programs = _programs()
    if programs is None:
        _missing("no PostgreSQL programs on this machine (Debian: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="ketnap-pg-"))  # a short path: a socket's may have 107 characters
    as_postgres: list[str] = []
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]

    def run(*command: object) -> str:
        done = subprocess.run([*as_postgres, *map(str, command)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"{command[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    data = folder / "data"
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    settings += " -c fsync=off -c full_page_writes=off -c autovacuum=off"  # nothing here outlives the session
    run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", settings, "-w", "start")
    try:
        version = int(run(programs / "postgres", "--version").split()[2].partition(".")[0])
        # Without a journal of what is copied: a third of the time.
        yield Server(folder, "STRATEGY FILE_COPY" if version >= 15 else "")
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = Database(f"sqlite:///{tmp_path_factory.mktemp('model')}/model.db")
    model.init()
    with model.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    model.close()
    assert model.path is not None
    return model.path


@pytest.fixture(scope="session")
def _postgresql_model(postgresql: Server) -> str:
    postgresql.sql("CREATE DATABASE model")
    model = Database(postgresql.url("model"))
    model.init()
    model.close()
    return "model"


@pytest.fixture
def sqlite_database(_sqlite_model: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh, initialised SQLite database in the test's own folder."""
    shutil.copyfile(_sqlite_model, tmp_path / "ketnap.db")
    database = Database(f"sqlite:///{tmp_path}/ketnap.db")
    yield database
    database.close()


@pytest.fixture
def empty_postgresql(postgresql: Server) -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it."""
    with postgresql.copy("template1") as url:
        yield url


@pytest.fixture
def postgresql_database(
    postgresql: Server, _postgresql_model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A fresh, initialised PostgreSQL database; what it keeps in ./var goes to the test's own folder."""
    monkeypatch.chdir(tmp_path)
    with postgresql.copy(_postgresql_model) as url:
        database = Database(url)
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE database_identity SET database_id = %s", (secrets.token_hex(8),))
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh, initialised database; the test runs once on each kind."""
    fixture: Database = request.getfixturevalue(f"{request.param}_database")
    return fixture


def cheap_hasher() -> PasswordHash:
    """Hashes passwords at the least cost there is; test_passwords.py holds what is shipped."""
    return PasswordHash((Argon2Hasher(1, 8, 1),))


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed at the least cost there is."""
    monkeypatch.setattr(passwords, "HASHER", cheap_hasher())
    passwords.decoy.cache_clear()
    yield
    passwords.decoy.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, one for the whole session (playwright takes no second driver in a process)."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        _missing("no Chromium on this machine (Debian: apt install chromium)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()
