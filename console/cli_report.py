"""report: how far a unit is, beside another period, down to the people."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import Period, SomeUnit
from console.output import Column, Screen
from console.run import Run
from states.errors import BadInput
from states.wording import Text


@command(
    "report",
    vi="Báo cáo một đơn vị trong một kỳ, cùng các đơn vị trực thuộc.",
    en="A unit's report of a period, with the units below.",
)
def report(
    run: Run,
    unit: SomeUnit,
    period: Period,
    beside: Annotated[
        list[str] | None,
        option(
            "--beside",
            vi="Kỳ đặt bên cạnh để so: mã kỳ, cung_ky (cùng kỳ năm trước), nhiem_ky (nhiệm kỳ đến nay); nhiều kỳ: lặp lại.",
            en="A period to compare with: its code, cung_ky (a year before), nhiem_ky (the term so far); may be repeated.",
            metavar="KỲ",
        ),
    ] = None,
    people: Annotated[
        str | None,
        option(
            "--people",
            vi="Liệt kê những người đứng sau chỉ số này.",
            en="List the people behind this indicator.",
            metavar="CHỈ_SỐ",
        ),
    ] = None,
    as_of: Annotated[str | None, option("--as-of", vi="Tính đến ngày.", en="As of this day.", metavar="NGÀY")] = None,
    as_known: Annotated[
        str | None,
        option(
            "--as-known",
            vi="Chỉ tính những gì đã ghi đến hết ngày hoặc thời điểm này.",
            en="Only what was recorded by the end of this day, or this instant.",
            metavar="LÚC",
        ),
    ] = None,
    structure: Annotated[
        str,
        option(
            "--structure",
            vi="Cơ cấu tổ chức: then (như cuối kỳ, mặc định) hoặc now (như hiện nay).",
            en="The structure: then (of the period's end, the default) or now.",
            metavar="then|now",
        ),
    ] = "then",
    breakdown: Annotated[
        list[str] | None,
        option(
            "--breakdown",
            vi="Phân tổ: women, age … hoặc all; nhiều phân tổ: lặp lại hoặc cách nhau bằng dấu phẩy.",
            en="Break down: women, age … or all; repeated or separated by commas.",
            metavar="PHÂN_TỔ",
        ),
    ] = None,
    movement: Annotated[
        bool,
        option("--movement", vi="Kèm bảng biến động đảng viên trong kỳ.", en="With the movement of members."),
    ] = False,
    hide_small: Annotated[
        bool,
        option(
            "--hide-small",
            vi="Che những số nhỏ về nhóm người, cho người không được xem hồ sơ.",
            en="Keep small counts of groups back, for who may not see people.",
        ),
    ] = False,
    decimals: Annotated[
        int | None,
        option("--decimals", vi="Số chữ số thập phân của tỷ lệ.", en="Decimals of percentages.", metavar="N"),
    ] = None,
    rounding: Annotated[
        str | None,
        option("--rounding", vi="Làm tròn: half_up hoặc cut_off.", en="Rounding: half_up or cut_off.", metavar="CÁCH"),
    ] = None,
    output: Annotated[
        str | None,
        option(
            "--output",
            "-o",
            vi="Ghi báo cáo ra tệp .xlsx, .docx, .md hoặc .txt.",
            en="Write the report to a file: .xlsx, .docx, .md or .txt.",
            metavar="TỆP",
        ),
    ] = None,
) -> None:
    if rounding not in (None, "half_up", "cut_off"):
        raise BadInput(Text("--rounding là half_up hoặc cut_off.", "--rounding is half_up or cut_off."))
    if decimals is not None and not 0 <= decimals <= 6:
        raise BadInput(Text("--decimals từ 0 đến 6.", "--decimals is 0 to 6."))
    from procedures import printing
    from procedures.report import report

    if output is not None:
        printing.check_output(output)
    result = report(
        run.office,
        unit,
        period,
        beside=beside,
        people=people,
        as_of=run.day(as_of),
        as_known=as_known,
        structure=structure,
        breakdown=breakdown,
        movement=movement,
        may_see_people=not hide_small,
        decimals=decimals,
        rounding=rounding,
    )
    answer_report(run, result, output)


def answer_report(run: Run, result: dict[str, Any], output: str | None) -> None:
    """A report on the screen, or in the file it was asked for in."""
    if output is None:
        run.answer(result, lambda screen: show_report(screen, result))
        return
    from procedures.issue_report import export_report

    export_report(run.office, result, output)
    wrote = Text("Đã ghi {file}", "Wrote {file}")
    run.answer(result | {"file": output}, lambda screen: screen.line(wrote, file=output))


def show_report(screen: Screen, result: dict[str, Any]) -> None:
    """What print_text says (procedures/printing/sections.py), part by part."""
    from procedures.printing.sections import sections

    if (closed := result.get("closed") or {}).get("as_closed"):
        from procedures.closings import issue

        words = issue(screen.run.office, result["unit"], result["period"], "txt", closed["version"])
        for line in words.decode().splitlines():
            screen.line(line)
        return
    for place, section in enumerate(sections(result, screen.lang)):
        if place:
            screen.line()
        if section.heading:
            screen.heading(section.heading)
        if section.rows:
            columns = [Column(Text(one.heading, one.heading), one.right, one.wrap) for one in section.columns]
            screen.table(columns, section.rows)
        for line in section.lines:
            screen.line(line)
