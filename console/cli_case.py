"""case list|ack|silence|close: the units behind their pace, what becomes of them, and what an officer does about it."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import argument, command, option
from console.options import Unit
from console.output import Screen, column, number
from console.run import Run
from states.wording import Text

Case = Annotated[str, argument("SỐ", vi="Số vụ việc: 3 hoặc case:3.", en="The case's number: 3 or case:3.")]
Until = Annotated[
    str, option("--until", vi="Đến hết ngày này.", en="Through this day.", metavar="NGÀY"),
]  # fmt: skip
Reason = Annotated[str, option("--reason", vi="Lý do.", en="The reason.", metavar="LÝ_DO")]


@command(
    "case list", vi="Các vụ việc đang mở (--all: cả vụ việc đã đóng).", en="The open cases (--all: closed ones too)."
)
def case_list(
    run: Run,
    unit: Unit = None,
    all_: Annotated[bool, option("--all", vi="Cả vụ việc đã đóng.", en="Closed cases too.")] = False,
) -> None:
    from procedures.list_cases import list_cases

    result = list_cases(run.office, unit=unit, closed=all_)
    run.answer(result, lambda screen: show_cases(screen, result))


@command(
    "case ack",
    vi="Ghi cam kết của đơn vị: đến hết ngày hẹn, vụ việc không lên bậc.",
    en="Record what the unit promises: through that day the case does not climb.",
)
def case_ack(
    run: Run,
    case: Case,
    until: Until,
    commit: Annotated[str, option("--commit", vi="Nội dung cam kết.", en="What is promised.", metavar="GHI_CHÚ")],
) -> None:
    from procedures.case_acts import acknowledge_case

    day = run.day(until)
    assert day is not None
    result = acknowledge_case(run.office, case, commit, day)
    run.answer(result, lambda screen: show_cases(screen, {"items": [result]}))


@command(
    "case silence",
    vi="Tạm dừng một vụ việc: đến hết ngày hẹn không lên bậc, không nhắc ai.",
    en="Silence a case: through that day it does not climb and nobody is told.",
)
def case_silence(run: Run, case: Case, until: Until, reason: Reason) -> None:
    from procedures.case_acts import silence_case

    day = run.day(until)
    assert day is not None
    result = silence_case(run.office, case, reason, day)
    run.answer(result, lambda screen: show_cases(screen, {"items": [result]}))


@command("case close", vi="Đóng một vụ việc, có lý do.", en="Close a case, with the reason.")
def case_close(run: Run, case: Case, reason: Reason) -> None:
    from procedures.case_acts import close_case

    result = close_case(run.office, case, reason)
    run.answer(result, lambda screen: show_cases(screen, {"items": [result]}))


def show_cases(screen: Screen, result: dict[str, Any]) -> None:
    """A case a line; what holds it, or how it ended, stands under its rung."""
    screen.table(
        (
            column("Số", "Id", right=True),
            column("Đơn vị", "Unit"),
            column("Chỉ số", "Indicator", wrap=True),
            column("Kỳ", "Period"),
            column("Kết quả", "Figure", right=True),
            column("Bậc", "Rung", wrap=True),
            column("Từ ngày", "Since"),
            column("Bậc sau", "Next"),
        ),
        [
            (
                str(item["case"]),
                item["unit"],
                item["indicator_label"],
                item["period"],
                f"{number(item['actual'], screen.lang)}/{number(item['floor'], screen.lang)}",
                "\n".join([item["label"], *standing(item, screen.lang)]),
                item["since"],
                item["next_on"],
            )
            for item in result["items"]
        ],
        empty=Text("Không có vụ việc nào.", "No cases."),
    )


def standing(item: dict[str, Any], lang: str) -> list[str]:
    """What holds a case or how it ended, in words."""
    told = [item["result_label"]] if item["result"] else []
    for key, text in (
        ("commitment", Text("cam kết đến {day}: {text}", "promised by {day}: {text}")),
        ("silence", Text("tạm dừng đến {day}: {text}", "silenced to {day}: {text}")),
    ):
        if held := item[key]:
            told.append(text.say(lang, day=held["until"], text=held["text"]))
    return told
