"""Targets in the tables: one decided for a day, those by rule replaced by a later recording, rows kept by an upgrade."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from states.errors import Conflict
from states.targets import Target
from store import migrations
from store.database import Database
from store.targets import has_rule_targets, insert_targets, load_targets
from store.units import insert_units

NOW = datetime(2020, 4, 1, 9, tzinfo=UTC)
DAY = date(2020, 3, 25)


def decided(unit, floor=24, **more):
    return Target(unit, "admitted", "2020", Decimal(floor), decision_number="161/QĐ", decision_date=DAY, **more)


def by_rule(unit, floor, on=DAY):
    return Target(unit, "admitted", "2020", floor and Decimal(floor), rule="A", from_on=on)


@pytest.fixture
def unit(database):
    with database.writing() as connection:
        return insert_units(connection, ["A"])["A"]


def record(database, *targets, at=NOW):
    with database.writing() as connection:
        insert_targets(connection, targets, at, "test")


def load(database, **more):
    with database.reading() as connection:
        return load_targets(connection, **more)


def test_every_field_comes_back_as_it_was(database, unit):
    one = decided(unit, "7.5", ceiling=Decimal(10), credited_unit_id=unit, responsible="Ban Tổ chức")
    two = Target(unit, "class", "2020", ratio=Decimal("0.125"), base="introduced")
    record(database, one, two, by_rule(unit, 2))
    assert load(database) == [one, two, by_rule(unit, 2)]
    assert [type(target.floor) for target in load(database)] == [Decimal, type(None), Decimal]
    assert load(database, indicator="class", period="2020") == [two]
    assert load(database, period="2019") == load(database, unit_id=unit + 1) == []


def test_the_database_forbids_two_decided_for_one_day(database, unit):
    record(database, decided(unit))
    with pytest.raises((Conflict, IntegrityError)):
        record(database, decided(unit, 25), at=NOW + timedelta(days=1))
    record(database, decided(unit, 25)._replace(decision_date=DAY + timedelta(days=1)), by_rule(unit, 2))


def test_a_later_recording_by_rule_replaces_the_earlier_of_that_day(database, unit):
    later = NOW + timedelta(days=1)
    record(database, by_rule(unit, 2))
    record(database, by_rule(unit, 3), by_rule(unit, None, DAY + timedelta(days=9)), at=later)
    assert load(database) == [by_rule(unit, 3), by_rule(unit, None, DAY + timedelta(days=9))]
    assert load(database, known_at=later - timedelta(seconds=1)) == [by_rule(unit, 2)]
    assert load(database, known_at=later, by_rule_only=True) == load(database)
    with pytest.raises((Conflict, IntegrityError)):
        record(database, by_rule(unit, 4), at=later)


def test_rules_have_been_applied_once_there_is_a_target_by_rule(database, unit):
    for target, found in ((decided(unit), False), (by_rule(unit, 2), True)):
        record(database, target)
        with database.reading() as connection:
            assert has_rule_targets(connection) is found


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_an_upgrade_keeps_the_targets(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path}/old.db" if kind == "sqlite" else request.getfixturevalue("empty_postgresql")
    if kind == "sqlite":
        (tmp_path / "old.db").touch()
    old = Database(url)
    with old.writing() as connection:
        command.upgrade(migrations.config(connection), "0001")
        connection.exec_driver_sql("INSERT INTO database_identity (id, database_id) VALUES (1, 'ab')")
        connection.exec_driver_sql("INSERT INTO units (id, code) VALUES (1, 'A')")
        connection.exec_driver_sql(
            "INSERT INTO targets (unit_id, indicator, period, floor, decision_number, decision_date, recorded_at, "
            "recorded_by) VALUES (1, 'admitted', '2020', 24, '161/QĐ', '2020-03-25', '2020-04-01 09:00:00', 'lan')"
        )
    old.init()
    assert load(old) == [decided(1)]
    record(old, by_rule(1, 2), at=NOW)
    old.close()
