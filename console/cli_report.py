"""report: how far a unit is, beside another period, down to the people."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import Period, SomeUnit
from console.output import Screen, column, day
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
        str | None, option("--beside", vi="Kỳ đặt bên cạnh để so.", en="A period to compare with.", metavar="KỲ")
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
    decimals: Annotated[
        int | None,
        option("--decimals", vi="Số chữ số thập phân của tỷ lệ.", en="Decimals of percentages.", metavar="N"),
    ] = None,
    rounding: Annotated[
        str | None,
        option("--rounding", vi="Làm tròn: half_up hoặc cut_off.", en="Rounding: half_up or cut_off.", metavar="CÁCH"),
    ] = None,
) -> None:
    if rounding not in (None, "half_up", "cut_off"):
        raise BadInput(Text("--rounding là half_up hoặc cut_off.", "--rounding is half_up or cut_off."))
    if decimals is not None and not 0 <= decimals <= 6:
        raise BadInput(Text("--decimals từ 0 đến 6.", "--decimals is 0 to 6."))
    from procedures.report import report

    result = report(
        run.office,
        unit,
        period,
        beside=beside,
        people=people,
        as_of=run.day(as_of),
        decimals=decimals,
        rounding=rounding,
    )
    run.answer(result, lambda screen: show_report(screen, result))


def show_report(screen: Screen, result: dict[str, Any]) -> None:
    """The unit's rows, another period beside them, the people asked for or else the units below."""
    screen.heading(f"{result['name']} · {result['period_label']}")
    screen.line(Text("Tính đến {day}", "As of {day}"), day=result["as_of"])
    screen.line()
    beside = {row["indicator"]: row for row in (result.get("beside") or {}).get("rows", ())}
    shown = [row for row in result["rows"] if tells_something(row) or tells_something(beside.get(row["indicator"], {}))]
    columns = [column("Chỉ số", "Indicator", wrap=True), column("Kết quả", "Result", right=True)]
    if beside:
        columns.append(column(result["beside"]["period"], result["beside"]["period"], right=True))
    rows = []
    for row in shown:
        cells = [indented(row), row["text"], *([beside[row["indicator"]]["text"]] if beside else [])]
        rows.append([*cells, row["status_label"]])
    screen.table([*columns, column("Trạng thái", "Status")], rows, empty=Text("Chưa có số liệu.", "No figures yet."))
    if shown and len(shown) < len(result["rows"]):
        more = Text("Chưa có số liệu: {count} chỉ số khác.", "No figures: {count} other indicators.")
        screen.line(more, count=len(result["rows"]) - len(shown))
    screen.line()
    if result.get("people") is not None:
        show_people(screen, result["people"])
    else:
        show_below(screen, result["children"])


def show_people(screen: Screen, people: list[dict[str, Any]]) -> None:
    screen.heading(
        Text("Những người đứng sau con số: {count}", "The people behind the figure: {count}"), count=len(people)
    )
    screen.table(
        (column("Người", "Person"), column("Đơn vị", "Unit"), column("Mục", "Entry"), column("Ngày", "Day")),
        [(one["code"], one["unit"], one["entry"], day(one["on"], screen.lang)) for one in people],
    )


def show_below(screen: Screen, children: list[dict[str, Any]]) -> None:
    """The units right below, each with the rows that tell something."""
    for child in children:
        rows = [(indented(row), row["text"], row["status_label"]) for row in child["rows"] if tells_something(row)]
        if rows:
            screen.heading(f"{child['unit']} · {child['name']}")
            screen.table(
                (
                    column("Chỉ số", "Indicator", wrap=True),
                    column("Kết quả", "Result", right=True),
                    column("Trạng thái", "Status"),
                ),
                rows,
            )
            screen.line()


def tells_something(row: dict[str, Any]) -> bool:
    """A row with a figure or a target."""
    return bool(row.get("actual")) or row.get("floor") is not None or row.get("ceiling") is not None


def indented(row: dict[str, Any]) -> str:
    """A row's label; what is a part of the row above stands a little to the right."""
    return f"  {row['label']}" if row.get("part_of") else str(row["label"])
