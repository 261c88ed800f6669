"""letters: reminders on paper, for units nobody of which has an address a mail can go to."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import Unit
from console.output import Screen, column
from console.run import Run
from states.wording import Text


@command(
    "letters",
    vi="In thư nhắc việc (.docx) cho đơn vị không có ai nhận được thư điện tử. "
    "Thư có ghi họ tên người liên quan: chỉ in trong cơ quan, không gửi ra ngoài.",
    en="Letters of reminder (.docx) for units nobody of which gets e-mail. "
    "They name the people concerned: print them inside the office, send them nowhere else.",
)
def letters(
    run: Run,
    folder: Annotated[
        str, option("--output", "-o", vi="Thư mục sẽ ghi thư.", en="The folder to write to.", metavar="THƯ_MỤC")
    ],
    unit: Unit = None,
    until: Annotated[
        str | None,
        option(
            "--until",
            vi="Việc đến hạn chậm nhất ngày này (mặc định: việc đã tới mốc nhắc).",
            en="What is due by this day (default: what a reminder falls on by now).",
            metavar="NGÀY",
        ),
    ] = None,
    all_: Annotated[
        bool, option("--all", vi="Mọi đơn vị, kể cả nơi đã có thư điện tử.", en="All units, those with e-mail too.")
    ] = False,
    record: Annotated[
        bool,
        option(
            "--record",
            vi="Ghi sổ là đã gửi bằng giấy, để không gửi lại bằng cách khác; không có tùy chọn này thì chỉ in.",
            en="Record the notices as sent on paper, so that no channel sends them again; without it, print only.",
        ),
    ] = False,
) -> None:
    from procedures.paper_letters import write_letters

    result = write_letters(run.office, folder, unit=unit, until=run.day(until), everyone=all_, record=record)
    run.answer(result, lambda screen: show_letters(screen, result))


def show_letters(screen: Screen, result: dict[str, Any]) -> None:
    """A line a letter, then what was left out and what was recorded."""
    screen.table(
        (
            column("Đơn vị", "Unit"),
            column("Tên", "Name", wrap=True),
            column("Việc", "Items", right=True),
            column("Chỉ tiêu", "Targets", right=True),
            column("Tệp", "File"),
        ),
        [(one["unit"], one["name"], one["items"], one["cases"], one["file"]) for one in result["letters"]],
        empty=Text("Không có đơn vị nào cần thư giấy.", "No unit needs a letter on paper."),
    )
    if result["letters"]:
        screen.line(
            Text("Đã ghi {count} thư vào {folder}.", "Wrote {count} letters into {folder}."),
            count=len(result["letters"]),
            folder=result["folder"],
        )
    if result["reached"]:
        screen.line(
            Text("{count} đơn vị khác đã có người nhận thư điện tử.", "{count} other units get e-mail."),
            count=result["reached"],
        )
    if result["recorded"]:
        screen.line(
            Text("Đã ghi sổ {count} nhắc việc gửi bằng giấy.", "Recorded {count} notices as sent on paper."),
            count=result["recorded"],
        )
