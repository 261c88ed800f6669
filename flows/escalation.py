"""Every working day: units behind their pace, and who must know."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import artifacts
from flows.job import day_name, job, open_office, shift, step
from procedures.escalate import escalate
from procedures.list_cases import list_cases
from procedures.roll_up import roll_up

MOST_CASES = 200  # on one card


@job("escalation", day_name("Đôn đốc"))
def escalation(today: date | None = None) -> State[Any]:
    """Đôn đốc: mở vụ việc cho đơn vị chậm tiến độ, nâng bậc khi hết thời gian, đóng khi đơn vị đã kịp.

    Ngày nghỉ thì không làm gì. Chạy bao nhiêu lần cũng được.

    Args:
        today: Ngày làm việc; để trống thì theo cấu hình, nếu không có thì là hôm nay.
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
    cases = list_cases(open_office(today))["items"]
    rows = [
        {
            "Đơn vị": f"{case['unit']} · {case['name']}",
            "Chỉ số": case["indicator"],
            "Kỳ": case["period"],
            "Làm được": f"{case['actual']}/{case['floor']}",
            "Bậc": case["label"],
        }
        for case in cases[:MOST_CASES]
    ]
    artifacts.table("escalation-vu-viec", f"{len(cases)} vụ việc đang mở", rows, empty="Không có đơn vị nào chậm.")
    return len(cases)
