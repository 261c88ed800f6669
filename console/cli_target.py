"""indicator list, target list|set|allocate|rules: what is counted and what was promised."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import DocumentDate, DocumentNumber, Indicator, Period, SomePeriod, SomeUnit, Unit
from console.output import Screen, column, day, number
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
            column("Chưa phân bổ", "Unallocated", right=True),
            column("Văn bản", "Decision", wrap=True),
        ),
        [
            (
                item["unit"],
                item.get("label") or item["indicator"],
                item["period"],
                numbers(item, screen.lang),
                item.get("ceiling"),
                item.get("unallocated"),
                ", ".join(part for part in grounds(item, screen.lang) if part),
            )
            for item in result["items"]
        ],
        empty=Text("Chưa giao chỉ tiêu nào.", "No targets yet."),
    )


def numbers(item: dict[str, Any], lang: str) -> str:
    """The floor, or the ratio and what it is of; a word where a rule's target is there no more."""
    if item.get("withdrawn"):
        return Text("thôi giao", "none any more").say(lang)
    if item.get("ratio") is not None:
        return f"{number(item['ratio'] * 100, lang)}% {item.get('base') or ''}"
    return number(item.get("floor"), lang)


def grounds(item: dict[str, Any], lang: str) -> tuple[str, ...]:
    """Decision, day, rule, from when, credited body: what a target rests on."""
    since = Text("từ {day}", "from {day}").say(lang, day=day(item["from"], lang)) if item.get("from") else ""
    credited = item.get("credited_unit")
    return (
        item.get("decision_number") or "",
        day(item.get("decision_date"), lang),
        Text("quy tắc {rule}", "rule {rule}").say(lang, rule=item["rule"]) if item.get("rule") else "",
        since,
        Text("ghi nhận cho {unit}", "credited to {unit}").say(lang, unit=credited) if credited else "",
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
    "target allocate",
    vi="Phân bổ chỉ tiêu của một đơn vị cho các đơn vị trực thuộc; các phần phải cộng đủ.",
    en="Split a unit's target among the units right below it; the parts must sum to it.",
)
def target_allocate(
    run: Run,
    unit: SomeUnit,
    indicator: Indicator,
    period: Period,
    to: Annotated[
        list[str],
        option("--to", vi="Từng phần: CB-01=3 CB-02=4 …", en="The parts: CB-01=3 CB-02=4 …", metavar="MÃ=SỐ"),
    ],
    doc: DocumentNumber = None,
    doc_date: DocumentDate = None,
) -> None:
    from procedures.allocation import allocate_target, read_parts

    result = allocate_target(
        run.office,
        unit,
        indicator,
        period,
        read_parts(to),
        decision_number=doc,
        decision_date=run.day(doc_date),
    )
    run.answer(
        result,
        lambda screen: screen.line(
            Text(
                "Đã phân bổ {whole} của {unit} cho {count} đơn vị: {created} mới, {unchanged} giữ nguyên.",
                "Allocated {whole} of {unit} to {count} units: {created} new, {unchanged} unchanged.",
            ),
            count=len(result["parts"]),
            whole=number(result["whole"], screen.lang),
            **{key: result[key] for key in ("unit", "created", "unchanged")},
        ),
    )


@command(
    "target rules",
    vi="Chỉ tiêu theo quy tắc: xem trước thay đổi, hoặc ghi với --apply.",
    en="Targets by rule: preview what changes, or write it with --apply.",
)
def target_rules(
    run: Run,
    period: SomePeriod = None,
    apply: Annotated[bool, option("--apply", vi="Ghi các chỉ tiêu này.", en="Write these targets.")] = False,
) -> None:
    from procedures.target_rules import preview_target_rules

    result = preview_target_rules(run.office, period, apply=apply)
    run.answer(result, lambda screen: show_rules(screen, result))


CHANGES = {
    "new": Text("mới", "new"),
    "changed": Text("đổi", "changed"),
    "gone": Text("thôi giao", "gone"),
    "same": Text("giữ nguyên", "same"),
}


def show_rules(screen: Screen, result: dict[str, Any]) -> None:
    """What changes; what stays is counted."""
    screen.table(
        (
            column("Đơn vị", "Unit"),
            column("Quy tắc", "Rule", wrap=True),
            column("Chỉ số", "Indicator"),
            column("Kỳ", "Period"),
            column("Chỉ tiêu", "Target", right=True),
            column("Từ ngày", "From"),
            column("Thay đổi", "Change"),
        ),
        [
            (
                item["unit"],
                item["label"] or item["rule"],
                item["indicator"],
                item["period"],
                numbers(item, screen.lang),
                item["from"],
                CHANGES[item["change"]],
            )
            for item in result["items"]
            if item["change"] != "same"
        ],
        empty=Text("Không có gì thay đổi.", "Nothing changes."),
    )
    screen.line(Text("Giữ nguyên: {count}.", "Unchanged: {count}."), count=result["counts"]["same"])
    if result["gaps"]:
        gaps = Text(
            "Chưa ghi đặc điểm nên chưa biết áp quy tắc nào: {units}.", "Not recorded, so no rule is known: {units}."
        )
        screen.line(gaps, units=", ".join(f"{gap['unit']} ({gap['attribute']})" for gap in result["gaps"]))
    if not result["applied"] and any(item["change"] != "same" for item in result["items"]):
        screen.line(Text("Đây là xem trước. Ghi: thêm --apply.", "This is a preview. To write it add --apply."))
