"""`up` and `flows` become `python -m flows …`; an example is imported on its first start only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console import cli_running


class Became(BaseException):
    """What the process would have become."""


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop where the process would become another one."""

    def execve(program: str, words: list[str], environment: dict[str, str]) -> None:
        raise Became([program, *words[1:]], environment)

    monkeypatch.setattr(os, "execve", execve)


@pytest.mark.usefixtures("became")
def test_flows_gets_the_common_options(ketnap: Callable[..., Any]) -> None:
    with pytest.raises(Became) as ended:
        ketnap("flows", "run", "rollup", "--period", "2020-Q2", "--config", "a.yaml", "--today", "30/06/2020", "--json")
    expected = ["run", "rollup", "--period", "2020-Q2", "--config", "a.yaml", "--today", "30/06/2020", "--json"]
    assert ended.value.args[0] == [sys.executable, "-m", "flows", *expected]
    with pytest.raises(Became):
        ketnap("flows", "serve")


@pytest.mark.usefixtures("became")
def test_the_desk_is_told_the_common_options_by_its_environment_and_makes_the_first_account(
    ketnap: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text("database: x.db\nserver: {status_port: 4999}\n", encoding="utf-8")
    for first in (True, False):
        with pytest.raises(Became) as ended:
            ketnap("console", "--config", "config.yaml", "--today", "30/06/2020", "--port", "5001")
        words, environment = ended.value.args
        assert words[1:5] == ["-m", "console.desk", "--port", "5001"]
        assert (environment["KETNAP_CONFIG"], environment["KETNAP_TODAY"]) == ("config.yaml", "30/06/2020")
        assert "KETNAP_TODAY" not in os.environ
        said = capsys.readouterr().err
        assert ("tài khoản quan_tri, mật khẩu " in said) == first
        assert "http://127.0.0.1:5001" in said


def test_the_flows_are_those_there_are() -> None:
    source = (Path(cli_running.__file__).parent.parent / "flows" / "__main__.py").read_text(encoding="utf-8")
    assert f"NAMES = {cli_running.FLOWS}".replace("'", '"') in source


@pytest.mark.usefixtures("became")
def test_an_office_of_ones_own_is_made_once(ketnap: Callable[..., Any], tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(Became) as ended:
            ketnap("up", "--office", "van_phong")
        assert ended.value.args[0][3:] == ["up", "--config", str(Path("van_phong", "config.yaml"))]
    assert (tmp_path / "van_phong" / "ketnap.db").exists()
    if os.name == "posix":
        assert (tmp_path / "van_phong").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("became")
def test_an_example_is_imported_on_its_first_start(
    ketnap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    for _ in range(2):
        with pytest.raises(Became):
            ketnap("up", "--example", "chi_bo_2025")
    config = str(cli_running.example_config("chi_bo_2025"))
    assert len(ketnap("candidate", "list", "--config", config, "--json").document["items"]) == 6


@pytest.mark.usefixtures("became")
def test_every_workbook_of_an_example_is_imported_in_order_of_name(
    ketnap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(Became):
        ketnap("up", "--example", "tien_lang_2021")
    told = [line.split()[1] for line in capsys.readouterr().err.splitlines() if ".xlsx" in line]
    assert told == ["1_nam_2021.xlsx", "2_nam_2022.xlsx", "3_nam_2023.xlsx"]
    config = str(cli_running.example_config("tien_lang_2021"))
    rules = ketnap("target", "rules", "--config", config, "--json").document["items"]
    assert {item["change"] for item in rules} == {"same"}  # its rules are targets by now


def test_every_example_is_known_by_the_name_of_its_folder() -> None:
    folder = Path(cli_running.__file__).parent.parent / "examples"
    names = {path.parent.name for path in folder.glob("*/*.xlsx")}
    assert len(names) >= 6
    assert all(cli_running.example_config(name).parent.name == name for name in names)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize(
    ("asked", "started"),
    [
        ([], "up --example long_bien_2020"),
        (["EXAMPLE=chi_bo_2025"], "up --example chi_bo_2025"),
        (["EXAMPLE="], "up --office var/office"),
    ],
)
def test_make_run_starts_the_district_unless_told_otherwise(asked: list[str], started: str) -> None:
    said = subprocess.run(
        ["make", "--dry-run", "run", *asked],
        cwd=Path(cli_running.__file__).parent.parent,
        env={"PATH": os.environ["PATH"]},  # without what the make that runs this test was told
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines()[-1].split(" -m console.cli ")[1].strip() == started


@pytest.mark.parametrize("words", [["up", "--example", "nowhere"], ["flows", "run", "nothing"]])
def test_what_there_is_not_is_unknown(ketnap: Callable[..., Any], words: list[str]) -> None:
    ended = ketnap(*words, "--json")
    assert (ended.code, ended.document["error"]["kind"]) == (3, "unknown")
