"""commend: who is above the targets, who is behind, who has nobody on the way."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import Period, SomeUnit
from console.output import Screen, column
from console.run import Run
from states.wording import Text


@command(
    "commend",
    vi="Đơn vị vượt chỉ tiêu để đề nghị khen thưởng, cùng đơn vị chậm và đơn vị chưa có nguồn.",
    en="Units above their targets, for commendation, beside those behind and those without any source.",
)
def commend(
    run: Run,
    unit: SomeUnit,
    period: Period,
    as_of: Annotated[str | None, option("--as-of", vi="Tính đến ngày.", en="As of this day.", metavar="NGÀY")] = None,
) -> None:
    from procedures.commendation import commend

    result = commend(run.office, unit, period, as_of=run.day(as_of))
    run.answer(result, lambda screen: show_lists(screen, result))


LISTS = {
    "commend": Text("Đề nghị khen thưởng: {count}", "For commendation: {count}"),
    "behind": Text("Chậm tiến độ: {count}", "Behind: {count}"),
    "no_source": Text("Chưa có nguồn: {count}", "Without any source: {count}"),
}


def show_lists(screen: Screen, result: dict[str, Any]) -> None:
    screen.heading(f"{result['unit']} · {result['period_label']}")
    screen.line(Text("Tính đến {day}", "As of {day}"), day=result["as_of"])
    for name, heading in LISTS.items():
        screen.line()
        screen.heading(heading, count=len(result[name]))
        screen.table(
            (
                column("Đơn vị", "Unit"),
                column("Tên", "Name", wrap=True),
                column("Chỉ số", "Indicator", wrap=True),
                column("Kết quả", "Result", right=True),
                column("Trạng thái", "Status"),
            ),
            [(row["unit"], row["name"], row["label"], row["text"], row["status_label"]) for row in result[name]],
        )
