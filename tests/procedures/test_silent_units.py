"""Units from which nothing comes."""

from datetime import date

import pytest
from sqlalchemy import select

from procedures.silent_units import list_silent_units, tell_silent_units
from states.errors import BadInput
from store.notices import Notice
from tests.procedures.district import District

DAY = date(2020, 6, 30)
NOTHING = {"notices": 0, "nobody_to_tell": 0, "withdrawn": 0}


@pytest.fixture
def district(database):
    made = District(database)
    made.unit("LB")
    for code in ("A", "B", "C"):
        made.unit(code, "LB")
    made.unit("A1", "A")
    made.figure("LB", "dialogues", "2018", 5)  # the office has been at work for long
    return made


def silent(district, day=DAY, *more, **changes):
    return {one["unit"]: one["last_on"] for one in list_silent_units(district.office(day, **changes), *more)["items"]}


def notices(district):
    n = Notice.__table__.c
    with district.database.reading() as connection:
        asked = select(n.subject, n.recipient, n.due_on, n.planned_for, n.state).order_by(n.subject, n.recipient)
        return [tuple(row) for row in connection.execute(asked)]


def test_an_entry_or_a_figure_breaks_the_silence_of_all_above(district):
    district.counted("nominate", date(2020, 1, 1), "A1")
    district.figure("B", "dialogues", "2020-Q1", 3)
    district.figure("C", "dialogues", "2019-Q4", 3)
    assert silent(district) == {"C": date(2019, 12, 31)}


@pytest.mark.parametrize(("day", "is_silent"), [(date(2020, 6, 29), False), (date(2020, 6, 30), True)])
def test_two_quarters_are_six_months_to_the_day(district, day, is_silent):
    district.figure("C", "dialogues", "2019-Q4", 3)
    assert ("C" in silent(district, day)) is is_silent


def test_the_day_of_a_report_counts_where_it_is_known(district):
    district.figure("C", "dialogues", "2019-Q4", 3, reported_on=date(2020, 2, 3))
    district.figure("B", "dialogues", "2020-Q1", 3, reported_on=date(2020, 7, 1))
    found = silent(district)
    assert "C" not in found
    assert found["B"] is None  # reported after this day


def test_the_body_credited_has_been_heard_of_too(district):
    district.figure("B", "dialogues", "2020-Q1", 3, credited="C")
    assert {"B", "C"}.isdisjoint(silent(district))


def test_young_units_and_young_offices_are_not_silent(database):
    made = District(database)
    made.unit("A")
    assert silent(made) == {}
    made.figure("A", "dialogues", "2020-Q2", 1)
    made.unit("B", on=date(2020, 1, 1))
    made.unit("C")
    assert silent(made) == {}  # the office's own data begin in April
    made.figure("A", "dialogues", "2019", 1)
    assert silent(made) == {"C": None}


def test_kinds_and_quarters_are_settings(district):
    settings = district.office(DAY).settings.silent_units
    assert silent(district, silent_units=settings.model_copy(update={"kinds": ["doanh_nghiep"]})) == {}
    assert (
        tell_silent_units(district.office(DAY, silent_units=settings.model_copy(update={"kinds": []})))["notices"] == 0
    )
    district.figure("C", "dialogues", "2019-Q2", 3)
    assert "C" not in silent(district, DAY, 5)
    assert "C" in silent(district, DAY, 4)
    for number in (0, 201, 99_999_999):
        with pytest.raises(BadInput):
            list_silent_units(district.office(DAY), number)


def test_ended_units_are_left_in_peace(district):
    district.unit("C", "LB", on=date(2020, 6, 1), ended=True)
    assert "C" not in silent(district)


def test_the_committee_above_is_told_once_a_quarter(district):
    district.counted("nominate", date(2020, 6, 1), "A1")
    district.figure("B", "dialogues", "2020-Q2", 3)
    district.recipient("LB", "can_bo_to_chuc", "lb@example.test")
    district.recipient("C", "bi_thu", "c@example.test")
    assert tell_silent_units(district.office(DAY)) == NOTHING | {"notices": 1, "unchanged": 0}
    assert tell_silent_units(district.office(DAY)) == NOTHING | {"unchanged": 1}
    assert notices(district) == [("silent:C:2020-Q2", "lb@example.test", DAY, DAY, "planned")]
    later = tell_silent_units(district.office(date(2020, 7, 4)))  # a Saturday of the next quarter
    assert later == NOTHING | {"notices": 1, "withdrawn": 1, "unchanged": 0}
    assert notices(district)[1] == (
        "silent:C:2020-Q3", "lb@example.test", date(2020, 9, 30), date(2020, 7, 6), "planned",
    )  # fmt: skip
    district.figure("C", "dialogues", "2020-Q2", 1)
    assert tell_silent_units(district.office(date(2020, 7, 6))) == NOTHING | {"withdrawn": 1, "unchanged": 0}
    assert {row[-1] for row in notices(district)} == {"withdrawn"}


def test_nobody_to_tell_is_a_fact(district):
    told = tell_silent_units(district.office(DAY))
    assert (told["notices"], told["nobody_to_tell"]) == (0, 5)  # LB itself has been silent, and is a root
    assert tell_silent_units(district.office(DAY)) == NOTHING | {"unchanged": 5}
    assert {(row[1], row[-1]) for row in notices(district)} == {("", "nobody")}
