"""The rooms may import each other along the arrows of the design only, and Prefect stays in its own room."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("states", "config", "store", "procedures", "flows", "console")
ANYTHING = None
MAY_IMPORT: dict[
    str, tuple[set[str], set[str] | None]
] = {  # room: (rooms, third-party packages; None = any but Prefect)
    "states": (set(), {"pendulum", "transitions", "holidays"}),
    "config": ({"states"}, {"pydantic", "yaml"}),
    "store": ({"states"}, {"sqlmodel", "sqlalchemy", "orjson", "alembic", "psycopg"}),
    "procedures": ({"states", "store", "config"}, ANYTHING),
    "flows": ({"procedures", "config"}, ANYTHING),
    "console": ({"procedures", "store", "states", "config"}, ANYTHING),
}


def modules(room: str) -> list[Path]:
    """Every Python file of a room."""
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every import, those inside functions and `if TYPE_CHECKING` too."""
    room = path.relative_to(ROOT).parts[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, f"{room}." if node.level else node.module or ""


def wrong_arrows(room: str) -> list[str]:
    """Imports that no arrow allows, as file:line name."""
    rooms, packages = MAY_IMPORT[room]
    wrong = []
    for path in modules(room):
        for line, name in imported(path):
            top = name.partition(".")[0]
            if top in ROOMS:
                lawful = top == room or top in rooms
            elif top in sys.stdlib_module_names:
                lawful = True
            else:
                lawful = top in packages if packages is not None else (room == "flows" or top != "prefect")
            if not lawful:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return wrong


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_along_the_arrows(room: str) -> None:
    assert modules(room)
    assert wrong_arrows(room) == []


def test_sql_is_spoken_in_the_store_only() -> None:
    spoken = {"sqlalchemy", "sqlmodel", "alembic", "psycopg", "sqlite3"}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for room in ROOMS
        if room != "store"
        for path in modules(room)
        for line, name in imported(path)
        if name.partition(".")[0] in spoken
    ]
    assert wrong == []


def test_the_walk_sees_a_wrong_arrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "states").mkdir()
    wrong = "def late():\n    from store.units import Unit\n    import prefect\n    import datetime\n"
    (tmp_path / "states" / "x.py").write_text(wrong, encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert wrong_arrows("states") == ["states/x.py:2 imports store.units", "states/x.py:3 imports prefect"]


# What commands do is tried in tests/console; here each is only brought to the point where its procedure is loaded.
LOADS = """
import contextlib, io, json, pkgutil, importlib, sys
import console, procedures
for package in (console, procedures):
    for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
from console import cli
with contextlib.redirect_stdout(io.StringIO()):
    cli.run(["--help"])
    cli.run(["limit", "admission_decision_wd", "--from", "2025-01-02", "--json"])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} & {"prefect", "flows"})))
"""


def test_no_command_but_up_and_flows_loads_prefect(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KETNAP_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    done = subprocess.run(
        [sys.executable, "-c", LOADS], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
