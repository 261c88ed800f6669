"""Every working day: units behind their pace, and who must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import artifacts
from flows.job import day_name, job, open_office, shift, step
from procedures.escalate import escalate
from procedures.list_cases import list_cases
from procedures.roll_up import roll_up
from procedures.silent_units import list_silent_units, tell_silent_units

MOST_CASES = 200  # on one card


@job("escalation", day_name("Đôn đốc"))
def escalation(today: date | None = None) -> State[Any]:
    """Đôn đốc: mở vụ việc cho đơn vị chậm tiến độ, nâng bậc khi hết thời gian, đóng khi đơn vị đã kịp; đơn vị im lặng.

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
        work.note("Đơn vị im lặng", tell_of_silent(today), 90)
        work.show("Kết quả đôn đốc")
        show_cases(today)
        show_silent(today)
        return work.end()


@step("Tổng hợp các kỳ đang mở")
def refresh(today: date | None) -> dict[str, Any]:
    return roll_up(open_office(today))


@step("Mở, nâng bậc, đóng vụ việc")
def take_steps(today: date | None) -> dict[str, Any]:
    return escalate(open_office(today))


@step("Báo cấp trên về đơn vị im lặng")
def tell_of_silent(today: date | None) -> dict[str, Any]:
    return dict(tell_silent_units(open_office(today)))


@step("Lập danh sách vụ việc")
def show_cases(today: date | None) -> int:
    """Open cases as a card; returns how many there are."""
    cases = list_cases(open_office(today))["items"]
    artifacts.table(
        "escalation-vu-viec", f"{len(cases)} vụ việc đang mở", case_rows(cases), empty="Không có đơn vị nào chậm."
    )
    return len(cases)


@step("Lập danh sách đơn vị im lặng")
def show_silent(today: date | None) -> int:
    """Units from which nothing comes as a card; returns how many there are."""
    found = list_silent_units(open_office(today))
    artifacts.table(
        "escalation-im-lang",
        f"{len(found['items'])} đơn vị không có bước nào, số liệu nào từ {found['since']:%d/%m/%Y}",
        silent_rows(found["items"]),
        empty="Không có đơn vị nào im lặng.",
    )
    return len(found["items"])


def case_rows(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The furthest cases as rows of the card: the figure, the rung, what holds the case, what comes next."""
    return [
        {
            "Số": str(case["case"]),
            "Đơn vị": f"{case['unit']} · {case['name']}",
            "Chỉ số": case["indicator_label"],
            "Kỳ": case["period"],
            "Làm được": f"{case['actual']}/{case['floor']}",
            "Bậc": case["label"],
            "Tạm giữ": "; ".join(
                f"{word} đến {case[key]['until']:%d/%m/%Y}"
                for key, word in (("commitment", "cam kết"), ("silence", "tạm dừng"))
                if case[key]
            ),
            "Bậc sau": f"{case['next_on']:%d/%m/%Y}" if case["next_on"] else "",
        }
        for case in cases[:MOST_CASES]
    ]


def silent_rows(units: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Silent units as rows of the card."""
    return [
        {
            "Đơn vị": f"{one['unit']} · {one['name']}",
            "Lần cuối": f"{one['last_on']:%d/%m/%Y}" if one["last_on"] else "chưa có gì",
            "Cấp trên": one["above"] or "",
        }
        for one in units[:MOST_CASES]
    ]
