"""Offices that tests share, each imported once a session: the six people of examples/chi_bo_2025, and the district of
examples/long_bien_2020 with its cases opened; a test works on a copy of its own, on each kind of database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from procedures.escalate import escalate
from procedures.import_workbook import import_workbook
from procedures.office import Office


@dataclass(frozen=True)
class Example:
    """A folder of examples/ as an office of tests, called `name` there."""

    name: str
    example: str
    lang: str
    cases: bool = False  # whether those behind have their cases

    @property
    def folder(self) -> Path:
        return Path(__file__).parents[1] / "examples" / self.example

    @property
    def workbook(self) -> Path:
        return self.folder / f"{self.example}.xlsx"

    def open(self, url: str) -> Office:
        return Office.open(self.folder / "config.yaml", database_url=url, user="lan", lang=self.lang)

    def make(self, url: str) -> None:
        """Its workbook imported into an empty database."""
        office = self.open(url)
        office.database.init()
        import_workbook(office, self.workbook)
        if self.cases:
            escalate(office)
        if office.database.path is not None:
            with office.database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        office.database.close()

    @contextmanager
    def copied(self, model: Path, folder: Path) -> Iterator[Office]:
        """A copy of its SQLite file, open."""
        shutil.copyfile(model, folder / model.name)
        office = self.open(f"sqlite:///{folder / model.name}")
        yield office
        office.database.close()

    @contextmanager
    def cloned(self, postgresql) -> Iterator[Office]:
        """A copy of its PostgreSQL database, open."""
        with postgresql.copy(self.name) as url:
            office = self.open(url)
            yield office
            office.database.close()


SIX = Example("six", "chi_bo_2025", "en")
LONG_BIEN = Example("long_bien", "long_bien_2020", "vi", cases=True)
TOP, BRANCH, OTHER = "LDLD-LB", "LB-D1", "LB-D2"  # the whole district, a part of it, the part beside


def _file(example: Example, folders: pytest.TempPathFactory) -> Path:
    file = folders.mktemp(example.name) / f"{example.name}.db"
    example.make(f"sqlite:///{file}")
    return file


def _template(example: Example, postgresql) -> None:
    postgresql.sql(f"CREATE DATABASE {example.name}")
    example.make(postgresql.url(example.name))


@pytest.fixture(scope="session")
def _six_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _file(SIX, tmp_path_factory)


@pytest.fixture(scope="session")
def _six_template(postgresql) -> None:
    _template(SIX, postgresql)


@pytest.fixture(scope="session")
def _long_bien_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _file(LONG_BIEN, tmp_path_factory)


@pytest.fixture(scope="session")
def _long_bien_template(postgresql) -> None:
    _template(LONG_BIEN, postgresql)


@pytest.fixture
def six_on_sqlite(_six_file: Path, tmp_path: Path) -> Iterator[Office]:
    """The six people on SQLite."""
    with SIX.copied(_six_file, tmp_path) as office:
        yield office


@pytest.fixture
def six_on_postgresql(_six_template: None, postgresql, tmp_path: Path, monkeypatch) -> Iterator[Office]:
    """The six people on PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    with SIX.cloned(postgresql) as office:
        yield office


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def six(request: pytest.FixtureRequest) -> Office:
    """The six people (PL-01 … PL-06); the test runs once on each kind of database."""
    office: Office = request.getfixturevalue(f"six_on_{request.param}")
    return office


@pytest.fixture
def long_bien_on_sqlite(_long_bien_file: Path, tmp_path: Path) -> Iterator[Office]:
    """The trade union of a district, 82 units and 272 people, on 30/06/2020, on SQLite."""
    with LONG_BIEN.copied(_long_bien_file, tmp_path) as office:
        yield office


@pytest.fixture
def long_bien_on_postgresql(_long_bien_template: None, postgresql, tmp_path: Path, monkeypatch) -> Iterator[Office]:
    """The same district on PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    with LONG_BIEN.cloned(postgresql) as office:
        yield office
