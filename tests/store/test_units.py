"""The tree of units with all its days."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

from store.units import (
    NewVersion,
    Version,
    insert_successions,
    insert_units,
    insert_versions,
    load_successions,
    load_units,
)

EVER = date(1, 1, 1)
NOW = datetime(2025, 12, 1, tzinfo=UTC)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with engine.begin() as held:
        yield held


def version(
    name: str, parent: int | None = None, on: date = EVER, chain: str | None = None, ended: bool = False, **more
):
    return Version(on, name, "chi_bo", parent, chain, more, ended)


def plant(connection: Connection) -> dict[str, int]:
    ids = insert_units(connection, ["00", "01", "02"])
    insert_versions(
        connection,
        [
            NewVersion(ids["00"], version("Quận", chain="uy_quyen")),
            NewVersion(ids["01"], version("Cơ sở", ids["00"], co_doan="1")),
            NewVersion(ids["02"], version("Chi bộ", ids["01"])),
            NewVersion(ids["02"], version("Chi bộ mới", ids["00"], on=date(2025, 7, 1), chain="truc_tiep")),
            NewVersion(ids["01"], version("Cơ sở", ids["00"], on=date(2025, 9, 1), ended=True)),
        ],
        NOW,
        "ai",
    )
    return ids


def test_a_unit_is_what_its_version_of_that_day_says(connection):
    ids = plant(connection)
    units = load_units(connection)
    low = ids["02"]
    assert units.by_code == ids
    assert [units.name(low, day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == ["Chi bộ", "Chi bộ mới"]
    assert [units.chain(low, day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == ["uy_quyen", "truc_tiep"]
    assert units.attribute(ids["01"], "co_doan", date(2020, 1, 1)) == "1"
    assert units.exists(ids["01"], date(2025, 8, 31))
    assert not units.exists(ids["01"], date(2025, 9, 1))


def test_the_tree_is_the_tree_of_that_day(connection):
    ids = plant(connection)
    units = load_units(connection)
    before, after = date(2025, 6, 30), date(2025, 9, 1)
    assert units.subtree(ids["00"], before) == [ids["00"], ids["01"], ids["02"]]
    assert units.subtree(ids["00"], after) == [ids["00"], ids["02"]]
    assert units.subtree(ids["00"], after, with_ended=True) == [ids["00"], ids["01"], ids["02"]]
    assert units.path(ids["02"], before) == [ids["02"], ids["01"], ids["00"]]
    assert units.roots(before) == [ids["00"]]


def test_a_later_recording_of_the_same_day_replaces_the_earlier(connection):
    ids = plant(connection)
    insert_versions(connection, [NewVersion(ids["00"], version("Phường"))], NOW.replace(hour=1), "ai")
    units = load_units(connection)
    assert [v.name for v in units.versions(ids["00"])] == ["Phường"]


def test_successions_are_kept(connection):
    ids = plant(connection)
    insert_successions(connection, [(ids["01"], ids["02"], date(2025, 9, 1))])
    assert load_successions(connection) == [(ids["01"], ids["02"], date(2025, 9, 1))]
