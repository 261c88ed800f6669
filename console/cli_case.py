"""case list: the units behind their pace, and what becomes of them."""

from __future__ import annotations

from typing import Any

from console.command import command
from console.options import Unit
from console.output import Screen, column, number
from console.run import Run
from states.wording import Text


@command("case list", vi="Các vụ việc đang mở.", en="The open cases.")
def case_list(run: Run, unit: Unit = None) -> None:
    from procedures.list_cases import list_cases

    result = list_cases(run.office, unit=unit)
    run.answer(result, lambda screen: show_cases(screen, result))


def show_cases(screen: Screen, result: dict[str, Any]) -> None:
    labels = {name: one.label for name, one in screen.run.office.settings.indicators.items()}
    screen.table(
        (
            column("Số", "Id", right=True),
            column("Đơn vị", "Unit"),
            column("Chỉ số", "Indicator", wrap=True),
            column("Kỳ", "Period"),
            column("Kết quả", "Figure", right=True),
            column("Bậc", "Rung"),
            column("Từ ngày", "Since"),
        ),
        [
            (
                str(item["case"]),
                item["unit"],
                labels.get(item["indicator"], item["indicator"]),
                item["period"],
                f"{number(item['actual'], screen.lang)}/{number(item['floor'], screen.lang)}",
                item["label"],
                item["since"],
            )
            for item in result["items"]
        ],
        empty=Text("Không có vụ việc nào.", "No cases."),
    )
