"""close, closings, bridge: freeze a period, the acts that froze it, and what moved since."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import Period, SomePeriod, SomeUnit
from console.output import Screen, column, day
from console.run import Run
from states.errors import BadInput
from states.wording import Text


@command(
    "close",
    vi="Chốt kỳ báo cáo của một đơn vị: lập rồi duyệt, số đã chốt không đổi nữa.",
    en="Close a unit's period: prepare and accept; the closed figures never move again.",
)
def close(
    run: Run,
    unit: SomeUnit,
    period: Period,
    prepare: Annotated[
        bool, option("--prepare", vi="Chỉ lập, để cấp trên duyệt.", en="Only prepare, for those above to accept.")
    ] = False,
    accept: Annotated[bool, option("--accept", vi="Duyệt bản đã lập.", en="Accept what was prepared.")] = False,
    reopen: Annotated[
        bool, option("--reopen", vi="Mở lại kỳ đã chốt (cần --reason).", en="Reopen a closed period (needs --reason).")
    ] = False,
    reason: Annotated[
        str | None, option("--reason", vi="Lý do mở lại.", en="Why it is reopened.", metavar="LÝ_DO")
    ] = None,
    signer: Annotated[str | None, option("--signer", vi="Người ký.", en="Who signs.", metavar="TÊN")] = None,
) -> None:
    from procedures.close_period import close_period

    result = close_period(
        run.office, unit, period, prepare=prepare, accept=accept, reopen=reopen, reason=reason, signer=signer
    )
    run.answer(result, lambda screen: screen.line(CLOSED[result["state"]], **result))


CLOSED = {
    "prepared": Text(
        "Đã lập báo cáo kỳ {period} của {unit} (bản {version}), chờ duyệt.",
        "Prepared {period} of {unit} (version {version}); it waits to be accepted.",
    ),
    "accepted": Text(
        "Đã chốt kỳ {period} của {unit} ngày {closed_on}, bản {version}. Mã kiểm: {hash:.16}",
        "Closed {period} of {unit} on {closed_on}, version {version}. Hash: {hash:.16}",
    ),
    "reopened": Text(
        "Đã mở lại kỳ {period} của {unit}; bản {version} vẫn xem được: ketnap closings --unit {unit} --period {period} "
        "--version {version}",
        "Reopened {period} of {unit}; version {version} can still be read: ketnap closings --unit {unit} --period "
        "{period} --version {version}",
    ),
}


@command(
    "closings",
    vi="Các lần lập, chốt, mở lại; với --version in lại đúng bản đã chốt.",
    en="What was prepared, closed and reopened; with --version that closed report again.",
)
def closings(
    run: Run,
    unit: Annotated[str | None, option("--unit", vi="Mã đơn vị.", en="Unit code.", metavar="MÃ")] = None,
    period: SomePeriod = None,
    version: Annotated[
        int | None, option("--version", vi="In lại bản này.", en="Print this version again.", metavar="SỐ")
    ] = None,
    output: Annotated[
        str | None,
        option(
            "--output",
            "-o",
            vi="Ghi lại đúng tệp đã phát hành: .xlsx, .docx, .md, .txt.",
            en="Write the very file that was issued: .xlsx, .docx, .md, .txt.",
            metavar="TỆP",
        ),
    ] = None,
) -> None:
    from procedures.closings import list_closings, show_version

    if version is None and output is None:
        result = list_closings(run.office, unit, period)
        run.answer(result, lambda screen: show_closings(screen, result))
        return
    if unit is None or period is None:
        raise BadInput(Text("--version và -o cần --unit và --period.", "--version and -o need --unit and --period."))
    from console.cli_report import answer_report
    from procedures import printing

    if output is not None:
        printing.check_output(output)
    answer_report(run, show_version(run.office, unit, period, version), output)


def show_closings(screen: Screen, result: dict[str, Any]) -> None:
    screen.table(
        (
            column("Đơn vị", "Unit"),
            column("Kỳ", "Period"),
            column("Bản", "Version", right=True),
            column("Việc", "Act"),
            column("Ngày", "Day"),
            column("Người ghi", "By"),
            column("Người ký", "Signed by", wrap=True),
            column("Lý do", "Reason", wrap=True),
            column("Mã kiểm", "Hash"),
        ),
        [
            (
                item["unit"],
                item["period"],
                item["version"],
                item["label"],
                item["on"],
                item["recorded_by"],
                item["signer"],
                item["reason"],
                item["hash"][:16],
            )
            for item in result["items"]
        ],
        empty=Text("Chưa chốt kỳ nào.", "Nothing has been closed yet."),
    )


@command(
    "bridge",
    vi="Từ số đã chốt đến số hiện nay: từng mục ghi, sửa, hủy sau khi chốt và phần nó làm đổi.",
    en="From the closed figures to today's: every entry recorded since, with what it moved.",
)
def bridge(run: Run, unit: SomeUnit, period: Period) -> None:
    from procedures.bridge import bridge

    result = bridge(run.office, unit, period)
    run.answer(result, lambda screen: show_bridge(screen, result))


def show_bridge(screen: Screen, result: dict[str, Any]) -> None:
    """Only the rows that moved, each with what moved it."""
    from states.closing import closed_line

    screen.heading(f"{result['name']} · {result['period_label']}")
    screen.line(closed_line(result, screen.lang))
    screen.line()
    moved = [row for row in result["rows"] if row["difference"] or row["entries"] or not row["reconciles"]]
    if not moved:
        screen.line(Text("Số hiện nay đúng bằng số đã chốt.", "Today's figures are those that were closed."))
        return
    rows: list[tuple[Any, ...]] = []
    for row in moved:
        rows.append((row["label"], row["closed_text"], row["difference_text"], row["now_text"]))
        rows += [(f"  {said(one, screen)}", None, one["effect_text"], None) for one in row["entries"]]
        if not row["reconciles"]:
            rest = Text("  chưa rõ vì sao", "  without explanation").say(screen.lang)
            rows.append((rest, None, row["remainder"], None))
    screen.table(
        (
            column("Chỉ số", "Indicator", wrap=True),
            column("Đã chốt", "Closed", right=True),
            column("Thay đổi", "Change", right=True),
            column("Hiện nay", "Now", right=True),
        ),
        rows,
    )
    if not result["reconciles"]:
        screen.line()
        screen.line(
            Text(
                "Có phần chênh lệch chưa giải thích được. Xin chạy: ketnap verify",
                "A part of the difference is without explanation. Please run: ketnap verify",
            )
        )


def said(one: dict[str, Any], screen: Screen) -> str:
    """An entry in one line: which, what became of it, its day."""
    parts = [one["entry"], one["label"], day(one["on"], screen.lang)]
    return " · ".join(part for part in parts if part)
