"""What somebody with the database's password may do to closed periods, and how verify names it: unit, period:sequence."""

import sqlite3
from base64 import b64encode
from datetime import date

import pytest

from procedures.backup import backup
from procedures.close_period import close_period
from procedures.closings import issue
from procedures.report import report
from procedures.restore import restore
from procedures.seal import seal
from procedures.verify import verify
from states.errors import Installation
from store import protection
from store.database import Database
from tests.procedures.village import Village

D = date
TODAY = D(2025, 12, 31)
Q4 = "2025-Q4"


def twice_closed(database):
    """A quarter closed, reopened and closed again."""
    made = Village(database, TODAY)
    made.open("A1", unit="CB1", step="quan_chung", day=D(2024, 1, 1))
    made.step("A1", "nominate", D(2025, 11, 3), nominator="Chi đoàn")
    close_period(made.office(), "ĐU", Q4, signer="Bí thư")
    close_period(made.office(), "ĐU", Q4, reopen=True, reason="Sót")
    close_period(made.office(), "ĐU", Q4)
    return made


@pytest.fixture
def village(database):
    return twice_closed(database)


@pytest.fixture
def on_sqlite(sqlite_database):
    return twice_closed(sqlite_database)


def tamper(village, *statements):
    """Run statements with the protection off for the moment."""
    database, tables = village.database, ("closings", "closing_files")
    if database.dialect == "sqlite":
        file = sqlite3.connect(database.path, isolation_level=None)
        triggers = {name: sql for table in tables for name, sql in protection.sqlite_triggers(table).items()}
        for name in triggers:
            file.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *triggers.values()):
            file.execute(statement)
        file.close()
        return
    with database.writing() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            for name in protection.names(table, "postgresql"):
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def broken(village):
    found = verify(village.office())
    assert found["ok"] == (not found["broken"])
    return [(one["code"], one["entry"]) for one in found["broken"]]


def named(*sequences):
    return [("ĐU", f"{Q4}:{n}") for n in sequences]


@pytest.mark.parametrize(
    "change",
    [
        "signer = 'Người khác'", "version = 7", "event = 'reopened'", "happened_on = '2025-12-30'", "recorded_by = 'mai'",
        "recorded_at = '2025-01-01 00:00:00'", "reason = 'x'", "content = NULL", "content = '{\"txt\": {}}'", "hash = 'x'",
        "previous_hash = 'x'", "event = 'khac'",
    ],
)  # fmt: skip
def test_an_edited_act(on_sqlite, change):
    tamper(on_sqlite, f"UPDATE closings SET {change} WHERE sequence = 2")
    assert broken(on_sqlite) == named(2)


def test_an_act_edited_after_it_was_sealed(village):
    assert seal(village.office())["sealed"] == 6  # one person, five acts
    assert broken(village) == []
    tamper(village, "UPDATE closings SET signer = 'Người khác' WHERE sequence = 2")
    assert broken(village) == named(2)
    tamper(village, "UPDATE closings SET hash = 'x' WHERE sequence = 5")
    assert set(broken(village)) == {*named(2, 5), (None, None)}  # the table of seals covers the hash itself


def test_a_frozen_figure_edited(village):
    said = "replace(CAST(content AS TEXT), 'introduced', 'introdused')"
    tamper(
        village,
        f"UPDATE closings SET content = {said} WHERE sequence = 1"
        if village.database.dialect == "sqlite"
        else f"UPDATE closings SET content = ({said})::jsonb WHERE sequence = 1",
    )
    assert broken(village) == named(1)


@pytest.mark.parametrize("sealed", [False, True])
def test_a_missing_act(village, sealed):
    if sealed:
        seal(village.office())
    tamper(village, "DELETE FROM closing_files", "DELETE FROM closings WHERE sequence = 3")
    assert set(broken(village)) == set(named(1, 2, 3, 4, 5)) | ({(None, None)} if sealed else set())


def test_the_last_acts_cut_off_are_known_to_the_seal(village):
    seal(village.office())
    files = "DELETE FROM closing_files WHERE closing_id IN (SELECT id FROM closings WHERE sequence > 2)"
    tamper(village, files, "DELETE FROM closings WHERE sequence > 2")
    assert broken(village) == [(None, None), *named(3, 4, 5)]


def test_a_chain_written_anew_is_known_to_the_seal(village):
    seal(village.office())
    tamper(village, "DELETE FROM closing_files", "DELETE FROM closings")
    close_period(village.office(), "ĐU", Q4, signer="Người khác")
    assert set(named(1, 2)) <= set(broken(village))


@pytest.mark.parametrize(
    ("statement", "who"),
    [
        ("UPDATE closing_files SET content = 'eA==' WHERE kind = 'xlsx'", named(2, 5)),
        ("UPDATE closing_files SET content = '***' WHERE kind = 'behind'", named(1, 4)),
        ("UPDATE closing_files SET digest = 'x' WHERE kind = 'xlsx'", named(2, 5)),
        ("DELETE FROM closing_files WHERE kind = 'behind'", named(1, 4)),
        ("UPDATE closing_files SET kind = 'pdf' WHERE kind = 'xlsx'", named(2, 5)),
    ],
)
def test_an_edited_or_missing_file(on_sqlite, statement, who):
    tamper(on_sqlite, statement)
    assert broken(on_sqlite) == who


def test_files_of_an_act_that_is_gone(village):
    tamper(village, "DELETE FROM closings WHERE sequence > 2")
    assert (None, None) in broken(village)


def test_the_database_refuses_to_change_an_act(village):
    for statement in ("UPDATE closings SET signer = 'x'", "DELETE FROM closing_files"):
        with pytest.raises(Exception, match="append-only"), village.database.writing() as connection:
            connection.exec_driver_sql(statement)
    name = protection.names("closings", village.database.dialect)[0]
    with village.database.writing() as connection:
        connection.exec_driver_sql(
            f"DROP TRIGGER {name}" + ("" if village.database.dialect == "sqlite" else " ON closings")
        )
    assert broken(village) == [(None, None)]


def test_a_new_act_is_a_new_seal(village):
    assert seal(village.office()) == {"sealed": 6, "unchanged": 0}
    assert seal(village.office()) == {"sealed": 0, "unchanged": 6}
    close_period(village.office(), "CB1", Q4)
    assert seal(village.office()) == {"sealed": 2, "unchanged": 6}
    assert broken(village) == []


def test_a_closed_report_after_a_restore_elsewhere(village, tmp_path):
    """Another machine, another kind of database where there is one: the same words, the same bytes."""
    office = village.office()
    seal(office)

    def printed(office):
        later = [issue(office, "ĐU", Q4, kind, version) for kind in ("txt", "md", "xlsx", "docx") for version in (1, 2)]
        return [report(office, "ĐU", Q4), *later]

    before = printed(office)
    backup(office, tmp_path / "sao.zip")
    other = Village.__new__(Village)
    other.database, other.today, other.units = Database(f"sqlite:///{tmp_path}/other/moi.db"), D(2027, 3, 1), {}
    restore(other.office(), tmp_path / "sao.zip")
    assert printed(other.office()) == before
    assert broken(other) == []
    close_period(other.office(), "CB1", Q4)
    assert broken(other) == []
    other.database.close()
    assert b64encode(before[-1])


def test_altered_content_is_told_as_such_and_not_as_a_crash(village):
    tamper(village, "UPDATE closings SET content = '{\"report\": 5}' WHERE event = 'prepared'")
    with pytest.raises(Installation, match="ketnap verify"):
        report(village.office(), "ĐU", Q4)
