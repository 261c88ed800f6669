"""remind, deliver, escalate, rollup, tick, case list: what runs by itself, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.command import command
from console.options import SomePeriod
from console.output import Screen, column, day
from console.run import Run
from states.wording import Text

WORDS = {
    "created": Text("tạo mới", "created"),
    "sent": Text("đã gửi", "sent"),
    "failed": Text("gửi hỏng", "failed"),
    "passed_over": Text("bỏ qua vì đã qua mốc", "passed over"),
    "withdrawn": Text("rút lại", "withdrawn"),
    "unchanged": Text("giữ nguyên", "unchanged"),
    "opened": Text("mở vụ việc", "opened"),
    "moved": Text("lên bậc", "moved up"),
    "closed": Text("đóng", "closed"),
    "matured": Text("hết dự bị", "matured"),
    "recomputed": Text("tính lại hạn", "recomputed"),
    "stored": Text("ghi số tổng hợp", "stored"),
    "sealed": Text("niêm phong", "sealed"),
}


def _job(run: Run, work: Callable[[], Any]) -> None:
    result = work()
    run.answer(result, lambda screen: screen.counts(result, WORDS))


@command("remind", vi="Lập nhắc việc đến hôm nay (chưa gửi).", en="Plan the reminders due by today (does not send).")
def remind(run: Run) -> None:
    from procedures.remind import remind

    _job(run, lambda: remind(run.office))


@command("deliver", vi="Gửi các nhắc việc đã lập.", en="Send the planned reminders.")
def deliver(run: Run) -> None:
    from procedures.deliver import deliver

    _job(run, lambda: deliver(run.office))


@command(
    "escalate",
    vi="Mở và chuyển bậc vụ việc của đơn vị chậm tiến độ.",
    en="Open and move up the cases of units behind their pace.",
)
def escalate(run: Run) -> None:
    from procedures.escalate import escalate

    _job(run, lambda: escalate(run.office))


@command("rollup", vi="Tổng hợp số liệu các đơn vị.", en="Roll up the units' figures.")
def rollup(run: Run, period: SomePeriod = None) -> None:
    from procedures.roll_up import roll_up

    _job(run, lambda: roll_up(run.office, period))


@command(
    "tick",
    vi="Làm mọi việc định kỳ đến hôm nay, không cần Prefect; chạy lại không lặp.",
    en="Do everything due by today, without Prefect; a second run finds nothing.",
)
def tick(run: Run) -> None:
    from procedures.tick import tick

    _job(run, lambda: tick(run.office))


@command("case list", vi="Các vụ việc đang mở.", en="The open cases.")
def case_list(run: Run) -> None:
    from procedures.escalate import list_cases

    result = list_cases(run.office)
    run.answer(result, lambda screen: show_cases(screen, result))


def show_cases(screen: Screen, result: dict[str, Any]) -> None:
    screen.table(
        (
            column("Số", "Id", right=True),
            column("Đơn vị", "Unit", wrap=True),
            column("Chỉ số", "Indicator", wrap=True),
            column("Kỳ", "Period"),
            column("Bậc", "Rung"),
            column("Từ ngày", "Since"),
        ),
        [
            (
                str(item.get("id", item.get("case", ""))),
                item["unit"],
                item.get("label") or item["indicator"],
                item["period"],
                item.get("step_label") or item.get("step"),
                day(item.get("since") or item.get("opened_on"), screen.lang),
            )
            for item in result["items"]
        ],
        empty=Text("Không có vụ việc nào.", "No cases."),
    )
