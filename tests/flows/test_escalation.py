"""The cards of the escalation run: what holds a case, what comes next, who is silent."""

from datetime import date

from flows.escalation import case_rows, silent_rows

CASE = {
    "case": 3, "unit": "CB-01", "name": "Chi bộ 1", "indicator": "admitted",
    "indicator_label": "Kết nạp đảng viên", "period": "2020", "actual": 1, "floor": 12,
    "step": "nhac", "label": "Đã nhắc đơn vị", "next_on": date(2020, 8, 3), "commitment": None, "silence": None,
}  # fmt: skip


def test_a_card_shows_what_holds_a_case():
    held = CASE | {
        "commitment": {"text": "kết nạp 5 người", "until": date(2020, 7, 31)},
        "silence": {"text": "dịch bệnh", "until": date(2020, 7, 10)},
    }
    free, shown = case_rows([CASE, held])
    assert (free["Tạm giữ"], free["Bậc sau"], free["Làm được"]) == ("", "03/08/2020", "1/12")
    assert shown["Tạm giữ"] == "cam kết đến 31/07/2020; tạm dừng đến 10/07/2020"
    assert (shown["Số"], shown["Chỉ số"]) == ("3", "Kết nạp đảng viên")
    assert "kết nạp 5 người" not in str(shown)  # what officers write stays out of Prefect


def test_the_last_rung_has_none_after_it():
    assert case_rows([CASE | {"next_on": None}])[0]["Bậc sau"] == ""


def test_a_card_shows_who_is_silent():
    unit = {"unit": "CB-02", "name": "Chi bộ 2", "kind": "chi_bo", "last_on": date(2019, 12, 31), "above": "DU"}
    rows = silent_rows([unit, unit | {"last_on": None, "above": None}])
    assert [row["Lần cuối"] for row in rows] == ["31/12/2019", "chưa có gì"]
    assert [row["Cấp trên"] for row in rows] == ["DU", ""]
