"""erase, person-data and access at the command line, on a database of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "chi_bo_2025"


@pytest.fixture
def at_home(ketnap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """The six people of the example in a database in the test's folder."""
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    monkeypatch.setenv("KETNAP_CONFIG", str(EXAMPLE / "config.yaml"))
    assert ketnap("init").code == 0
    assert ketnap("import", str(EXAMPLE / "chi_bo_2025.xlsx")).code == 0
    return ketnap


def test_a_person_asks_what_is_held_and_then_goes(at_home: Callable[..., Any], tmp_path: Path) -> None:
    assert at_home("person-data", "PL-02", "-o", "p.pdf").code == 1
    assert at_home("person-data", "PL-99", "-o", "p.json").code == 3
    assert at_home("person-data", "PL-02", "-o", "p.json", "--json").document["rows"]["entries"] > 5
    assert json.loads((tmp_path / "p.json").read_text())["person"]["code"] == "PL-02"
    assert at_home("erase", "PL-02", "--reason", "x", "--json").code == 2
    assert at_home("erase").code == 1
    assert at_home("erase", "PL-02").code == 1
    assert at_home("advance", "PL-02", "withdraw", "--on", "01/12/2025", "--note", "xin rút").code == 0
    preview = at_home("erase", "PL-02", "--reason", "theo đơn", "--preview")
    assert preview.code == 0
    assert "họ tên" in preview.out
    done = at_home("erase", "PL-02", "--reason", "theo đơn", "--json").document
    assert done["pseudonym"].startswith("XOA-")
    assert at_home("candidate", "show", "PL-02").code == 3
    assert at_home("verify").code == 0
    assert at_home("erase", "--due", "--json").document == {"months": None, "items": [], "restored": []}
    shown = at_home("access", "--action", "erase")
    assert done["pseudonym"] in shown.out
    assert [one["action"] for one in at_home("access", "--json").document["items"]] == ["erase", "person_data"]
