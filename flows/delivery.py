"""Every ten minutes: the letters that wait go out through the channels that are on."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.client.schemas.objects import State

from flows import artifacts
from flows.job import day_name, job, open_office, shift, step
from procedures.count_notices import count_notices
from procedures.deliver import deliver

STATES = {
    "planned": "Chờ đến ngày gửi",
    "reserved": "Đang gửi",
    "sent": "Đã gửi",
    "passed_over": "Bỏ qua mốc cũ",
    "withdrawn": "Rút lại",
    "nobody": "Không có người nhận",
}


@job("delivery", day_name("Gửi thư nhắc"))
def delivery(today: date | None = None) -> State[Any]:
    """Gửi thư: mỗi người nhận một thư cho một ngày làm việc, theo các kênh đang bật trong cấu hình.

    Chạy bao nhiêu lần cũng được: thư đã gửi không gửi lại.

    Args:
        today: Ngày làm việc; để trống thì theo cấu hình, nếu không có thì là hôm nay.
    """
    with shift("delivery", today) as work:
        if not work.mine:
            return work.leave()
        before = count(today)
        work.note("Gửi thư", send(today), 80)
        work.show("Kết quả gửi thư")
        show_ledger(before, count(today))
        return work.end()


@step("Gửi các thư đang chờ")
def send(today: date | None) -> dict[str, Any]:
    return deliver(open_office(today))


@step("Đếm lời nhắc theo tình trạng")
def count(today: date | None) -> dict[str, int]:
    return count_notices(open_office(today))


def show_ledger(before: dict[str, int], after: dict[str, int]) -> None:
    """Notices by state before and after, as a card."""
    rows = [
        {"Tình trạng": label, "Trước": before.get(state, 0), "Sau": after.get(state, 0)}
        for state, label in STATES.items()
        if before.get(state) or after.get(state)
    ]
    artifacts.table("delivery-tinh-trang", "Lời nhắc theo tình trạng", rows, empty="Chưa có lời nhắc nào.")
