"""Working days of real years, months clamped at their end, ages by the month, days as people write them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.calendar import Calendar, add_months, age_months, parse_day
from states.errors import BadInput

CALENDAR = Calendar()

# The weekdays off around Tết as the State announced them for public offices
TET = {
    2020: ["2020-01-23", "2020-01-24", "2020-01-27", "2020-01-28", "2020-01-29"],
    2021: ["2021-02-10", "2021-02-11", "2021-02-12", "2021-02-15", "2021-02-16"],
    2022: ["2022-01-31", "2022-02-01", "2022-02-02", "2022-02-03", "2022-02-04"],
    2023: ["2023-01-20", "2023-01-23", "2023-01-24", "2023-01-25", "2023-01-26"],
    2024: ["2024-02-08", "2024-02-09", "2024-02-12", "2024-02-13", "2024-02-14"],
    2025: ["2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31"],
    2026: ["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"],
}
REST = {
    2020: ["01-01", "04-02", "04-30", "05-01", "09-02"],
    2021: ["01-01", "04-21", "04-30", "05-03", "09-02", "09-03"],
    2022: ["01-03", "04-11", "05-02", "05-03", "09-01", "09-02"],
    2023: ["01-02", "05-01", "05-02", "05-03", "09-01", "09-04"],
    2024: ["01-01", "04-18", "04-29", "04-30", "05-01", "09-02", "09-03"],
    2025: ["01-01", "04-07", "04-30", "05-01", "05-02", "09-01", "09-02"],
    2026: ["01-01", "01-02", "04-27", "04-30", "05-01", "08-31", "09-01", "09-02", "11-24"],
}
WORKED_SATURDAYS = {2024: ["2024-05-04"], 2025: ["2025-04-26"], 2026: ["2026-01-10", "2026-08-22"]}


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("year", TET)
def test_weekdays_off_and_weekends_worked_in_a_real_year(year):
    days = [date(year, 1, 1) + timedelta(n) for n in range(366 if year % 4 == 0 else 365)]
    off = [d for d in days if d.weekday() < 5 and not CALENDAR.is_working_day(d)]
    assert off == sorted(map(day, TET[year] + [f"{year}-{rest}" for rest in REST[year]]))
    worked = [d for d in days if d.weekday() > 4 and CALENDAR.is_working_day(d)]
    assert worked == [day(d) for d in WORKED_SATURDAYS.get(year, [])]


@pytest.mark.parametrize(
    ("off", "worked"),
    [("2018-12-31", "2019-01-05"), ("2019-04-29", "2019-05-04"), ("2026-01-02", "2026-01-10")],
)
def test_swapped_days(off, worked):
    assert not CALENDAR.is_working_day(day(off))
    assert CALENDAR.is_working_day(day(worked))
    assert CALENDAR.day_off_name(day(worked)) is None
    assert CALENDAR.day_off_name(day(off)) is not None


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-07-01", 0, "2025-07-01"),
        ("2025-07-01", 1, "2025-07-02"),
        ("2025-07-01", 30, "2025-08-12"),
        ("2025-07-01", 45, "2025-09-04"),  # past 1 and 2 September
        ("2025-11-23", 1, "2025-11-24"),  # the day of culture is off from 2026 only
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-02-13", 1, "2026-02-23"),  # a whole week of Tết
        ("2026-01-09", 1, "2026-01-10"),  # a Saturday worked
        ("2026-01-09", 2, "2026-01-12"),
        ("2025-12-31", 1, "2026-01-05"),  # New Year and the swapped Friday
        ("2025-12-31", 5, "2026-01-09"),
        ("2025-12-31", 6, "2026-01-10"),
        ("2025-07-05", 1, "2025-07-07"),  # started on a Saturday
        ("2026-02-18", 1, "2026-02-23"),  # started on a holiday
        ("2026-02-23", -1, "2026-02-13"),
        ("2026-02-21", -1, "2026-02-13"),
        ("2020-09-01", 1, "2020-09-03"),
        ("2021-09-01", 1, "2021-09-06"),  # two days of National Day, then a weekend
    ],
)
def test_add_working_days(start, n, due):
    assert CALENDAR.add_working_days(day(start), n) == day(due)


def test_counting_crosses_years_not_yet_laid_out():
    assert Calendar().add_working_days(date(2020, 12, 31), 300) == CALENDAR.add_working_days(date(2020, 12, 31), 300)
    assert Calendar().add_working_days(date(2021, 1, 1), -300) == CALENDAR.add_working_days(date(2021, 1, 1), -300)
    assert Calendar().working_days_between(date(2010, 1, 1), date(2030, 1, 1)) > 4900
    assert Calendar().is_working_day(date(1990, 1, 2))
    assert not Calendar().is_working_day(date(2100, 1, 1))


def test_threads_may_share_one_calendar():
    shared = Calendar()
    starts = [date(2016, 3, 1), date(2040, 3, 1), date(1995, 3, 1), date(2025, 3, 1)] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: shared.add_working_days(start, 500), starts))
    assert found == [Calendar().add_working_days(start, 500) for start in starts]


@given(st.dates(date(2015, 1, 1), date(2027, 12, 31)), st.integers(-400, 400))
@settings(max_examples=200)
def test_counting_there_and_back_agree(start, n):
    end = CALENDAR.add_working_days(start, n)
    if n:
        assert CALENDAR.is_working_day(end)
    if n >= 0 or CALENDAR.is_working_day(start):
        assert CALENDAR.working_days_between(start, end) == n
    assert CALENDAR.working_days_between(start, end) == -CALENDAR.working_days_between(end, start)


@given(st.dates(date(2015, 1, 1), date(2027, 12, 31)), st.integers(1, 70))
@settings(max_examples=100)
def test_counting_agrees_with_a_walk_day_by_day(start, n):
    walked, left = start, n
    while left:
        walked += timedelta(1)
        left -= CALENDAR.is_working_day(walked)
    assert CALENDAR.add_working_days(start, n) == walked


def test_the_working_day_on_or_before_and_after():
    assert CALENDAR.working_day_on_or_before(date(2026, 2, 22)) == date(2026, 2, 13)
    assert CALENDAR.working_day_on_or_before(date(2026, 2, 13)) == date(2026, 2, 13)
    assert CALENDAR.next_working_day(date(2026, 2, 13)) == date(2026, 2, 23)


def test_names_of_days_off():
    assert CALENDAR.day_off_name(date(2026, 2, 17)) == "Tết Nguyên Đán"
    assert CALENDAR.day_off_name(date(2026, 4, 27)) == "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"
    assert CALENDAR.day_off_name(date(2025, 7, 5)) == "Thứ Bảy"
    assert CALENDAR.day_off_name(date(2025, 7, 6)) == "Chủ nhật"
    assert CALENDAR.day_off_name(date(2025, 7, 7)) is None


def test_an_installations_days_win_over_holidays_and_swaps():
    own = Calendar(
        days_off={date(2026, 1, 10): "Nghỉ", date(2026, 7, 20): "Nghỉ bão"},
        worked={date(2026, 1, 2): "Làm", date(2026, 2, 16): "Làm", date(2026, 7, 25): "Làm bù"},
    )
    assert not own.is_working_day(date(2026, 1, 10))
    assert own.day_off_name(date(2026, 7, 20)) == "Nghỉ bão"
    assert own.add_working_days(date(2026, 1, 1), 1) == date(2026, 1, 2)
    assert own.is_working_day(date(2026, 2, 16))
    assert own.add_working_days(date(2026, 7, 24), 1) == date(2026, 7, 25)


def test_a_day_cannot_be_both():
    with pytest.raises(BadInput, match="2026-05-04"):
        Calendar({date(2026, 5, 4): "a"}, {date(2026, 5, 4): "b"})


def test_the_version_tells_calendars_apart():
    assert Calendar().version == CALENDAR.version
    assert Calendar({date(2026, 7, 20): "Nghỉ"}).version != CALENDAR.version
    assert Calendar({}, {date(2026, 7, 20): "Làm"}).version != Calendar({date(2026, 7, 20): "Nghỉ"}).version


@pytest.mark.parametrize("beyond", [date(1, 1, 1), date(1800, 1, 1), date(2500, 1, 1)])
def test_years_beyond_the_calendar_are_refused(beyond):
    with pytest.raises(BadInput):
        CALENDAR.is_working_day(beyond)
    with pytest.raises(BadInput):
        CALENDAR.add_working_days(beyond, 1)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-02-28", 12, "2026-02-28"),
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2025-12-31", 1, "2026-01-31"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-05-20", 60, "2030-05-20"),
        ("2025-05-20", 0, "2025-05-20"),
    ],
)
def test_months_are_clamped_at_their_end(start, months, end):
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("birth", "on", "months"),
    [
        ("2008-03-20", "2026-02-28", 215),
        ("2008-03-20", "2026-03-01", 216),  # the day is ignored
        ("2008-03", "2026-03-01", 216),
        ("2008", "2026-11-30", 215),  # only the year known: December
        ("2008", "2026-12-01", 216),
        ("1966-03-31", "2026-03-01", 720),
        ("1966-03-31", "2026-04-01", 721),
    ],
)
def test_age_in_calendar_months(birth, on, months):
    assert age_months(birth, day(on)) == months


@pytest.mark.parametrize(
    "written",
    [
        "2020-06-30",
        "30/06/2020",
        "30/6/2020",
        " 30-06-2020 ",
        "30.6.2020",
        "2020-6-30",
        "2020-06-30 00:00:00",
        date(2020, 6, 30),
        datetime(2020, 6, 30, 23, 59, tzinfo=UTC),
    ],
)
def test_days_as_people_write_them(written):
    assert parse_day(written) == date(2020, 6, 30)
    assert type(parse_day(written)) is date


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("31/02/2020", "Không có ngày 31/02/2020: tháng 2 năm 2020 có 29 ngày."),
        ("29/02/2025", "Không có ngày 29/02/2025"),
        ("2020-04-31", "Không có ngày 31/04/2020"),
        ("0/1/2020", "Không có ngày 00/01/2020"),
        ("1/13/2020", "không có tháng 13"),
        ("1/1/0020", "năm 20 nằm ngoài"),
        ("1/1/20", "«1/1/20» không phải là ngày"),
        ("06/2020", "«06/2020» không phải là ngày"),
        ("2020-06-30T07:30", "không phải là ngày"),
        ("hôm qua", "«hôm qua» không phải là ngày"),
        ("", "«» không phải là ngày"),
        (None, "không phải là ngày"),
        (43830, "không phải là ngày"),
        ("{x}", "«{x}» không phải là ngày"),
    ],
)
def test_days_that_cannot_be_read(written, words):
    with pytest.raises(BadInput) as refused:
        parse_day(written)
    assert words in refused.value.say("vi")
    assert refused.value.say("en")
    assert refused.value.exit_code == 1


def test_the_special_days_of_a_year_say_who_knows_them() -> None:
    calendar = Calendar({date(2026, 3, 2): "Ngày truyền thống"}, {date(2026, 3, 7): "Làm bù ngày truyền thống"})
    days = {one.day: one for one in calendar.special_days(2026)}
    assert (days[date(2026, 1, 2)].worked, days[date(2026, 1, 2)].source) == (False, "swapped")
    assert (days[date(2026, 1, 10)].worked, days[date(2026, 1, 10)].source) == (True, "swapped")
    assert (days[date(2026, 3, 2)].name, days[date(2026, 3, 2)].source) == ("Ngày truyền thống", "own")
    assert days[date(2026, 3, 7)].worked
    assert days[date(2026, 9, 2)].source == "library"
    assert date(2026, 3, 3) not in days


def test_working_days_by_month_sum_to_the_year() -> None:
    calendar = Calendar()
    months = calendar.working_days_by_month(2025)
    assert months[0] == calendar.working_days_between(date(2024, 12, 31), date(2025, 1, 31))
    assert sum(months) == calendar.working_days_between(date(2024, 12, 31), date(2025, 12, 31))
