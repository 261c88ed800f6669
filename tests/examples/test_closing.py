"""A half-year is closed, somebody is corrected, a year goes by: the report stays, the bridge names what came after."""

import filecmp
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DISTRICT = ("--unit", "LDLD-LB", "--period", "2020-H1")


@pytest.fixture(scope="module")
def office(install: Callable[[str], Any]) -> Any:
    return install("long_bien_2020")


def outputs(office: Any, folder: Path, *more: str) -> list[Path]:
    folder.mkdir()
    files = [folder / f"report.{kind}" for kind in ("md", "txt", "xlsx", "docx")]
    for file in files:
        office.ketnap("report", *DISTRICT, "-o", str(file), *more)
    return files


def test_an_officer_closes_corrects_and_asks_again(office: Any, tmp_path: Path) -> None:
    live = office.ketnap("report", *DISTRICT)
    closed = office.ketnap("close", *DISTRICT, "--signer", "Chủ tịch")
    assert (closed["state"], closed["version"], closed["closed_on"]) == ("accepted", 1, "2020-06-30")
    first, files = office.ketnap("report", *DISTRICT), outputs(office, tmp_path / "first")
    assert {key: first[key] for key in live} == live
    assert first["closed"]["hash"] == closed["hash"]

    preview = office.ketnap("correct", "LB-0001:12", "--void", "--reason", "Ghi nhầm", "--preview")
    assert [(one["unit"], one["change"]) for one in preview["moves"]["closed"]] == [("LDLD-LB", -1)]
    office.ketnap("correct", "LB-0001:12", "--void", "--reason", "Ghi nhầm")
    office.ketnap("rollup", "--period", "2020-H1")

    assert office.ketnap("report", *DISTRICT, "--today", "2021-07-01") == first
    again = outputs(office, tmp_path / "again", "--today", "2021-07-01")
    assert all(filecmp.cmp(*pair, shallow=False) for pair in zip(files, again, strict=True))
    assert live["rows"] != office.ketnap("report", *DISTRICT, "--as-of", "2020-06-30")["rows"]

    bridge = office.ketnap("bridge", *DISTRICT)
    moved = {row["indicator"]: row for row in bridge["rows"] if row["difference"]}
    assert set(moved) == {"admitted", "conversion"}
    assert (moved["admitted"]["closed"], moved["admitted"]["now"]) == (49, 48)
    assert [(one["entry"], one["of"], one["effect"]) for one in moved["admitted"]["entries"]] == [
        ("LB-0001:13", "LB-0001:12", -1)
    ]
    assert bridge["reconciles"]
    assert office.ketnap("verify")["ok"]


def test_what_is_refused_says_why(office: Any) -> None:
    before = office.ketnap("closings")
    refused = [
        (("close", *DISTRICT), 1),
        (("close", *DISTRICT, "--reopen"), 1),
        (("close", "--unit", "LDLD-LB", "--period", "2020"), 1),
        (("close", "--unit", "LDLD-LB", "--period", "2020-Q2"), 1),
        (("close", "--unit", "XX", "--period", "2020-H1"), 3),
        (("bridge", "--unit", "LDLD-LB", "--period", "2020-Q1"), 1),
        (("closings", *DISTRICT, "--version", "7"), 3),
        (("report", *DISTRICT, "-o", "/no/such/folder/x.docx"), 1),
    ]
    for words, code in refused:
        assert office.ketnap(*words, code=code)["error"]["message"]
    assert office.ketnap("closings") == before


def test_a_second_version(office: Any) -> None:
    office.ketnap("close", *DISTRICT, "--reopen", "--reason", "Một hồ sơ ghi nhầm")
    assert office.ketnap("close", *DISTRICT)["version"] == 2
    versions = [office.ketnap("closings", *DISTRICT, "--version", number) for number in ("1", "2")]
    admitted = [next(r["actual"] for r in one["rows"] if r["indicator"] == "admitted") for one in versions]
    assert admitted == [49, 48]
    assert [one["event"] for one in office.ketnap("closings", *DISTRICT)["items"]] == [
        "prepared", "accepted", "reopened", "prepared", "accepted",
    ]  # fmt: skip
