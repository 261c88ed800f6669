"""Periods beside the one asked for: by code, a year before, the term so far; and the chain of conversion."""

from datetime import date

import pytest

from procedures.beside import read_beside
from procedures.report import report
from states.errors import BadInput
from states.periods import parse_period
from tests.procedures.district import District, rows_of

TERMS = {
    "2010/2015": (date(2010, 7, 1), date(2015, 6, 30)),
    "2015/2020": (date(2015, 7, 1), date(2020, 6, 30)),
    "2020/2025": (date(2020, 7, 1), date(2025, 6, 30)),
}


@pytest.mark.parametrize(
    ("asked", "written", "found"),
    [
        ("2020-H1", "2019-H1", ["2019-H1"]),
        ("2020-H1", "cung_ky", ["2019-H1"]),
        ("2020-02", "cùng kỳ", ["2019-02"]),
        ("2020-9M", "cung_ky", ["2019-9M"]),
        ("2015/2020", "cung_ky", ["2010/2015"]),
        ("2017", "nhiem_ky", ["2015/2020"]),
        ("2020", "nhiem_ky", ["2020/2025"]),  # across two terms: the one its last day lies in
        ("2017", "cung_ky,nhiem_ky, cung_ky", ["2016", "2015/2020"]),
        ("2017", ["2016-Q1", "2016"], ["2016-Q1", "2016"]),
        ("2017", None, []),
    ],
)
def test_which_period_is_meant(asked, written, found):
    period = parse_period(asked, TERMS)
    assert [one.period.code for one in read_beside(written, period, date(2021, 1, 1), TERMS)] == found


@pytest.mark.parametrize(("asked", "written"), [("2030", "nhiem_ky"), ("2010/2015", "cung_ky"), ("2017", "năm ngoái")])
def test_what_is_not_declared_is_said(asked, written):
    with pytest.raises(BadInput):
        read_beside(written, parse_period(asked, TERMS), date(2031, 1, 1), TERMS)


@pytest.fixture
def city():
    made = District()
    made.unit("TP")
    made.unit("CB1", "TP")
    made.target("TP", "admitted", "2015/2020", 30)
    made.target("TP", "admitted", "2017", 10)
    for day, count in ((date(2016, 3, 3), 8), (date(2017, 3, 3), 9), (date(2018, 1, 2), 5)):
        made.counted("hold_ceremony", day, "CB1", count)
    return made


def test_the_year_and_the_term_so_far_side_by_side(city):
    result = report(city.office(date(2018, 6, 1)), "TP", "2017", beside=["cung_ky", "nhiem_ky", "2015/2020"])
    assert rows_of(result)["admitted"]["text"] == "9/10 (90%)"
    assert result["beside"] == result["besides"][0]
    shown = [(one["period"], one["as_of"], rows_of(one)["admitted"]["text"]) for one in result["besides"]]
    assert shown == [
        ("2016", date(2018, 6, 1), "8/30 (26,67%)"),  # no target of its own: the term's
        ("2015/2020", date(2017, 12, 31), "17/30 (56,67%)"),  # half the term gone at the end of the year
        ("2015/2020", date(2018, 6, 1), "22/30 (73,33%)"),
    ]
    term = rows_of(result["besides"][1])["admitted"]
    assert (term["status"], term["target_period"]) == ("dung_tien_do", "2015/2020")
    assert result["besides"][1]["period_label"] == "Nhiệm kỳ 2015–2020 (đến 31/12/2017)"
    assert rows_of(report(city.office(date(2016, 6, 1)), "TP", "2016", beside="nhiem_ky")["beside"])["admitted"]["actual"] == 8  # fmt: skip


def test_the_chain_of_conversion():
    made = District()
    made.unit("TP")
    made.counted("nominate", date(2020, 2, 1), "TP", 165)
    made.counted("certify_class", date(2020, 2, 1), "TP", 90)
    made.counted("hold_ceremony", date(2020, 2, 1), "TP", 49)
    result = report(made.office(date(2020, 6, 30)), "TP", "2020-H1")
    assert [(one["from"], one["to"], one["numerator"], one["percent_text"]) for one in result["chain"]] == [
        ("introduced", "class", 90, "54,55%"),
        ("class", "admitted", 49, "54,44%"),
        ("admitted", "recognised", 0, "0%"),
    ]
    made = District()
    made.unit("TP")
    assert report(made.office(date(2020, 6, 30)), "TP", "2020")["chain"][0]["percent_text"] is None
