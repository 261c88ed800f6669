"""A committee half-way through its term: 76%, cut off, of a target of five years; the year beside the term."""

import sqlite3
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

COMMITTEE, YEAR, TERM = "DU-LDLD", "2017", "2015/2020"
CELLS = ["CB-CS", "CB-DN", "CB-NVH", "CB-TC", "CB-TG", "CB-VP"]


def rows_of(section: Any) -> dict[str, Any]:
    return {row["indicator"]: row for row in section["rows"]}


@pytest.fixture(scope="module")
def both(can_tho: Any) -> Any:
    """The year's report with the term beside it."""
    return can_tho.ketnap("report", "--unit", COMMITTEE, "--period", YEAR, "--beside", TERM)


@pytest.fixture(scope="module")
def term(can_tho: Any) -> Any:
    return can_tho.ketnap("report", "--unit", COMMITTEE, "--period", TERM)


def test_the_term_prints_as_in_the_public_report(term: Any) -> None:
    rows = rows_of(term)
    row = rows["admitted"]
    assert (row["actual"], row["floor"], row["target_period"]) == (23, 30, TERM)
    assert (row["percent_text"], row["text"]) == ("76%", "23/30 (76%)")
    assert (rows["class"]["actual"], rows["class"]["text"]) == (28, "28")


def test_thirty_is_the_only_target_that_prints_so() -> None:
    assert [whole for whole in range(23, 200) if 23 * 100 // whole == 76] == [30]


def test_it_is_ahead_of_its_pace(term: Any) -> None:
    row = rows_of(term)["admitted"]
    expected = Fraction(30 * 915, 1827)  # days of the term gone, of all
    assert abs(Fraction(Decimal(str(row["expected"]))) - expected) < Fraction(1, 10**6)
    assert row["actual"] > expected
    assert row["status"] == "dung_tien_do"


@pytest.mark.parametrize(("day", "actual", "printed"), [("2015-12-31", 3, "10%"), ("2016-12-31", 14, "46%")])
def test_progress_may_be_asked_of_any_day(can_tho: Any, day: str, actual: int, printed: str) -> None:
    row = rows_of(can_tho.ketnap("report", "--unit", COMMITTEE, "--period", TERM, "--as-of", day))["admitted"]
    assert (row["actual"], row["percent_text"]) == (actual, printed)


def test_the_year_and_the_term_stand_side_by_side(both: Any, term: Any) -> None:
    assert both["beside"]["period"] == TERM
    beside = rows_of(both["beside"])
    assert {name: row["text"] for name, row in beside.items()} == {
        name: row["text"] for name, row in rows_of(term).items()
    }
    year = rows_of(both)["admitted"]
    assert (year["text"], year["target_period"]) == ("9/6 (150%)", YEAR)


def test_the_six_cells_add_up(term: Any) -> None:
    cells = {child["unit"]: rows_of(child)["admitted"] for child in term["children"]}
    assert sorted(cells) == CELLS
    assert sum(row["actual"] for row in cells.values()) == 23
    assert sum(row["floor"] for row in cells.values()) == 30


def test_sixty_two_members_in_six_cells(both: Any) -> None:
    assert rows_of(both)["party_members"]["text"] == "62"
    cells = [rows_of(child)["party_members"]["actual"] for child in both["children"]]
    assert (len(cells), sum(cells)) == (6, 62)
    assert all(cells)


@pytest.mark.parametrize(("day", "members"), [("2015-07-01", 39), ("2017-12-31", 62)])
def test_the_base_of_members_is_dated(can_tho: Any, day: str, members: int) -> None:
    shown = [can_tho.ketnap("unit", "show", cell, "--today", day)["attributes"] for cell in CELLS]
    assert sum(int(one["so_dang_vien"]) for one in shown) == members


def test_the_figures_are_people(can_tho: Any) -> None:
    told = ("report", "--unit", COMMITTEE, "--period", TERM, "--people")
    admitted = {one["code"] for one in can_tho.ketnap(*told, "admitted")["people"]}
    schooled = {one["code"] for one in can_tho.ketnap(*told, "class")["people"]}
    assert (len(admitted), len(schooled)) == (23, 28)
    assert len(admitted - schooled) == 3  # they had been through the class before the term
    assert len(schooled - admitted) == 8  # on the way
    with sqlite3.connect(can_tho.database) as connection:
        bare = connection.execute(
            "SELECT count(*) FROM journal WHERE trigger = 'hold_ceremony' AND effective_on >= '2015-07-01'"
        ).fetchone()
    assert bare == (23,)


def test_the_same_file_again_changes_nothing(can_tho: Any) -> None:
    answer = can_tho.ketnap("import", str(can_tho.workbook))
    assert answer["errors"] == []
    assert not any(answer["created"].values())
    assert not any(answer["updated"].values())
