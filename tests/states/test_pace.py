"""Pace, status and the printed percent, boundaries in pairs."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import pace
from states.errors import BadInput

YEAR = date(2020, 1, 1), date(2020, 12, 31)  # 366 days


@pytest.mark.parametrize(
    ("actual", "floor", "decimals", "rounding", "printed"),
    [
        (7, 24, 2, "half_up", "29,17%"),
        (5, 21, 2, "half_up", "23,81%"),
        (366, 1200, 2, "half_up", "30,50%"),
        (101, 101, 2, "half_up", "100%"),
        (74, 100, 2, "half_up", "74%"),
        (49, 165, 2, "half_up", "29,70%"),
        (44, 9, 1, "cut_off", "488,8%"),
        (44, 9, 1, "half_up", "488,9%"),
        (4, 1, 1, "cut_off", "400%"),
        (29, 19, 1, "cut_off", "152,6%"),
        (56, 31, 1, "cut_off", "180,6%"),
        (71, 23, 1, "cut_off", "308,6%"),
        (126, 73, 1, "cut_off", "172,6%"),
        (23, 30, 0, "cut_off", "76%"),
        (23, 30, 0, "half_up", "77%"),
        (12, 10, 2, "half_up", "120%"),
        (6, 10, 2, "half_up", "60%"),
        (99_999, 100_000, 2, "half_up", "100,00%"),  # rounded up to whole, not exactly whole
        (1, 1600, 2, "half_up", "0,06%"),
        (1, 1600, 2, "cut_off", "0,06%"),
        (3, 1600, 2, "half_up", "0,19%"),
        (3, 1600, 2, "cut_off", "0,18%"),
        (1250, 1, 0, "half_up", "125.000%"),
        (0, 7, 2, "half_up", "0%"),
    ],
)
def test_a_percent_is_exact_and_printed_the_house_way(actual, floor, decimals, rounding, printed):
    assert pace.print_percent(pace.percent_of(actual, floor), decimals, rounding) == printed


def test_half_is_rounded_up_never_to_even():
    assert [pace.print_percent(Fraction(n, 1000), 2) for n in (125, 135, 124)] == ["0,13%", "0,14%", "0,12%"]


def test_nothing_to_divide_by_is_no_percent():
    assert pace.percent_of(3, 0) is None
    assert pace.percent_of(3, None) is None


@pytest.mark.parametrize("rounding", ["half-up", "", "up"])
def test_an_unknown_rounding_is_refused(rounding):
    with pytest.raises(BadInput):
        pace.print_percent(Fraction(1, 3), 2, rounding)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 6))
def test_printing_never_moves_a_percent_by_more_than_its_last_digit(actual, floor, decimals):
    exact = pace.percent_of(actual, floor)
    unit = Fraction(1, 10**decimals)
    read = {
        rounding: Fraction(pace.print_percent(exact, decimals, rounding)[:-1].replace(".", "").replace(",", "."))
        for rounding in (pace.HALF_UP, pace.CUT_OFF)
    }
    assert 0 <= exact - read["cut_off"] < unit
    assert -unit / 2 <= exact - read["half_up"] < unit / 2 or exact == read["half_up"]


@pytest.mark.parametrize(
    ("actual", "floor", "ceiling", "percent", "text"),
    [
        (7, 24, None, "29,17%", "7/24 (29,17%)"),
        (366, 1200, None, "30,50%", "366/1200 (30,50%)"),  # pairs without thousands dots, as districts print them
        (3957, None, None, None, "3.957"),
        (12, 10, 15, "120%", "12/10–15 (120%)"),
        (7, 7, 7, "100%", "7/7 (100%)"),
        (3, None, 5, None, "3/≤5"),
        (3, 0, None, None, "3/0"),
        (Decimal("3.5"), Decimal("7.25"), None, "48,28%", "3,5/7,25 (48,28%)"),
        (Decimal("1234.5"), None, None, None, "1.234,5"),
    ],
)
def test_the_text_shows_actual_target_and_percent(actual, floor, ceiling, percent, text):
    assert pace.print_attainment(actual, floor, ceiling, percent) == text


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2019, 12, 31), Fraction(0)),
        (date(2020, 1, 1), Fraction(1, 366)),
        (date(2020, 6, 30), Fraction(182, 366)),
        (date(2020, 12, 30), Fraction(365, 366)),
        (date(2020, 12, 31), Fraction(1)),
        (date(2021, 5, 1), Fraction(1)),
    ],
)
def test_the_pace_counts_the_day_itself_and_ends_with_the_period(day, share):
    assert pace.share_due(*YEAR, day) == share


def test_a_phased_pace_bends_the_line():
    phases = {50: 20, 75: 60}
    half, three_quarters = date(2020, 7, 1), date(2020, 10, 1)  # days 183 and 275 of 366
    assert pace.share_due(*YEAR, half, phases) == Fraction(20, 100)
    assert Fraction(60, 100) < pace.share_due(*YEAR, three_quarters, phases) < Fraction(62, 100)
    assert pace.share_due(*YEAR, date(2020, 12, 31), phases) == 1
    assert pace.share_due(*YEAR, date(2019, 12, 31), phases) == 0


def judged(actual, floor=10, ceiling=None, expected=5, people=None):
    return pace.judge(actual, floor, ceiling, Fraction(expected), lambda: people)


@pytest.mark.parametrize(
    ("actual", "more", "status"),
    [
        (10, {}, "dat"),
        (11, {}, "vuot"),
        (15, {"ceiling": 15}, "dat"),
        (16, {"ceiling": 15}, "vuot"),
        (10, {"ceiling": 15}, "dat"),
        (9, {"ceiling": 15, "expected": 9}, "dung_tien_do"),
        (5, {}, "dung_tien_do"),
        (4, {}, "cham"),  # reported numbers: nobody knows who is on the way
        (0, {}, "cham"),
        (0, {"people": 0}, "chua_co_nguon"),
        (0, {"people": 9}, "nguy_co"),
        (0, {"people": 10}, "cham"),
        (4, {"people": 5}, "nguy_co"),
        (4, {"people": 6}, "cham"),
        (1, {"people": 0}, "nguy_co"),
        (0, {"floor": 0}, "dat"),
        (5, {"floor": None, "ceiling": 5}, "dat"),
        (6, {"floor": None, "ceiling": 5}, "vuot"),
    ],
)
def test_the_status_on_both_sides_of_every_boundary(actual, more, status):
    assert judged(actual, **more) == status


def test_people_are_only_counted_when_they_decide():
    def never():
        raise AssertionError

    assert pace.judge(5, 10, None, Fraction(5), never) == "dung_tien_do"


@pytest.mark.parametrize(("actual", "behind"), [(9, False), (Decimal("8.99"), True), (10, False)])
def test_the_tolerance_is_a_share_of_the_pace(actual, behind):
    status = judged(actual, floor=20, expected=10)
    assert pace.is_behind(status, actual, Fraction(10), 10) is behind


def test_a_number_for_machines_is_an_int_when_whole():
    assert [pace.as_number(v) for v in (Fraction(4, 2), Decimal("7.0000"), Decimal("3.50"), None)] == [
        2,
        7,
        Decimal("3.5"),
        None,
    ]
    assert isinstance(pace.as_number(Decimal("7.0")), int)
    assert pace.as_number(Fraction(700, 24)) == Decimal("29.1666666667")


def test_every_status_has_its_words():
    assert set(pace.STATUSES) == {"vuot", "dat", "dung_tien_do", "chua_co_nguon", "nguy_co", "cham"}


EXPECTED = 24 * Fraction(182, 366)
DAY = date(2020, 6, 30)


def explained(status, actual, floor=24, ceiling=None, people=None, lang="vi", **more):
    return pace.explain(status, actual, floor, ceiling, EXPECTED, DAY, lambda: people, lang=lang, **more)


@pytest.mark.parametrize(
    ("status", "numbers", "sentence"),
    [
        ("nguy_co", {"actual": 7, "people": 12},
         "Đã làm 7/24; đến 30/06/2020 theo tiến độ phải đạt 11,93; còn 12 người trên đường, cộng lại 19 < 24: "
         "nguy cơ không đạt."),
        ("cham", {"actual": 7, "people": 17},
         "Đã làm 7/24; đến 30/06/2020 theo tiến độ phải đạt 11,93; còn 17 người trên đường, cộng lại 24 ≥ 24: "
         "chậm tiến độ."),
        ("cham", {"actual": 7}, "Đã làm 7/24; đến 30/06/2020 theo tiến độ phải đạt 11,93: chậm tiến độ."),
        ("chua_co_nguon", {"actual": 0, "people": 0},
         "Đã làm 0/24; đến 30/06/2020 theo tiến độ phải đạt 11,93; không có ai trên đường: chưa có nguồn."),
        ("dung_tien_do", {"actual": 12}, "Đã làm 12/24; đến 30/06/2020 theo tiến độ phải đạt 11,93: đúng tiến độ."),
        ("dat", {"actual": 24}, "Đã làm 24/24: đạt chỉ tiêu."),
        ("dat", {"actual": 12, "floor": 10, "ceiling": 15}, "Đã làm 12/10–15: đạt chỉ tiêu."),
        ("dat", {"actual": 3, "floor": None, "ceiling": 5}, "Đã làm 3, không quá 5: đạt chỉ tiêu."),
        ("vuot", {"actual": 30}, "Đã làm 30/24, hơn 24 là 6: vượt chỉ tiêu."),
        ("vuot", {"actual": 16, "floor": 10, "ceiling": 15}, "Đã làm 16/10–15, hơn 15 là 1: vượt chỉ tiêu."),
        ("vuot", {"actual": 6, "floor": None, "ceiling": 5}, "Đã làm 6, quá mức tối đa 5 là 1: vượt chỉ tiêu."),
        ("dat", {"actual": 1250, "floor": 1200}, "Đã làm 1250/1200: đạt chỉ tiêu."),
        ("dat", {"actual": Fraction(100, 3), "floor": 30, "percent": True}, "Đã làm 33,33%/30%: đạt chỉ tiêu."),
        ("dat", {"actual": 4, "floor": Fraction(4), "ratio": (Decimal("0.5"), "Được giới thiệu")},
         "Chỉ tiêu 4 là 50% của 8 («Được giới thiệu»). Đã làm 4/4: đạt chỉ tiêu."),
    ],
)  # fmt: skip
def test_a_status_is_explained_by_its_own_numbers(status, numbers, sentence):
    assert explained(status, **numbers) == sentence


def test_an_explanation_speaks_english():
    assert explained("nguy_co", 7, people=12, lang="en") == (
        "Done 7/24; by 2020-06-30 the pace asks for 11.93; 12 on the way, together 19 < 24: at risk."
    )
    assert explained("vuot", 1250, floor=1200, lang="en") == "Done 1250/1200, 50 more than 1,200: above target."


@given(
    st.integers(0, 40), st.one_of(st.none(), st.integers(1, 30)), st.one_of(st.none(), st.integers(30, 35)),
    st.one_of(st.none(), st.integers(0, 30)),
)  # fmt: skip
def test_every_judged_status_has_its_sentence(actual, floor, ceiling, people):
    expected = Fraction(floor or 0) / 2
    status = pace.judge(actual, floor, ceiling, expected, lambda: people)
    for lang in ("vi", "en"):
        said = pace.explain(status, actual, floor, ceiling, expected, DAY, lambda: people, lang=lang)
        assert "{" not in said
        assert "None" not in said
        assert said.casefold().endswith(f": {pace.STATUSES[status].say(lang).casefold()}.")


def test_a_pace_hardly_above_what_was_done_is_printed_above_it():
    """1/2 with a pace of 1,001 must not read "phải đạt 1,00: chậm"."""
    said = pace.explain(pace.CHAM, 1, 2, None, Fraction(1001, 1000), date(2020, 7, 1), lambda: None)
    assert said == "Đã làm 1/2; đến 01/07/2020 theo tiến độ phải đạt 1,001: chậm tiến độ."
    plain = pace.explain(pace.CHAM, 7, 24, None, Fraction(24 * 182, 366), date(2020, 6, 30), lambda: None)
    assert "phải đạt 11,93:" in plain
