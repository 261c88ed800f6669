"""Cases: opened, raised, told, closed; a second run on the same day finds nothing."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from config.settings import BehindIndicatorSettings
from procedures.escalate import escalate
from procedures.list_cases import list_cases
from store.escalation import CaseEvent
from store.notices import Notice
from tests.procedures.district import District

DAY = date(2020, 6, 30)
NOTHING = {"opened": 0, "rose": 0, "closed": 0, "nobody_to_tell": 0, "notices": 0}


@pytest.fixture
def district():
    made = District()
    build(made)
    return made


def build(made):
    made.unit("LB")
    made.unit("A", "LB")
    made.target("A", "dialogues", "2020", 100)
    made.recipient("A", "bi_thu", "a@example.test")
    made.recipient("LB", "bi_thu", "lb@example.test")
    made.figure("A", "dialogues", "2020-Q1", 10)


def run(district, day=DAY, **changes):
    return escalate(district.office(day, **changes))


def cases(district, day=DAY, **more):
    return list_cases(district.office(day), **more)["items"]


def rows(district, model):
    with district.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(model.__table__)).mappings()]


def test_a_unit_behind_gets_a_case_and_its_secretary_a_notice(district):
    assert run(district) == NOTHING | {"opened": 1, "rose": 1, "notices": 1, "unchanged": 0}
    (case,) = cases(district)
    assert (case["unit"], case["indicator"], case["period"]) == ("A", "dialogues", "2020")
    assert (case["step"], case["status"], case["actual"], case["floor"]) == ("nhac", "cham", 10, 100)
    assert case["next_on"] == date(2020, 7, 14)
    (notice,) = rows(district, Notice)
    assert (notice["subject"], notice["recipient"], notice["planned_for"], notice["state"]) == (
        f"case:{case['case']}:nhac", "a@example.test", DAY, "planned",
    )  # fmt: skip
    assert [row["event"] for row in rows(district, CaseEvent)] == ["opened", "rose"]


def test_a_second_run_on_the_day_changes_nothing(district):
    run(district)
    assert run(district) == NOTHING | {"unchanged": 1}


def test_the_rungs_are_climbed_after_their_working_days_and_nobody_is_a_fact(district):
    run(district)
    assert run(district, date(2020, 7, 13))["rose"] == 0
    assert run(district, date(2020, 7, 14)) == NOTHING | {"rose": 1, "notices": 1, "unchanged": 0}
    assert rows(district, Notice)[-1]["recipient"] == "lb@example.test"
    assert run(district, date(2020, 8, 11)) == NOTHING | {"rose": 1, "nobody_to_tell": 1, "unchanged": 0}
    assert run(district, date(2020, 10, 11)) == NOTHING | {"unchanged": 1}
    last = rows(district, CaseEvent)[-1]
    assert (last["event"], last["data"]["roles"]) == ("nobody_to_tell", ["thuong_vu"])


def test_a_unit_that_catches_up_is_left_alone_and_its_unsent_notice_withdrawn(district):
    run(district)
    district.figure("A", "dialogues", "2020-Q2", 35)  # 45 of 49,7: within the tolerance, not yet on its pace
    assert run(district) == NOTHING | {"unchanged": 1}
    assert cases(district)[0]["actual"] == 45
    district.figure("A", "dialogues", "2020-Q2", 40)
    assert run(district) == NOTHING | {"closed": 1, "unchanged": 0}
    assert cases(district) == []
    (case,) = cases(district, closed=True)
    assert (case["result"], case["closed_on"], case["actual"]) == ("caught_up", DAY, 50)
    assert rows(district, Notice)[0]["state"] == "withdrawn"
    assert run(district) == NOTHING | {"unchanged": 1}


def test_the_end_of_the_period_closes_with_the_result(district):
    run(district)
    district.figure("A", "dialogues", "2020-Q4", 60)
    assert run(district, date(2021, 1, 1)) == NOTHING | {"closed": 1, "unchanged": 0}
    (case,) = cases(district, closed=True)
    assert (case["result"], case["actual"], case["status"]) == ("period_ended", 70, "cham")


def test_a_target_that_is_gone_closes_the_case(district):
    district.target("A", "admitted", "2020", 5, decision_date=date(2020, 2, 1))
    assert run(district)["opened"] == 2
    district.target("A", "admitted", "2020", 0, decision_date=date(2020, 6, 30))
    assert run(district) == NOTHING | {"closed": 1, "unchanged": 1}
    assert {case["indicator"]: case["result"] for case in cases(district, closed=True)} == {
        "dialogues": None,
        "admitted": "target_withdrawn",
    }


def test_a_case_opens_anew_after_it_was_closed(district):
    run(district)
    district.figure("A", "dialogues", "2020-Q2", 40)
    run(district)
    district.figure("A", "dialogues", "2020-Q2", 0)
    assert run(district)["opened"] == 1


@pytest.mark.parametrize(("minimum", "opened"), [(182, 1), (183, 0)])
def test_a_young_period_is_left_alone(district, minimum, opened):
    office = district.office(DAY)
    settings = office.settings.escalation
    behind = settings.behind.model_copy(update={"min_days": minimum})
    assert run(district, escalation=settings.model_copy(update={"behind": behind}))["opened"] == opened


def test_a_unit_only_just_behind_is_given_its_weeks(district):
    district.target("A", "admitted", "2020-06", 3)
    district.counted("hold_ceremony", date(2020, 6, 1), "A", 2)  # on its pace until the 20th, behind for ten days
    assert {case["indicator"] for case in cases(district)} == set()
    assert run(district)["opened"] == 1
    assert {case["indicator"] for case in cases(district)} == {"dialogues"}


def test_a_case_keeps_the_ladder_it_began_under(district):
    run(district)
    office = district.office(DAY)
    ladder = office.settings.escalation.ladder
    new = ladder.model_copy(update={"version": "2", "rungs": ladder.rungs[:1]})
    changes = {"escalation": office.settings.escalation.model_copy(update={"ladder": new})}
    assert run(district, date(2020, 7, 14), **changes)["rose"] == 1
    assert cases(district)[0]["ladder"] == "1"


def test_targets_nobody_can_be_behind_in_open_nothing(district):
    district.target("LB", "conversion", "2020", 50)
    district.target("LB", "fund_payers", "2020", None, 9)
    district.target("LB", "accounts_opened", "2019", 9)
    assert run(district)["opened"] == 1


def test_many_cases_are_committed_in_chunks(district, monkeypatch):
    monkeypatch.setattr("procedures.escalate.CHUNK", 2)
    for number in range(5):
        district.unit(f"C{number}", "LB")
        district.target(f"C{number}", "dialogues", "2020", 10)
    assert run(district) == NOTHING | {"opened": 6, "rose": 6, "notices": 1, "nobody_to_tell": 5, "unchanged": 0}
    assert run(district) == NOTHING | {"unchanged": 6}


def test_units_are_judged_without_a_query_for_each(district):
    def statements():
        seen = []
        event.listen(district.database.engine, "before_cursor_execute", lambda *heard: seen.append(heard[2]))
        assert run(district)["opened"] == 0
        return len(seen)

    run(district)
    few = statements()
    for number in range(20):
        district.unit(f"C{number}", "LB")
        district.target(f"C{number}", "admitted", "2020", 10)
    assert run(district)["opened"] == 20
    assert statements() <= few + 3


def test_cases_are_the_same_on_every_database(database):
    district = District(database)
    build(district)
    assert run(district) == NOTHING | {"opened": 1, "rose": 1, "notices": 1, "unchanged": 0}
    assert run(district) == NOTHING | {"unchanged": 1}
    assert run(district, date(2020, 7, 14))["rose"] == 1
    district.figure("A", "dialogues", "2020-Q2", 80)
    assert run(district, date(2020, 7, 14))["closed"] == 1


# ---------------------------------------------------------------------- what counts as behind


def behind(district, day=DAY, **behind_keys):
    settings = district.office(day).settings.escalation
    keys = settings.behind.model_copy(update=behind_keys)
    return {"escalation": settings.model_copy(update={"behind": keys})}


@pytest.mark.parametrize(("tolerance", "opened"), [(10, 1), (79, 1), (80, 0), (100, 0)])
def test_the_tolerance_is_a_share_of_the_pace(district, tolerance, opened):
    changes = behind(district, date(2020, 7, 1), tolerance_percent=tolerance, weeks=0)  # 10 done, 50 asked for: a fifth
    assert run(district, date(2020, 7, 1), **changes)["opened"] == opened


def test_every_week_counts_not_only_the_first(district):
    district.target("A", "admitted", "2020-H1", 10)
    district.counted("hold_ceremony", date(2020, 6, 8), "A", 9)  # nothing two weeks ago; 9 of 8.8 asked for on the 9th
    day = date(2020, 6, 30)
    assert run(district, day, **behind(district, day, tolerance_percent=0, weeks=0))["opened"] == 2
    assert {case["indicator"] for case in cases(district)} == {"dialogues", "admitted"}


def test_a_unit_that_was_on_its_pace_in_between_is_not_opened(district):
    district.target("A", "admitted", "2020-H1", 10)
    district.counted("hold_ceremony", date(2020, 6, 8), "A", 9)
    day = date(2020, 6, 23)  # behind on 2 and 23 June; on its pace on the 9th, behind again on the 16th
    changes = behind(district, day, tolerance_percent=0, weeks=3)
    assert run(district, day, **changes)["opened"] == 1
    assert {case["indicator"] for case in cases(district)} == {"dialogues"}
    assert run(district, date(2020, 6, 30), **behind(district, day, tolerance_percent=0, weeks=2))["opened"] == 1


def test_an_indicator_may_have_its_own_measure(district):
    district.target("A", "worker_conferences", "2020", 100)
    own = BehindIndicatorSettings(tolerance_percent=100)
    assert run(district, **behind(district, indicators={"worker_conferences": own}))["opened"] == 1
    assert [case["indicator"] for case in cases(district)] == ["dialogues"]


@pytest.mark.parametrize(
    ("day", "no_source_min_days", "opened"),
    [
        (date(2020, 1, 14), None, 0),
        (date(2020, 1, 14), 15, 0),
        (date(2020, 1, 15), 15, 1),
        (date(2020, 1, 15), None, 0),
        (date(2020, 1, 30), None, 1),
    ],
)
def test_a_unit_without_anybody_may_be_urged_earlier(database, day, no_source_min_days, opened):
    made = District(database)
    made.unit("A")
    made.target("A", "admitted", "2020", 12)
    assert run(made, day, **behind(made, day, no_source_min_days=no_source_min_days))["opened"] == opened
    made.person("P1", "A", "cam_tinh")
    made.unit("B")
    made.target("B", "admitted", "2020", 12)
    made.person("P2", "B", "cam_tinh")
    again = run(made, day, **behind(made, day, no_source_min_days=no_source_min_days))
    assert again["opened"] == (1 if day == date(2020, 1, 30) else 0)  # somebody is on the way in B


def test_figures_that_are_not_whole_are_judged_exactly(district):
    changes = behind(district, weeks=0)
    district.target("A", "worker_conferences", "2020", "0.3")
    district.figure("A", "worker_conferences", "2020-Q1", "0.1342")  # nine tenths of 0.3 × 182/366 are 0.134262…
    assert run(district, **changes)["opened"] == 2
    district.target("A", "civil_servant_conferences", "2020", "0.3")
    district.figure("A", "civil_servant_conferences", "2020-Q1", "0.1343")
    assert run(district, **changes) == NOTHING | {"unchanged": 3}
    figures = {case["indicator"]: case["actual"] for case in cases(district)}
    assert figures == {"dialogues": 10, "worker_conferences": Decimal("0.1342")}


def test_a_ratio_of_another_figure_is_judged_too(district):
    district.target("A", "worker_conferences", "2020", ratio=Decimal("0.5"), base="dialogues")
    district.figure("A", "worker_conferences", "2020-Q1", 3)  # half of ten are five
    assert run(district)["opened"] == 2
    assert {case["indicator"]: case["floor"] for case in cases(district)} == {"dialogues": 100, "worker_conferences": 5}


def test_a_revised_target_is_the_one_judged_by(district):
    district.target("A", "dialogues", "2020", 20, decision_date=date(2020, 6, 1))
    assert run(district)["opened"] == 0
    district.target("A", "dialogues", "2020", 200, decision_date=date(2020, 7, 1))
    assert run(district)["opened"] == 0


def test_a_unit_that_ends_takes_its_case_with_it(district):
    run(district)
    district.unit("A", "LB", on=date(2020, 7, 1), ended=True)
    assert run(district, date(2020, 7, 1)) == NOTHING | {"closed": 1, "unchanged": 0}
    assert cases(district, closed=True)[0]["result"] == "unit_ended"
