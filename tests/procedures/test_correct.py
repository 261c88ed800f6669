"""Corrections: set, void, preview; what they move, what they refuse, and that nothing is ever edited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from procedures.correct import correct
from states.errors import BadInput, Refused, Unknown
from store.database import Database
from tests.procedures.village import VOTE, Village, member

D = date


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def matures(village: Village, code: str = "A1") -> list[date | None]:
    return [row[1] for row in village.timeline(code) if row[0] == "mature"]


def test_a_day_put_right_moves_its_clock(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "certify_class", D(2025, 3, 10), document_number="7-GCN", document_date=D(2025, 3, 1))
    done = village.correct("A1:2", document_date="2025-02-01")
    assert done["entry"] == "A1:3"
    assert done["moves"]["clocks"] == [
        {
            "key": "certificate_valid_months",
            "label": "Giấy chứng nhận bồi dưỡng nhận thức về Đảng còn giá trị",
            "from": {"starts_on": D(2025, 3, 1), "due_on": D(2030, 3, 1), "state": "running"},
            "to": {"starts_on": D(2025, 2, 1), "due_on": D(2030, 2, 1), "state": "running"},
        }
    ]
    assert done["moves"]["notices"] == ["certificate_valid_months"]
    label = "Được cấp giấy chứng nhận bồi dưỡng nhận thức về Đảng"
    for on, change in ((D(2025, 2, 1), 1), (D(2025, 3, 1), -1)):
        assert {"indicator": "class", "label": label, "unit": "CB1", "on": on, "change": change} in done["moves"][
            "figures"
        ]
    (told,) = done["notices"]
    assert told["key"] == "certificate_valid_months"
    assert told["days"] == sorted(told["days"])
    assert told["days"][-1] <= D(2030, 2, 1), "the reminders of the new due day"
    shown = village.show("A1")
    assert [row["entry"] for row in shown["timeline"]] == ["A1:1", "A1:3"]
    assert [row["entry"] for row in shown["superseded"]] == ["A1:2"]
    assert shown["timeline"][1]["texts"] == {"reason": "Ghi nhầm"}
    village.check()


def test_a_preview_writes_nothing_and_says_what_happens(village: Village) -> None:
    village.open("A1", rows=member(D(2024, 9, 10)))
    before = village.dump()
    seen = village.correct("A1:11", on="2024-09-20", preview=True)
    assert village.dump() == before
    assert (seen["preview"], seen["entry"]) == (True, None)
    done = village.correct("A1:11", on="2024-09-20")
    assert seen["moves"] == done["moves"]
    assert [row["what"] for row in done["moves"]["entries"]] == ["void", "corrected", "new"]
    village.check()


def test_a_moved_ceremony_moves_the_end_of_probation(village: Village) -> None:
    village.open("A1", rows=member(D(2024, 9, 10)))
    assert matures(village) == [D(2025, 9, 10)]
    village.correct("A1:11", on="20/09/2024")
    assert matures(village) == [D(2025, 9, 20)]
    village.correct("A1:11", on="20/01/2025")
    assert matures(village) == []
    assert village.show("A1")["step"] == "du_bi"
    village.correct("A1:11", on="01/09/2024")
    assert matures(village) == [D(2025, 9, 1)]
    assert village.show("A1")["step"] == "xet_chinh_thuc"
    assert village.clock("A1", "recognition_review_wd")["starts_on"] == D(2025, 9, 1)
    village.check()


def test_a_ceremony_cannot_move_past_what_rests_on_it(village: Village) -> None:
    rows = [
        *member(D(2024, 9, 10)),
        ("certify_new_member", D(2025, 1, 1)),
        ("recognition_cell_vote", D(2025, 9, 15), VOTE),
    ]
    village.open("A1", rows=rows)
    before = village.dump()
    with pytest.raises(Refused) as refused:
        village.correct("A1:11", on="2024-09-16")
    (verdict,) = refused.value.verdicts
    assert verdict.code == "wrong_step"
    assert "A1:14" in verdict.as_dict()["reason"]
    assert village.dump() == before
    village.correct("A1:11", on="2024-09-15")
    assert matures(village) == [D(2025, 9, 15)]
    village.check()


def test_with_the_business_day_gone_back(village: Village) -> None:
    village.open("A1", rows=member(D(2024, 9, 10)))
    village.correct("A1:11", D(2025, 3, 1), on="2024-09-12")
    assert village.show("A1", D(2025, 3, 1))["step"] in ("du_bi", "xet_chinh_thuc")
    village.check()
    assert village.show("A1")["step"] == "xet_chinh_thuc"
    with pytest.raises(Refused) as refused:
        village.correct("A1:11", D(2025, 3, 1), on="2025-03-02")
    assert [verdict.code for verdict in refused.value.verdicts] == ["future_day"]


def test_void(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "certify_class", D(2025, 3, 10))
    village.step("A1", "open_file", D(2025, 4, 10))
    with pytest.raises(Refused) as refused:
        village.correct("A1:2", void=True)
    assert "A1:3" in refused.value.verdicts[0].as_dict()["reason"]
    village.correct("A1:3", void=True)
    village.correct("A1:2", void=True)
    shown = village.show("A1")
    assert shown["step"] == "cam_tinh"
    assert [clock for clock in shown["clocks"] if clock["state"] == "running"] == []
    village.check()
    village.step("A1", "certify_class", D(2025, 3, 10))
    assert village.clock("A1", "certificate_valid_months")["state"] == "running"
    village.check()


def test_a_void_transfer_gives_later_entries_their_unit_back(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "transfer", D(2025, 2, 1), to_unit="CB3")
    village.step("A1", "cell_vote", D(2025, 3, 1), **VOTE)
    assert village.show("A1")["step"] == "cho_quyet_dinh"
    done = village.correct("A1:2", void=True)
    assert done["step"] == "cho_co_so"
    assert [(row["entry"], row["what"]) for row in done["moves"]["entries"]] == [
        ("A1:2", "void"),
        ("A1:3", "corrected"),
    ]
    village.check()


def test_a_transfer_to_another_unit(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "transfer", D(2025, 2, 1), to_unit="CB3")
    village.correct("A1:2", to_unit="CB2")
    assert village.show("A1")["unit"] == "CB2"
    with pytest.raises(Unknown):
        village.correct("A1:2", to_unit="CB99")
    village.check()


def test_correcting_again_and_voiding_what_was_corrected(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "assign_helper", D(2025, 2, 1), helper="Vũ Văn Kín")
    village.correct("A1:2", on="2025-02-03")
    village.correct("A1:2", on="2025-02-05")
    village.correct("A1:3", helper="Đỗ Thị Khác")
    (row,) = [row for row in village.show("A1")["timeline"] if row["trigger"] == "assign_helper"]
    assert (row["entry"], row["on"], row["texts"]["helper"]) == ("A1:5", D(2025, 2, 5), "Đỗ Thị Khác")
    village.correct("A1:2", void=True)
    assert len(village.show("A1")["timeline"]) == 1
    for entry in ("A1:2", "A1:3", "A1:5", "A1:6"):
        with pytest.raises(BadInput):
            village.correct(entry, on="2025-02-06")
    village.check()


def test_the_votes_of_a_vote(village: Village) -> None:
    village.open(
        "A1", step="xet_chinh_thuc", day=D(2025, 1, 1), unit="CB3", rows=[("certify_new_member", D(2025, 1, 1))]
    )
    village.step("A1", "recognition_cell_vote", D(2025, 2, 1), summoned=9, in_favour=5)
    assert village.correct("A1:3", in_favour="6")["step"] == "ct_cho_quyet_dinh"
    village.step("A1", "decide_recognition", D(2025, 3, 1), outcome="dong_y")
    with pytest.raises(Refused):
        village.correct("A1:3", in_favour="5")
    for changes in ({"in_favour": "10"}, {"summoned": "5"}, {"summoned": "0"}, {"in_favour": "x"}):
        with pytest.raises(BadInput):
            village.correct("A1:3", **changes)
    with pytest.raises(Refused) as refused:
        village.correct("A1:3", tan_thanh="")
    assert [verdict.code for verdict in refused.value.verdicts] == ["missing_in_favour"]
    village.check()


def test_a_failed_vote_less_takes_the_third_failure_back(village: Village) -> None:
    failing = {"summoned": 9, "in_favour": 5}
    village.open(
        "A1", step="xet_chinh_thuc", day=D(2025, 1, 1), unit="CB3", rows=[("certify_new_member", D(2025, 1, 1))]
    )
    for month in (2, 3, 4):
        done = village.step("A1", "recognition_cell_vote", D(2025, month, 1), **failing)
    assert done["step"] == "ct_cho_quyet_dinh"
    assert village.show("A1")["timeline"][-1]["data"]["third_failure"] is True
    done = village.correct("A1:3", void=True)
    assert done["step"] == "xet_chinh_thuc"
    assert "third_failure" not in village.show("A1")["timeline"][-1]["data"]
    village.check()


def test_an_opening(village: Village) -> None:
    village.open("A1", step="da_hoc", day=D(2025, 3, 1), rows=[("certify_class", D(2025, 1, 10))])
    done = village.correct("A1:1", step="cam_tinh", on="2025-01-05")
    assert done["step"] == "da_hoc", "the certificate now comes after the opening, and is judged"
    assert village.timeline("A1") == [
        ("open_at", D(2025, 1, 5), "cam_tinh"),
        ("certify_class", D(2025, 1, 10), "da_hoc"),
    ]
    village.check()
    with pytest.raises(Refused):
        village.correct("A1:1", step="du_bi")
    for changes in ({"step": "xoa_ten"}, {"step": "dance"}, {"helper": "A"}, {"step": "cam_tinh"}):
        with pytest.raises(BadInput):
            village.correct("A1:1", **changes)
    with pytest.raises(BadInput) as wrong:
        village.correct("A1:1", void=True)
    assert "mở sổ" in wrong.value.say()
    village.correct("A1:1", on="")
    assert village.timeline("A1")[0] == ("open_at", None, "cam_tinh")
    village.check()


def test_taking_away(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), birth="1960-01-01")
    village.step("A1", "cell_vote", D(2025, 2, 1), consent="12-CV", **VOTE)
    for key in ("consent", "van_ban_dong_y"):
        with pytest.raises(Refused) as refused:
            village.correct("A1:2", **{key: ""})
        assert [verdict.code for verdict in refused.value.verdicts] == ["too_old"]
    village.correct("A1:2", van_ban_dong_y="", irregular="Văn bản bị thu hồi")
    assert village.show("A1")["timeline"][-1]["irregular"]["verdicts"] == ["too_old"]
    with pytest.raises(Refused):
        village.correct("A1:2", irregular="")
    village.check()


def test_a_reason_may_change_and_not_go(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "delist", D(2025, 2, 1), note="Lý do một")
    village.correct("A1:2", ghi_chu="Lý do hai")
    assert village.show("A1")["timeline"][-1]["texts"]["note"] == "Lý do hai"
    with pytest.raises(Refused):
        village.correct("A1:2", note="")
    with village.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM entry_texts")
    village.correct("A1:2", on="2025-02-02")
    village.check()


@pytest.mark.parametrize(
    ("entry", "changes", "error"),
    [
        ("A1:9", {"on": "2025-02-02"}, Unknown),
        ("A9:1", {"on": "2025-02-02"}, Unknown),
        ("A1", {"on": "2025-02-02"}, BadInput),
        ("A1:x", {"on": "2025-02-02"}, BadInput),
        (":1", {"on": "2025-02-02"}, BadInput),
        ("A1:2", {"on": "31/02/2025"}, BadInput),
        ("A1:2", {"trigger": "delist"}, BadInput),
        ("A1:2", {"khong_co": "x"}, BadInput),
        ("A1:2", {"khong_co": "", "on": "2025-02-02"}, BadInput),
        ("A1:2", {"summoned": "3"}, BadInput),
        ("A1:2", {"helper": "Vũ Văn Kín"}, BadInput),
        ("A1:2", {}, BadInput),
    ],
)
def test_what_cannot_be_corrected(
    village: Village, entry: str, changes: dict[str, Any], error: type[Exception]
) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "assign_helper", D(2025, 2, 1), helper="Vũ Văn Kín")
    before = village.dump()
    with pytest.raises(error):
        correct(village.office(), entry, changes=changes, reason="Ghi nhầm")
    assert village.dump() == before


def test_a_correction_needs_a_reason_and_one_of_two_ways(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "assign_helper", D(2025, 2, 1), helper="A")
    with pytest.raises(BadInput):
        correct(village.office(), "A1:2", void=True, reason="  ")
    with pytest.raises(BadInput):
        correct(village.office(), "A1:2", changes={"on": "2025-02-02"}, void=True, reason="x")


def test_the_end_of_probation_is_nobodys_to_correct(village: Village) -> None:
    village.open("A1", rows=member(D(2024, 9, 10)))
    with pytest.raises(BadInput) as wrong:
        village.correct("A1:12", on="2025-09-11")
    assert "lễ kết nạp" in wrong.value.say()


def test_a_chain_put_right_and_then_a_void_before_it(village: Village) -> None:
    """By the chain as it is known now the decision would need votes: it stands as long as what it followed stands."""
    village.open("A1", step="cho_co_so", day=D(2025, 1, 1))
    village.step("A1", "base_vote", D(2025, 2, 1), **VOTE)
    village.step("A1", "decide", D(2025, 3, 1), outcome="dong_y")
    village.rechain("CB1", "uy_quyen", D(2025, 1, 15))
    village.check()
    before = village.dump()
    with pytest.raises(Refused) as refused:
        village.correct("A1:2", void=True)
    assert [verdict.code for verdict in refused.value.verdicts] == ["missing_votes"]
    assert "A1:3" in refused.value.verdicts[0].as_dict()["reason"]
    assert village.dump() == before
    with pytest.raises(Refused):
        village.correct("A1:2", on="2025-02-05")
    village.correct("A1:2", document_number="3-NQ", note="Số nghị quyết ghi thiếu")
    shown = village.show("A1")
    assert (shown["step"], shown["timeline"][1]["document"]) == ("cho_le", "3-NQ")
    village.check()
