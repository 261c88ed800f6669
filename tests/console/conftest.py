"""The command line run inside the test, its two streams and its exit code caught; procedures may be stood in for."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from console import cli
from tests.command_line import Ended


@pytest.fixture
def ketnap(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Callable[..., Ended]:
    """Run `ketnap WORDS` in an empty folder without any KETNAP_ variable."""
    import os

    for name in [name for name in os.environ if name.startswith("KETNAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Ended:
        code = cli.run(list(words))
        shown = capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    return run


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a procedure of our own in place of procedures.NAME, and an office that opens at once."""

    def put(name: str, **functions: Any) -> None:
        module = types.ModuleType(f"procedures.{name}")
        module.__dict__.update(functions)
        monkeypatch.setitem(sys.modules, f"procedures.{name}", module)
        office = types.ModuleType("procedures.office")
        office.Office = SimpleNamespace(open=open_office)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "procedures.office", office)

    return put


def open_office(**given: Any) -> SimpleNamespace:
    """An office that remembers what it was opened with."""
    from datetime import date

    settings = SimpleNamespace(language="vi", unit_kinds={})
    return SimpleNamespace(
        given=given, today=given["today"] or date(2020, 6, 30), settings=settings, lang=given["lang"] or "vi"
    )
