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


# ---------------------------------------------------------------------- around Tết
# Tết 2020 (Canh Tý): Thursday 23 to Wednesday 29 January; Tết 2025 (Ất Tỵ): Monday 27 January to Sunday 2 February.

WEEK = e.Ladder("5", (e.Rung("nhac", 0, ("bi_thu",)), e.Rung("cap_tren", 5, ("bi_thu",), "above")))


@pytest.mark.parametrize(
    ("since", "last_day_of_waiting", "climbs_on"),
    [
        (date(2020, 1, 13), date(2020, 1, 19), date(2020, 1, 20)),  # no day off but the weekend
        (date(2020, 1, 20), date(2020, 2, 2), date(2020, 2, 3)),  # 21, 22, then Tết, 30, 31, 3
        (date(2020, 1, 22), date(2020, 2, 4), date(2020, 2, 5)),  # the last day before Tết
        (date(2025, 1, 24), date(2025, 2, 6), date(2025, 2, 7)),  # a Friday, nine days off follow
    ],
)
def test_a_rung_counts_no_day_of_tet(since, last_day_of_waiting, climbs_on):
    assert steps(case("nhac", since=since, today=last_day_of_waiting, ladder=WEEK)) == []
    assert case("nhac", since=since, ladder=WEEK).next_on == climbs_on
    assert steps(case("nhac", since=since, today=climbs_on, ladder=WEEK)) == ["cap_tren"]


@pytest.mark.parametrize(
    ("day", "urged_on"),
    [
        (date(2020, 1, 22), date(2020, 1, 22)),
        (date(2020, 1, 23), date(2020, 1, 30)),
        (date(2020, 1, 25), date(2020, 1, 30)),
        (date(2020, 2, 1), date(2020, 2, 3)),
    ],
)
def test_nobody_is_urged_on_a_day_off(day, urged_on):
    standing = case(since=day, today=day)
    assert standing.next_on == urged_on
    assert steps(standing) == (["nhac"] if day == urged_on else [])


def test_a_case_settles_on_a_day_off_too():
    assert steps(case("nhac", "caught_up", today=date(2020, 1, 25))) == ["da_dong"]


# ---------------------------------------------------------------------- commitments and silences


@pytest.mark.parametrize(("hold", "ended"), [("committed_until", "lapse"), ("silenced_until", "end_silence")])
@pytest.mark.parametrize(
    ("until", "next_on"),
    [
        (date(2020, 6, 10), date(2020, 6, 15)),  # over before the rung is due: nothing is put off
        (date(2020, 6, 15), date(2020, 6, 16)),
        (date(2020, 6, 19), date(2020, 6, 22)),  # a Friday
        (date(2021, 2, 9), date(2021, 2, 17)),  # the day before Tết Tân Sửu: 10 to 16 February
    ],
)
def test_a_hold_ends_on_the_working_day_after_it(hold, ended, until, next_on):
    def held(today):
        return e.Standing("nhac", DAY, LADDER, "behind", today, CALENDAR, **{hold: until})

    assert held(DAY).next_on == next_on
    assert e.move(held(until)) == []
    over = held(next_on)
    moves = e.move(over)
    assert [move.trigger for move in moves] == [ended, "tell_above"]
    assert moves[0].until == until
    assert (over.state, over.committed_until, over.silenced_until) == ("cap_tren", None, None)


def test_a_commitment_that_lapses_before_the_rung_is_due_only_lapses():
    standing = e.Standing("nhac", DAY, LADDER, "behind", date(2020, 6, 11), CALENDAR, date(2020, 6, 10))
    assert [(move.trigger, move.climbs) for move in e.move(standing)] == [("lapse", False)]
    assert (standing.since, standing.next_on) == (DAY, date(2020, 6, 15))


def test_a_kept_commitment_does_not_lapse():
    standing = e.Standing("nhac", DAY, LADDER, "caught_up", date(2020, 7, 1), CALENDAR, date(2020, 6, 10))
    assert [move.trigger for move in e.move(standing)] == ["close"]


@pytest.mark.parametrize("step", ["theo_doi", "nhac", "cap_tren", "thuong_vu"])
def test_an_officer_may_act_on_every_open_case(step):
    day = date(2020, 6, 30)
    standing = case(step)
    assert e.act(standing, "acknowledge", day).step == e.act(standing, "silence", day).step == step
    assert (standing.committed_until, standing.silenced_until, standing.since) == (day, day, DAY)
    assert e.act(standing, "close_by_hand").step == "da_dong"


@pytest.mark.parametrize(
    ("until", "against"),
    [
        (date(2020, 5, 31), ["day_past"]),
        (date(2020, 6, 1), []),
        (date(2020, 12, 31), []),
        (date(2021, 1, 1), ["after_period"]),
        (None, []),
    ],
)
def test_days_that_make_no_sense_are_refused(until, against):
    assert [v.code for v in e.refusals("nhac", DAY, DAY, until, date(2020, 12, 31))] == against


def test_what_is_closed_or_not_there_yet_is_refused():
    last = date(2020, 12, 31)
    assert [v.code for v in e.refusals("da_dong", DAY, DAY, None, last)] == ["case_closed"]
    (verdict,) = e.refusals("nhac", DAY, date(2020, 5, 29), None, last)
    assert (verdict.code, verdict.earliest) == ("case_not_open_yet", DAY)


def test_the_machine_is_the_table_and_nothing_more():
    rows = e.TABLE + e.ACTS
    assert set(e.MACHINE.events) == {trigger for trigger, *_ in rows}  # no automatic to_x
    for _trigger, sources, destination, guard in rows:
        assert {*sources, destination or "theo_doi"} <= set(e.STEPS)
        assert callable(getattr(e.Standing, guard))
    assert {destination for *_, destination, _ in rows} == {*e.STEPS, None} - {"theo_doi"}
    assert set(e.LABELS) == set(e.STEPS)
    assert set(e.ASKED) == set(e.STEPS) - {"theo_doi", "da_dong"}
