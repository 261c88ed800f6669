"""remind, deliver, escalate, rollup, tick: what runs by itself, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from console.command import command
from console.options import SomePeriod
from console.output import Screen, column, number
from console.run import Run
from states.wording import Text

JOBS = {
    "mature": Text("Hết 12 tháng dự bị", "Probation over"),
    "recompute_clocks": Text("Tính lại thời hạn", "Clocks reckoned anew"),
    "remind": Text("Lập nhắc việc", "Reminders planned"),
    "target_rules": Text("Chỉ tiêu theo quy tắc", "Targets by rule"),
    "escalate": Text("Đôn đốc đơn vị", "Units behind"),
    "silent_units": Text("Đơn vị im lặng", "Silent units"),
    "deliver": Text("Gửi thư", "Letters"),
    "roll_up": Text("Tổng hợp số liệu", "Roll-up"),
    "seal": Text("Niêm phong sổ", "Seal"),
}
WORDS = {
    "created": Text("tạo mới", "created"),
    "sent": Text("đã gửi", "sent"),
    "failed": Text("gửi hỏng", "failed"),
    "passed_over": Text("bỏ qua mốc cũ", "passed over"),
    "withdrawn": Text("rút lại", "withdrawn"),
    "unchanged": Text("giữ nguyên", "unchanged"),
    "opened": Text("mở vụ việc", "opened"),
    "rose": Text("lên bậc", "moved up"),
    "closed": Text("đóng", "closed"),
    "nobody_to_tell": Text("không có người nhận", "nobody to tell"),
    "notices": Text("nhắc việc", "notices"),
    "matured": Text("chuyển bước", "matured"),
    "moved": Text("dời hạn", "moved"),
    "restated": Text("ghi lại căn cứ", "restated"),
    "units": Text("đơn vị", "units"),
    "stored": Text("số đã ghi", "figures written"),
    "sealed": Text("mục mới niêm phong", "sealed"),
}


def counts(lang: str, result: Mapping[str, Any]) -> str:
    """What was done, in words: "tạo mới 10, giữ nguyên 3"; what is nothing is left out."""
    told = [f"{WORDS[key].say(lang) if key in WORDS else key} {number(value, lang)}" for key, value in done(result)]
    return ", ".join(told) or Text("không có gì mới", "nothing new").say(lang)


def done(result: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The counts that are not nothing."""
    return [(key, value) for key, value in result.items() if isinstance(value, int) and value]


def show_counts(screen: Screen, result: Mapping[str, Any]) -> None:
    """One job on a line, several in a table."""
    jobs = [(name, found) for name, found in result.items() if isinstance(found, Mapping)]
    if not jobs:
        screen.line(f"{counts(screen.lang, result)}.".capitalize())
        return
    screen.table(
        (column("Việc", "Job"), column("Kết quả", "Done", wrap=True)),
        [(JOBS.get(name, name), counts(screen.lang, found)) for name, found in jobs],
    )


def _job(run: Run, work: Callable[[], Any]) -> None:
    result = work()
    run.answer(result, lambda screen: show_counts(screen, result))


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
