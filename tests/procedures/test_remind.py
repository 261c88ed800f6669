"""The ledger: what becomes a notice, what is passed over, what is withdrawn; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from procedures.remind import remind
from states.errors import Conflict
from store.candidates import Candidate
from store.database import Database
from store.notices import Notice, Recipient
from tests.procedures.ledger_office import Ledger

NOTHING = {"created": 0, "passed_over": 0, "withdrawn": 0, "unchanged": 0, "nobody_to_tell": 0}


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Ledger:
    ledger = Ledger(database, tmp_path)
    ledger.unit("DU")
    ledger.unit("CB", "DU")
    ledger.recipient("CB", "bithu@cb.vn")
    return ledger


def test_the_latest_missed_is_sent_and_those_before_it_are_passed_over(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")  # 45 working days: due 03/12/2025
    assert remind(ledger.on("2025-11-25")) == NOTHING | {"created": 1, "passed_over": 2}
    assert ledger.states() == {30: "passed_over", 14: "passed_over", 7: "planned"}
    assert remind(ledger.on("2025-11-25")) == NOTHING | {"unchanged": 1}


def test_nothing_is_made_before_the_first_threshold_and_it_is_on_its_day(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    assert remind(ledger.on("2025-10-21")) == NOTHING
    assert remind(ledger.on("2025-10-22")) == NOTHING | {"created": 1}


def test_thresholds_before_the_start_are_not_made(ledger: Ledger) -> None:
    start = date(2025, 11, 24)
    ledger.clock_due("A", "CB", "ceremony_wd", start, date(2025, 12, 3), 7, "working_days", "cho_le")
    assert remind(ledger.on("2025-12-03")) == NOTHING | {"created": 1, "passed_over": 2}
    assert ledger.states() == {7: "passed_over", 1: "passed_over", 0: "planned"}


def test_an_unsent_notice_overtaken_by_a_later_threshold_is_passed_over(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-11-24"))
    assert remind(ledger.on("2025-12-02")) == NOTHING | {"created": 1, "passed_over": 1}
    assert ledger.states() == {30: "passed_over", 14: "passed_over", 7: "passed_over", 1: "planned"}


def test_every_seven_days_after_the_due_day(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "probation_months", "2024-12-02", "du_bi")  # due Tuesday 02/12/2025
    for day, created in (("2025-12-02", 1), ("2025-12-08", 0), ("2025-12-09", 1), ("2025-12-16", 1), ("2025-12-17", 0)):
        assert remind(ledger.on(day))["created"] == created, day
    assert min(ledger.states()) == -14


def test_a_stopped_clock_withdraws_what_was_planned(ledger: Ledger) -> None:
    clock = ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-11-25"))
    ledger.change(clock, state="met", stopped_on=date(2025, 11, 25))
    assert remind(ledger.on("2025-11-25")) == NOTHING | {"withdrawn": 1}
    assert remind(ledger.on("2025-12-03")) == NOTHING


def test_a_moved_due_day_withdraws_and_plans_anew_and_back_again(ledger: Ledger) -> None:
    clock = ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-11-25"))
    ledger.change(clock, due_on=date(2025, 12, 5))
    assert remind(ledger.on("2025-11-26")) == NOTHING | {"withdrawn": 1, "created": 1, "passed_over": 2}
    ledger.change(clock, due_on=date(2025, 12, 3))
    assert remind(ledger.on("2025-11-26")) == NOTHING | {"withdrawn": 1, "created": 1}
    planned = [row[1:] for row in ledger.notices("subject", "due_on", "threshold", "state") if row[3] == "planned"]
    assert planned == [(date(2025, 12, 3), 7, "planned")]


def test_what_was_sent_is_not_sent_again_when_the_due_day_comes_back(ledger: Ledger) -> None:
    clock = ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-11-25"))
    with ledger.database.writing() as connection:
        connection.execute(update(Notice).where(Notice.state == "planned").values(state="sent"))  # type: ignore[arg-type]
    ledger.change(clock, due_on=date(2025, 12, 5))
    remind(ledger.on("2025-11-26"))
    ledger.change(clock, due_on=date(2025, 12, 3))
    assert remind(ledger.on("2025-11-26")) == NOTHING | {"withdrawn": 1, "unchanged": 1}


def test_the_business_day_may_go_back_and_forth(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-12-03"))
    before = ledger.notices("id", "threshold", "state")
    assert remind(ledger.on("2025-10-22")) == NOTHING | {"unchanged": 1}
    assert remind(ledger.on("2025-12-03")) == NOTHING | {"unchanged": 1}
    assert ledger.notices("id", "threshold", "state") == before


def test_a_unit_without_recipients_takes_those_of_the_nearest_above(ledger: Ledger) -> None:
    ledger.unit("CB2", "DU")
    ledger.unit("TO", "CB2")
    ledger.recipient("DU", "bithu@du.vn")
    ledger.clock("A", "TO", "admission_decision_wd", "2025-10-01")
    ledger.clock("B", "CB", "admission_decision_wd", "2025-10-01")
    assert remind(ledger.on("2025-10-22"))["created"] == 2
    assert ledger.notices("recipient") == [("bithu@du.vn",), ("bithu@cb.vn",)]


def test_nobody_to_tell_is_recorded_once_and_told_when_somebody_comes(ledger: Ledger) -> None:
    ledger.unit("LE")
    ledger.clock("A", "LE", "admission_decision_wd", "2025-10-01")
    assert remind(ledger.on("2025-11-25")) == NOTHING | {"nobody_to_tell": 1}
    assert remind(ledger.on("2025-11-25")) == NOTHING | {"unchanged": 1}
    ledger.recipient("LE", "bithu@le.vn")
    assert remind(ledger.on("2025-11-25")) == NOTHING | {"created": 1, "passed_over": 2}


def test_roles_outside_the_list_are_not_told(ledger: Ledger) -> None:
    ledger.recipient("CB", "khac@cb.vn", role="thuong_vu")
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-10-22"))
    assert ledger.notices("recipient") == [("bithu@cb.vn",)]


def test_who_left_office_is_not_told_any_more(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-10-22"))
    with ledger.database.writing() as connection:
        connection.execute(update(Recipient).values(address="moi@cb.vn"))
    assert remind(ledger.on("2025-10-22")) == NOTHING | {"withdrawn": 1, "created": 1}


def test_who_moved_to_another_unit_takes_the_notices_along(ledger: Ledger) -> None:
    ledger.unit("CB3", "DU")
    ledger.recipient("CB3", "bithu@cb3.vn")
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-10-22"))
    with ledger.database.writing() as connection:
        connection.execute(update(Candidate).values(unit_id=ledger.units["CB3"]))
    assert remind(ledger.on("2025-10-22")) == NOTHING | {"withdrawn": 1, "created": 1}


def test_a_clock_has_its_own_rhythm(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "ceremony_wd", "2025-10-22", "cho_le")  # 30 working days: due 03/12/2025
    text = "reminders:\n  clocks:\n    ceremony_wd: {before: [2], after_every: 0}\n"
    assert remind(ledger.on("2025-11-28", text)) == NOTHING
    assert remind(ledger.on("2025-12-01", text)) == NOTHING | {"created": 1}
    assert remind(ledger.on("2026-03-02", text)) == NOTHING | {"unchanged": 1}


def test_the_database_refuses_a_second_notice_with_the_same_key(ledger: Ledger) -> None:
    ledger.clock("A", "CB", "admission_decision_wd", "2025-10-01")
    remind(ledger.on("2025-10-22"))
    with ledger.database.reading() as connection:
        row = dict(connection.execute(Notice.__table__.select()).mappings().one())  # type: ignore[attr-defined]
    row.pop("id")
    with pytest.raises(Conflict), ledger.database.writing() as connection:
        connection.execute(insert(Notice), [row])


def test_two_runs_at_once_make_every_notice_once(ledger: Ledger) -> None:
    for number in range(40):
        ledger.clock(f"P{number}", "CB", "admission_decision_wd", "2025-10-01")
    office = ledger.on("2025-11-25")
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: remind(office), range(3)))
    assert sum(result["created"] for result in results) == 40
    assert sum(result["passed_over"] for result in results) == 80
    assert len(ledger.notices("id")) == 120
