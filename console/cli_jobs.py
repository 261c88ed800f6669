"""remind, deliver, escalate, rollup, tick: what runs by itself, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from console.command import command
from console.job_words import JOBS, counts
from console.options import SomePeriod
from console.output import Screen, column
from console.run import Run


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
