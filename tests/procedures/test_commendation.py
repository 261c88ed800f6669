"""Commend: bodies above their targets, best first, beside those behind and those without any source."""

from datetime import date

import pytest

from config.settings import CommendationSettings
from procedures.commendation import commend
from states.errors import BadInput, Unknown
from tests.procedures.district import District

DAY = date(2024, 12, 31)
TAY_HO = {"LDLD": (44, 9, 29, 19), "CCT": (4, 1, 56, 31), "LDTBXH": (8, 1, 71, 23), "BHXH": (8, 8, 126, 73)}


@pytest.fixture
def district():
    made = District()
    made.unit("BCD")
    for code, (founded, floor, members, floor_members) in TAY_HO.items():
        made.unit(code, "BCD")
        made.figure(code, "unions_founded", "2024", founded)
        made.target(code, "unions_founded", "2024", floor)
        made.figure(code, "members_recruited", "2024", members)
        made.target(code, "members_recruited", "2024", floor_members)
    made.unit("DUK", "BCD")
    made.unit("TO", "DUK")
    return made


def asked(district, unit="BCD", period="2024", day=DAY, **more):
    return commend(district.office(day, **more), unit, period)


def brief(rows):
    return [(row["unit"], row["indicator"], row["percent_text"]) for row in rows]


def test_those_above_their_targets_are_named_best_first(district):
    result = asked(district)
    assert brief(result["commend"]) == [
        ("LDTBXH", "unions_founded", "800%"),
        ("LDLD", "unions_founded", "488,89%"),
        ("CCT", "unions_founded", "400%"),
        ("LDTBXH", "members_recruited", "308,70%"),
        ("CCT", "members_recruited", "180,65%"),
        ("BHXH", "members_recruited", "172,60%"),
        ("LDLD", "members_recruited", "152,63%"),
    ]
    first = result["commend"][0]
    assert (first["name"], first["text"], first["status"]) == ("Đơn vị LDTBXH", "8/1 (800%)", "vuot")
    assert (first["actual"], first["floor"], first["ceiling"]) == (8, 1, None)
    assert first["explanation"] == "Đã làm 8/1, hơn 1 là 7: vượt chỉ tiêu."
    assert (result["unit"], result["period"], result["behind"], result["no_source"]) == ("BCD", "2024", [], [])


def test_config_says_who_is_above(district):
    reached = CommendationSettings(statuses=["vuot", "dat"], min_percent=100)
    assert brief(asked(district, commendation=reached)["commend"])[-1] == ("BHXH", "unions_founded", "100%")
    much = CommendationSettings(min_percent=400)
    assert [unit for unit, *_ in brief(asked(district, commendation=much)["commend"])] == ["LDTBXH", "LDLD", "CCT"]


def test_those_behind_and_those_without_a_source_stand_on_the_other_side(district):
    for unit, floor in (("DUK", 10), ("TO", 4), ("CCT", 5)):
        district.target(unit, "admitted", "2024", floor)
    district.counted("hold_ceremony", date(2024, 5, 5), "TO", 1)
    district.person("X1", "TO", "cho_le")
    result = asked(district, day=date(2024, 11, 30))
    assert [(row["unit"], row["status"], row["text"]) for row in result["behind"]] == [
        ("DUK", "nguy_co", "1/10 (10%)"),
        ("TO", "nguy_co", "1/4 (25%)"),
    ]
    assert [(row["unit"], row["explanation"]) for row in result["no_source"]] == [
        ("CCT", "Đã làm 0/5; đến 30/11/2024 theo tiến độ phải đạt 4,58; không có ai trên đường: chưa có nguồn.")
    ]


def test_a_quarter_is_judged_by_the_years_targets(district):
    """By all of the year so far, so the order is the year's, and nobody is behind for one quiet quarter."""
    quarter, year = asked(district, period="2024-Q4"), asked(district)
    assert {row["target_period"] for row in quarter["commend"]} == {"2024"}
    assert [(row["unit"], row["done"]) for row in quarter["commend"]] == [
        (row["unit"], row["actual"]) for row in year["commend"]
    ]
    assert quarter["behind"] == []


def test_a_passed_ceiling_or_a_floor_of_nothing_is_not_commended(district):
    district.target("DUK", "dialogues", "2024", None, 5)
    district.figure("DUK", "dialogues", "2024", 6)
    district.target("DUK", "fund_payers", "2024", 0)
    district.figure("DUK", "fund_payers", "2024", 6)
    assert not [row for row in asked(district)["commend"] if row["unit"] == "DUK"]


def test_a_unit_is_not_among_those_it_commends_unless_nobody_below_has_a_target(district):
    district.target("BCD", "unions_founded", "2024", 1)
    assert "BCD" not in {row["unit"] for row in asked(district)["commend"]}
    assert {row["unit"] for row in asked(district, unit="CCT")["commend"]} == {"CCT"}
    district.target("BCD", "dialogues", "2023", 1)
    district.figure("BCD", "dialogues", "2023", 2)
    assert brief(asked(district, period="2023")["commend"]) == [("BCD", "dialogues", "200%")]


def test_what_cannot_be_asked(district):
    with pytest.raises(Unknown):
        asked(district, unit="X")
    with pytest.raises(BadInput):
        asked(district, period="2024-Q5")
