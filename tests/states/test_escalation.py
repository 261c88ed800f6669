"""The case of a unit that falls behind, rung by rung."""

from datetime import date

import pytest

from states import escalation as e
from states.calendar import Calendar
from states.errors import BadInput

CALENDAR = Calendar()
LADDER = e.Ladder(
    "1",
    (
        e.Rung("nhac", 0, ("bi_thu",)),
        e.Rung("cap_tren", 10, ("bi_thu",), "above"),
        e.Rung("thuong_vu", 5, ("thuong_vu",), "above"),
    ),
)
DAY = date(2020, 6, 1)  # a Monday


def case(step="theo_doi", finding="behind", since=DAY, today=DAY, ladder=LADDER):
    return e.Standing(step, since, ladder, finding, today, CALENDAR)


def steps(standing):
    return [move.step for move in e.move(standing)]


def test_a_unit_behind_is_urged_at_once_and_then_given_its_days():
    standing = case()
    assert steps(standing) == ["nhac"]
    assert (standing.state, standing.since, standing.next_on) == ("nhac", DAY, date(2020, 6, 15))
    assert steps(standing) == []


@pytest.mark.parametrize(("today", "moves"), [(date(2020, 6, 14), []), (date(2020, 6, 15), ["cap_tren"])])
def test_a_rung_is_climbed_on_the_day_its_working_days_are_over(today, moves):
    assert steps(case("nhac", today=today)) == moves


def test_a_gap_in_the_runs_climbs_one_rung():
    standing = case("nhac", today=date(2020, 9, 1))
    assert steps(standing) == ["cap_tren"]
    assert standing.since == date(2020, 9, 1)


def test_the_last_rung_stays():
    standing = case("thuong_vu", today=date(2020, 9, 1))
    assert (steps(standing), standing.next_on) == ([], None)


@pytest.mark.parametrize("step", ["theo_doi", "nhac", "cap_tren", "thuong_vu"])
@pytest.mark.parametrize("finding", ["caught_up", "period_ended", "target_withdrawn"])
def test_a_settled_case_closes_from_every_step_and_stays_closed(step, finding):
    standing = case(step, finding, today=date(2020, 9, 1))
    assert steps(standing) == ["da_dong"]
    assert (steps(standing), standing.next_on) == ([], None)


@pytest.mark.parametrize("step", ["theo_doi", "nhac", "cap_tren", "thuong_vu"])
def test_within_the_tolerance_nothing_moves(step):
    assert steps(case(step, "waiting", today=date(2020, 9, 1))) == []


def test_a_ladder_may_leave_rungs_out_but_not_change_their_order():
    short = e.Ladder("2", (e.Rung("thuong_vu", 0, ("thuong_vu",)),))
    assert steps(case(ladder=short)) == ["thuong_vu"]
    with pytest.raises(BadInput):
        e.Ladder("3", (e.Rung("cap_tren", 0, ()), e.Rung("nhac", 0, ())))
    with pytest.raises(BadInput):
        e.Ladder("3", (e.Rung("nhac", 0, ()), e.Rung("nhac", 0, ())))


def test_a_ladder_survives_its_row():
    assert e.Ladder.from_json(LADDER.to_json()) == LADDER


def test_the_machine_is_the_table_and_nothing_more():
    triggers = {trigger for trigger, *_ in e.TABLE}
    assert set(e.MACHINE.events) == triggers  # no automatic to_x
    for _trigger, sources, destination, guard in e.TABLE:
        assert {*sources, destination} <= set(e.STEPS)
        assert callable(getattr(e.Standing, guard))
    assert {destination for *_, destination, _ in e.TABLE} == set(e.STEPS) - {"theo_doi"}
    assert set(e.LABELS) == set(e.STEPS)
