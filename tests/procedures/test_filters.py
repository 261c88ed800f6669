"""Indicators that count some people or units only, and those measured on a day."""

from datetime import date
from decimal import Decimal

import pytest

import config
from procedures.report import report
from procedures.roll_up import roll_up
from states.errors import BadInput
from tests.procedures.district import District, rows_of

DAY = date(2020, 6, 30)
FILTERS = {
    "women": {"gioi_tinh": "nu"},
    "young": {"tuoi": "18-30"},
    "minority": {"dan_toc": {"not": "Kinh"}},
    "young_women": {"tuoi": "18-30", "gioi_tinh": "nu"},
    "non_state": {"khu_vuc": "ngoài nhà nước"},
    "with_party": {"co_to_chuc_dang": True},
    "women_with_party": {"gioi_tinh": "nu", "co_to_chuc_dang": "1"},
    "of_cells": {"loai": "chi_bo"},
}


def indicators(**more):
    made = {
        name: config.IndicatorSettings(
            label=name, source="counted", trigger="hold_ceremony", where=where, part_of="admitted"
        )
        for name, where in FILTERS.items()
    }
    admitted = config.IndicatorSettings(label="Kết nạp", source="counted", trigger="hold_ceremony")
    return {"admitted": admitted, **made, **more}


def measured(label, **more):
    return config.IndicatorSettings(label=label, source="measured", **more)


@pytest.fixture
def district(database):
    made = District(database)
    made.unit("LB", khu_vuc="nhà nước")
    made.unit("A", "LB", khu_vuc="Ngoài nhà nước", co_to_chuc_dang="0")
    made.unit("B", "LB")
    return made


def ask(district, period="2020-H1", today=DAY, unit="LB", more=None, **options):
    office = district.office(today, indicators=indicators(**(more or {})))
    return report(office, unit, period, **options)


def actuals(result):
    return {row["indicator"]: row["actual"] for row in result["rows"]}


def admit(district, code, unit, on, **known):
    district.person(code, unit, "du_bi", **known)
    district.entry(code, "hold_ceremony", on, unit, to="du_bi", source="cho_le")


def test_people_are_counted_as_they_were_on_the_day_that_counts(district):
    admit(district, "P1", "A", date(2020, 5, 5), birth="1990-05-31", gioi_tinh="nu", dan_toc="Kinh")  # 30 that month
    admit(district, "P2", "A", date(2020, 5, 5), birth="1989-04-30", gioi_tinh="nu", dan_toc="Tày")  # 31
    admit(district, "P3", "B", date(2020, 5, 5), birth="1989", gioi_tinh="nam")  # at latest December: 30
    admit(district, "P4", "B", date(2020, 5, 5), birth=None)
    district.attribute("P3", "dan_toc", "Mông", date(2020, 5, 6))  # only known of later days
    district.unit("A", "LB", date(2020, 5, 5), khu_vuc="Ngoài nhà nước", co_to_chuc_dang="1")
    district.unit("B", "LB", date(2020, 5, 6), khu_vuc="ngoài nhà nước", co_to_chuc_dang="1")
    found = actuals(ask(district))
    assert found | {"admitted": 4} == {
        "admitted": 4,
        "women": 2,
        "young": 2,
        "minority": 1,
        "young_women": 1,
        "non_state": 2,
        "with_party": 2,
        "women_with_party": 2,
        "of_cells": 4,
    }
    child = ask(district)["children"][0]
    assert (child["unit"], actuals(child)["women"], actuals(child)["young"]) == ("A", 2, 1)


def test_a_later_recording_of_a_day_replaces_the_earlier_and_unknown_is_not_other(district):
    admit(district, "P1", "A", date(2020, 5, 5), gioi_tinh="nam", dan_toc="Tày")
    district.attribute("P1", "gioi_tinh", "nu")
    district.attribute("P1", "dan_toc", None)
    found = actuals(ask(district))
    assert (found["women"], found["minority"]) == (1, 0)


def test_superseded_entries_are_not_counted(district):
    admit(district, "P1", "A", date(2020, 5, 5), gioi_tinh="nu")
    admit(district, "P2", "A", date(2020, 5, 5), gioi_tinh="nu")
    district.entry("P1", "hold_ceremony", date(2020, 7, 5), "A", to="du_bi", source="cho_le", corrects=1)
    district.entry("P2", "hold_ceremony", date(2020, 5, 5), "A", source="cho_le", voids=1)
    assert actuals(ask(district))["women"] == 0
    assert actuals(ask(district, period="2020", today=date(2020, 12, 31)))["women"] == 1


def test_the_documents_day_is_the_day_that_counts(district):
    by_decision = config.IndicatorSettings(
        label="x", source="counted", trigger="decide", basis="document", where={"tuoi": "0-30"}
    )
    district.person("P1", "A", birth="1989-06-20")
    district.entry("P1", "decide", date(2020, 6, 20), "A", to="cho_le", document_date=date(2020, 5, 31))
    assert actuals(ask(district, more={"decided": by_decision}))["decided"] == 1


def test_a_filtered_figure_opens_down_to_its_people_and_is_rolled_up(district):
    admit(district, "P1", "A", date(2020, 5, 5), gioi_tinh="nu")
    admit(district, "P2", "B", date(2020, 5, 6), gioi_tinh="nam")
    assert [one["code"] for one in ask(district, people="women")["people"]] == ["P1"]
    assert [one["code"] for one in ask(district, people="non_state")["people"]] == ["P1"]
    assert roll_up(district.office(DAY, indicators=indicators()), "2020-Q2")["stored"] > 0


def test_of_those_on_the_way_only_the_right_ones_are_a_source(district):
    district.target("LB", "women", "2020", 2)
    for number in range(3):
        district.person(f"W{number}", "A", "cho_le", gioi_tinh="nam")
    assert rows_of(ask(district))["women"]["status"] == "chua_co_nguon"
    for number in range(3, 5):
        district.person(f"W{number}", "A", "cho_le", gioi_tinh="nu")
    assert rows_of(ask(district))["women"]["status"] == "cham"


MEMBERS = {"members": measured("Đảng viên", steps=["du_bi", "xet_chinh_thuc", "chinh_thuc"])}


def test_people_at_steps_are_measured_on_the_periods_last_day(district):
    district.person("P1", "A", "rut", gioi_tinh="nu")
    district.entry("P1", "open_at", None, "A", to="chinh_thuc", source=None)
    district.entry("P1", "withdraw", date(2020, 5, 1), "A", to="rut", source="chinh_thuc")
    district.person("P2", "B", "du_bi", gioi_tinh="nu")
    district.entry("P2", "open_at", date(2020, 1, 1), "A", to="cho_le", source=None)
    district.entry("P2", "hold_ceremony", date(2020, 2, 1), "A", to="du_bi", source="cho_le")
    unit = {"to_unit": district.units["B"]}
    district.entry("P2", "transfer", date(2020, 6, 1), "A", to="du_bi", source="du_bi", data=unit)
    more = MEMBERS | {"women_members": measured("Nữ", steps=["du_bi", "chinh_thuc"], where={"gioi_tinh": "nu"})}

    def at(period, unit="LB", **options):
        found = actuals(ask(district, period, unit=unit, more=more, **options))
        return found["members"], found["women_members"]

    assert [at("2019"), at("2020-01"), at("2020-02"), at("2020-05"), at("2020-06")] == [
        (1, 1),
        (1, 1),
        (2, 2),
        (1, 1),
        (1, 1),
    ]
    assert [at("2020-05", unit) for unit in ("A", "B")] == [(1, 1), (0, 0)]
    assert [at("2020-06", unit) for unit in ("A", "B")] == [(0, 0), (1, 1)]
    assert at("2021") == (0, 0)  # not begun
    people = ask(district, "2020-Q1", more=more, people="women_members")["people"]
    assert [(one["entry"], one["unit"]) for one in people] == [("P1:1", "A"), ("P2:2", "A")]


def test_a_correction_is_measured_where_it_stands(district):
    district.person("P1", "A", "rut", gioi_tinh="nu")
    district.entry("P1", "open_at", date(2020, 1, 1), "A", to="chinh_thuc", source=None)
    district.entry("P1", "withdraw", date(2020, 2, 1), "A", to="rut", source="chinh_thuc")
    district.entry("P1", "withdraw", date(2020, 5, 1), "A", to="rut", source="chinh_thuc", corrects=2)
    more = {"women_members": measured("Nữ", steps=["chinh_thuc"], where={"gioi_tinh": "nu"})}
    found = [actuals(ask(district, p, more=more))["women_members"] for p in ("2020-01", "2020-04", "2020-05")]
    assert found == [1, 1, 0]


def test_a_stock_of_units_is_that_of_the_day_and_its_parts_sum_to_it(district):
    district.unit("A", "LB", date(2020, 2, 1), so_dang_vien="60", khu_vuc="ngoài nhà nước")
    district.unit("B", "LB", date(2020, 2, 1), so_dang_vien="7")
    district.unit("A", "LB", date(2020, 5, 1), so_dang_vien="50", khu_vuc="ngoài nhà nước")
    more = {
        "all": measured("Đảng viên", attribute="so_dang_vien"),
        "private": measured("Ngoài nhà nước", attribute="so_dang_vien", where={"khu_vuc": "ngoài nhà nước"}),
    }
    found = [actuals(ask(district, p, more=more)) for p in ("2020-01", "2020-Q1", "2020-H1")]
    assert [(one["all"], one["private"]) for one in found] == [(0, 0), (67, 60), (57, 50)]
    district.unit("LB", on=date(2020, 6, 1), so_dang_vien="100")
    result = ask(district, more=more)
    top = rows_of(result)["all"]
    below = sum(rows_of(child)["all"]["actual"] for child in result["children"])
    assert (top["actual"], top["own"], below) == (100, 43, 57)


def test_a_measured_and_a_reported_number_for_one_unit_are_refused_by_name(district):
    district.unit("A", "LB", so_dang_vien="60")
    district.figure("B", "all", "2020-Q1", 5)  # a unit that says nothing else may report
    more = {"all": measured("Đảng viên", attribute="so_dang_vien")}
    assert actuals(ask(district, more=more))["all"] == 65
    district.figure("A", "all", "2020-Q2", 61)
    with pytest.raises(BadInput) as refused:
        ask(district, more=more)
    found = refused.value.details["double_sources"]
    assert found == [{"unit": "A", "indicator": "all", "period": "2020-Q2", "counted": 60, "reported": Decimal(61)}]


def test_probation_that_is_over_counts_as_over_before_the_engine_has_written_it(district):
    admit(district, "P1", "A", date(2019, 6, 15), gioi_tinh="nu")
    admit(district, "P2", "A", date(2019, 8, 1), gioi_tinh="nu")
    district.person("P3", "B", "du_bi", gioi_tinh="nam")
    district.entry("P3", "open_at", None, "B", to="du_bi", source=None)  # nobody knows since when
    more = {
        "probation": measured("Dự bị", steps=["du_bi"]),
        "review": measured("Đến hạn", steps=["xet_chinh_thuc"]),
        "women_review": measured("Nữ", steps=["xet_chinh_thuc"], where={"gioi_tinh": "nu"}),
        "both": measured("Cả hai", steps=["du_bi", "xet_chinh_thuc"]),
    }

    def at(period, **options):
        found = actuals(ask(district, period, more=more, today=date(2020, 7, 15), **options))
        return [found[name] for name in ("probation", "review", "women_review", "both")]

    for _ in ("unwritten", "written"):
        assert at("2020-05") == [3, 0, 0, 3]
        assert at("2020-06") == [2, 1, 1, 3]
        assert [
            one["code"]
            for one in ask(district, "2020-06", more=more, today=date(2020, 7, 15), people="women_review")["people"]
        ] == ["P1"]
        assert [
            one["code"]
            for one in ask(district, "2020-06", more=more, today=date(2020, 7, 15), people="probation")["people"]
        ] == ["P3", "P2"]
        if district.sequences["P1"] == 1:
            district.entry("P1", "mature", date(2020, 6, 15), "A", to="xet_chinh_thuc", source="du_bi")
