"""An officer's day with the shipped example, through the command line alone; every answer has its designed shape."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "chi_bo_2025"
BOOK = str(EXAMPLE / "chi_bo_2025.xlsx")


@pytest.fixture
def office(ketnap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """`ketnap … --json` in an office that has imported the example; gives the document, and the code where asked."""
    monkeypatch.setenv("KETNAP_CONFIG", str(EXAMPLE / "config.yaml"))
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    monkeypatch.setenv("KETNAP_USER", "lan")

    def run(*words: str, code: int = 0) -> Any:
        ended = ketnap(*words, "--json")
        assert ended.code == code, ended.out + ended.err
        return ended.document

    assert run("init")["created"] is True
    assert run("init")["created"] is False
    assert run("import", BOOK)["created"]["ung_vien"] == 6
    return run


def test_a_command_before_init_says_so(
    ketnap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    ended = ketnap("due", "--json")
    assert (ended.code, ended.document["error"]["kind"]) == (5, "installation")
    assert "ketnap init" in ended.document["error"]["message"]


def test_looking(office: Callable[..., Any]) -> None:
    shown = office("candidate", "show", "PL-03")
    assert {"code", "step", "stage", "since", "official_on", "clocks", "next", "timeline"} <= set(shown)
    assert (shown["step"], shown["stage"], shown["since"]) == ("cho_quyet_dinh", "cam_tinh", "2025-10-15")
    clock = next(one for one in shown["clocks"] if one["key"] == "admission_decision_wd")
    assert {"key", "starts_on", "due_on", "state", "days_left", "status", "citation"} <= set(clock)
    assert (clock["due_on"], clock["state"], clock["days_left"]) == ("2025-12-03", "running", 2)
    assert {"trigger", "label", "allowed", "verdicts"} <= set(shown["next"][0])
    assert {"entry", "trigger", "on", "recorded_at", "recorded_by", "document"} <= set(shown["timeline"][0])
    assert [one["entry"] for one in shown["timeline"]][:2] == ["PL-03:1", "PL-03:2"]
    due = office("due", "--until", "2025-12-31")
    assert {"code", "unit", "clock", "due_on", "days_left", "actor", "ground"} <= set(due["items"][0])
    assert [one["due_on"] for one in due["items"]] == sorted(one["due_on"] for one in due["items"])
    assert {one["code"] for one in office("unit", "list")["items"]} >= {"XA-PL", "CB-01"}
    assert office("unit", "show", "CB-01")["parent"] == "DU-HTX"
    assert [one["code"] for one in office("candidate", "list", "--step", "cho_le")["items"]] == ["PL-04"]
    report = office("report", "--unit", "XA-PL", "--period", "2025")
    assert {"unit", "period", "as_of", "rows", "children"} <= set(report)
    keys = {
        "indicator",
        "label",
        "actual",
        "floor",
        "ceiling",
        "target_period",
        "percent",
        "percent_text",
        "status",
        "text",
    }
    assert keys <= set(report["rows"][0])
    assert office("candidate", "show", "XX", code=3)["error"]["kind"] == "unknown"
    assert office("due", "--unit", "XX", code=3)["error"]["kind"] == "unknown"


def test_recording(office: Callable[..., Any]) -> None:
    vote = ("advance", "PL-02", "cell_vote", "--data", "summoned=9", "in_favour=8")
    late = office(*vote, "--on", "08/12/2025", "--today", "08/12/2025", code=2)
    assert {"reason", "citation", "earliest", "who"} <= set(late["refused"][0])
    assert office(*vote, "--on", "02/12/2025", code=2)["refused"]  # the future
    assert office("advance", "PL-02", "no_such", "--on", "01/12/2025", code=1)["error"]["kind"] == "bad_input"
    done = office(*vote, "--on", "01/12/2025", "--doc", "0112-NQ/CB-01")
    assert (done["code"], done["step"]) == ("PL-02", "cho_co_so")
    preview = office("correct", done["entry"], "--set", "on=28/11/2025", "--reason", "nhầm ngày", "--preview")
    assert preview["entry"] is None
    assert office("correct", done["entry"], "--set", "on=28/11/2025", "--reason", "nhầm ngày")["entry"]
    assert office("correct", "PL-02:99", "--void", "--reason", "x", code=3)["error"]["kind"] == "unknown"
    shown = office("candidate", "show", "PL-02")
    assert [one["on"] for one in shown["timeline"] if one["trigger"] == "cell_vote"] == ["2025-11-28"]
    assert shown["timeline"][-1]["recorded_by"] == "lan"


def test_jobs_find_nothing_the_second_time(office: Callable[..., Any]) -> None:
    assert any(value for job in office("tick").values() for value in job.values())
    for name, job in office("tick").items():
        assert {key: value for key, value in job.items() if value and key != "unchanged"} == {}, name
    assert office("notices")["items"]
    assert office("why", "PL-03")["code"] == "PL-03"
    assert office("why", "nothing", code=3)["error"]["kind"] == "unknown"
    assert "items" in office("case", "list")


def test_nothing_is_lost_between_two_offices(
    office: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = office("candidate", "show", "PL-04")
    office("export", "-o", "out.xlsx")
    backup = office("backup", "-o", "kept.zip")
    assert backup
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path / 'second.db'}")
    office("init")
    assert office("import", "out.xlsx")["created"]["ung_vien"] == 6
    assert office("candidate", "show", "PL-04")["clocks"] == before["clocks"]
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path / 'third.db'}")
    office("restore", "kept.zip")
    assert office("candidate", "show", "PL-04")["clocks"] == before["clocks"]


def test_a_tampered_journal_is_found(office: Callable[..., Any], tmp_path: Path) -> None:
    assert office("verify")["ok"] is True
    with sqlite3.connect(tmp_path / "x.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE journal SET document_number = 'x' WHERE sequence = 3")
    found = office("verify", code=2)
    assert found["ok"] is False
    assert {"code", "entry", "reason"} <= set(found["broken"][0])
    assert "PL-03:3" in {one["entry"] for one in found["broken"]}


def test_the_whole_day_for_people(office: Callable[..., Any], ketnap: Callable[..., Any]) -> None:
    for words in (
        ["tick"], ["due"], ["candidate", "list"], ["candidate", "show", "PL-06"], ["why", "PL-06"], ["unit", "list"],
        ["unit", "show", "XA-PL"], ["report", "--unit", "XA-PL", "--period", "2025", "--beside", "2024"], ["notices"],
        ["report", "--unit", "XA-PL", "--period", "2024", "--people", "admitted"], ["case", "list"], ["target", "list"],
        ["indicator", "list"], ["verify"], ["seal"], ["remind"], ["deliver"], ["rollup"], ["escalate"],
        ["template", "-o", "mau.xlsx"], ["limit", "ceremony_wd", "--from", "22/10/2025"],
    ):  # fmt: skip
        for lang in ("vi", "en"):
            ended = ketnap(*words, "--lang", lang)
            assert ended.code == 0, (words, ended.err)
            assert ended.out.strip(), words
            assert ended.err == "", words
