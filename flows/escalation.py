"""Every working day: units behind their pace, and who must know."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.states import Completed, State
from procedures.escalate import escalate
from procedures.list_cases import list_cases
from procedures.roll_up import roll_up

from flows import artifacts
from flows.job import BusinessDay, day_name, job, open_office, shift, step

MOST_CASES = 200  # on one card


@job("escalation", day_name("Đôn đốc"))
def escalation(today: BusinessDay = None) -> State[Any]:
    """Đôn đốc: mở vụ việc cho đơn vị chậm tiến độ, nâng bậc khi hết thời gian, đóng khi đơn vị đã kịp.

    Ngày nghỉ thì không làm gì. Chạy bao nhiêu lần cũng được.
    """
    with shift("escalation", today) as work:
        if not work.mine:
            return work.leave()
        calendar = work.office.calendar
        if not calendar.is_working_day(work.office.today):
            why = calendar.day_off_name(work.office.today) or "ngày nghỉ cuối tuần"
            return Completed(name="Skipped", message=f"Ngày nghỉ ({why}): không đôn đốc; ngày làm việc tới sẽ làm.")
        work.note("Tổng hợp", refresh(today), 40)
        work.note("Đôn đốc", take_steps(today), 80)
        work.show("Kết quả đôn đốc")
        show_cases(today)
        artifacts.status_link("escalation-tinh-hinh")
        return work.end()


@step("Tổng hợp các kỳ đang mở")
def refresh(today: date | None) -> dict[str, Any]:
    return roll_up(open_office(today))


@step("Mở, nâng bậc, đóng vụ việc")
def take_steps(today: date | None) -> dict[str, Any]:
    return escalate(open_office(today))


@step("Lập danh sách vụ việc")
def show_cases(today: date | None) -> int:
    """Open cases as a card; returns how many there are."""
    cases = [case for case in list_cases(open_office(today))["items"] if case["step"] != "da_dong"]
    rows = [
        {"Đơn vị": case["unit"], "Chỉ số": case["indicator"], "Kỳ": case["period"], "Bậc": case["step"]}
        for case in cases[:MOST_CASES]
    ]
    artifacts.table("escalation-vu-viec", f"{len(cases)} vụ việc đang mở", rows, empty="Không có đơn vị nào chậm.")
    return len(cases)
