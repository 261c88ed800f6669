"""Periods: their codes, days, labels, and which ones enclose which."""

from datetime import date

import pytest

from states.errors import BadInput
from states.periods import enclosing, parse_period

TERMS = {"2015/2020": (date(2015, 7, 1), date(2020, 6, 30)), "2020/2025": (date(2020, 7, 1), date(2025, 6, 30))}


@pytest.mark.parametrize(
    ("code", "first", "last", "kind", "label"),
    [
        ("2020-02", "2020-02-01", "2020-02-29", "month", "Tháng 2 năm 2020"),
        ("2020-12", "2020-12-01", "2020-12-31", "month", "Tháng 12 năm 2020"),
        ("2020-Q2", "2020-04-01", "2020-06-30", "quarter", "Quý II năm 2020"),
        ("2020-Q4", "2020-10-01", "2020-12-31", "quarter", "Quý IV năm 2020"),
        ("2020-H1", "2020-01-01", "2020-06-30", "half", "6 tháng đầu năm 2020"),
        ("2020-H2", "2020-07-01", "2020-12-31", "half", "6 tháng cuối năm 2020"),
        ("2020-9M", "2020-01-01", "2020-09-30", "nine_months", "9 tháng đầu năm 2020"),
        ("2020", "2020-01-01", "2020-12-31", "year", "Năm 2020"),
        ("2015/2020", "2015-07-01", "2020-06-30", "term", "Nhiệm kỳ 2015–2020"),
    ],
)
def test_periods(code, first, last, kind, label):
    period = parse_period(code, TERMS)
    assert period.code == code
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.kind == kind
    assert period.label() == label
    assert period.label("en")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2020-q2", "2020-Q2"),
        (" 2020-h1 ", "2020-H1"),
        (2020, "2020"),
        (date(2020, 6, 15), "2020-06"),
        ("2020–9m", "2020-9M"),
    ],
)
def test_other_ways_to_write_one(written, code):
    assert parse_period(written, TERMS).code == code


@pytest.mark.parametrize(
    "code",
    [
        "2020-13",
        "2020-00",
        "2020-6",
        "2020-Q5",
        "2020-H3",
        "2020-6M",
        "20",
        "1066",
        "",
        None,
        "quý 2",
        "2020/21",
        "{x}",
    ],
)
def test_what_is_no_period(code):
    with pytest.raises(BadInput) as refused:
        parse_period(code, TERMS)
    assert "không phải là kỳ" in refused.value.say("vi")
    assert "is not a period" in refused.value.say("en")


def test_an_undeclared_term_names_the_line_to_add():
    with pytest.raises(BadInput) as refused:
        parse_period("2017/2022", TERMS)
    line = 'terms: {"2017/2022": {first: 2017-07-01, last: 2022-06-30}}'
    assert line in refused.value.say("vi")
    assert line in refused.value.say("en")


@pytest.mark.parametrize(
    ("code", "longer"),
    [
        ("2020-06", ["2020-Q2", "2020-H1", "2020-9M", "2020", "2015/2020"]),
        ("2020-Q2", ["2020-H1", "2020-9M", "2020", "2015/2020"]),
        ("2020-Q3", ["2020-H2", "2020-9M", "2020", "2020/2025"]),
        ("2020-Q4", ["2020-H2", "2020", "2020/2025"]),
        ("2020-H1", ["2020-9M", "2020", "2015/2020"]),
        ("2020-H2", ["2020", "2020/2025"]),
        ("2020-9M", ["2020"]),
        ("2020", []),  # no term holds the whole year
        ("2019", ["2015/2020"]),
        ("2015/2020", []),
    ],
)
def test_enclosing_periods_shortest_first(code, longer):
    assert [p.code for p in enclosing(parse_period(code, TERMS), TERMS)] == longer


def test_a_term_as_long_as_a_year_does_not_enclose_it():
    assert enclosing(parse_period("2020", {}), {"2020/2021": (date(2020, 1, 1), date(2020, 12, 31))}) == []
