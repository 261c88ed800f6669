"""indicator list, target list|set, report: what is counted, what was promised, how far it is."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import DocumentDate, DocumentNumber, Period, SomePeriod, Unit
from console.output import Screen, column, day
from console.run import Run
from states.errors import BadInput
from states.wording import Text

SomeUnit = Annotated[str, option("--unit", vi="Mã đơn vị.", en="Unit code.", metavar="MÃ")]
Indicator = Annotated[str, option("--indicator", vi="Chỉ số.", en="The indicator.", metavar="CHỈ_SỐ")]


@command("indicator list", vi="Các chỉ số được theo dõi.", en="What is counted or reported.")
def indicator_list(run: Run) -> None:
    from procedures.indicators import list_indicators

    result = list_indicators(run.office)
    run.answer(result, lambda screen: show_indicators(screen, result))


def show_indicators(screen: Screen, result: dict[str, Any]) -> None:
    screen.table(
        (column("Chỉ số", "Indicator"), column("Tên", "Name", wrap=True), column("Nguồn", "Source")),
        [(item["indicator"], item["label"], SOURCES.get(item["source"], item["source"])) for item in result["items"]],
    )


SOURCES = {
    "counted": Text("đếm từ sổ", "counted"),
    "reported": Text("đơn vị báo cáo", "reported"),
    "ratio": Text("tỷ lệ", "ratio"),
    "measured": Text("đo tại một ngày", "measured"),
}


@command("target list", vi="Các chỉ tiêu đã giao.", en="The targets that were set.")
def target_list(run: Run, unit: Unit = None, period: SomePeriod = None) -> None:
    from procedures.targets import list_targets

    result = list_targets(run.office, unit=unit, period=period)
    run.answer(result, lambda screen: show_targets(screen, result))


def show_targets(screen: Screen, result: dict[str, Any]) -> None:
    screen.table(
        (
            column("Đơn vị", "Unit"),
            column("Chỉ số", "Indicator", wrap=True),
            column("Kỳ", "Period"),
            column("Tối thiểu", "Floor", right=True),
            column("Tối đa", "Ceiling", right=True),
            column("Văn bản", "Decision", wrap=True),
        ),
        [
            (
                item["unit"],
                item.get("label") or item["indicator"],
                item["period"],
                item.get("floor"),
                item.get("ceiling"),
                ", ".join(
                    part for part in (item["decision_number"] or "", day(item["decision_date"], screen.lang)) if part
                ),
            )
            for item in result["items"]
        ],
        empty=Text("Chưa giao chỉ tiêu nào.", "No targets yet."),
    )


@command(
    "target set",
    vi="Giao chỉ tiêu cho một đơn vị (ngày văn bản muộn hơn = điều chỉnh).",
    en="Set a unit's target (a later decision date is a revision).",
)
def target_set(
    run: Run,
    unit: SomeUnit,
    indicator: Indicator,
    period: Period,
    floor: Annotated[str | None, option("--floor", vi="Tối thiểu.", en="The floor.", metavar="SỐ")] = None,
    ceiling: Annotated[str | None, option("--ceiling", vi="Tối đa.", en="The ceiling.", metavar="SỐ")] = None,
    ratio: Annotated[
        str | None, option("--ratio", vi="Tỷ lệ, như 50%.", en="A ratio, as 50%.", metavar="TỶ_LỆ")
    ] = None,
    of: Annotated[
        str | None, option("--of", vi="Tỷ lệ của chỉ số nào.", en="The indicator the ratio is of.", metavar="CHỈ_SỐ")
    ] = None,
    doc: DocumentNumber = None,
    doc_date: DocumentDate = None,
    credited: Annotated[
        str | None, option("--credited", vi="Đơn vị được ghi nhận.", en="The credited body.", metavar="ĐƠN_VỊ")
    ] = None,
    responsible: Annotated[
        str | None, option("--responsible", vi="Người phụ trách.", en="The responsible person.", metavar="NGƯỜI")
    ] = None,
) -> None:
    from procedures.targets import set_target

    result = set_target(
        run.office,
        unit,
        indicator,
        period,
        floor=floor,
        ceiling=ceiling,
        ratio=ratio,
        base=of,
        decision_number=doc,
        decision_date=run.day(doc_date),
        credited_unit=credited,
        responsible=responsible,
    )
    run.answer(
        result,
        lambda screen: screen.line(
            Text("Đã giao chỉ tiêu {indicator} {period} cho {unit}.", "Set {indicator} {period} for {unit}."),
            indicator=indicator,
            period=period,
            unit=unit,
        ),
    )


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
