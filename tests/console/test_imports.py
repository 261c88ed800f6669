"""ketnap import --list and --undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "chi_bo_2025"


@pytest.fixture
def office(ketnap: Callable[..., Any]) -> Callable[..., Any]:
    """A command in an office of its own with the six people imported."""

    def run(*words: str) -> Any:
        return ketnap(*words, "--config", str(EXAMPLE / "config.yaml"))

    import os

    os.environ["KETNAP_DATABASE_URL"] = "sqlite:///so.db"
    try:
        run("init")
        assert run("import", str(EXAMPLE / "chi_bo_2025.xlsx"), "--json").document["import"] == 1
        yield run
    finally:
        del os.environ["KETNAP_DATABASE_URL"]


def test_imports_are_listed_previewed_and_undone(office: Callable[..., Any]) -> None:
    (item,) = office("import", "--list", "--json").document["items"]
    assert (item["import"], item["file"], item["state"]) == (1, "chi_bo_2025.xlsx", "applied")
    seen = office("import", "--undo", "1", "--preview")
    assert seen.code == 0
    assert "6 người mới" in seen.out
    assert office("import", "--undo", "1").code == 1  # no reason
    done = office("import", "--undo", "1", "--reason", "nhầm tệp", "--json")
    assert done.document["people"] == 6
    assert office("candidate", "list", "--json").document["items"] == []
    assert "đã hoàn tác" in office("import", "--list").out
    assert office("import", "--undo", "1", "--reason", "lại").code == 4
    assert office("import", "--undo", "9", "--reason", "lại").code == 3


def test_what_stands_in_the_way_is_refused_with_2(office: Callable[..., Any]) -> None:
    office("advance", "PL-02", "assign_helper", "--on", "2025-12-01", "--data", "helper=Người Mẫu")
    assert office("import", "--undo", "1", "--preview").code == 2
    refused = office("import", "--undo", "1", "--reason", "nhầm", "--json")
    assert refused.code == 2
    assert "PL-02" in str(refused.document)


def test_one_thing_at_a_time(office: Callable[..., Any]) -> None:
    for words in ((), ("--list", "--undo", "1"), ("x.xlsx", "--list")):
        assert office("import", *words).code == 1
