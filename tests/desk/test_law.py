"""Lịch và quy định at the desk: what is in force and why, what changed, the calendar, and a limit ruled there."""

from __future__ import annotations

from datetime import date

import pytest

from procedures.limit import limit
from tests.desk.conftest import Desk
from tests.desk.reading import main_words, value_of

KEY = "admission_decision_wd"
TYPED = {
    "khoa": KEY, "value": "30", "since": "2025-07-01", "status": "verified", "cite": "294-QĐ/TW, 4.3.1",
    "reason": "đối chiếu bản đóng dấu",
}  # fmt: skip


def _text(answer) -> str:
    return main_words(answer.text)


def _latest(answer) -> str:
    return value_of(answer.text, "thay")


def test_what_is_in_force_on_a_day(desk_on_sqlite: Desk) -> None:
    shown = _text(desk_on_sqlite.get("/quy-dinh", ngay="2026-05-01"))
    assert "Quy định 20-QĐ/TW" in shown
    assert "Cấp ủy có thẩm quyền quyết định kết nạp 45 ngày làm việc tiếp nối văn bản trước" in shown
    assert "từ ngày nhận quyết định" in shown
    assert desk_on_sqlite.get("/quy-dinh", ngay="31/02/2026").status_code == 400


def test_a_limit_is_looked_up_with_its_sum(desk_on_sqlite: Desk) -> None:
    shown = _text(desk_on_sqlite.get("/quy-dinh/tra-cuu", khoa=KEY, tu="2025-10-01"))
    assert "01/10/2025 + 45 ngày làm việc, trừ 18 ngày cuối tuần = 03/12/2025" in shown
    assert "294-QĐ/TW, 4.3.1" in shown
    assert desk_on_sqlite.get("/quy-dinh/tra-cuu", khoa="ceremony", tu="2025-10-01").status_code == 404
    assert desk_on_sqlite.get("/quy-dinh/tra-cuu", khoa=KEY, tu="hôm qua").status_code == 400


def test_a_rule_over_time(desk_on_sqlite: Desk) -> None:
    shown = _text(desk_on_sqlite.get("/quy-dinh/muc", khoa="declaration_wd"))
    assert "không đặt hạn" in shown
    assert desk_on_sqlite.get("/quy-dinh/muc", khoa="khong_co").status_code == 404
    assert desk_on_sqlite.get("/quy-dinh/muc").status_code == 400


def test_what_changed_between_two_days(desk_on_sqlite: Desk) -> None:
    shown = _text(desk_on_sqlite.get("/quy-dinh/thay-doi", tu="2026-07-25", den="2026-07-26"))
    assert "Quy định 208-QĐ/TW" in shown
    assert "từ ngày ký quyết định" in shown
    same = _text(desk_on_sqlite.get("/quy-dinh/thay-doi", tu="2025-08-01", den="2025-08-02"))
    assert "Không có gì khác giữa hai ngày này." in same


def test_the_calendar_of_a_year(desk_on_sqlite: Desk) -> None:
    shown = _text(desk_on_sqlite.get("/quy-dinh/lich", nam="2026"))
    assert "02/01/2026 Thứ Sáu Nghỉ hoán đổi" in shown
    assert "10/01/2026 Thứ Bảy Làm bù" in shown
    assert desk_on_sqlite.get("/quy-dinh/lich", nam="1066").status_code == 400
    assert desk_on_sqlite.get("/quy-dinh/lich", nam="hai nghìn").status_code == 400


def test_a_limit_is_previewed_recorded_and_taken_back(desk: Desk) -> None:
    form = desk.get("/quy-dinh/xac-nhan", khoa=KEY)
    assert 'value="45"' in form.text
    preview = desk.post("/quy-dinh/xac-nhan", TYPED)
    assert preview.status_code == 200
    assert "Hạn dời ngày 1 (1 sớm hơn, 0 muộn hơn" in _text(preview)
    assert "PL-03" in _text(preview)
    assert limit(desk.office, KEY, date(2025, 10, 1))["value"] == 45
    done = desk.post("/quy-dinh/xac-nhan", TYPED | {"ghi": "1", "thay": _latest(preview)})
    assert (done.status_code, done.headers["location"]) == (303, f"/quy-dinh/muc?khoa={KEY}")
    shown = _text(desk.get("/quy-dinh/muc", khoa=KEY))  # the next request of the same process knows
    assert "lan 01/07/2025 30 ngày làm việc 294-QĐ/TW, 4.3.1" in shown
    assert "30 ngày làm việc" in _text(desk.get("/quy-dinh"))
    again = desk.post("/quy-dinh/xac-nhan", TYPED | {"value": "20", "ghi": "1", "thay": "0"})
    assert again.status_code == 409
    assert 'value="20"' in again.text
    taken = desk.get("/quy-dinh/rut-lai", khoa=KEY, so=1)
    assert "1 muộn hơn" in _text(taken)
    empty = desk.post("/quy-dinh/rut-lai", {"khoa": KEY, "so": "1", "reason": ""})
    assert empty.status_code == 400
    done = desk.post("/quy-dinh/rut-lai", {"khoa": KEY, "so": "1", "reason": "nhầm", "thay": _latest(taken)})
    assert done.status_code == 303
    assert "45 ngày làm việc" in _text(desk.get("/quy-dinh"))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("value", "ba mươi", "Thời hạn phải là số nguyên"),
        ("since", "31/02/2025", "31/02/2025"),
        ("status", "", "Xin chọn"),
        ("cite", "", "Xin ghi căn cứ"),
        ("reason", "", "Xin ghi lý do"),
    ],
)
def test_a_wrong_field_keeps_what_was_typed(desk_on_sqlite: Desk, name: str, value: str, message: str) -> None:
    answer = desk_on_sqlite.post("/quy-dinh/xac-nhan", TYPED | {name: value})
    assert answer.status_code == 400
    assert message in _text(answer)
    assert TYPED["reason" if name != "reason" else "cite"] in answer.text


def test_only_the_administrator_is_offered_and_let(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    assert "/quy-dinh/xac-nhan" in desk.get("/quy-dinh/muc", khoa=KEY).text
    for role in ("can_bo", "bi_thu", "theo_doi"):
        desk.sit(role)
        shown = desk.get("/quy-dinh/muc", khoa=KEY)
        assert shown.status_code == 200
        assert "/quy-dinh/xac-nhan" not in shown.text
        assert desk.get("/quy-dinh/xac-nhan", khoa=KEY).status_code == 403
        assert desk.post("/quy-dinh/xac-nhan", TYPED | {"ghi": "1"}).status_code == 403
        assert desk.post("/quy-dinh/rut-lai", {"khoa": KEY, "so": "1", "reason": "x"}).status_code == 403


def test_words_of_others_are_shown_as_words(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    evil = "<script>alert(1)</script>"
    preview = desk.post("/quy-dinh/xac-nhan", TYPED | {"cite": evil, "reason": evil})
    desk.post("/quy-dinh/xac-nhan", TYPED | {"cite": evil, "reason": evil, "ghi": "1", "thay": _latest(preview)})
    for path in (f"/quy-dinh/muc?khoa={KEY}", "/quy-dinh", f"/quy-dinh/tra-cuu?khoa={KEY}&tu=2025-10-01"):
        assert evil not in desk.get(path).text
