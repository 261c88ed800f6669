"""What the database itself refuses, whoever asks."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from states.errors import Conflict
from store import protection
from store.tables import metadata

NOW = datetime(2025, 12, 1, tzinfo=UTC)
TABLES = metadata.tables


def entry(sequence: int, **values: object) -> dict[str, object]:
    return {
        "candidate_id": 1, "sequence": sequence, "trigger": "list", "recorded_at": NOW, "recorded_by": "lan", "unit_id": 1,
        "data": {}, "text_applied": "qd294", "previous_hash": "p", "hash": "h", **values,
    }  # fmt: skip


def fill(database):
    """One candidate with one entry."""
    with database.writing() as connection:
        connection.execute(insert(TABLES["units"]).values(code="01"))
        connection.execute(insert(TABLES["people"]).values(id=1, name="A"))
        candidate = {
            "id": 1, "code": "A1", "person_id": 1, "unit_id": 1, "step": "cam_tinh", "facts": {}, "head_sequence": 1,
            "head_hash": "h", "version": 1,
        }  # fmt: skip
        connection.execute(insert(TABLES["candidates"]).values(**candidate))
        connection.execute(insert(TABLES["journal"]).values(**entry(1)))
    return database


@pytest.fixture
def filled(database):
    """One candidate with one entry, on each kind of database."""
    return fill(database)


def run(database, statement: str) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql(statement)


def put(database, table: str, **values: object) -> None:
    with database.writing() as connection:
        connection.execute(insert(TABLES[table]).values(**values))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET recorded_by = 'mai'",
        "UPDATE journal SET id = 7 WHERE sequence = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE sequence = 1",
    ],
)
def test_a_journal_entry_is_never_changed_or_dropped(filled, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        run(filled, statement)
    with filled.reading() as connection:
        assert connection.exec_driver_sql("SELECT recorded_by, id FROM journal").all() == [("lan", 1)]


@pytest.mark.parametrize("key", [{"id": 1, "sequence": 2}, {"id": 9, "sequence": 1}])
def test_nor_replaced_on_sqlite(sqlite_database, key):
    fill(sqlite_database)
    with pytest.raises(Conflict, match="journal"), sqlite_database.writing() as connection:
        connection.execute(insert(TABLES["journal"]).prefix_with("OR REPLACE").values(**entry(**key, hash="other")))


def test_nor_emptied_on_postgresql(postgresql_database):
    with pytest.raises(DBAPIError, match="append-only"):
        run(postgresql_database, "TRUNCATE journal")
    with pytest.raises(DBAPIError, match="append-only"):
        run(postgresql_database, "TRUNCATE candidates CASCADE")


def test_nor_changed_by_a_session_that_plays_replica(postgresql_database):
    put(postgresql_database, "units", code="01")
    with pytest.raises(DBAPIError, match="append-only"), postgresql_database.writing() as connection:  # noqa: PT012
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(insert(TABLES["journal"]).values(**entry(1)))
        connection.exec_driver_sql("UPDATE journal SET recorded_by = 'mai'")


def test_one_sequence_number_once(filled):
    with pytest.raises(Conflict, match="sequence"):
        put(filled, "journal", **entry(1, hash="other"))
    put(filled, "journal", **entry(2))


def test_one_open_case_of_a_unit_indicator_and_period(filled):
    case = {
        "unit_id": 1, "indicator": "admitted", "period": "2025", "step": "nhac", "since": date(2025, 12, 1),
        "opened_on": date(2025, 12, 1), "status": "cham", "actual": 1, "floor": 2, "ladder": {},
    }  # fmt: skip
    put(filled, "cases", **case)
    with pytest.raises(Conflict):
        put(filled, "cases", **case, silenced_until=None)
    put(filled, "cases", **(case | {"step": "da_dong"}))
    put(filled, "cases", **(case | {"step": "da_dong"}))
    put(filled, "cases", **(case | {"period": "2026"}))


def test_one_notice_of_a_key(filled):
    notice = {
        "subject": "clock:1", "due_on": date(2025, 12, 1), "threshold": 7, "recipient": "a@b", "unit_id": 1,
        "planned_for": date(2025, 11, 24), "state": "planned", "created_at": NOW,
    }  # fmt: skip
    put(filled, "notices", **notice)
    with pytest.raises(Conflict):
        put(filled, "notices", **(notice | {"state": "sent"}))
    put(filled, "notices", **(notice | {"threshold": 1}))


def test_rows_point_to_rows(filled):
    with pytest.raises(DBAPIError):
        put(filled, "journal", **entry(1, candidate_id=2))


def test_protection_stands_and_its_loss_is_seen(database):
    def missing() -> list[str]:
        with database.reading() as connection:
            return protection.missing(connection)

    assert missing() == []
    names = protection.names("journal", database.dialect)
    first, second, third = names
    on = "" if database.dialect == "sqlite" else " ON journal"
    run(database, f"DROP TRIGGER {first}{on}")
    assert missing() == [first]
    run(database, f"DROP TRIGGER {second}{on}")
    if database.dialect == "sqlite":  # the same name with nothing behind it
        run(database, f"CREATE TRIGGER {second} BEFORE DELETE ON journal BEGIN SELECT 1; END")
    else:
        run(database, f"ALTER TABLE journal DISABLE TRIGGER {third}")
    assert missing() == ([first, second] if database.dialect == "sqlite" else [first, second, third])


def test_a_hollowed_function_is_seen(postgresql_database):
    run(
        postgresql_database,
        "CREATE OR REPLACE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    )
    with postgresql_database.reading() as connection:
        assert len(protection.missing(connection)) == 3


@pytest.mark.parametrize("table", protection.CLOSINGS)
def test_closed_reports_are_protected_like_the_journal(filled, table):
    act = {
        "unit_id": 1, "period": "2020-Q1", "sequence": 1, "version": 1, "event": "prepared", "happened_on": date(2020, 4, 1),
        "recorded_at": NOW, "recorded_by": "lan", "content": {}, "previous_hash": "p", "hash": "h",
    }  # fmt: skip
    put(filled, "closings", id=1, **act)
    put(filled, "closing_files", id=1, closing_id=1, kind="xlsx", content="AA==", digest="d")
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = 7"):
        with pytest.raises((Conflict, DBAPIError)):
            run(filled, statement)
    with pytest.raises((Conflict, DBAPIError)):
        put(filled, "closings", **act)
