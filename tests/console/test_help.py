"""Every command is there, explains itself in both languages, and the help starts quickly."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console import cli
from console.command import COMMANDS

ROOT = Path(__file__).parent.parent.parent
DESIGNED = {
    "up", "flows serve", "flows run", "init", "backup", "restore", "verify", "seal", "template", "import", "export",
    "unit list", "unit show", "unit add", "candidate list", "candidate show", "advance", "correct", "due", "limit",
    "indicator list", "target list", "target set", "target allocate", "target rules", "report", "commend", "close",
    "closings", "bridge",
    "remind", "deliver", "escalate", "rollup", "tick",
    "notices", "letters", "why", "case list", "case ack", "case silence", "case close", "ladder check", "unit silent",
    "erase", "person-data", "access", "console", "user add", "user list", "user disable", "user enable", "user password",
}  # fmt: skip
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Arguments|Show this|required|default)\b")


def test_the_commands_are_those_of_the_design() -> None:
    assert cli  # importing it declares them
    assert set(COMMANDS) == DESIGNED


@pytest.mark.parametrize("name", ["", *sorted(DESIGNED)])
def test_help_speaks_both_languages(ketnap: Callable[..., Any], name: str) -> None:
    said = ketnap(*name.split(), "--help")
    assert said.code == 0
    assert not ENGLISH.search(said.out)
    assert said.out.startswith("Cách dùng: ketnap")
    assert ketnap(*name.split(), "--help", "--lang", "en").out.startswith("Usage: ketnap")
    if name:
        for option in ("--json", "--today", "--lang", "--config"):
            assert option in said.out


def test_a_bare_ketnap_shows_the_help(ketnap: Callable[..., Any]) -> None:
    assert ketnap().code == 0
    assert "Lệnh:" in ketnap().out
    assert ketnap("unit").code == 0


def test_the_version(ketnap: Callable[..., Any]) -> None:
    assert re.fullmatch(r"ketnap \d+\.\d+\.\d+\n", ketnap("--version").out)


def test_the_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from console import cli; cli.run(['--help']);"
        "print(sorted({m.partition('.')[0] for m in sys.modules}"
        " & {'sqlalchemy', 'sqlmodel', 'prefect', 'pendulum', 'holidays', 'transitions', 'rich', 'openpyxl', 'yaml'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
