"""indicator list, target list|set: what is counted and what was promised."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import DocumentDate, DocumentNumber, Indicator, Period, SomePeriod, SomeUnit, Unit
from console.output import Screen, column, day
from console.run import Run
from states.wording import Text


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
