"""What is due, by whom and on which ground; gaps; and why."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from procedures.deliver import deliver
from procedures.due import due
from procedures.mature import mature
from procedures.notices import list_notices
from procedures.recompute_clocks import recompute_clocks
from procedures.remind import remind
from procedures.show import show_candidate
from procedures.tick import tick
from procedures.why import why
from states.errors import Unknown
from states.events import Event
from store.clocks import Clock
from store.database import Database
from tests.procedures.ledger_office import Ledger


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Ledger:
    ledger = Ledger(database, tmp_path)
    ledger.unit("DU")
    ledger.unit("CB1", "DU")
    ledger.unit("CB2", "DU")
    ledger.recipient("DU", "bithu@du.vn")
    return ledger


def test_the_most_urgent_first_overdue_ones_negative(ledger: Ledger) -> None:
    ledger.clock("LATER", "CB1", "probation_months", "2025-01-10", "du_bi")
    ledger.clock("OVER", "CB1", "ceremony_wd", "2025-10-01", "cho_le")
    ledger.clock("SOON", "CB2", "admission_decision_wd", "2025-10-01")
    items = due(ledger.on("2025-12-01"))["items"]
    assert [(item["code"], item["days_left"], item["days_unit"]) for item in items] == [
        ("OVER", -13, "working_days"),
        ("SOON", 2, "working_days"),
        ("LATER", 40, "calendar_days"),
    ]
    assert items[1]["actor"] == "cấp ủy có thẩm quyền"
    assert items[1]["ground"] == "294-QĐ/TW, 4.1"
    assert items[1]["action"] == "Quyết định kết nạp"


def test_run_out_on_a_friday_is_overdue_on_the_saturday(ledger: Ledger) -> None:
    start, friday = date(2025, 11, 3), date(2025, 11, 28)
    ledger.clock_due("A", "CB1", "ceremony_wd", start, friday, 19, "working_days", "cho_le")
    assert due(ledger.on("2025-11-28"))["items"][0]["days_left"] == 0
    assert due(ledger.on("2025-11-29"))["items"][0]["days_left"] == -1


def test_a_units_subtree_and_a_last_day(ledger: Ledger) -> None:
    ledger.clock("A", "CB1", "admission_decision_wd", "2025-10-01")
    ledger.clock("B", "CB2", "probation_months", "2025-01-10", "du_bi")
    office = ledger.on("2025-12-01")
    assert [item["code"] for item in due(office, unit="CB1")["items"]] == ["A"]
    assert [item["code"] for item in due(office, unit="DU", until=date(2025, 12, 31))["items"]] == ["A"]
    with pytest.raises(Unknown):
        due(office, unit="NO")


def test_a_probation_that_is_over_shows_as_the_review_that_follows(ledger: Ledger) -> None:
    ceremony = Event("hold_ceremony", date(2024, 12, 2))
    office = ledger.on("2025-12-02")
    ledger.person(ledger.on("2025-12-01"), "A", "CB1", "du_bi", "2024-12-02", ceremony)
    assert [item["clock"] for item in due(ledger.on("2025-12-01"))["items"]][-1:] == ["probation_months"]
    shown = {item["clock"]: item for item in due(office)["items"]}
    assert "probation_months" not in shown
    assert shown["recognition_review_wd"]["starts_on"] == date(2025, 12, 2)
    assert shown["recognition_review_wd"]["step"] == "xet_chinh_thuc"
    assert mature(office)["matured"] == 1
    written = {item["clock"]: item for item in due(office)["items"]}
    assert written["recognition_review_wd"] == shown["recognition_review_wd"]


def test_gaps_name_what_is_not_known(ledger: Ledger) -> None:
    office = ledger.on("2025-12-01")
    ledger.person(office, "A", "CB1", "da_hoc", "2025-06-01", birth=None, attributes={"gioi_tinh": "nam"})
    ledger.person(
        office,
        "B",
        "CB2",
        "cam_tinh",
        "2025-06-01",
        Event("assign_helper", date(2025, 7, 1), data={"helper": True}, private={"helper": "X"}),
    )
    gaps = {(gap["code"], gap["gap"]) for gap in due(office)["gaps"]}
    assert gaps == {("A", "clock:certificate_valid_months"), ("A", "helper"), ("A", "birth"), ("A", "hoc_van")}
    words = {gap["gap"]: gap["what"] for gap in due(office)["gaps"]}
    assert words["clock:certificate_valid_months"].startswith("thiếu ngày: ")
    assert due(office, unit="CB2")["gaps"] == []


def test_a_unit_whose_reminders_reach_nobody_is_a_gap(ledger: Ledger) -> None:
    ledger.unit("LE")
    ledger.clock("A", "LE", "admission_decision_wd", "2025-10-01")
    gaps = [gap for gap in due(ledger.on("2025-12-01"))["gaps"] if gap["gap"] == "nobody_to_tell"]
    assert [gap["code"] for gap in gaps] == ["LE"]


def test_the_helper_is_told_of_the_people_helped_alone(ledger: Ledger) -> None:
    office = ledger.on("2025-12-01")
    ledger.recipient("CB1", "huong@cb1.vn", "nguoi_giup_do", "Nguyễn Thị Hương")
    ledger.recipient("CB1", "huong2@cb1.vn", "nguoi_giup_do", "Nguyễn Thị Hường")
    for code, helper in (("A", "nguyễn thị  hương"), ("B", "Ai Khác")):
        events = (
            Event("assign_helper", date(2020, 12, 20), data={"helper": True}, private={"helper": helper}),
            Event("certify_class", date(2020, 12, 22), document_number="1", document_date=date(2020, 12, 22)),
        )
        ledger.person(office, code, "CB1", "cam_tinh", "2020-12-01", *events)
    assert remind(office)["created"] == 3
    told = {row["recipient"]: row["code"] for row in list_notices(office, state="planned")["items"]}
    assert told["huong@cb1.vn"] == "A"
    assert "huong2@cb1.vn" not in told


# Mature and recompute --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "matured"), [("2025-12-01", 0), ("2025-12-02", 1)])
def test_mature_on_the_day_the_twelve_months_are_over(ledger: Ledger, today: str, matured: int) -> None:
    ledger.person(ledger.on("2024-12-02"), "A", "CB1", "du_bi", "2024-12-02", Event("hold_ceremony", date(2024, 12, 2)))
    office = ledger.on(today)
    assert mature(office) == {"matured": matured, "unchanged": 1 - matured}
    assert mature(office) == {"matured": 0, "unchanged": 1 - matured}
    assert show_candidate(office, "A")["step"] == ("xet_chinh_thuc" if matured else "du_bi")


def test_mature_of_some_units_alone(ledger: Ledger) -> None:
    for code, unit in (("A", "CB1"), ("B", "CB2")):
        ledger.person(
            ledger.on("2024-12-02"), code, unit, "du_bi", "2024-12-02", Event("hold_ceremony", date(2024, 12, 2))
        )
    assert mature(ledger.on("2025-12-02"), ["CB2"]) == {"matured": 1, "unchanged": 0}


DAY_OFF = "calendar:\n  days_off: {2025-11-10: Nghỉ bão}\n"


def waiting_for_ceremony(ledger: Ledger) -> None:
    decided = Event("decide", date(2025, 10, 20), "1-QĐ", date(2025, 10, 20), data={"outcome": "dong_y"})
    received = Event("receive_decision", date(2025, 10, 22))
    office = ledger.on("2025-11-03")
    ledger.person(office, "A", "CB1", "cho_quyet_dinh", "2025-10-01", decided, received)


def test_a_new_day_off_moves_running_clocks_and_the_move_is_recorded(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    remind(ledger.on("2025-11-24"))
    office = ledger.on("2025-11-24", DAY_OFF)
    assert recompute_clocks(office) == {"moved": 1, "restated": 0, "unchanged": 0}
    assert recompute_clocks(office) == {"moved": 0, "restated": 0, "unchanged": 1}
    clock = next(one for one in why(office, "A")["clocks"] if one["clock"] == "ceremony_wd")
    assert clock["due_on"] == date(2025, 12, 4)
    assert [(move["from"], move["to"], move["reason"]) for move in clock["moves"]] == [
        (date(2025, 12, 3), date(2025, 12, 4), "calendar")
    ]
    assert "10/11/2025 Nghỉ bão" in clock["days_off"]
    assert {row["state"] for row in list_notices(office)["items"] if row["due_on"] == date(2025, 12, 3)} <= {
        "withdrawn",
        "passed_over",
    }
    assert show_candidate(office, "A")["clocks"][0]["due_on"] == date(2025, 12, 4)


def test_a_day_off_elsewhere_moves_nothing(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    office = ledger.on("2025-11-24", "calendar:\n  days_off: {2026-11-10: Nghỉ bão}\n")
    assert recompute_clocks(office) == {"moved": 0, "restated": 0, "unchanged": 1}


def test_a_changed_limit_moves_running_clocks(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    text = (
        "regulations:\n  ceremony_wd:\n"
        "    - {value: 20, since: 2025-07-01, cite: Quy định của cơ quan, status: verified}\n"
    )
    office = ledger.on("2025-11-24", text)
    assert recompute_clocks(office) == {"moved": 1, "restated": 0, "unchanged": 0}
    clock = next(one for one in why(office, "A")["clocks"] if one["clock"] == "ceremony_wd")
    assert (clock["citation"], clock["moves"][0]["reason"]) == ("Quy định của cơ quan", "limit")
    assert recompute_clocks(office) == {"moved": 0, "restated": 0, "unchanged": 1}


# Why -------------------------------------------------------------------------------------------------------------


def test_why_says_the_clause_the_sum_the_thresholds_and_who_is_told(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    office = ledger.on("2025-11-24")
    remind(office)
    deliver(office)
    said = "\n".join(why(office, "A")["explanation"])
    assert "Tổ chức lễ kết nạp: hạn 03/12/2025, còn 7 ngày làm việc" in said
    assert "Từ 22/10/2025 (không tính ngày này), 30 ngày làm việc, bỏ 12 ngày cuối tuần và 0 ngày nghỉ" in said
    assert "Căn cứ: 294-QĐ/TW" in said
    assert "Nhắc ngày 24/11/2025 (trước 7 ngày làm việc): đã gửi" in said
    assert "Báo cho: bithu@du.vn (Bí thư, DU)" in said


def test_why_of_a_notice_names_its_letter(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    office = ledger.on("2025-11-24")
    remind(office)
    deliver(office)
    sent = next(row for row in list_notices(office)["items"] if row["state"] == "sent")
    told = why(office, f"notice:{sent['id']}")
    assert told["letter"]["state"] == "sent"
    assert told["about"]["clock"] == "ceremony_wd"
    assert why(office, str(sent["id"]))["id"] == sent["id"]


@pytest.mark.parametrize("what", ["notice:999", "case:999", "999", "khong-co"])
def test_why_of_nothing_is_unknown(ledger: Ledger, what: str) -> None:
    with pytest.raises(Unknown):
        why(ledger.on("2025-11-24"), what)


# Tick ------------------------------------------------------------------------------------------------------------


def zeros(result: object) -> bool:
    """Every number but `unchanged` is 0."""
    if isinstance(result, dict):
        return all(key == "unchanged" or zeros(value) for key, value in result.items())
    return not isinstance(result, int) or result == 0


def test_a_second_tick_finds_nothing(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    ledger.person(ledger.on("2024-12-02"), "B", "CB1", "du_bi", "2024-12-02", Event("hold_ceremony", date(2024, 12, 2)))
    office = ledger.on("2025-12-02")
    first = tick(office)
    assert list(first) == [
        "mature",
        "recompute_clocks",
        "remind",
        "target_rules",
        "escalate",
        "silent_units",
        "deliver",
        "roll_up",
        "seal",
    ]
    assert (first["mature"]["matured"], first["deliver"]["sent"]) == (1, 1)
    assert not zeros(first)
    assert zeros(tick(office))


def test_a_tick_catches_up_any_gap(ledger: Ledger) -> None:
    waiting_for_ceremony(ledger)
    first = tick(ledger.on("2026-01-05"))  # the due day passed a month ago
    assert first["remind"]["created"] == 1
    assert first["remind"]["passed_over"] >= 6
    assert zeros(tick(ledger.on("2026-01-05")))


def test_a_stopped_clock_is_due_no_more(ledger: Ledger) -> None:
    clock = ledger.clock("A", "CB1", "ceremony_wd", "2025-10-22", "cho_le")
    with ledger.database.writing() as connection:
        connection.execute(update(Clock).where(Clock.id == clock).values(state="met"))  # type: ignore[arg-type]
    assert due(ledger.on("2025-12-01"))["items"] == []
