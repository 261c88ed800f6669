"""Thresholds as sentences: which fall when, around Tết 2026, days off, starts and missed days."""

from datetime import date

import pytest

from states.calendar import Calendar
from states.reckoning import reckoning
from states.reminders import Rhythm, actor, horizon, made, marks, say_left

CALENDAR = Calendar()
SHIPPED = Rhythm((30, 14, 7, 1, 0), 7)
# Tết 2026: off from Saturday 14/02 to Sunday 22/02 (Monday 16 to Friday 20 are the public holidays).


def fallen(due_on: date, unit: str, today: date, rhythm: Rhythm = SHIPPED) -> dict[int, date]:
    return {mark.threshold: mark.planned_for for mark in marks(rhythm, due_on, unit, CALENDAR, today)}


def test_a_month_clock_counts_calendar_days() -> None:
    assert fallen(date(2025, 12, 31), "months", date(2025, 12, 31)) == {
        30: date(2025, 12, 1),
        14: date(2025, 12, 17),
        7: date(2025, 12, 24),
        1: date(2025, 12, 30),
        0: date(2025, 12, 31),
    }


def test_a_working_day_clock_counts_working_days() -> None:
    assert fallen(date(2025, 12, 3), "working_days", date(2025, 12, 3)) == {
        30: date(2025, 10, 22),
        14: date(2025, 11, 13),
        7: date(2025, 11, 24),
        1: date(2025, 12, 2),
        0: date(2025, 12, 3),
    }


def test_working_days_before_a_due_day_right_after_tet_lie_before_tet() -> None:
    assert fallen(date(2026, 2, 23), "working_days", date(2026, 2, 23))[1] == date(2026, 2, 13)


def test_calendar_days_inside_tet_go_out_on_the_last_working_day_before_it() -> None:
    found = fallen(date(2026, 2, 18), "months", date(2026, 2, 13))
    assert (found[1], found[0]) == (date(2026, 2, 13), date(2026, 2, 13))


@pytest.mark.parametrize(
    ("due_on", "goes_out"),
    [
        (date(2025, 12, 5), date(2025, 12, 5)),  # a Friday
        (date(2025, 12, 6), date(2025, 12, 5)),  # a Saturday
        (date(2025, 12, 7), date(2025, 12, 5)),  # a Sunday
        (date(2026, 1, 10), date(2026, 1, 10)),  # a Saturday worked for 02/01/2026
        (date(2026, 1, 2), date(2025, 12, 31)),  # the Friday that was swapped, after New Year's Day
    ],
)
def test_what_falls_on_a_day_off_goes_out_the_working_day_before(due_on: date, goes_out: date) -> None:
    assert fallen(due_on, "months", due_on)[0] == goes_out


@pytest.mark.parametrize(("today", "has_fallen"), [(date(2025, 12, 4), False), (date(2025, 12, 5), True)])
def test_it_has_fallen_on_the_day_it_goes_out_not_before(today: date, has_fallen: bool) -> None:
    assert (0 in fallen(date(2025, 12, 7), "months", today)) is has_fallen


def test_thresholds_before_the_start_are_not_made_the_one_on_the_start_is() -> None:
    due_on, starts_on = date(2025, 12, 31), date(2025, 12, 17)
    found = marks(SHIPPED, due_on, "months", CALENDAR, date(2025, 12, 31))
    assert [mark.threshold for mark in made(found, starts_on)] == [14, 7, 1, 0]
    assert [mark.threshold for mark in made(found, date(2025, 12, 18))] == [7, 1, 0]


def test_a_threshold_brought_forward_before_the_start_is_not_made() -> None:
    # 30 days before 01/03/2026 is Friday 30/01; started Saturday 31/01 nobody could have been told then
    found = marks(Rhythm((29,), 0), date(2026, 3, 1), "months", CALENDAR, date(2026, 2, 2))
    assert found[0].planned_for == date(2026, 1, 30)
    assert made(found, date(2026, 1, 31)) == []


def test_overdue_every_seven_days_in_the_clocks_own_days() -> None:
    assert list(fallen(date(2025, 12, 1), "months", date(2025, 12, 22)))[-4:] == [0, -7, -14, -21]
    assert fallen(date(2026, 2, 11), "working_days", date(2026, 3, 3))[-7] == date(2026, 2, 27)  # Tết lies between
    assert -7 not in fallen(date(2026, 2, 11), "working_days", date(2026, 2, 26))


def test_an_overdue_threshold_on_a_day_off_comes_forward_even_to_the_due_day() -> None:
    assert fallen(date(2025, 12, 6), "months", date(2025, 12, 5), Rhythm((0,), 1)) == {
        0: date(2025, 12, 5),
        -1: date(2025, 12, 5),
    }


def test_zero_means_never_again_after_the_due_day() -> None:
    assert list(fallen(date(2025, 12, 1), "months", date(2026, 12, 1), Rhythm((0,), 0))) == [0]


def test_the_last_of_the_missed_is_the_latest() -> None:
    found = marks(SHIPPED, date(2025, 12, 31), "months", CALENDAR, date(2025, 12, 26))
    assert [mark.threshold for mark in found] == [30, 14, 7]


@pytest.mark.parametrize("unit", ["months", "working_days"])
@pytest.mark.parametrize("today", [date(2026, 2, 13), date(2026, 2, 18), date(2025, 12, 1)])
def test_no_threshold_falls_for_a_due_day_beyond_the_horizon(unit: str, today: date) -> None:
    last = horizon([SHIPPED], CALENDAR, today)
    for beyond in range(1, 40):
        assert not fallen(date.fromordinal(last.toordinal() + beyond), unit, today)


@pytest.mark.parametrize(
    ("left", "unit", "said"),
    [
        (3, "months", "còn 3 ngày"),
        (0, "working_days", "hôm nay là ngày cuối"),
        (-2, "working_days", "quá hạn 2 ngày làm việc"),
    ],
)
def test_how_much_time_is_left_is_said_in_the_clocks_days(left: int, unit: str, said: str) -> None:
    assert say_left(left, unit).say("vi") == said


def test_who_must_act_follows_the_step_a_person_stands_at() -> None:
    assert actor("admission_decision_wd", "cho_co_so").vi == "đảng ủy cơ sở"
    assert actor("admission_decision_wd", "cho_quyet_dinh").vi == "cấp ủy có thẩm quyền"
    assert actor("declaration_wd", "xet_chinh_thuc").vi == "đảng viên"


def test_the_sum_of_days_names_every_day_off_on_the_way() -> None:
    found = reckoning(date(2026, 2, 10), date(2026, 2, 27), 8, "working_days", 0, CALENDAR)
    assert CALENDAR.add_working_days(date(2026, 2, 10), 8) == date(2026, 2, 27)
    assert [day for day, _ in found.days_off] == [date(2026, 2, day) for day in range(16, 21)]
    assert found.weekend_days == 4
    assert "bỏ 4 ngày cuối tuần và 5 ngày nghỉ: hạn cuối 27/02/2026" in found.say("vi")
