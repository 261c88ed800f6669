"""due, notices, why: what must be done, by when, and on which ground."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import argument, command, option
from console.options import Unit
from console.output import Screen, column
from console.run import Run
from states.wording import Text


@command(
    "due",
    vi="Việc phải làm: ai, hạn nào, căn cứ nào; và dữ liệu còn thiếu.",
    en="What must be done, by whom, by when, on which ground; and gaps in the data.",
)
def due(
    run: Run,
    unit: Unit = None,
    until: Annotated[
        str | None,
        option(
            "--until", vi="Chỉ việc đến hạn chậm nhất ngày này.", en="Only what is due by this day.", metavar="NGÀY"
        ),
    ] = None,
) -> None:
    from procedures.due import due

    result = due(run.office, unit=unit, until=run.day(until))
    run.answer(result, lambda screen: show_due(screen, result))


def show_due(screen: Screen, result: dict[str, Any]) -> None:
    """Most urgent first; on a narrow screen who and why stand under what."""
    first = (column("Hạn", "Due"), column("Còn", "Left"), column("Người", "Person"), column("Đơn vị", "Unit"))
    what = column("Việc", "What", wrap=True)
    narrow = screen.width < 130
    screen.table(
        (*first, what) if narrow else (*first, what, column("Ai làm", "Who"), column("Căn cứ", "Ground")),
        [
            (
                item["due_on"],
                days_left(item["days_left"], item.get("days_unit"), screen.lang),
                item["code"],
                item["unit"],
                *(
                    ["\n  ".join((item["label"], f"{item['actor']} · {item['ground']}"))]
                    if narrow
                    else [item["label"], item["actor"], item["ground"]]
                ),
            )
            for item in result["items"]
        ],
        empty=Text("Không có việc nào đến hạn.", "Nothing is due."),
    )
    if result.get("duties"):
        screen.line()
        screen.heading(Text("Việc định kỳ của đơn vị", "Duties of units"))
        done = Text("xong", "done").say(screen.lang)
        screen.table(
            (
                column("Hạn", "Due"),
                column("Còn", "Left"),
                column("Đơn vị", "Unit"),
                column("Việc", "What", wrap=True),
                column("Kỳ", "Period"),
            ),
            [
                (
                    duty["due_on"],
                    done if duty["done"] else days_left(duty["days_left"], duty["days_unit"], screen.lang),
                    duty["unit"],
                    duty["label"],
                    duty["period"],
                )
                for duty in result["duties"]
            ],
        )
    if result["gaps"]:
        screen.line()
        screen.heading(Text("Dữ liệu còn thiếu", "Gaps in the data"))
        screen.table(
            (column("Mã", "Code"), column("Thiếu", "What is missing", wrap=True)),
            [(gap["code"], gap["what"]) for gap in result["gaps"]],
        )


def days_left(days: int | None, unit: str | None, lang: str) -> str:
    """Days to the due day in the limit's own days; what is overdue in words."""
    if days is None:
        return ""
    if days == 0:
        return Text("hôm nay", "today").say(lang)
    kind = Text("ngày làm việc", "working days") if unit == "working_days" else Text("ngày", "days")
    said = f"{abs(days)} {kind.say(lang)}"
    return said if days > 0 else Text("quá {said}", "{said} over").say(lang, said=said)


@command(
    "notices",
    vi="Sổ nhắc việc: đã nhắc ai, về việc gì, khi nào.",
    en="The ledger of reminders: who was told what, and when.",
)
def notices(run: Run, unit: Unit = None) -> None:
    from procedures.notices import list_notices

    result = list_notices(run.office, unit=unit)
    run.answer(result, lambda screen: show_notices(screen, result))


def show_notices(screen: Screen, result: dict[str, Any]) -> None:
    """Latest first; on a narrow screen the address stands under what it is about."""
    narrow = screen.width < 130
    columns = [
        column("Số", "Id", right=True),
        column("Gửi ngày", "Goes out"),
        column("Hạn", "Due"),
        column("Về", "About", wrap=True),
        column("Trạng thái", "State", wrap=True),
    ]
    rows = []
    for item in result["items"]:
        about, told = item["label"], item["recipient"] or "–"
        row = [str(item["id"]), item["planned_for"], item["due_on"], about, item["state_label"]]
        if narrow:
            row[3] = f"{about}\n  {told}"
        rows.append(row if narrow else [*row, told])
    screen.table(
        columns if narrow else [*columns, column("Người nhận", "Recipient")],
        rows,
        empty=Text("Chưa có nhắc việc nào.", "No reminders yet."),
    )


@command(
    "why",
    vi="Vì sao: một nhắc việc, một vụ việc hay tình trạng của một người dựa vào đâu.",
    en="Why: what a notice, a case or a candidate's standing rests on.",
)
def why(
    run: Run,
    what: Annotated[
        str,
        argument("VIỆC", vi="Số nhắc việc, số vụ việc hoặc mã người.", en="A notice, a case, or a candidate's code."),
    ],
) -> None:
    from procedures.why import why

    result = why(run.office, what)
    run.answer(result, lambda screen: show_why(screen, result))


def show_why(screen: Screen, result: dict[str, Any]) -> None:
    """The explanation, a sentence a line."""
    for line in result["explanation"]:
        screen.line(line)
