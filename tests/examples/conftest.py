"""The shipped examples, each imported once into a database of its own, through the command line as a user would."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import ketnap

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True)
class Installation:
    """One example with its config, its workbooks and a database in the test's folder."""

    name: str
    database: Path

    @property
    def workbook(self) -> Path:
        return EXAMPLES / self.name / f"{self.name}.xlsx"

    @property
    def workbooks(self) -> list[Path]:
        """In order of name."""
        return sorted((EXAMPLES / self.name).glob("*.xlsx"))

    def ketnap(self, *words: str, code: int = 0) -> Any:
        """What a command answers under --json; fails unless it exits with `code`."""
        ended = ketnap(*words, "--json", folder=EXAMPLES.parent, environment=self.environment)
        assert ended.code == code, f"{words}: {ended.code}\n{ended.out[:3000]}\n{ended.err[-3000:]}"
        return ended.document

    def start(self, *words: str) -> Any:
        """The same as a process of its own."""
        told = [sys.executable, "-m", "console.cli", *words, "--json"]
        environment = os.environ | self.environment
        done = subprocess.run(told, capture_output=True, text=True, env=environment, check=False, cwd=EXAMPLES.parent)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout[:3000]}\n{done.stderr[-3000:]}"
        return json.loads(done.stdout)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "KETNAP_CONFIG": str(EXAMPLES / self.name / "config.yaml"),
            "KETNAP_DATABASE_URL": f"sqlite:///{self.database}",
            "KETNAP_USER": "test",
        }


@pytest.fixture(scope="session")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Installation]:
    """An example imported, every workbook of its folder in order of name; each first answer is checked here."""

    def make(name: str) -> Installation:
        installation = Installation(name, tmp_path_factory.mktemp(name) / "ketnap.db")
        installation.start("init")
        for workbook in installation.workbooks:
            answer = installation.ketnap("import", str(workbook))
            assert answer["errors"] == []
        return installation

    return make


@pytest.fixture(scope="session")
def long_bien(install: Callable[[str], Installation]) -> Installation:
    return install("long_bien_2020")


@pytest.fixture(scope="session")
def chi_bo(install: Callable[[str], Installation]) -> Installation:
    return install("chi_bo_2025")


@pytest.fixture(scope="session")
def tay_ho(install: Callable[[str], Installation]) -> Installation:
    return install("tay_ho_2024")


@pytest.fixture(scope="session")
def can_tho(install: Callable[[str], Installation]) -> Installation:
    return install("can_tho_2015")


@pytest.fixture(scope="session")
def hoang_mai(install: Callable[[str], Installation]) -> Installation:
    return install("hoang_mai_2017")


@pytest.fixture(scope="session")
def tien_lang(install: Callable[[str], Installation]) -> Installation:
    installation = install("tien_lang_2021")
    installation.ketnap("target", "rules", "--apply")
    return installation
