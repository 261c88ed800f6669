"""The six people of examples/chi_bo_2025 in an office of their own, on each kind of database."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from procedures.import_workbook import import_workbook
from procedures.office import Office

EXAMPLE = Path(__file__).parents[1] / "examples" / "chi_bo_2025"


def open_example(url: str) -> Office:
    return Office.open(EXAMPLE / "config.yaml", database_url=url, user="lan", lang="en")


def _import(url: str) -> None:
    office = open_example(url)
    office.database.init()
    import_workbook(office, EXAMPLE / "chi_bo_2025.xlsx")
    if office.database.path is not None:
        with office.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.database.close()


@pytest.fixture(scope="session")
def _six_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("six") / "six.db"
    _import(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def _six_on_postgresql(postgresql) -> str:
    postgresql.sql("CREATE DATABASE six")
    _import(postgresql.url("six"))
    return "six"


@pytest.fixture
def six_on_sqlite(_six_on_sqlite: Path, tmp_path: Path) -> Iterator[Office]:
    """The six people on SQLite."""
    shutil.copyfile(_six_on_sqlite, tmp_path / "six.db")
    office = open_example(f"sqlite:///{tmp_path}/six.db")
    yield office
    office.database.close()


@pytest.fixture
def six_on_postgresql(_six_on_postgresql: str, postgresql, tmp_path: Path, monkeypatch) -> Iterator[Office]:
    """The six people on PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    name = f"t{secrets.token_hex(6)}"
    postgresql.sql(f"CREATE DATABASE {name} TEMPLATE {_six_on_postgresql}")
    office = open_example(postgresql.url(name))
    yield office
    office.database.close()
    postgresql.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def six(request: pytest.FixtureRequest) -> Office:
    """The six people (PL-01 … PL-06); the test runs once on each kind of database."""
    office: Office = request.getfixturevalue(f"six_on_{request.param}")
    return office
