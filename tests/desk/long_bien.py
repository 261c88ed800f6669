"""The desk over examples/long_bien_2020 with its cases opened, on each kind of database."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procedures.escalate import escalate
from procedures.import_workbook import import_workbook
from procedures.office import Office

EXAMPLE = Path(__file__).parents[2] / "examples" / "long_bien_2020"
TOP, BRANCH, OTHER = "LDLD-LB", "LB-D1", "LB-D2"  # the whole district, a part of it, the part beside


def _open(url: str) -> Office:
    return Office.open(EXAMPLE / "config.yaml", database_url=url, user="lan", lang="vi")


def _make(url: str) -> None:
    office = _open(url)
    office.database.init()
    import_workbook(office, EXAMPLE / "long_bien_2020.xlsx")
    escalate(office)
    if office.database.path is not None:
        with office.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.database.close()


def _desk(office: Office) -> Any:
    from tests.desk.conftest import desk_of  # it imports these fixtures

    return desk_of(office)


@pytest.fixture(scope="session")
def _long_bien_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("long_bien") / "long_bien.db"
    _make(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def _long_bien_template(postgresql) -> str:
    postgresql.sql("CREATE DATABASE long_bien_desk")
    _make(postgresql.url("long_bien_desk"))
    return "long_bien_desk"


@pytest.fixture
def district_on_sqlite(_long_bien_file: Path, tmp_path: Path) -> Iterator[Any]:
    """An administrator's desk over the district of Long Biên, on SQLite."""
    shutil.copyfile(_long_bien_file, tmp_path / "long_bien.db")
    office = _open(f"sqlite:///{tmp_path}/long_bien.db")
    yield _desk(office)
    office.database.close()


@pytest.fixture
def district_on_postgresql(_long_bien_template: str, postgresql, tmp_path: Path, monkeypatch) -> Iterator[Any]:
    """The same on PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    name = f"t{secrets.token_hex(6)}"
    postgresql.sql(f"CREATE DATABASE {name} TEMPLATE {_long_bien_template}")
    office = _open(postgresql.url(name))
    yield _desk(office)
    office.database.close()
    postgresql.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def district(request: pytest.FixtureRequest) -> Any:
    """The district's desk; the test runs once on each kind of database."""
    return request.getfixturevalue(f"district_on_{request.param}")
