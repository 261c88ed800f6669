"""Setting and listing targets."""

from datetime import date
from decimal import Decimal

import pytest
from district import District

from procedures.indicators import list_indicators
from procedures.targets import list_targets, read_number, set_target
from states.errors import BadInput, Unknown

DAY = date(2020, 6, 30)


@pytest.fixture
def office():
    made = District()
    made.unit("A")
    made.unit("B", "A")
    return made.office(DAY)


def test_a_target_is_set_revised_and_listed(office):
    first = {
        "floor": "24",
        "decision_number": "161/QĐ-LĐLĐ",
        "decision_date": "25/3/2020",
        "responsible": "Ban Tổ chức",
    }
    assert set_target(office, "A", "admitted", "2020", **first)["created"] == 1
    assert set_target(office, "A", "admitted", "2020", **first) | {"target": 0} == {
        "created": 0,
        "unchanged": 1,
        "target": 0,
    }
    set_target(office, "A", "admitted", "2020", floor=30, decision_date=date(2020, 6, 1))
    items = list_targets(office, unit="A")["items"]
    assert [(item["floor"], item["in_force"]) for item in items] == [(24, False), (30, True)]
    assert items[0]["decision_date"] == date(2020, 3, 25)
    assert items[0]["responsible"] == "Ban Tổ chức"
    assert list_targets(office, unit="B")["items"] == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"floor": 9, "ceiling": 7}, BadInput),
        ({"floor": "bảy"}, BadInput),
        ({"ratio": "50%", "base": "admitted"}, BadInput),
        ({"indicator": "x", "floor": 1}, Unknown),
        ({"unit": "X", "floor": 1}, Unknown),
        ({"period": "2020-13", "floor": 1}, BadInput),
        ({"period": "2031/2036", "floor": 1}, BadInput),
        ({"floor": 1, "credited_unit": "X"}, Unknown),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(office, wrong, error):
    words = {"unit": "A", "indicator": "admitted", "period": "2020"} | wrong
    with pytest.raises(error):
        set_target(office, words.pop("unit"), words.pop("indicator"), words.pop("period"), **words)
    assert list_targets(office)["items"] == []


def test_the_same_decision_with_another_number_is_refused(office):
    set_target(office, "A", "admitted", "2020", floor=24)
    with pytest.raises(BadInput):
        set_target(office, "A", "admitted", "2020", floor=25)


@pytest.mark.parametrize(
    ("written", "number"), [("12,5", "12.5"), ("50%", "0.5"), ("1 200", "1200"), (7, "7"), (None, None), ("", None)]
)
def test_numbers_are_read_as_people_write_them(written, number):
    assert read_number(written) == (None if number is None else Decimal(number))


def test_indicators_are_listed_in_the_order_of_config(office):
    items = list_indicators(office)["items"]
    assert [item["indicator"] for item in items] == list(office.settings.indicators)
    assert {item["source"] for item in items} <= {"counted", "reported", "ratio", "measured"}
