"""A district's half-year prints the figures of its public report, and opens down to the people behind them."""

import sqlite3
from typing import Any

import pytest

DISTRICT, HALF_YEAR = "LDLD-LB", "2020-H1"
# indicator, actual, target of the year, printed
TABLE = [
    ("unions_founded", 7, 24, "29,17%"),
    ("unions_founded_over_25", 5, 21, "23,81%"),
    ("members_recruited", 366, 1200, "30,50%"),
    ("civil_servant_conferences", 101, 101, "100%"),
    ("worker_conferences", 74, 100, "74%"),
    ("dialogues", 74, 100, "74%"),
    ("agreements_signed", 19, 25, "76%"),
    ("accounts_opened", 15, 50, "30%"),
    ("fund_payers", 8, 25, "32%"),
    ("officers_trained", 300, None, None),
    ("introduced", 165, None, None),
    ("admitted", 49, None, None),
]


@pytest.fixture(scope="module")
def report(long_bien: Any) -> Any:
    return long_bien.ketnap("report", "--unit", DISTRICT, "--period", HALF_YEAR)


@pytest.mark.parametrize(("indicator", "actual", "floor", "printed"), TABLE)
def test_a_row_prints_as_in_the_public_report(
    report: Any, indicator: str, actual: int, floor: int | None, printed: str | None
) -> None:
    row = next(row for row in report["rows"] if row["indicator"] == indicator)
    assert row["actual"] == actual
    assert row["floor"] == floor
    if floor is None:
        assert row["percent_text"] is None
        assert row["text"] == f"{actual}"
    else:
        assert row["percent_text"] == printed
        assert row["text"] == f"{actual}/{floor} ({printed})"  # as in the table: 366/1200
        assert row["target_period"] == "2020"


def test_conversion_is_derived(report: Any) -> None:
    row = next(row for row in report["rows"] if row["indicator"] == "conversion")
    assert (row["numerator"], row["denominator"], row["percent_text"]) == (49, 165, "29,70%")


def test_the_rows_stand_in_the_order_of_the_report(report: Any) -> None:
    wanted = [indicator for indicator, *_ in TABLE] + ["conversion"]
    assert [row["indicator"] for row in report["rows"] if row["indicator"] in wanted] == wanted


@pytest.mark.parametrize(
    ("indicator", "trigger", "number"), [("introduced", "nominate", 165), ("admitted", "hold_ceremony", 49)]
)
def test_a_figure_opens_down_to_the_people_behind_it(long_bien: Any, indicator: str, trigger: str, number: int) -> None:
    people = long_bien.ketnap("report", "--unit", DISTRICT, "--period", HALF_YEAR, "--people", indicator)["people"]
    assert len(people) == number
    with sqlite3.connect(long_bien.database) as connection:
        bare = connection.execute(
            "SELECT c.code || ':' || j.sequence FROM journal j JOIN candidates c ON c.id = j.candidate_id "
            "WHERE j.trigger = ? AND j.effective_on BETWEEN '2020-01-01' AND '2020-06-30'",
            (trigger,),
        ).fetchall()
    assert {one["entry"] for one in people} == {entry for (entry,) in bare}
    assert len({one["code"] for one in people}) == number


def test_forty_five_of_the_admitted_were_introduced_before(long_bien: Any) -> None:
    with sqlite3.connect(long_bien.database) as connection:
        both = connection.execute(
            "SELECT count(*) FROM journal n JOIN journal h ON h.candidate_id = n.candidate_id "
            "WHERE n.trigger = 'nominate' AND n.effective_on >= '2020-01-01' "
            "AND h.trigger = 'hold_ceremony' AND h.effective_on >= '2020-01-01'"
        ).fetchone()
    assert both == (4,)


def test_the_shares_of_the_offices_add_up_to_the_district(report: Any) -> None:
    for indicator, actual, floor, _ in TABLE:
        shares = [row for child in report["children"] for row in child["rows"] if row["indicator"] == indicator]
        assert sum(row["actual"] for row in shares) == actual
        if floor is not None:
            assert sum(row["floor"] or 0 for row in shares) == floor


def test_clocks_are_running_out(long_bien: Any) -> None:
    items = long_bien.ketnap("due", "--until", "2020-07-15")["items"]
    left = {(item["clock"], item["due_on"], item["days_left"]) for item in items}
    assert {
        ("admission_decision_wd", "2020-06-26", -2),
        ("ceremony_wd", "2020-06-30", 0),
        ("ceremony_wd", "2020-07-02", 2),
        ("recognition_review_wd", "2020-07-01", 1),
        ("probation_months", "2020-07-08", 8),
        ("certificate_valid_months", "2020-07-10", 10),
        ("file_valid_months", "2020-07-15", 15),
    } <= left


def test_the_same_file_again_changes_nothing(long_bien: Any) -> None:
    answer = long_bien.ketnap("import", str(long_bien.workbook))
    assert answer["errors"] == []
    assert not any(answer["created"].values())
    assert not any(answer["updated"].values())


def test_the_journal_is_whole(long_bien: Any) -> None:
    assert long_bien.ketnap("verify")["ok"]
