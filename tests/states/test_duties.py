"""Duties that return: their periods and due days."""

from datetime import date

import pytest

from states.calendar import Calendar
from states.duties import Duty, read_day_of_year
from states.errors import BadInput
from states.periods import period_of

CALENDAR = Calendar()


def duty(every="year", due="31/12", since=None):
    return Duty("nhan_xet", "Nhận xét", ("chi_bo",), every, due, "reviews", ("bi_thu",), since)


@pytest.mark.parametrize(
    ("every", "day", "code"),
    [
        ("year", date(2020, 12, 31), "2020"),
        ("half", date(2020, 6, 30), "2020-H1"),
        ("half", date(2020, 7, 1), "2020-H2"),
        ("quarter", date(2020, 3, 31), "2020-Q1"),
        ("quarter", date(2020, 4, 1), "2020-Q2"),
        ("month", date(2020, 12, 1), "2020-12"),
    ],
)
def test_the_period_of_a_day(every, day, code):
    assert period_of(every, day).code == code


def test_a_day_asks_for_the_period_before_and_its_own():
    assert [p.code for p in duty().periods(date(2020, 5, 1))] == ["2019", "2020"]
    assert [p.code for p in duty("quarter", 5).periods(date(2020, 1, 2))] == ["2019-Q4", "2020-Q1"]
    assert [p.code for p in duty(since=date(2020, 1, 1)).periods(date(2020, 5, 1))] == ["2020"]
    assert list(duty(since=date(2020, 1, 2)).periods(date(2020, 5, 1))) == []


@pytest.mark.parametrize(
    ("due", "every", "day", "due_on"),
    [
        ("31/12", "year", date(2020, 1, 1), date(2020, 12, 31)),
        ("29/2", "year", date(2020, 1, 1), date(2020, 2, 29)),
        ("29/2", "year", date(2021, 1, 1), date(2021, 2, 28)),
        (5, "quarter", date(2020, 4, 1), date(2020, 7, 7)),
        (1, "month", date(2020, 1, 15), date(2020, 2, 3)),  # Tết 2020: 23 to 29 January; 31 January is a Friday
        (10, "year", date(2020, 3, 1), date(2021, 1, 15)),  # 1 January is a holiday
    ],
)
def test_the_day_it_is_due(due, every, day, due_on):
    assert duty(every, due).due_on(period_of(every, day), CALENDAR) == due_on


@pytest.mark.parametrize("written", ["31/11", "0/1", "31", "31/12/2020", "", "cuối năm"])
def test_a_day_of_the_year_that_is_none(written):
    with pytest.raises(BadInput, match="day of the year"):
        read_day_of_year(written)


def test_days_are_counted_as_the_due_day_is_said():
    assert (duty().limit_unit, duty("quarter", 5).limit_unit) == ("months", "working_days")
