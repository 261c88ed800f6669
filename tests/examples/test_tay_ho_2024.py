"""A steering committee's year: bodies far above target, cut off and not rounded, credited for what others' units did."""

import sqlite3
from fractions import Fraction
from typing import Any

import pytest

DISTRICT, YEAR = "BCD-TH", "2024"
# body: indicator -> (actual, target, printed); numerators are invented, what is printed is the report's
BODIES = {
    "LDLD-TH": {"unions_founded": (44, 9, "488,8%"), "members_recruited": (1711, 1121, "152,6%")},
    "CCT-TH": {"unions_founded": (4, 1, "400%"), "members_recruited": (448, 248, "180,6%")},
    "LDXH-TH": {"unions_founded": (8, 1, "800%"), "members_recruited": (284, 92, "308,6%")},
    "BHXH-TH": {"unions_founded": (8, 8, "100%"), "members_recruited": (252, 146, "172,6%")},
}
RATIOS = {"LDLD-TH": (29, 19), "CCT-TH": (56, 31), "LDXH-TH": (71, 23), "BHXH-TH": (126, 73)}
TOTALS = {
    "unions_founded": (64, "64"),
    "unions_from_dissolution": (31, "31"),
    "unions_in_enterprises": (33, "33"),
    "members_recruited": (2695, "2.695"),
    "union_members": (3957, "3.957"),
    "craft_unions_founded": (4, "4"),
    "craft_union_members": (157, "157"),
}


def rows_of(section: Any) -> dict[str, Any]:
    return {row["indicator"]: row for row in section["rows"]}


@pytest.fixture(scope="module")
def report(tay_ho: Any) -> Any:
    return tay_ho.ketnap("report", "--unit", DISTRICT, "--period", YEAR)


@pytest.fixture(scope="module")
def bodies(report: Any) -> dict[str, dict[str, Any]]:
    return {child["unit"]: rows_of(child) for child in report["children"]}


@pytest.mark.parametrize(("indicator", "figure"), TOTALS.items())
def test_a_total_of_the_district(report: Any, indicator: str, figure: tuple[int, str]) -> None:
    row = rows_of(report)[indicator]
    assert (row["actual"], row["text"]) == figure
    assert (row["floor"], row["percent_text"], row["status"]) == (None, None, None)


@pytest.mark.parametrize(("body", "indicator"), [(body, indicator) for body in BODIES for indicator in BODIES[body]])
def test_a_body_prints_as_in_the_public_report(bodies: Any, body: str, indicator: str) -> None:
    actual, floor, printed = BODIES[body][indicator]
    row = bodies[body][indicator]
    assert (row["actual"], row["floor"], row["target_period"]) == (actual, floor, YEAR)
    assert (row["percent_text"], row["text"]) == (printed, f"{actual}/{floor} ({printed})")
    assert row["status"] == ("vuot" if actual > floor else "dat")
    if indicator == "members_recruited":
        assert Fraction(actual, floor) == Fraction(*RATIOS[body])


def test_the_bodies_add_up_to_the_district(report: Any, bodies: Any) -> None:
    for indicator, (total, _) in TOTALS.items():
        assert sum(rows[indicator]["actual"] for rows in bodies.values()) == total
    of_which = rows_of(report)
    parts = of_which["unions_from_dissolution"]["actual"] + of_which["unions_in_enterprises"]["actual"]
    assert parts == of_which["unions_founded"]["actual"]


def test_rounding_half_up_would_print_another_figure(tay_ho: Any) -> None:
    told = ("report", "--unit", DISTRICT, "--period", YEAR, "--rounding", "half_up")
    rows = {child["unit"]: rows_of(child) for child in tay_ho.ketnap(*told)["children"]}
    assert rows["LDLD-TH"]["unions_founded"]["percent_text"] == "488,9%"
    assert rows["LDXH-TH"]["members_recruited"]["percent_text"] == "308,7%"


def test_two_bodies_take_part_without_figures(bodies: Any) -> None:
    for body in ("DUK-TH", "PGD-TH"):
        assert {(row["actual"], row["floor"], row["status"]) for row in bodies[body].values()} == {(0, None, None)}


def test_the_body_credited_differs_from_the_unit_the_event_is_in(tay_ho: Any, bodies: Any) -> None:
    """All 64 unions stand below the Federation; 20 of them are the other bodies' work."""
    below = tay_ho.ketnap("report", "--unit", "LDLD-TH", "--period", YEAR)["children"]
    assert sum(child["name"].startswith("Công đoàn cơ sở") for child in below) == 64
    with sqlite3.connect(tay_ho.database) as connection:
        credited = connection.execute(
            "SELECT u.code, count(*) FROM reported_figures f JOIN units u ON u.id = f.credited_unit_id "
            "WHERE f.indicator = 'unions_founded' AND f.unit_id <> f.credited_unit_id GROUP BY u.code"
        ).fetchall()
    assert dict(credited) == {body: rows["unions_founded"]["actual"] for body, rows in bodies.items() if body in BODIES}


def test_thirty_one_unions_take_over_from_two(tay_ho: Any) -> None:
    with sqlite3.connect(tay_ho.database) as connection:
        successions = connection.execute(
            "SELECT old.code, count(*), min(succeeded_on), max(succeeded_on) FROM unit_successions s "
            "JOIN units old ON old.id = s.predecessor_id GROUP BY old.code ORDER BY old.code"
        ).fetchall()
    assert successions == [("CD-MN1", 16, "2024-06-01", "2024-06-01"), ("CD-MN2", 15, "2024-06-01", "2024-06-01")]
    before, after = (
        rows_of(tay_ho.ketnap("report", "--unit", DISTRICT, "--period", period))["union_members"]["actual"]
        for period in ("2023", "2024-H1")
    )
    assert (before, after) == (1262, 1262)  # carried over whole
    assert 1262 + TOTALS["members_recruited"][0] == TOTALS["union_members"][0]


def test_bodies_above_their_targets_are_proposed_for_commendation(tay_ho: Any) -> None:
    lists = tay_ho.ketnap("commend", "--unit", DISTRICT, "--period", YEAR)
    proposed = [(row["unit"], row["indicator"], row["percent_text"]) for row in lists["commend"]]
    assert sorted(proposed) == sorted(
        (body, indicator, printed)
        for body, figures in BODIES.items()
        for indicator, (actual, floor, printed) in figures.items()
        if actual > floor
    )
    assert proposed[0] == ("LDXH-TH", "unions_founded", "800%")  # the furthest above comes first
    assert (lists["behind"], lists["no_source"]) == ([], [])


def test_next_years_targets_follow(tay_ho: Any) -> None:
    items = tay_ho.ketnap("target", "list", "--period", "2025")["items"]
    assert {item["unit"] for item in items} == set(BODIES)
    assert {item["decision_date"] for item in items} == {"2024-12-27"}


def test_the_same_file_again_changes_nothing(tay_ho: Any) -> None:
    answer = tay_ho.ketnap("import", str(tay_ho.workbook))
    assert answer["errors"] == []
    assert not any(answer["created"].values())
    assert not any(answer["updated"].values())
