"""Every night: the heads of all chains sealed, the whole journal verified, the database backed up."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.client.schemas.objects import State

from flows import artifacts
from flows.job import day_name, job, open_office, shift, step
from procedures.backup import backup
from procedures.prune_backups import prune_backups
from procedures.seal import seal
from procedures.verify import verify

MOST_BROKEN = 100  # on one card


@job("housekeeping", day_name("Niêm phong và sao lưu"))
def housekeeping(today: date | None = None) -> State[Any]:
    """Niêm phong, kiểm tra nhật ký và sao lưu cơ sở dữ liệu.

    Chạy bao nhiêu lần cũng được. Nhật ký bị sửa thì lượt này báo không đạt và nêu từng mục.

    Args:
        today: Ngày làm việc; để trống thì theo cấu hình, nếu không có thì là hôm nay.
    """
    with shift("housekeeping", today) as work:
        if not work.mine:
            return work.leave()
        found = check(today)  # before sealing: what was tampered with must not get a new seal first
        work.note("Kiểm tra", found, 50)
        work.note("Niêm phong", set_seal(today), 65)
        work.note("Sao lưu", copy(today), 90)
        work.note("Dọn bản sao lưu cũ", prune(today), 95)
        work.show("Kết quả niêm phong và sao lưu")
        show_verdict(found)
        if not found["ok"]:
            return work.fail(f"Nhật ký có {len(found['broken'])} chỗ không khớp: xem thẻ kết quả kiểm tra.")
        return work.end()


@step("Kiểm tra nhật ký")
def check(today: date | None) -> dict[str, Any]:
    return verify(open_office(today))


@step("Niêm phong")
def set_seal(today: date | None) -> dict[str, Any]:
    return seal(open_office(today))


@step("Sao lưu")
def copy(today: date | None) -> dict[str, Any]:
    return backup(open_office(today))


@step("Dọn bản sao lưu cũ")
def prune(today: date | None) -> dict[str, Any]:
    return dict(prune_backups(open_office(today)))


def show_verdict(found: dict[str, Any]) -> None:
    """What verification found: entries by code and number, no content."""
    rows = "\n".join(f"| {row['code']} | {row['entry']} | {row['reason']} |" for row in found["broken"][:MOST_BROKEN])
    text = (
        f"**{found['entries']} mục nhật ký khớp hoàn toàn.**"
        if found["ok"]
        else f"**{len(found['broken'])} chỗ không khớp.** Giữ nguyên cơ sở dữ liệu, đừng nhập thêm, "
        "báo người phụ trách.\n\n"
        f"| Mã | Mục | Vì sao |\n|---|---|---|\n{rows}"
    )
    artifacts.note("housekeeping-kiem-tra", "Kết quả kiểm tra nhật ký", text)
