"""Six people on 1 December 2025, each in one telling place, with the exact days left."""

from typing import Any

import pytest

# code, step, clock, starts, due, days left (calendar days for months, working days for working-day limits), text
PLACES = [
    ("PL-01", "lap_ho_so", "certificate_valid_months", "2020-12-08", "2025-12-08", 7),
    ("PL-02", "cho_chi_bo", "file_valid_months", "2024-12-05", "2025-12-05", 4),
    ("PL-03", "cho_quyet_dinh", "admission_decision_wd", "2025-10-01", "2025-12-03", 2),
    ("PL-04", "cho_le", "ceremony_wd", "2025-10-22", "2025-12-03", 2),
    ("PL-05", "du_bi", "probation_months", "2024-12-09", "2025-12-09", 8),
]


@pytest.fixture(scope="module")
def due(chi_bo: Any) -> Any:
    return chi_bo.ketnap("due")


@pytest.mark.parametrize(("code", "step", "clock", "starts_on", "due_on", "left"), PLACES)
def test_a_telling_place(
    chi_bo: Any, due: Any, code: str, step: str, clock: str, starts_on: str, due_on: str, left: int
) -> None:
    shown = chi_bo.ketnap("candidate", "show", code)
    running = next(one for one in shown["clocks"] if one["key"] == clock and one["state"] == "running")
    assert shown["step"] == step
    assert (running["starts_on"], running["due_on"], running["days_left"]) == (starts_on, due_on, left)
    item = next(one for one in due["items"] if one["code"] == code and one["clock"] == clock)
    assert (item["due_on"], item["days_left"]) == (due_on, left)
    assert item["ground"]


def test_recognition_failed_twice_and_a_third_failure_goes_up(chi_bo: Any) -> None:
    shown = chi_bo.ketnap("candidate", "show", "PL-06")
    assert shown["step"] == "xet_chinh_thuc"
    assert [one["on"] for one in shown["timeline"] if one["trigger"] == "recognition_cell_vote"] == [
        "2025-11-12",
        "2025-11-26",
    ]
    review = next(one for one in shown["clocks"] if one["key"] == "recognition_review_wd")
    assert (review["starts_on"], review["due_on"]) == ("2025-10-28", "2025-12-09")
    again = next(one for one in shown["next"] if one["trigger"] == "recognition_cell_vote")
    assert again["allowed"]
    third = ("advance", "PL-06", "recognition_cell_vote", "--on", "2025-12-01", "--data", "summoned=14")
    assert chi_bo.ketnap(*third, "--data", "in_favour=9")["step"] == "ct_cho_co_so"


def test_the_same_file_again_changes_nothing(chi_bo: Any) -> None:
    answer = chi_bo.ketnap("import", str(chi_bo.workbook))
    assert answer["errors"] == []
    assert not any(answer["created"].values())
    assert not any(answer["updated"].values())
