"""A plan whose targets are rules over what a unit is: computed for each union, each year, and for the whole district."""

from fractions import Fraction
from typing import Any

import pytest

DISTRICT, PLAN, YEARS = "LDLD-TL", "2021/2023", ("2021", "2022", "2023")
WITH = [f"CD-{number:02d}" for number in range(1, 8)]
GAINS = "CD-08"
WITHOUT = [f"CD-{number:02d}" for number in range(9, 16)]


def rows_of(section: Any) -> dict[str, Any]:
    return {row["indicator"]: row for row in section["rows"]}


def exact(value: Any) -> Fraction:
    return Fraction(str(value))


@pytest.fixture(scope="module")
def years(tien_lang: Any) -> dict[str, Any]:
    return {year: tien_lang.ketnap("report", "--unit", DISTRICT, "--period", year) for year in YEARS}


@pytest.fixture(scope="module")
def plan(tien_lang: Any) -> Any:
    return tien_lang.ketnap("report", "--unit", DISTRICT, "--period", PLAN)


def test_the_rules_have_nothing_left_to_do(tien_lang: Any) -> None:
    preview = tien_lang.ketnap("target", "rules")
    assert {item["change"] for item in preview["items"]} == {"same"}
    assert preview["gaps"] == [{"unit": "CD-16", "attribute": "co_to_chuc_dang"}]  # not surveyed: nobody knows


@pytest.mark.parametrize("year", YEARS)
def test_each_union_is_held_to_what_it_is(years: Any, year: str) -> None:
    """Introduce at least 2 and admit 50% of them; or send at least 1 and have 20% considered."""
    for child in years[year]["children"]:
        rows, code = rows_of(child), child["unit"]
        floors = {name: exact(row["floor"]) for name, row in rows.items() if row["floor"] is not None}
        introduced = rows["introduced"]["actual"]
        if code in WITH or (code == GAINS and year > "2021"):
            assert floors == {"introduced": 2, "admitted": Fraction(introduced, 2)}
        elif code in WITHOUT or code == GAINS:
            assert floors == {"sent": 1, "considered": Fraction(introduced, 5)}
        else:  # the State's school, and the enterprise nobody has surveyed
            assert code in ("CD-16", "CD-17")
            assert floors == {}


@pytest.mark.parametrize(
    ("year", "union", "indicator", "text", "status"),
    [
        ("2021", "CD-01", "introduced", "3/2 (150%)", "vuot"),
        ("2021", "CD-01", "admitted", "2/1,5 (133,33%)", "vuot"),
        ("2022", "CD-02", "admitted", "2/1 (200%)", "vuot"),
        ("2023", "CD-01", "admitted", "1/1,5 (66,67%)", "cham"),
        ("2023", "CD-04", "introduced", "1/2 (50%)", "nguy_co"),
        ("2021", "CD-08", "sent", "1/1 (100%)", "dat"),
        ("2021", "CD-10", "considered", "0/0,2 (0%)", "cham"),
        ("2023", "CD-14", "sent", "0/1 (0%)", "chua_co_nguon"),
    ],
)
def test_a_unions_attainment(years: Any, year: str, union: str, indicator: str, text: str, status: str) -> None:
    child = next(child for child in years[year]["children"] if child["unit"] == union)
    row = rows_of(child)[indicator]
    assert (row["text"], row["status"]) == (text, status)


def test_a_union_that_gains_a_party_organisation_changes_rule_from_that_day(tien_lang: Any) -> None:
    told = ("report", "--unit", GAINS, "--period", "2022", "--as-of")
    before, after = (rows_of(tien_lang.ketnap(*told, day)) for day in ("2022-06-30", "2022-07-01"))
    assert {name for name, row in before.items() if row["floor"] is not None} == {"sent", "considered"}
    assert {name for name, row in after.items() if row["floor"] is not None} == {"introduced", "admitted"}
    assert (before["sent"]["floor"], after["introduced"]["floor"]) == (1, 2)


@pytest.mark.parametrize("year", YEARS)
def test_the_districts_floors_are_the_sum_of_the_unions(years: Any, year: str) -> None:
    """Summed over the rules in force at the year's end."""
    whole = rows_of(years[year])
    unions = [rows_of(child) for child in years[year]["children"]]
    for of_all, of_one in (("introduced_with_party", "introduced"), ("sent_without_party", "sent")):
        assert whole[of_all]["floor"] == sum(rows[of_one]["floor"] or 0 for rows in unions)


def test_the_whole_plan(plan: Any, years: Any) -> None:
    rows = rows_of(plan)
    for indicator, base, part in (
        ("admitted_with_party", "introduced_with_party", Fraction(1, 2)),
        ("considered_without_party", "introduced_without_party", Fraction(1, 5)),
    ):
        assert exact(rows[indicator]["floor"]) == rows[base]["actual"] * part
        assert rows[indicator]["actual"] == sum(rows_of(years[year])[indicator]["actual"] for year in YEARS)
    assert rows["admitted_with_party"]["text"] == "25/23 (108,70%)"
    assert rows["considered_without_party"]["text"] == "8/3,8 (210,53%)"


def test_the_parts_and_the_unsurveyed_make_the_whole(plan: Any) -> None:
    rows = rows_of(plan)
    unknown = next(rows_of(child) for child in plan["children"] if child["unit"] == "CD-16")["introduced"]["actual"]
    parts = rows["introduced_with_party"]["actual"] + rows["introduced_without_party"]["actual"]
    assert (parts + unknown, unknown) == (rows["introduced"]["actual"], 1)


def test_the_units_without_any_source_are_listed(tien_lang: Any) -> None:
    listed = tien_lang.ketnap("commend", "--unit", DISTRICT, "--period", "2023")["no_source"]
    assert [(row["unit"], row["indicator"]) for row in listed] == [("CD-14", "sent"), ("CD-15", "sent")]


def test_who_can_be_sent_and_where_a_party_organisation_can_be_founded(years: Any) -> None:
    children = {child["unit"]: rows_of(child) for child in years["2023"]["children"]}
    assert sum(rows["waiting_for_class"]["actual"] for rows in children.values()) == 5
    ready = [code for code, rows in children.items() if rows["members_without_cell"]["actual"] >= 3]
    assert ready == ["CD-11"]  # CD-08 had three and has its chi bộ now


def test_the_same_files_again_change_nothing(tien_lang: Any) -> None:
    for workbook in tien_lang.workbooks:
        answer = tien_lang.ketnap("import", str(workbook))
        assert answer["errors"] == []
        assert not any(answer["created"].values())
        assert not any(answer["updated"].values())
