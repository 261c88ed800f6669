"""The database: snapshots, the one commit, what people are told when something is wrong, and creation by migration."""

import multiprocessing
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from states.errors import BadInput, Conflict, Installation
from store import migrations
from store.database import Database
from store.imports import find_import
from store.tables import metadata
from store.units import Unit
from tests.full_disk import full

UNITS = Unit.__table__


def codes(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(UNITS.c.code).order_by(UNITS.c.code)).scalars())


def test_what_a_block_writes_stays_when_it_ends_and_goes_when_it_raises(database):
    with database.writing() as connection:
        connection.execute(insert(UNITS).values(code="01"))
    with pytest.raises(RuntimeError), database.writing() as connection:  # noqa: PT012
        connection.execute(insert(UNITS).values(code="02"))
        raise RuntimeError
    assert codes(database) == ["01"]


def test_reading_sees_one_snapshot_and_keeps_nothing(database):
    with database.reading() as reader:
        assert reader.execute(select(UNITS)).all() == []
        with database.writing() as writer:
            writer.execute(insert(UNITS).values(code="01"))
        assert reader.execute(select(UNITS)).all() == []
    assert codes(database) == ["01"]


def test_a_key_written_twice_is_a_conflict_that_names_it(database):
    with database.writing() as connection:
        connection.execute(insert(UNITS).values(code="01"))
    with pytest.raises(Conflict, match="code"), database.writing() as connection:
        connection.execute(insert(UNITS).values(code="01"))
    assert codes(database) == ["01"]


def test_a_second_writer_on_sqlite_is_told_to_try_again(sqlite_database, monkeypatch):
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.05)
    other = Database(f"sqlite:///{sqlite_database.path}")
    with sqlite_database.writing() as connection:
        connection.execute(insert(UNITS).values(code="01"))
        with pytest.raises(Conflict) as caught, other.writing():
            pass
        assert codes(other) == []  # readers are not held up
    assert "Xin thử lại" in caught.value.say("vi")
    with other.writing() as connection:
        connection.execute(insert(UNITS).values(code="02"))
    assert codes(sqlite_database) == ["01", "02"]
    other.close()


def test_two_writers_of_one_row_on_postgresql_do_not_wait_for_ever(postgresql_database):
    with postgresql_database.writing() as connection:
        connection.execute(insert(UNITS).values(code="01"))
    with postgresql_database.writing() as first:
        first.execute(UNITS.update().values(code="02"))
        with pytest.raises(Conflict), postgresql_database.writing() as second:  # noqa: PT012
            second.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            second.execute(UNITS.update().values(code="03"))
    assert codes(postgresql_database) == ["02"]


def test_many_threads_share_one_database(database):
    from concurrent.futures import ThreadPoolExecutor

    def add(number: int) -> None:
        with database.writing() as connection:
            connection.execute(insert(UNITS).values(code=f"{number:03d}"))
        codes(database)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(60)))
    assert len(codes(database)) == 60


def test_a_disk_without_room_is_named_and_half_of_nothing_is_kept(sqlite_database):
    with sqlite_database.writing() as connection:
        connection.execute(insert(UNITS).values(code="01"))
    with full(sqlite_database):
        with pytest.raises(Installation) as told, sqlite_database.writing() as connection:  # noqa: PT012
            for number in range(2, 2_000):
                connection.execute(insert(UNITS).values(code=f"{number:02d}" * 10))
        assert "Hết chỗ trên đĩa" in told.value.say("vi")
        assert "Nothing of this was written" in told.value.say("en")
        assert codes(sqlite_database) == ["01"]
    with sqlite_database.writing() as connection:
        connection.execute(insert(UNITS).values(code="02"))
    assert codes(sqlite_database) == ["01", "02"]


@pytest.mark.postgres
def test_a_server_without_room_is_named(postgresql_database):
    with pytest.raises(Installation, match="no room left"), postgresql_database.writing() as connection:
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$")


def test_sqlite_settings(sqlite_database):
    with sqlite_database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_sqlite_files_are_readable_by_their_owner_alone(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/new/x.db")
    assert database.init() == {"created": True, "revision": migrations.HEAD}
    files = sorted(file.name for file in (tmp_path / "new").iterdir())
    assert files == ["x.db", "x.db-shm", "x.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()} == {0o600}
    database.close()


def test_init_is_quick_and_a_second_time_changes_nothing(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/x.db")
    database.init()  # imports Alembic
    start = time.perf_counter()
    fresh = Database(f"sqlite:///{tmp_path}/y.db")
    assert fresh.init()["created"]
    assert time.perf_counter() - start < 1
    before = fresh.database_id
    assert fresh.init() == {"created": False, "revision": migrations.HEAD}
    fresh.check()
    assert Database(f"sqlite:///{tmp_path}/y.db").database_id == before != database.database_id


def _init(url: str) -> bool:
    return bool(Database(url).init()["created"])


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_of_two_that_init_at_once_one_creates(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("empty_postgresql")
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        created = pool.map(_init, [url] * 3)
    assert sorted(created) == [False, False, True]
    Database(url).check()


def test_migrated_tables_are_the_models_tables(database):
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_columns_carry_comments(postgresql_database):
    with postgresql_database.reading() as connection:
        comment = connection.exec_driver_sql(
            "SELECT col_description('journal'::regclass, attnum) FROM pg_attribute"
            " WHERE attrelid = 'journal'::regclass AND attname = 'unit_id'"
        ).scalar()
    assert comment == "the person's unit on that day"


def test_the_journal_is_an_ordinary_rowid_table(sqlite_database):
    with sqlite_database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(rowid) FROM journal").scalar() == 0


def test_revisions_by_file_name_are_alembics():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [migrations.HEAD]
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(migrations.REVISIONS)


def test_there_is_no_way_back(sqlite_database):
    from alembic import command

    with pytest.raises(NotImplementedError), sqlite_database.writing() as connection:
        command.downgrade(migrations.config(connection), "base")
    sqlite_database.check()


def test_a_newer_schema_is_refused(database):
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (database.check, database.init):
        with pytest.raises(Installation, match="newer schema") as caught:
            attempt()
        assert "9999" in caught.value.say("vi")


def test_an_older_schema_asks_for_init(sqlite_database, monkeypatch):
    monkeypatch.setattr(migrations, "HEAD", "9999")
    with pytest.raises(Installation, match="ketnap init"):
        sqlite_database.check()


def test_no_database_yet_asks_for_init(tmp_path, request):
    missing = Database(f"sqlite:///{tmp_path}/x.db")
    for attempt in (missing.check, lambda: codes(missing)):
        with pytest.raises(Installation, match="ketnap init"):
            attempt()
    assert list(tmp_path.iterdir()) == []
    sqlite3.connect(tmp_path / "y.db").executescript("CREATE TABLE a(b)")
    for attempt in (
        Database(f"sqlite:///{tmp_path}/y.db").check,
        lambda: codes(Database(f"sqlite:///{tmp_path}/y.db")),
    ):
        with pytest.raises(Installation, match="ketnap init"):
            attempt()


@pytest.mark.postgres
def test_no_tables_on_postgresql_asks_for_init(empty_postgresql):
    database = Database(empty_postgresql)
    for attempt in (database.check, lambda: codes(database)):
        with pytest.raises(Installation, match="ketnap init"):
            attempt()
    database.close()


def test_another_file_is_no_database(tmp_path):
    (tmp_path / "x.db").write_text("Kính gửi các đồng chí" * 100)
    for attempt in (Database(f"sqlite:///{tmp_path}/x.db").check, Database(f"sqlite:///{tmp_path}/x.db").init):
        with pytest.raises(Installation, match="no SQLite database"):
            attempt()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:geheim@127.0.0.1:1/x",
        "postgresql://u:geheim@/x?host=/nowhere",
        "postgres://a:geheim@127.0.0.1:1/x",
    ],
)
def test_a_server_that_does_not_answer(url):
    database = Database(url)
    for attempt in (database.check, database.init, lambda: codes(database)):
        with pytest.raises(Installation, match="cannot be reached") as caught:
            attempt()
        assert "geheim" not in caught.value.say("vi")


@pytest.mark.postgres
def test_a_database_the_server_does_not_have(postgresql):
    with pytest.raises(Installation, match="cannot be reached"):
        Database(postgresql.url("nowhere")).check()


@pytest.mark.parametrize("url", ["", "x.db", "sqlite://", "sqlite:///:memory:", "mysql://a/b", "http://x"])
def test_an_address_that_is_none(url):
    with pytest.raises(Installation, match="address"):
        Database(url)


def test_what_lies_beside(tmp_path, postgresql_database):
    def beside(name: str) -> str:
        return Database(f"sqlite:///{tmp_path}/{name}").beside("outbox").name

    assert beside("x.db") == "x.outbox"
    assert beside("x.sqlite") == "x.sqlite.outbox"
    assert beside("năm 2020.db") == "năm 2020.outbox"
    assert (
        postgresql_database.beside("seals.jsonl") == tmp_path / "var" / f"{postgresql_database.database_id}.seals.jsonl"
    )


def test_a_new_database_is_not_measured_by_the_seals_of_the_one_before(tmp_path):
    (tmp_path / "x.seals.jsonl").write_text("old\n")
    Database(f"sqlite:///{tmp_path}/x.db").init()
    (kept,) = tmp_path.glob("x.seals.jsonl*")
    assert kept.name.endswith(".old")
    assert kept.read_text() == "old\n"


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(Installation, match="no folder"):
        Database(f"sqlite:///{tmp_path}/var/x.db").init()


@pytest.mark.parametrize("number", [2**31, 10**17, 10**30])
def test_a_number_no_column_holds_is_not_there_or_told_as_too_large(database: Database, number: int) -> None:
    with suppress(BadInput), database.reading() as connection:
        assert find_import(connection, number) is None
