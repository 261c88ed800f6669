"""One person as the officer sees them; everybody in a list."""

from __future__ import annotations

from datetime import date

import pytest

from procedures.show import list_candidates, show_candidate
from states.errors import Unknown
from store.database import Database
from tests.procedures.village import VOTE, Village, member

D = date


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def test_the_shape_of_the_contract(village: Village) -> None:
    village.open("A1", rows=member(D(2025, 2, 3)))
    shown = village.show("A1")
    assert {"code", "step", "stage", "since", "official_on", "clocks", "next", "timeline"} <= set(shown)
    assert (shown["code"], shown["step"], shown["stage"], shown["official_on"]) == ("A1", "du_bi", "du_bi", None)
    for clock in shown["clocks"]:
        assert {"key", "starts_on", "due_on", "state", "days_left", "status", "citation"} <= set(clock)
    for row in shown["timeline"]:
        assert {"entry", "trigger", "on", "recorded_at", "recorded_by", "document"} <= set(row)
    for step in shown["next"]:
        assert {"trigger", "label", "allowed", "verdicts"} <= set(step)
        for verdict in step["verdicts"]:
            assert {"reason", "citation", "earliest", "who"} <= set(verdict)


def test_days_left(village: Village) -> None:
    village.open("A1", step="du_bi", day=D(2025, 1, 1), rows=[("hold_ceremony", D(2024, 12, 10))], today=D(2025, 1, 1))
    (clock,) = [c for c in village.show("A1", D(2025, 12, 9))["clocks"] if c["key"] == "probation_months"]
    assert (clock["due_on"], clock["days_left"], clock["state"]) == (D(2025, 12, 10), 1, "running")
    village.open("A2", step="cho_chi_bo", day=D(2025, 1, 1), today=D(2025, 1, 1))
    village.step("A2", "cell_vote", D(2025, 7, 1), D(2025, 7, 1), **VOTE)
    for today, left in ((D(2025, 9, 3), 1), (D(2025, 9, 4), 0), (D(2025, 9, 5), -1), (D(2025, 9, 6), -1)):
        (clock,) = [c for c in village.show("A2", today)["clocks"] if c["state"] == "running"]
        assert (clock["days_left"], clock["state"]) == (left, "running"), today


def test_only_triggers_that_leave_from_the_step_are_next(village: Village) -> None:
    village.open("A1", step="cho_co_so", day=D(2025, 1, 1))
    shown = village.show("A1")
    allowed = {row["trigger"]: row["allowed"] for row in shown["next"]}
    assert allowed == {
        "assign_helper": True, "base_vote": True, "decide": False, "return_file": True, "delist": True, "withdraw": True,
        "transfer": True, "transfer_out": True, "die": True, "extend": False,
    }  # fmt: skip
    decide = next(row for row in shown["next"] if row["trigger"] == "decide")
    assert decide["label"] == "Quyết định kết nạp"
    assert "outcome" in decide["records"]


def test_why_not_yet_and_from_when(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), birth="2008-03-20")
    (vote,) = [row for row in village.show("A1", D(2026, 2, 28))["next"] if row["trigger"] == "cell_vote"]
    (verdict,) = vote["verdicts"]
    assert (vote["allowed"], verdict["earliest"]) == (False, D(2026, 3, 1))
    (vote,) = [row for row in village.show("A1", D(2026, 3, 1))["next"] if row["trigger"] == "cell_vote"]
    assert vote["allowed"]


def test_readings_see_the_end_of_probation_as_if_written(village: Village) -> None:
    village.open("A1", step="du_bi", day=D(2025, 1, 1), rows=[("hold_ceremony", D(2024, 9, 10))], today=D(2025, 1, 1))
    before = village.dump()
    assert list_candidates(village.office(D(2025, 9, 9)))["items"][0]["step"] == "du_bi"
    item = list_candidates(village.office(D(2025, 9, 10)))["items"][0]
    assert (item["step"], item["stage"], item["since"]) == ("xet_chinh_thuc", "du_bi", D(2025, 9, 10))
    shown = village.show("A1", D(2025, 9, 10))
    assert (shown["step"], shown["since"]) == (item["step"], item["since"])
    assert "recognition_cell_vote" in [row["trigger"] for row in shown["next"]]
    assert [row["items"] for row in [list_candidates(village.office(), step="du_bi")]] == [[]]
    assert village.dump() == before


def test_the_timeline_is_oldest_first_whatever_was_recorded_when(village: Village) -> None:
    village.open("A1", step="quan_chung", day=D(2025, 1, 1))
    village.step("A1", "list", D(2025, 3, 1), helper="A", document_number="2-NQ", document_date=D(2025, 2, 27))
    village.step("A1", "nominate", D(2025, 2, 1))
    village.step("A1", "assign_helper", D(2024, 5, 1), helper="B")
    shown = village.show("A1")
    assert [(row["entry"], row["on"]) for row in shown["timeline"]] == [
        ("A1:5", D(2024, 5, 1)), ("A1:1", D(2025, 1, 1)), ("A1:3", D(2025, 2, 1)), ("A1:4", D(2025, 3, 1)),
    ]  # fmt: skip
    assert (shown["timeline"][-1]["document"], shown["timeline"][-1]["document_date"]) == ("2-NQ", D(2025, 2, 27))
    assert shown["timeline"][-1]["corrects"] == "A1:2", "it now leaves from another step"


def test_gaps(village: Village) -> None:
    village.open("A1", step="cho_chi_bo")
    codes = [gap["code"] for gap in village.show("A1")["gaps"]]
    assert codes == ["clock:certificate_valid_months", "clock:file_valid_months", "helper", "birth", "hoc_van"]
    assert village.show("A1")["gaps"][0]["what"].startswith("thiếu ngày")


def test_lists(village: Village) -> None:
    village.open("A1", unit="CB1", step="cam_tinh", day=D(2025, 1, 1))
    village.open("A2", unit="CB3", step="da_hoc")
    assert [row["code"] for row in list_candidates(village.office())["items"]] == ["A1", "A2"]
    assert [row["code"] for row in list_candidates(village.office(), unit="CB3")["items"]] == ["A2"]
    assert [row["code"] for row in list_candidates(village.office(), unit="ĐU", step="cam_tinh")["items"]] == ["A1"]
    for wrong in ({"unit": "CB9"}, {"step": "dance"}):
        with pytest.raises(Unknown):
            list_candidates(village.office(), **wrong)
    with pytest.raises(Unknown):
        show_candidate(village.office(), "A9")
