"""One step of one person: who wins, what is refused, what is written and what never is."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from procedures.advance import advance
from procedures.recompute_clocks import recompute_clocks
from procedures.verify import verify
from states.errors import BadInput, Conflict, Refused, Unknown
from store.candidates_by_step import people_by_step, people_by_step_on
from store.counting import load_dead
from store.database import Database
from tests.procedures.village import VOTE, Village, member, raw_journal

D = date


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def codes(refused: Refused) -> list[str]:
    return [verdict.code for verdict in refused.verdicts]


def test_a_whole_lawful_way(village: Village) -> None:
    village.open("A1")
    for trigger, on, *data in member(D(2025, 2, 3)):
        done = village.step("A1", trigger, on, **(data[0] if data else {}))
    assert done == {
        "code": "A1",
        "step": "du_bi",
        "since": D(2025, 2, 3),
        "entry": "A1:11",
        "history": False,
        "irregular": [],
    }
    village.step("A1", "certify_new_member", D(2025, 9, 1), issuer="TTCT")
    done = village.step("A1", "recognition_cell_vote", D(2026, 2, 10), D(2026, 3, 1), **VOTE)
    assert done["entry"] == "A1:14", "mature was written before it"
    village.step("A1", "recognition_base_vote", D(2026, 2, 20), D(2026, 3, 1), **VOTE)
    done = village.step(
        "A1", "decide_recognition", D(2026, 3, 1), D(2026, 3, 1), outcome="dong_y", document_number="5-QĐ", document_date=D(2026, 2, 27),
    )  # fmt: skip
    assert (done["step"], done["since"]) == ("chinh_thuc", D(2026, 2, 27))
    assert village.show("A1")["official_on"] == D(2026, 2, 3)
    village.check()


def test_two_officers_in_two_threads(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    start = threading.Barrier(2)
    outcome: dict[str, Any] = {}

    def go(user: str, trigger: str, data: dict[str, str]) -> None:
        office = village.office(user=user)
        plan_made = office.database.writing

        def together() -> Any:
            start.wait(10)
            return plan_made()

        office.database = _Instead(office.database, together)  # type: ignore[assignment]
        try:
            outcome[user] = advance(office, "A1", trigger, D(2025, 9, 1), data=data)
        except Conflict as conflict:
            outcome[user] = conflict

    threads = [
        threading.Thread(target=go, args=("lan", "certify_class", {"issuer": "A"})),
        threading.Thread(target=go, args=("minh", "assign_helper", {"helper": "B"})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    lost = {user: found for user, found in outcome.items() if isinstance(found, Conflict)}
    assert len(lost) == 1
    (loser, conflict), winner = lost.popitem(), next(u for u, f in outcome.items() if not isinstance(f, Conflict))
    said = conflict.say("vi")
    assert winner in said, "who moved it"
    assert ("Cấp giấy chứng nhận" in said) == (winner == "lan"), "what happened"
    assert conflict.details["entry"] == "A1:2"
    assert loser != winner
    assert len(village.show("A1")["timeline"]) == 2
    village.check()


class _Instead:
    """A database whose `writing` waits for the other officer."""

    def __init__(self, database: Database, writing: Any) -> None:
        self.database, self.writing = database, writing

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)


def _in_a_process(url: str, user: str, document: str, gate: Any, out: Any) -> None:
    village = Village.__new__(Village)
    village.database, village.today = Database(url), D(2025, 12, 31)
    gate.wait()
    try:
        advance(village.office(user=user), "A1", "certify_class", D(2025, 9, 1), document_number=document)
        out.put((user, "done"))
    except Refused as refused:
        out.put((user, codes(refused)[0]))
    except Conflict:
        out.put((user, "conflict"))


def test_two_officers_in_two_processes(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    url = village.database.engine.url.render_as_string(hide_password=False)
    url = f"sqlite:///{village.database.path}" if village.database.path else url
    spawn = multiprocessing.get_context("spawn")
    gate, out = spawn.Event(), spawn.Queue()
    both = [spawn.Process(target=_in_a_process, args=(url, user, user, gate, out)) for user in ("lan", "minh")]
    for one in both:
        one.start()
    gate.set()
    found = [out.get(timeout=60)[1] for _ in both]
    for one in both:
        one.join(30)
    assert found.count("done") == 1
    assert set(found) - {"done"} <= {"conflict", "wrong_step"}, "the slower one met the faster, or came after it"
    assert [row["trigger"] for row in village.show("A1")["timeline"]] == ["open_at", "certify_class"]


def test_expected_version(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    seen = village.show("A1")["version"]
    village.step("A1", "assign_helper", D(2025, 2, 1), helper="A", expect_version=seen)
    with pytest.raises(Conflict):
        village.step("A1", "assign_helper", D(2025, 3, 1), helper="B", expect_version=seen)
    assert village.show("A1")["version"] == seen + 1


@pytest.mark.parametrize("late", ["on", "document_date"])
def test_a_future_day_is_refused(village: Village, late: str) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    today = D(2025, 9, 10)
    before = village.dump()
    days = {"on": D(2025, 9, 10), "document_date": D(2025, 9, 10)} | {late: D(2025, 9, 11)}
    with pytest.raises(Refused) as refused:
        advance(village.office(today), "A1", "certify_class", days["on"], document_date=days["document_date"])
    assert codes(refused.value) == ["future_day"]
    assert refused.value.verdicts[0].earliest == D(2025, 9, 11)
    assert village.dump() == before
    advance(village.office(today), "A1", "certify_class", today, document_date=today)


def test_the_future_is_judged_by_the_business_day_alone(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    far = D.today() + timedelta(days=900)
    done = village.step("A1", "certify_class", far, far)
    assert done["step"] == "da_hoc"
    with pytest.raises(Refused):
        village.step("A1", "open_file", D(2025, 6, 2), D(2025, 6, 1))


def test_all_verdicts_at_once(village: Village) -> None:
    rows = [("certify_class", D(2019, 1, 10)), ("complete_file", D(2024, 1, 10), {"documents": "đủ"})]
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), rows=rows, birth="2010-05-01", hoc_van="tieu_hoc")
    with pytest.raises(Refused) as refused:
        village.step("A1", "cell_vote", D(2025, 9, 1), **VOTE)
    assert codes(refused.value) == ["too_young", "education", "certificate_expired", "file_stale"]
    assert all(verdict.citation and verdict.who for verdict in refused.value.verdicts)


def test_what_cannot_be_read(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    for trigger, data in (
        ("dance", {}),
        ("mature", {}),
        ("open_at", {}),
        ("cell_vote", {"carried": "1"}),
        ("cell_vote", {"summoned": "-1"}),
        ("cell_vote", {"summoned": "²"}),
        ("cell_vote", {"summoned": "0", "in_favour": "0"}),
        ("cell_vote", {"summoned": "9", "in_favour": "10"}),
        ("complete_file", {"documents": "giấy của Nguyễn Văn A"}),
        ("extend", {"clock": "Nguyễn Văn A"}),
        ("decide", {"outcome": "có lẽ"}),
    ):
        with pytest.raises(BadInput):
            village.step("A1", trigger, D(2025, 9, 1), **data)
    with pytest.raises(Unknown):
        village.step("A9", "list", D(2025, 9, 1))
    with pytest.raises(Unknown):
        village.step("A1", "transfer", D(2025, 9, 1), to_unit="CB99")
    assert len(village.show("A1")["timeline"]) == 1


# Days gone by ------------------------------------------------------------------------------------------------------


def test_a_step_before_the_last_entry(village: Village) -> None:
    village.open("A1", step="quan_chung", day=D(2025, 1, 1))
    village.step("A1", "list", D(2025, 2, 1), helper="A")
    village.step("A1", "certify_class", D(2025, 5, 1))
    done = village.step("A1", "nominate", D(2025, 1, 15))
    assert done["step"] == "da_hoc"
    assert village.timeline("A1") == [
        ("open_at", D(2025, 1, 1), "quan_chung"),
        ("nominate", D(2025, 1, 15), "duoc_gioi_thieu"),
        ("list", D(2025, 2, 1), "cam_tinh"),
        ("certify_class", D(2025, 5, 1), "da_hoc"),
    ]
    village.check()


def test_a_step_that_would_make_a_later_entry_unlawful(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "certify_class", D(2025, 5, 1))
    before = village.dump()
    with pytest.raises(Refused) as refused:
        village.step("A1", "withdraw", D(2025, 3, 1), note="Tự nguyện")
    assert codes(refused.value) == ["wrong_step"]
    assert "A1:2" in refused.value.verdicts[0].as_dict()["reason"]
    with pytest.raises(Refused) as refused:
        village.step("A1", "open_file", D(2025, 3, 1), irregular="Đã làm rồi")
    assert codes(refused.value) == ["wrong_step"]
    assert village.dump() == before


def test_a_certificate_taken_again_earlier_moves_the_clock(village: Village) -> None:
    village.open("A1", step="da_hoc", day=D(2025, 1, 1), rows=[("certify_class", D(2021, 1, 10))])
    village.step("A1", "open_file", D(2025, 6, 1))
    village.step("A1", "retake_class", D(2025, 3, 1))
    assert village.clock("A1", "certificate_valid_months")["due_on"] == D(2030, 3, 1)
    village.check()


def test_the_same_event_twice(village: Village) -> None:
    village.open("A1", step="quan_chung", day=D(2025, 1, 1))
    village.step("A1", "list", D(2025, 2, 1), helper="A")
    with pytest.raises(Conflict) as conflict:
        village.step("A1", "list", D(2025, 2, 1), helper="A")
    assert conflict.value.details["entry"] == "A1:2"
    with pytest.raises(Refused) as refused:
        village.step("A1", "list", D(2025, 2, 1), helper="B")
    assert codes(refused.value) == ["same_event_other_data"]
    assert "ketnap correct A1:2" in refused.value.verdicts[0].as_dict()["reason"]


def test_history_recorded_after_the_opening(village: Village) -> None:
    village.open("A1", step="da_hoc", day=D(2025, 1, 1))
    village.step("A1", "open_file", D(2025, 6, 1))
    assert "clock:certificate_valid_months" in [gap["code"] for gap in village.show("A1")["gaps"]]
    done = village.step("A1", "certify_class", D(2024, 3, 1))
    assert done["history"]
    assert village.show("A1")["step"] == "lap_ho_so"
    assert village.clock("A1", "certificate_valid_months")["due_on"] == D(2029, 3, 1)
    village.step("A1", "list", D(2025, 1, 1), helper="A")
    village.check()


def test_history_that_would_make_a_later_entry_unlawful(village: Village) -> None:
    village.open("A1", step="da_hoc", day=D(2025, 1, 1))
    village.step("A1", "open_file", D(2025, 6, 1))
    with pytest.raises(Refused) as refused:
        village.step("A1", "certify_class", D(2020, 3, 1))
    assert codes(refused.value) == ["certificate_expired"]
    village.step("A1", "certify_class", D(2020, 6, 1))
    village.check()


def test_a_transfer_on_a_day_gone_by_shifts_the_unit_of_later_entries(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 7, 1), **VOTE)
    village.step("A1", "transfer", D(2025, 5, 1), to_unit="CB3", helper="B")
    shown = village.show("A1")
    assert (shown["unit"], shown["step"]) == ("CB3", "cho_quyet_dinh"), "CB3 has no base committee"
    with village.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sequence, unit_id, destination, corrects FROM journal WHERE trigger = 'cell_vote' ORDER BY sequence"
        ).all()
    assert [tuple(row) for row in rows] == [
        (2, village.units["CB1"], "cho_co_so", None),
        (4, village.units["CB3"], "cho_quyet_dinh", 2),
    ]
    village.check()


def test_what_stands_stays_when_the_chain_of_days_gone_by_is_put_right(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 7, 1), **VOTE)
    village.step("A1", "base_vote", D(2025, 7, 10), **VOTE)
    village.open("A2", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A2", "cell_vote", D(2025, 7, 1), **VOTE)
    village.rechain("CB1", "truc_tiep", D(2025, 6, 15))
    village.check()
    village.step("A1", "assign_helper", D(2025, 7, 5), helper="A")
    assert village.show("A1")["step"] == "cho_quyet_dinh"
    village.step("A1", "transfer", D(2025, 7, 1), to_unit="CB2")
    assert village.show("A1")["step"] == "cho_quyet_dinh"
    done = village.step("A2", "decide", D(2025, 8, 1), outcome="dong_y")
    assert done["step"] == "cho_le", "from the base committee's desk: that day's chain has none"
    village.check()


# Probation over ----------------------------------------------------------------------------------------------------


def test_mature_is_written_before_the_step(village: Village) -> None:
    village.open("A1", rows=member(D(2024, 9, 10)), today=D(2025, 9, 9))
    assert village.show("A1", D(2025, 9, 9))["step"] == "du_bi"
    shown = village.show("A1", D(2025, 9, 10))
    assert shown["step"] == "xet_chinh_thuc"
    assert shown["timeline"][-1] == {
        **shown["timeline"][-1], "trigger": "mature", "on": D(2025, 9, 10), "recorded_at": None, "pending": True,
    }  # fmt: skip
    village.step("A1", "declare_history", D(2025, 9, 12), D(2025, 9, 12))
    assert village.timeline("A1")[-2:] == [
        ("mature", D(2025, 9, 10), "xet_chinh_thuc"),
        ("declare_history", D(2025, 9, 12), "xet_chinh_thuc"),
    ]
    village.check()


def test_the_business_day_goes_back_and_forth(village: Village) -> None:
    village.open("A1", rows=member(D(2024, 9, 10)), today=D(2025, 9, 9))
    village.step("A1", "declare_history", D(2025, 10, 1))
    assert village.show("A1", D(2025, 1, 1))["step"] == "xet_chinh_thuc", "what is written stays"
    done = village.step("A1", "certify_new_member", D(2025, 5, 1), D(2025, 5, 2))
    assert done["step"] == "xet_chinh_thuc"
    with pytest.raises(Refused):
        village.step("A1", "assign_helper", D(2025, 5, 3), D(2025, 5, 2), helper="A")
    assert [row[0] for row in village.timeline("A1")].count("mature") == 1
    village.check()


def test_restored_after_the_twelve_months(village: Village) -> None:
    rows = [
        *member(D(2024, 9, 10)),
        ("propose_removal", D(2025, 3, 1), {"body": "chi_bo", **VOTE}),
        ("propose_removal", D(2025, 3, 10), {"body": "dang_uy_co_so", **VOTE}),
        ("remove", D(2025, 4, 1)),
    ]
    village.open("A1", rows=rows)
    assert village.show("A1")["step"] == "xoa_ten"
    done = village.step("A1", "restore", D(2025, 10, 1), document_number="2-QĐ")
    assert done["step"] == "xet_chinh_thuc"
    village.check()
    assert village.step("A1", "assign_helper", D(2025, 10, 2), helper="A")["step"] == "xet_chinh_thuc"
    with pytest.raises(Refused) as refused:
        village.step("A1", "assign_helper", D(2025, 9, 15), helper="B")
    assert codes(refused.value) == ["wrong_step"], "that day they were not a member"
    village.check()


def test_a_second_life_matures_again(village: Village) -> None:
    rows = [
        *member(D(2014, 9, 10)),
        ("certify_new_member", D(2015, 1, 10)),
        ("recognition_cell_vote", D(2015, 9, 20), VOTE),
    ]
    rows += [
        ("recognition_base_vote", D(2015, 9, 25), VOTE),
        ("decide_recognition", D(2015, 10, 20), {"outcome": "dong_y"}),
    ]
    village.open("A1", rows=rows)
    village.step("A1", "withdraw", D(2016, 1, 1), note="Xin ra")
    for trigger, on, *data in member(D(2021, 9, 10)):
        village.step("A1", trigger, on, **(data[0] if data else {}))
    assert village.show("A1")["official_on"] is None, "the first membership is over"
    assert [row for row in village.timeline("A1") if row[0] == "mature"] == [
        ("mature", D(2015, 9, 10), "xet_chinh_thuc"),
        ("mature", D(2022, 9, 10), "xet_chinh_thuc"),
    ]
    village.check()
    village.correct("A1:27", on="15/09/2021")
    assert [row[1] for row in village.timeline("A1") if row[0] == "mature"] == [D(2015, 9, 10), D(2022, 9, 15)]
    village.check()


# Against a rule ----------------------------------------------------------------------------------------------------


def test_irregular_keeps_its_verdicts_and_its_reason(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), birth="2009-05-01", hoc_van="tieu_hoc")
    done = village.step("A1", "cell_vote", D(2025, 9, 1), irregular="Vùng đặc biệt khó khăn", **VOTE)
    assert done["irregular"] == ["education", "too_young"]
    row = village.show("A1")["timeline"][-1]
    assert row["irregular"] == {"verdicts": ["education", "too_young"], "reason": "Vùng đặc biệt khó khăn"}
    village.check()


def test_irregular_never_overrides_what_nobody_could_interpret(village: Village) -> None:
    village.open("A1", step="cho_co_so", day=D(2025, 1, 1), unit="CB1")
    village.open("A2", step="cho_le", day=D(2025, 1, 1))
    for code, trigger, data, wanted in (
        ("A1", "hold_ceremony", {}, "wrong_step"),
        ("A1", "decide", {"outcome": "dong_y"}, "base_vote_first"),
        ("A1", "base_vote", {"summoned": "9"}, "missing_in_favour"),
        ("A1", "transfer", {}, "missing_to_unit"),
        ("A1", "extend", {"days": "5"}, "no_running_clock"),
        ("A2", "cancel_admission", {}, "missing_cause"),
    ):
        with pytest.raises(Refused) as refused:
            village.step(code, trigger, D(2025, 9, 1), irregular="Cứ ghi", note="x", document_number="1", **data)
        assert codes(refused.value) == [wanted]
        assert all(verdict.hard for verdict in refused.value.verdicts)


def test_an_irregular_step_stays_irregular_when_something_before_it_changes(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), hoc_van="tieu_hoc")
    village.step("A1", "cell_vote", D(2025, 9, 1), irregular="Vùng khó khăn", **VOTE)
    village.step("A1", "transfer", D(2025, 8, 1), to_unit="CB3")
    row = village.show("A1")["timeline"][-1]
    assert row["destination"] == "cho_quyet_dinh"
    assert row["irregular"] == {"verdicts": ["education"], "reason": "Vùng khó khăn"}
    village.check()


# Clocks --------------------------------------------------------------------------------------------------------------


def test_a_clock_keeps_its_text(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 6, 30), **VOTE)
    assert village.clock("A1", "admission_decision_wd")["due_on"] == D(2025, 9, 24)
    village.step("A1", "base_vote", D(2025, 7, 10), D(2025, 7, 10), **VOTE)
    clock = village.clock("A1", "admission_decision_wd")
    assert (clock["due_on"], clock["profile"]) == (D(2025, 9, 24), "qd232")


def test_a_clock_takes_the_new_text_where_the_office_says_so(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    old, new = (
        village.office(D(2025, 6, 30), clock_keeps_text=False),
        village.office(D(2025, 7, 10), clock_keeps_text=False),
    )
    advance(old, "A1", "cell_vote", D(2025, 6, 30), data=VOTE)
    assert village.clock("A1", "admission_decision_wd")["due_on"] == D(2025, 9, 24)
    advance(new, "A1", "base_vote", D(2025, 7, 10), data=VOTE)
    clock = village.clock("A1", "admission_decision_wd")
    assert (clock["due_on"], clock["profile"], clock["starts_on"]) == (D(2025, 9, 3), "qd294", D(2025, 6, 30))
    assert recompute_clocks(new)["moved"] == 0
    assert verify(new)["ok"]


def test_clocks_on_their_way_take_the_new_text_when_recomputed(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 6, 30), **VOTE)
    assert recompute_clocks(village.office(D(2025, 7, 1)))["moved"] == 0, "it keeps the text of its first day"
    assert recompute_clocks(village.office(D(2025, 7, 1), clock_keeps_text=False))["moved"] == 1
    assert village.clock("A1", "admission_decision_wd")["due_on"] == D(2025, 9, 3)
    assert verify(village.office())["ok"]
    assert recompute_clocks(village.office(D(2025, 7, 1)))["moved"] == 1, "and back"
    village.check()


# What is kept where --------------------------------------------------------------------------------------------------


def test_no_name_stands_in_the_journal(sqlite_database: Database, tmp_path: Path) -> None:
    village = Village(sqlite_database)
    village.open("A1", rows=member(D(2025, 2, 3)), name="Hoàng Thị Riêng")
    village.step("A1", "assign_helper", D(2025, 3, 1), helper="Vũ Văn Kín", note="Nhà ở gần", irregular="Chưa họp")
    village.correct("A1:12", helper="Đỗ Thị Khác")
    village.step("A1", "withdraw", D(2025, 4, 1), note="Bệnh nặng")
    raw = raw_journal(tmp_path / "ketnap.db")
    for word in (
        "Riêng",
        "Kín",
        "Khác",
        "gần",
        "Chưa họp",
        "Bệnh",
        "Ghi nhầm",
        "Giúp",
        "Một",
        "Hai",
        "Trung tâm",
        "Văn bản",
    ):
        assert word not in raw, word


def test_texts_once_erased_break_nothing(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), birth="1960-05-01")
    village.step("A1", "assign_helper", D(2025, 2, 1), helper="Vũ Văn Kín")
    village.step("A1", "cell_vote", D(2025, 9, 1), consent="12-CV Nguyễn Văn A", **VOTE)
    village.step("A1", "return_file", D(2025, 9, 10), note="Thiếu thẩm tra")
    village.step("A1", "complete_file", D(2025, 9, 20), documents="đủ", irregular="Ghi sau")
    with village.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM entry_texts")
    village.check()
    village.step("A1", "transfer", D(2025, 3, 1), to_unit="CB3")
    shown = village.show("A1")
    assert (shown["step"], shown["unit"]) == ("cho_chi_bo", "CB3")
    assert "Kín" not in repr(shown)
    village.check()
    with pytest.raises(Conflict):
        village.step("A1", "assign_helper", D(2025, 2, 1), helper="Ai đó")


def test_who_was_transferred_is_counted_where_they_went(village: Village) -> None:
    village.open("A1", "A2", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "transfer", D(2025, 3, 1), to_unit="CB2")
    village.step("A2", "transfer", D(2025, 3, 1), to_unit="CB3")
    village.correct("A2:2", to_unit="CB2")
    with village.database.reading() as connection:
        before = people_by_step_on(connection, ["cam_tinh"], D(2025, 2, 28), load_dead(connection))
        after = people_by_step_on(connection, ["cam_tinh"], D(2025, 3, 1), load_dead(connection))
        now = people_by_step(connection, ["cam_tinh"])
    assert before == {village.units["CB1"]: {"cam_tinh": 2}}
    assert after == now == {village.units["CB2"]: {"cam_tinh": 2}}
