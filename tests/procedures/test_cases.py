"""What an officer does with a case, and what the runs after it make of that."""

import threading
from datetime import date

import pytest
from sqlalchemy import select

from procedures.case_acts import acknowledge_case, close_case, silence_case
from procedures.escalate import escalate
from procedures.list_cases import list_cases
from states.errors import BadInput, Conflict, Refused, Unknown
from store.escalation import CaseEvent, lock_cases
from store.notices import Notice
from tests.procedures.district import District

DAY = date(2020, 6, 30)  # a Tuesday; the next rung is due on 14 July
NOTHING = {"opened": 0, "rose": 0, "closed": 0, "nobody_to_tell": 0, "notices": 0}


@pytest.fixture
def district(database):
    made = District(database)
    made.unit("LB")
    made.unit("A", "LB")
    made.target("A", "dialogues", "2020", 100)
    made.recipient("A", "bi_thu", "a@example.test")
    made.recipient("LB", "bi_thu", "lb@example.test")
    made.figure("A", "dialogues", "2020-Q1", 10)
    run(made)
    return made


def run(district, day=DAY, **changes):
    return escalate(district.office(day, **changes))


def only_case(district, day=DAY):
    return list_cases(district.office(day), closed=True)["items"][0]


def events(district):
    with district.database.reading() as connection:
        rows = connection.execute(select(CaseEvent.__table__).order_by(CaseEvent.id)).mappings()
        return [dict(row) for row in rows]


def words(district):
    return [event["event"] for event in events(district)]


def notices(district):
    n = Notice.__table__.c
    with district.database.reading() as connection:
        rows = connection.execute(select(n.subject, n.planned_for, n.state).order_by(n.id))
        return [tuple(row) for row in rows]


# ---------------------------------------------------------------------- commitment


def test_a_commitment_holds_the_case_and_its_lapse_lets_it_climb(district):
    shown = acknowledge_case(district.office(DAY), "case:1", "đủ 60 trước 31/7", date(2020, 7, 31))
    assert shown["commitment"] == {"text": "đủ 60 trước 31/7", "until": date(2020, 7, 31)}
    assert (shown["step"], shown["next_on"]) == ("nhac", date(2020, 8, 3))
    assert (shown["acknowledged_on"], shown["acknowledged_by"]) == (DAY, "test")
    for day in (date(2020, 7, 14), date(2020, 7, 31), date(2020, 8, 2)):
        assert run(district, day) == NOTHING | {"unchanged": 1}
    assert run(district, date(2020, 8, 3)) == NOTHING | {"rose": 1, "notices": 1, "unchanged": 0}
    assert run(district, date(2020, 8, 3)) == NOTHING | {"unchanged": 1}
    assert words(district) == ["opened", "rose", "acknowledged", "commitment_lapsed", "rose"]
    lapsed = events(district)[3]
    assert (lapsed["happened_on"], lapsed["data"]["text"]) == (date(2020, 8, 3), "đủ 60 trước 31/7")
    assert only_case(district)["commitment"] is None


def test_a_kept_commitment_closes_with_the_case(district):
    acknowledge_case(district.office(DAY), "1", "đủ 60", date(2020, 7, 31))
    district.figure("A", "dialogues", "2020-Q2", 60)
    assert run(district, date(2020, 7, 20))["closed"] == 1
    assert words(district)[-1] == "closed"
    assert only_case(district)["result"] == "caught_up"


def test_a_commitment_that_lapses_within_the_tolerance_is_logged_all_the_same(district):
    acknowledge_case(district.office(DAY), "1", "đủ 60", date(2020, 7, 10))
    district.figure("A", "dialogues", "2020-Q2", 40)  # 50 of 53 asked for
    assert run(district, date(2020, 7, 13)) == NOTHING | {"unchanged": 0}
    assert words(district)[-1] == "commitment_lapsed"
    assert run(district, date(2020, 7, 14)) == NOTHING | {"unchanged": 1}


def test_a_new_commitment_takes_the_place_of_the_old(district):
    acknowledge_case(district.office(DAY), "1", "đủ 60", date(2020, 7, 10))
    acknowledge_case(district.office(date(2020, 7, 9)), "1", "đủ 70", date(2020, 7, 24))
    assert run(district, date(2020, 7, 14)) == NOTHING | {"unchanged": 1}
    assert run(district, date(2020, 7, 27))["rose"] == 1


# ---------------------------------------------------------------------- silence


def test_a_silence_holds_rungs_and_letters_and_ends_by_itself(district):
    assert notices(district) == [("case:1:nhac", DAY, "planned")]
    shown = silence_case(district.office(DAY), "1", "đang dịch bệnh", date(2020, 7, 17))
    assert shown["silence"] == {"text": "đang dịch bệnh", "until": date(2020, 7, 17)}
    assert notices(district) == [("case:1:nhac", date(2020, 7, 20), "planned")]
    assert run(district, date(2020, 7, 17)) == NOTHING | {"unchanged": 1}
    assert run(district, date(2020, 7, 20)) == NOTHING | {"rose": 1, "notices": 1, "unchanged": 0}
    assert words(district)[2:] == ["silenced", "silence_ended", "rose"]
    assert only_case(district)["silence"] is None


def test_a_silenced_case_still_closes(district):
    silence_case(district.office(DAY), "1", "đang dịch bệnh", date(2020, 12, 31))
    district.figure("A", "dialogues", "2020-Q2", 60)
    assert run(district, date(2020, 7, 1))["closed"] == 1
    assert notices(district)[0][2] == "withdrawn"
    assert only_case(district)["silence"] is None


# ---------------------------------------------------------------------- closing by hand


def test_a_case_closed_by_hand_stays_closed_while_the_unit_stays_behind(district):
    shown = close_case(district.office(DAY), "1", "giao lại chỉ tiêu")
    assert (shown["step"], shown["result"], shown["closed_on"]) == ("da_dong", "by_hand", DAY)
    assert shown["next_on"] == date(2020, 9, 28)
    assert notices(district)[0][2] == "withdrawn"
    for day in (DAY, date(2020, 7, 1), date(2020, 9, 27)):
        assert run(district, day) == NOTHING | {"unchanged": 1}
    assert run(district, date(2020, 9, 28))["opened"] == 1
    assert events(district)[2]["data"]["text"] == "giao lại chỉ tiêu"


def test_it_opens_anew_when_the_unit_recovers_and_falls_behind_again(district):
    close_case(district.office(DAY), "1", "giao lại chỉ tiêu")
    district.figure("A", "dialogues", "2020-Q2", 45)  # 55: on its pace until 19 July
    assert run(district, date(2020, 7, 6)) == NOTHING | {"unchanged": 1}
    assert words(district)[-1] == "recovered"
    assert run(district, date(2020, 7, 6)) == NOTHING | {"unchanged": 1}
    assert words(district).count("recovered") == 1
    assert run(district, date(2020, 8, 17))["opened"] == 0  # behind by more than a tenth since 13 August only
    assert run(district, date(2020, 8, 27))["opened"] == 1


def test_no_pause_at_all_may_be_configured(district):
    settings = district.office(DAY).settings.escalation.model_copy(update={"reopen_after_days": 0})
    close_case(district.office(DAY, escalation=settings), "1", "đóng")
    assert run(district)["opened"] == 1


# ---------------------------------------------------------------------- what is refused


ACTS = [
    lambda office, case="1": acknowledge_case(office, case, "sẽ làm", date(2020, 7, 31)),
    lambda office, case="1": silence_case(office, case, "bận", date(2020, 7, 31)),
    lambda office, case="1": close_case(office, case, "xong"),
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("case", ["2", "case:99", "abc", "", "A:1"])
def test_an_unknown_case(district, act, case):
    with pytest.raises(Unknown):
        act(district.office(DAY), case)


@pytest.mark.parametrize("act", ACTS)
def test_a_closed_case_is_left_alone(district, act):
    district.figure("A", "dialogues", "2020-Q2", 60)
    run(district)
    told = len(events(district))
    with pytest.raises(Refused, match="closed") as refused:
        act(district.office(DAY))
    assert [verdict.code for verdict in refused.value.verdicts] == ["case_closed"]
    assert len(events(district)) == told


@pytest.mark.parametrize("act", ACTS[:2])
def test_days_are_checked(district, act):
    with pytest.raises(Refused, match="past"):
        act(district.office(date(2020, 8, 1)))
    district.target("A", "worker_conferences", "2020-H1", 10)
    run(district)
    with pytest.raises(Refused, match="after the end"):
        act(district.office(DAY), "2")


def test_words_are_needed(district):
    office = district.office(DAY)
    with pytest.raises(BadInput):
        acknowledge_case(office, "1", "  ", date(2020, 7, 31))
    with pytest.raises(BadInput):
        silence_case(office, "1", "", date(2020, 7, 31))
    with pytest.raises(BadInput):
        close_case(office, "1", " ")


def test_an_office_that_looks_back_leaves_later_cases_alone(district):
    assert run(district, date(2020, 3, 31)) == NOTHING | {"unchanged": 1}
    with pytest.raises(Refused, match="opened on"):
        close_case(district.office(date(2020, 3, 31)), "1", "xong")


# ---------------------------------------------------------------------- two at once


def test_nothing_is_dated_back_before_the_last_rung(district):
    run(district, date(2020, 7, 14))
    with pytest.raises(Refused) as refused:
        close_case(district.office(date(2020, 7, 13)), "1", "xong")
    assert [verdict.code for verdict in refused.value.verdicts] == ["case_moved_since"]
    assert words(district)[-1] != "closed"
    assert close_case(district.office(date(2020, 7, 14)), "1", "xong")["closed_on"] == date(2020, 7, 14)


def test_words_are_kept_as_one_line_that_prints(district):
    shown = silence_case(district.office(DAY), "1", "bận\n\x1b[31m  họp\x07", date(2020, 7, 31))
    assert shown["silence"]["text"] == "bận [31m họp"


def test_the_second_of_two_officers_is_told(district):
    seen = only_case(district)["version"]
    acknowledge_case(district.office(DAY), "1", "đủ 60", date(2020, 7, 31), version=seen)
    with pytest.raises(Conflict):
        close_case(district.office(DAY), "1", "xong", version=seen)
    assert only_case(district)["step"] == "nhac"


def test_of_two_officers_at_the_same_moment_one_wins(district, monkeypatch):
    both_have_looked = threading.Barrier(2, timeout=20)
    from states import escalation

    asked = escalation.refusals

    def slowly(*given):
        both_have_looked.wait()
        return asked(*given)

    monkeypatch.setattr("procedures.case_acts.escalation.refusals", slowly)
    outcomes = []

    def act(reason):
        try:
            outcomes.append(close_case(district.office(DAY), "1", reason)["result"])
        except Conflict:
            outcomes.append("conflict")

    officers = [threading.Thread(target=act, args=(f"lý do {number}",)) for number in (1, 2)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()
    assert sorted(outcomes) == ["by_hand", "conflict"]
    assert words(district).count("closed") == 1


def test_a_run_leaves_alone_what_an_officer_moved_meanwhile(district, monkeypatch):
    def meanwhile(connection, ids):
        locked = lock_cases(connection, ids)
        return {case_id: version + 1 for case_id, version in locked.items()}

    monkeypatch.setattr("procedures.escalate.lock_cases", meanwhile)
    assert run(district, date(2020, 7, 14)) == NOTHING | {"unchanged": 0}
    monkeypatch.undo()
    assert run(district, date(2020, 7, 14))["rose"] == 1


def test_two_runs_at_once_open_and_climb_once(district):
    district.target("A", "worker_conferences", "2020", 10)
    before = threading.Barrier(2, timeout=20)
    done = []

    def go():
        before.wait()
        try:
            done.append(run(district, date(2020, 7, 14)))
        except Conflict:
            done.append(NOTHING)

    runs = [threading.Thread(target=go) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert sum(counts["opened"] for counts in done) == 1
    assert words(district).count("rose") == 3  # the first case twice, the new one once
    assert len(notices(district)) == len(set(notices(district))) == 3


# ---------------------------------------------------------------------- the calendar


def test_missed_weeks_are_made_up_rung_by_rung(district):
    assert run(district, date(2020, 9, 1))["rose"] == 1
    assert run(district, date(2020, 9, 1)) == NOTHING | {"unchanged": 1}
    assert only_case(district)["step"] == "cap_tren"
    assert only_case(district)["next_on"] == date(2020, 9, 30)  # 20 working days; 2 September is a holiday


def test_a_case_of_a_day_off_waits_for_the_working_day(database):
    made = District(database)
    made.unit("A")
    made.target("A", "dialogues", "2020", 100)
    made.recipient("A", "bi_thu", "a@example.test")
    tet = date(2020, 1, 25)
    settings = made.office(tet).settings.escalation
    behind = settings.behind.model_copy(update={"min_days": 0, "weeks": 1})
    changes = {"escalation": settings.model_copy(update={"behind": behind})}
    assert run(made, tet, **changes) == NOTHING | {"opened": 1, "unchanged": 0}
    assert (only_case(made)["step"], only_case(made)["next_on"]) == ("theo_doi", date(2020, 1, 30))
    assert run(made, date(2020, 1, 29), **changes) == NOTHING | {"unchanged": 1}
    assert run(made, date(2020, 1, 30), **changes) == NOTHING | {"rose": 1, "notices": 1, "unchanged": 0}
