"""Every morning: who has reached the end of probation, which days have moved, what must be reminded."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.client.schemas.objects import State

from flows.job import chunks, day_name, job, open_office, shift, step
from procedures.mature import mature
from procedures.recompute_clocks import recompute_clocks
from procedures.remind import remind
from procedures.units import list_units


@job("reminders", day_name("Nhắc hạn"))
def reminders(today: date | None = None) -> State[Any]:
    """Nhắc hạn: ghi bước hết thời gian dự bị, tính lại các hạn có thay đổi, lập lời nhắc đến hạn.

    Chạy bao nhiêu lần cũng được: lượt sau chỉ làm phần chưa làm.

    Args:
        today: Ngày làm việc; để trống thì theo cấu hình, nếu không có thì là hôm nay.
    """
    with shift("reminders", today) as work:
        if not work.mine:
            return work.leave()
        parts = split_units(today)
        for number, codes in enumerate(parts, 1):
            work.note("Hết thời gian dự bị", mature_part(today, codes), 10 + 40 * number / len(parts))
        work.note("Tính lại hạn", recompute(today), 65)
        work.note("Lập lời nhắc", make_reminders(today), 90)
        work.show("Kết quả nhắc hạn")
        return work.end()


@step("Chia cây đơn vị")
def split_units(today: date | None) -> list[list[str] | None]:
    """Parts of the tree by code; one part for all when the tree is small."""
    parts = chunks([unit["code"] for unit in list_units(open_office(today))["items"]])
    return list(parts) if len(parts) > 1 else [None]


@step("Ghi bước hết thời gian dự bị")
def mature_part(today: date | None, codes: list[str] | None) -> dict[str, Any]:
    return mature(open_office(today), codes)


@step("Tính lại các hạn đang chạy")
def recompute(today: date | None) -> dict[str, Any]:
    return recompute_clocks(open_office(today))


@step("Lập lời nhắc đến hạn")
def make_reminders(today: date | None) -> dict[str, Any]:
    return remind(open_office(today))
