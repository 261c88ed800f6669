"""indicator list, target list|set, report: what is counted, what was promised, how far it is."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from console.command import command, option
from console.options import DocumentDate, DocumentNumber, Period, SomePeriod, Unit
from console.output import Screen, column, day, number
from console.run import Run
from states.errors import BadInput
from states.wording import Text

SomeUnit = Annotated[str, option("--unit", vi="Mã đơn vị.", en="Unit code.", metavar="MÃ")]
Indicator = Annotated[str, option("--indicator", vi="Chỉ số.", en="The indicator.", metavar="CHỈ_SỐ")]


@command("indicator list", vi="Các chỉ số được theo dõi.", en="What is counted or reported.")
def indicator_list(run: Run) -> None:
    from procedures.report import list_indicators

    result = list_indicators(run.office)
    run.answer(result, lambda screen: show_indicators(screen, result))


def show_indicators(screen: Screen, result: dict[str, Any]) -> None:
    screen.table(
        (column("Chỉ số", "Indicator"), column("Tên", "Name", wrap=True), column("Nguồn", "Source")),
        [
            (item.get("indicator") or item.get("name"), item["label"], SOURCES.get(item["source"], item["source"]))
            for item in result["items"]
        ],
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
                    part
                    for part in (item.get("document_number") or "", day(item.get("document_date"), screen.lang))
                    if part
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
        str | None, option("--ratio", vi="Tỷ lệ phần trăm.", en="A ratio in percent.", metavar="TỶ_LỆ")
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
        floor=amount(floor),
        ceiling=amount(ceiling),
        ratio=amount(ratio),
        of=of,
        document_number=doc,
        document_date=run.day(doc_date),
        credited=credited,
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


def amount(typed: str | None) -> Decimal | None:
    """A number as people type it: 12, 12.5 or 12,5."""
    if typed is None:
        return None
    try:
        value = Decimal(typed.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise BadInput(Text("“{typed}” không phải là số.", "“{typed}” is no number."), typed=typed)
    return value


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
    if decimals is not None and not 0 <= decimals <= 10:
        raise BadInput(Text("--decimals từ 0 đến 10.", "--decimals is 0 to 10."))
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


STATUSES = {
    "vuot": Text("vượt", "exceeded"),
    "dat": Text("đạt", "reached"),
    "dung_tien_do": Text("đúng tiến độ", "on pace"),
    "chua_co_nguon": Text("chưa có nguồn", "nobody on the way"),
    "nguy_co": Text("nguy cơ", "at risk"),
    "cham": Text("chậm", "behind"),
}


def show_report(screen: Screen, result: dict[str, Any]) -> None:
    """The unit's rows, another period beside them, the people asked for, then the units below."""
    name = result.get("name") or result.get("unit_name") or result["unit"]
    screen.heading(
        Text("{name} · {period}", "{name} · {period}"), name=name, period=result.get("period_label") or result["period"]
    )
    screen.line(Text("Tính đến {day}", "As of {day}"), day=day(result["as_of"], screen.lang))
    screen.line()
    beside = {row["indicator"]: row for row in (result.get("beside") or {}).get("rows", ())}
    columns = [
        column("Chỉ số", "Indicator", wrap=True),
        column("Kết quả", "Result", right=True),
        column("Trạng thái", "Status"),
    ]
    if beside:
        columns.insert(2, column(str(result["beside"]["period"]), str(result["beside"]["period"]), right=True))
    rows = []
    for row in result["rows"]:
        cells = [row["label"], figure(row, screen.lang), STATUSES.get(row.get("status") or "", "")]
        if beside:
            cells.insert(2, figure(beside.get(row["indicator"], {}), screen.lang))
        rows.append(cells)
    screen.table(columns, rows)
    if result.get("people") is not None:
        screen.line()
        screen.heading(
            Text("Những người đứng sau con số: {count}", "The people behind the figure: {count}"),
            count=len(result["people"]),
        )
        screen.table(
            (column("Người", "Person"), column("Đơn vị", "Unit"), column("Mục", "Entry"), column("Ngày", "Day")),
            [(one["code"], one["unit"], one["entry"], day(one["on"], screen.lang)) for one in result["people"]],
        )
        return
    below = [
        (
            child.get("name") or child["unit"],
            row["label"],
            figure(row, screen.lang),
            STATUSES.get(row.get("status") or "", ""),
        )
        for child in result["children"]
        for row in child["rows"]
        if row.get("actual") or row.get("floor") is not None
    ]
    if below:
        screen.line()
        screen.heading(Text("Đơn vị trực thuộc", "Units below"))
        screen.table(
            (
                column("Đơn vị", "Unit", wrap=True),
                column("Chỉ số", "Indicator", wrap=True),
                column("Kết quả", "Result", right=True),
                column("Trạng thái", "Status"),
            ),
            below,
        )


def figure(row: dict[str, Any], lang: str) -> str:
    """The printed form of a row: "7/24 (29,17%)", or the bare number where nothing was promised."""
    if row.get("text"):
        return str(row["text"])
    return number(row.get("actual"), lang)
