"""The common options: after the command's own, over the environment, over config.yaml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from console.cli import several_values, spoken_language


@pytest.fixture
def opened(stand_in: Callable[..., None]) -> list[Any]:
    """Offices as they were opened by `due`."""
    seen: list[Any] = []

    def due(office: Any, **_: object) -> dict[str, Any]:
        seen.append(office)
        return {"items": [], "gaps": []}

    stand_in("due", due=due)
    return seen


def test_an_option_goes_over_the_environment(
    ketnap: Callable[..., Any], opened: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TODAY": "2020-01-02", "CONFIG": "a.yaml", "DATABASE_URL": "sqlite:///x.db", "USER": "lan", "LANG": "en",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"KETNAP_{name}", value)
    assert ketnap("due", "--json").code == 0
    given = opened[-1].given
    assert given["today"] == date(2020, 1, 2)
    assert str(given["config_path"]) == "a.yaml"
    assert given["database_url"] == "sqlite:///x.db"
    assert given["user"] == "lan"
    assert opened[-1].lang == "en"
    assert ketnap("due", "--json", "--today", "03/02/2020", "--config", "b.yaml", "--lang", "vi").code == 0
    assert opened[-1].given["today"] == date(2020, 2, 3)
    assert str(opened[-1].given["config_path"]) == "b.yaml"
    assert opened[-1].lang == "vi"


def test_without_any_the_settings_decide(ketnap: Callable[..., Any], opened: list[Any]) -> None:
    ketnap("due")
    given = opened[-1].given
    assert set(given.values()) == {None}


def test_a_day_that_does_not_exist_is_bad_input(ketnap: Callable[..., Any], opened: list[Any]) -> None:
    ended = ketnap("due", "--today", "31/02/2020", "--json")
    assert ended.code == 1
    assert "31/02" in ended.document["error"]["message"]


def test_several_values_after_one_option() -> None:
    assert several_values(["advance", "A", "--data", "a=1", "b=2", "--note", "c=3"]) == [
        "advance", "A", "--data", "a=1", "--data", "b=2", "--note", "c=3",
    ]  # fmt: skip
    assert several_values(["--set", "x=1", "--set", "y=2", "z"]) == ["--set", "x=1", "--set", "y=2", "z"]
    assert several_values(["--data"]) == ["--data"]


def test_values_reach_the_procedure(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    seen: dict[str, Any] = {}

    def advance(office: Any, code: str, trigger: str, on: date, **more: Any) -> dict[str, Any]:
        seen.update(more, code=code, trigger=trigger, on=on)
        return {"code": code, "step": "cho_co_so", "entry": f"{code}:4"}

    stand_in("advance", advance=advance)
    ended = ketnap(
        "advance", "A1", "cell_vote", "--on", "12/03/2020", "--doc", "12-NQ/CB", "--doc-date", "2020-03-12",
        "--data", "summoned=20", "in_favour=19", "--note", "x", "--irregular", "y",
    )  # fmt: skip
    assert ended.code == 0
    assert "A1:4" in ended.out
    assert "Chờ đảng ủy cơ sở" in ended.out
    assert seen == {
        "code": "A1", "trigger": "cell_vote", "on": date(2020, 3, 12), "document_number": "12-NQ/CB",
        "document_date": date(2020, 3, 12), "data": {"summoned": "20", "in_favour": "19"},
        "note": "x", "irregular": "y",
    }  # fmt: skip


def test_the_language_of_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KETNAP_LANG", raising=False)
    assert spoken_language(["due"]) == "vi"
    assert spoken_language(["due", "--lang", "en"]) == "en"
    assert spoken_language(["due", "--lang=en"]) == "en"
    assert spoken_language(["due", "--lang", "fr"]) == "vi"
    monkeypatch.setenv("KETNAP_LANG", "en")
    assert spoken_language(["due"]) == "en"
