"""Breakdowns of a report: every cell, what is not known, and small cells for who may not see people."""

from datetime import date

import pytest

import config
from procedures.report import report
from states.errors import BadInput, Unknown
from tests.procedures.district import District, rows_of

DAY = date(2020, 6, 30)


@pytest.fixture
def district(database):
    made = District(database)
    made.unit("LB")
    made.unit("A", "LB", khu_vuc="ngoài nhà nước")
    made.unit("B", "LB", khu_vuc="nhà nước")
    people = [("nu", "1995", "A"), ("nu", "1980-02", "A"), ("nam", "1955-01-01", "B"), (None, None, "B")]
    for number, (sex, birth, unit) in enumerate(people):
        known = {"gioi_tinh": sex} if sex else {}
        made.person(f"P{number}", unit, "du_bi", birth=birth, **known)
        made.entry(f"P{number}", "hold_ceremony", date(2020, 5, 5), unit, to="du_bi", source="cho_le")
    return made


def cells(result, indicator="admitted"):
    return {
        one["by"]: {cell["value"]: cell["count"] for cell in one["cells"]}
        for one in result["breakdowns"]
        if one["indicator"] == indicator
    }


def test_each_person_stands_in_one_cell(district):
    found = cells(report(district.office(DAY), "LB", "2020-H1", breakdown=["women,age", "non_state"]))
    assert found["women"] == {"nu": 2, "nam": 1, "chua_ro": 1}
    assert {value: count for value, count in found["age"].items() if count} == {
        "18-30": 1,
        "36-40": 1,
        "61+": 1,
        "chua_ro": 1,
    }
    assert found["non_state"] == {"co": 2, "khong": 2, "chua_ro": 0}
    assert cells(report(district.office(DAY), "A", "2020-H1", breakdown="women"))["women"]["nu"] == 2


def test_every_breakdown_sums_to_the_figure(district):
    district.unit("C", "LB")
    district.figure("C", "admitted", "2020-Q1", 3)  # nobody says who these are
    result = report(district.office(DAY), "LB", "2020-H1", breakdown="all")
    rows = rows_of(result)
    assert {one["by"] for one in result["breakdowns"]} == set(district.office(DAY).settings.breakdowns.by)
    for one in result["breakdowns"]:
        assert sum(cell["count"] for cell in one["cells"]) == one["total"] == rows[one["indicator"]]["actual"]
    assert cells(result)["women"] == {"nu": 2, "nam": 1, "chua_ro": 4}


def test_a_measured_figure_is_broken_down_too(district):
    members = config.IndicatorSettings(label="Đảng viên", source="measured", steps=["du_bi"])
    office = district.office(DAY, indicators={"members": members})
    found = report(office, "LB", "2020-H1", breakdown="women")
    assert cells(found, "members")["women"] == {"nu": 2, "nam": 1, "chua_ro": 1}


def test_small_cells_are_kept_back_from_who_may_not_see_people(district):
    for number in range(10, 30):
        sex = "nu" if number < 16 else "nam"
        district.person(f"P{number}", "A", "du_bi", gioi_tinh=sex)
        district.entry(f"P{number}", "hold_ceremony", date(2020, 5, 5), "A", to="du_bi", source="cho_le")
    office = district.office(DAY)
    seen = report(office, "LB", "2020-H1", breakdown="women")
    assert cells(seen)["women"] == {"nu": 8, "nam": 15, "chua_ro": 1}
    hidden = report(office, "LB", "2020-H1", breakdown="women", may_see_people=False)
    assert cells(hidden)["women"] == {"nu": None, "nam": 15, "chua_ro": None}
    one = next(one for one in hidden["breakdowns"] if one["indicator"] == "admitted")
    assert [(cell["suppressed"], cell["text"]) for cell in one["cells"]] == [(True, "…"), (False, "15"), (True, "…")]
    with pytest.raises(BadInput):
        report(office, "LB", "2020-H1", people="admitted", may_see_people=False)


def test_rows_about_some_people_are_kept_back_like_cells(district):
    women = config.IndicatorSettings(
        label="Nữ", source="counted", trigger="hold_ceremony", where={"gioi_tinh": "nu"}, part_of="admitted"
    )
    share = config.IndicatorSettings(label="Tỷ lệ nữ", source="ratio", numerator="women", denominator="admitted")
    office = district.office(DAY)
    office = district.office(DAY, indicators=office.settings.indicators | {"women": women, "share": share})
    seen = rows_of(report(office, "LB", "2020-H1"))
    assert (seen["women"]["actual"], seen["share"]["text"]) == (2, "50%")
    hidden = report(office, "LB", "2020-H1", may_see_people=False, beside="2020-Q2")
    for rows in (rows_of(hidden), rows_of(hidden["beside"]), rows_of(hidden["children"][0])):
        assert (rows["women"]["actual"], rows["women"]["text"], rows["women"]["suppressed"]) == (None, "…", True)
        assert (rows["share"]["actual"], rows["share"]["numerator"], rows["share"]["text"]) == (None, None, "…")
    assert rows_of(hidden)["admitted"]["actual"] == 4  # of everybody: not about a kind of people


@pytest.mark.parametrize("days", [[], [date(2020, 2, 2), *[date(2020, 5, 5)] * 7]])
def test_what_was_done_since_a_targets_first_day_gives_no_small_count_away(district, days):
    """Two of a quarter; or nine of it where ten since New Year tell the one before."""
    women = config.IndicatorSettings(label="Nữ", source="counted", trigger="hold_ceremony", where={"gioi_tinh": "nu"})
    for number, day in enumerate(days, start=10):
        district.person(f"P{number}", "A", "du_bi", gioi_tinh="nu")
        district.entry(f"P{number}", "hold_ceremony", day, "A", to="du_bi", source="cho_le")
    district.target("LB", "women", "2020", 3)
    office = district.office(DAY)
    office = district.office(DAY, indicators=office.settings.indicators | {"women": women})
    assert rows_of(report(office, "LB", "2020-Q2"))["women"]["done"] == 2 + len(days)
    row = rows_of(report(office, "LB", "2020-Q2", may_see_people=False))["women"]
    assert row["actual"] == (9 if days else None)
    assert [row[name] for name in ("done", "done_text", "explanation")] == [None, None, None]


def test_what_could_be_had_from_the_units_below_is_kept_back():
    district = District()
    district.unit("LB")
    for unit, count in (("A", 2), ("B", 20), ("C", 30)):
        district.unit(unit, "LB")
        for number in range(100):
            code = f"{unit}{number}"
            district.person(code, unit, "du_bi", gioi_tinh="nu" if number < count else "nam")
            district.entry(code, "hold_ceremony", date(2020, 5, 5), unit, to="du_bi", source="cho_le")
    women = config.IndicatorSettings(
        label="Nữ", source="counted", trigger="hold_ceremony", where={"gioi_tinh": "nu"}, part_of="admitted"
    )
    office = district.office(DAY)
    office = district.office(DAY, indicators=office.settings.indicators | {"women": women})
    result = report(office, "LB", "2020-H1", may_see_people=False)
    assert rows_of(result)["women"]["actual"] == 52
    assert [rows_of(child)["women"]["actual"] for child in result["children"]] == [None, None, 30]


def test_a_breakdown_nobody_declared(district):
    with pytest.raises(Unknown) as unknown:
        report(district.office(DAY), "LB", "2020-H1", breakdown="sex")
    assert "women" in unknown.value.say("vi")
