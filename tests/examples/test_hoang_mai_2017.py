"""A union's term of five years: targets that are ranges, the term before beside it, the city's quarter above it."""

import sqlite3
from typing import Any

import pytest

UNION, CITY, TERM, TERM_BEFORE, QUARTER = "CD-CCT", "LDLD-HN", "2017/2022", "2012/2017", "2018-Q1"


def rows_of(section: Any) -> dict[str, Any]:
    return {row["indicator"]: row for row in section["rows"]}


@pytest.fixture(scope="module")
def term(hoang_mai: Any) -> Any:
    return hoang_mai.ketnap("report", "--unit", UNION, "--period", TERM, "--beside", TERM_BEFORE)


def test_the_term_before_stands_beside_it(term: Any) -> None:
    assert term["beside"]["period"] == TERM_BEFORE
    rows = rows_of(term["beside"])
    assert (rows["sent"]["actual"], rows["sent"]["text"]) == (10, "10")
    assert (rows["admitted"]["actual"], rows["admitted"]["text"]) == (6, "6")
    ratio = rows["admitted_of_sent"]
    assert (ratio["numerator"], ratio["denominator"], ratio["percent_text"]) == (6, 10, "60%")


def test_the_term_before_is_a_report_of_its_own(hoang_mai: Any, term: Any) -> None:
    own = rows_of(hoang_mai.ketnap("report", "--unit", UNION, "--period", TERM_BEFORE))
    assert {name: row["text"] for name, row in own.items()} == {
        name: row["text"] for name, row in rows_of(term["beside"]).items()
    }


# day, indicator, actual, status, text: the percentage is against the floor and both ends are shown
STATES = [
    ("2019-12-31", "sent", 8, "dung_tien_do", "8/10–15 (80%)"),
    ("2019-12-31", "admitted", 3, "cham", "3/7–10 (42,86%)"),
    ("2021-03-31", "sent", 11, "dat", "11/10–15 (110%)"),
    ("2021-03-31", "admitted", 8, "dat", "8/7–10 (114,29%)"),
    ("2022-06-30", "sent", 14, "dat", "14/10–15 (140%)"),
    ("2022-06-30", "admitted", 11, "vuot", "11/7–10 (157,14%)"),
]


@pytest.mark.parametrize(("day", "indicator", "actual", "status", "text"), STATES)
def test_below_the_floor_inside_the_range_above_the_ceiling(
    hoang_mai: Any, day: str, indicator: str, actual: int, status: str, text: str
) -> None:
    told = ("report", "--unit", UNION, "--period", TERM)
    low, high = {"sent": (10, 15), "admitted": (7, 10)}[indicator]
    for words in (("--as-of", day), ("--today", day)):
        row = rows_of(hoang_mai.ketnap(*told, *words))[indicator]
        assert (row["actual"], row["floor"], row["ceiling"]) == (actual, low, high)
        assert (row["status"], row["text"]) == (status, text)


def test_a_year_is_held_against_the_term_so_far(hoang_mai: Any) -> None:
    """Two of 10–15 in one year of five is no failure: thirteen were sent since the term began."""
    row = rows_of(hoang_mai.ketnap("report", "--unit", UNION, "--period", "2021"))["sent"]
    assert (row["actual"], row["text"], row["target_period"]) == (2, "2/10–15 (20%)", TERM)
    assert (row["done"], row["status"]) == (13, "dat")
    assert row["explanation"] == "Tính từ 01/08/2017: Đã làm 13/10–15: đạt chỉ tiêu."


@pytest.mark.parametrize("year", ["2018", "2019", "2020", "2021"])
def test_the_title_was_kept_every_year(hoang_mai: Any, year: str) -> None:
    row = rows_of(hoang_mai.ketnap("report", "--unit", UNION, "--period", year))["strong_union_title"]
    assert (row["actual"], row["text"], row["status"]) == (1, "1/1 (100%)", "dat")


def test_a_yearly_yes_or_no_is_not_behind_before_the_year_ends(hoang_mai: Any) -> None:
    rows = rows_of(hoang_mai.ketnap("report", "--unit", UNION, "--period", "2022"))
    assert {rows[name]["status"] for name in ("strong_union_title", "members_reviewed")} == {"dung_tien_do"}


def test_every_member_is_reviewed_every_year(hoang_mai: Any) -> None:
    row = rows_of(hoang_mai.ketnap("report", "--unit", UNION, "--period", "2021"))["members_reviewed"]
    assert (row["actual"], row["floor"], row["text"]) == (39, 39, "39/39 (100%)")  # of the members on 1 January


@pytest.mark.parametrize(
    ("day", "period", "left", "done"),
    [
        ("2021-12-05", "2021", 5, False),
        ("2021-12-13", "2021", None, True),
        ("2022-06-30", "2022", 163, False),
        ("2022-12-20", "2022", -10, False),
    ],
)
def test_the_yearly_review_is_a_duty_with_a_due_day(
    hoang_mai: Any, day: str, period: str, left: int | None, done: bool
) -> None:
    """Due on 10 December; done when the number of members reviewed is reported."""
    duties = hoang_mai.ketnap("due", "--today", day)["duties"]
    found = next(one for one in duties if one["period"] == period)
    assert (found["unit"], found["duty"], found["due_on"]) == (UNION, "nhan_xet_dang_vien", f"{period}-12-10")
    assert (found["days_left"], found["done"]) == (left, done)


def test_the_city_reports_by_quarter(hoang_mai: Any) -> None:
    """77: seventy-six reported as numbers, one counted from the people of this union."""
    report = hoang_mai.ketnap("report", "--unit", CITY, "--period", QUARTER, "--people", "admitted")
    row = rows_of(report)["admitted"]
    assert (row["actual"], row["text"]) == (77, "77")
    assert [one["unit"] for one in report["people"]] == ["CB-CCT"]
    with sqlite3.connect(hoang_mai.database) as connection:
        reported = connection.execute("SELECT sum(value) FROM reported_figures WHERE indicator = 'admitted'").fetchone()
    assert reported == (76,)
    assert sum(rows_of(child)["admitted"]["actual"] for child in report["children"]) == 77


def test_each_group_has_its_share_and_somebody_who_answers_for_it(hoang_mai: Any, term: Any) -> None:
    groups = {child["unit"]: rows_of(child)["sent"] for child in term["children"] if child["unit"].startswith("TO-")}
    assert {(row["floor"], row["ceiling"]) for row in groups.values()} == {(2, 3)}
    assert len({row["responsible"] for row in groups.values()}) == len(groups) == 5
    assert sum(row["actual"] for row in groups.values()) == rows_of(term)["sent"]["actual"]
    assert [groups[code]["status"] for code in ("TO-1", "TO-3", "TO-5")] == ["dat", "vuot", "cham"]
    with sqlite3.connect(hoang_mai.database) as connection:
        told = connection.execute(
            "SELECT u.code FROM recipients r JOIN units u ON u.id = r.unit_id WHERE r.role = 'uy_vien_phu_trach'"
        ).fetchall()
    assert sorted(code for (code,) in told) == sorted(groups)


def test_the_figures_are_people(hoang_mai: Any) -> None:
    told = ("report", "--unit", UNION, "--people", "admitted", "--period")
    now, before = ({one["code"] for one in hoang_mai.ketnap(*told, term)["people"]} for term in (TERM, TERM_BEFORE))
    assert (len(now), len(before), now & before) == (11, 6, set())


def test_the_same_file_again_changes_nothing(hoang_mai: Any) -> None:
    answer = hoang_mai.ketnap("import", str(hoang_mai.workbook))
    assert answer["errors"] == []
    assert not any(answer["created"].values())
    assert not any(answer["updated"].values())
