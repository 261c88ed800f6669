"""Every ten minutes: the letters that wait go out through the channels that are on."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.client.schemas.objects import State

from flows import artifacts
from flows.job import day_name, job, open_office, shift, step
from procedures.deliver import deliver
from procedures.notices import list_notices


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
        work.note("Gửi thư", send(today), 70)
        work.show("Kết quả gửi thư")
        waiting(today)
        return work.end()


@step("Gửi các thư đang chờ")
def send(today: date | None) -> dict[str, Any]:
    return deliver(open_office(today))


@step("Đếm thư còn lại")
def waiting(today: date | None) -> int:
    """How many notices there are by state, as a card; returns the number of states."""
    by_state: dict[str, int] = {}
    for notice in list_notices(open_office(today))["items"]:
        by_state[notice["state"]] = by_state.get(notice["state"], 0) + 1
    rows = [{"Tình trạng": state, "Số lời nhắc": number} for state, number in sorted(by_state.items())]
    artifacts.table("delivery-tinh-trang", "Lời nhắc theo tình trạng", rows, empty="Chưa có lời nhắc nào.")
    return len(rows)
