"""unit list|show|add|silent."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.options import Unit, UnitCode
from console.output import Screen, column
from console.run import Run
from states.wording import Text


@command("unit list", vi="Danh sách đơn vị.", en="All units.")
def unit_list(run: Run) -> None:
    from procedures.units import list_units

    result = list_units(run.office)
    run.answer(result, lambda screen: show_units(screen, result))


def show_units(screen: Screen, result: dict[str, Any]) -> None:
    kinds = screen.run.office.settings.unit_kinds
    screen.table(
        (column("Mã", "Code"), column("Tên", "Name", wrap=True), column("Loại", "Kind"), column("Cấp trên", "Above")),
        [
            (item["code"], item["name"], kinds.get(item["kind"], item["kind"]), item["parent"])
            for item in result["items"]
        ],
        empty=Text(
            "Chưa có đơn vị nào. Nhập tệp: ketnap import TỆP.xlsx",
            "No units yet. Import a file: ketnap import FILE.xlsx",
        ),
    )


@command(
    "unit show",
    vi="Một đơn vị: tên, loại, cấp trên, chuỗi duyệt, các lần thay đổi.",
    en="One unit: name, kind, above, chain, changes.",
)
def unit_show(run: Run, code: UnitCode) -> None:
    from procedures.units import show_unit

    result = show_unit(run.office, code)
    run.answer(result, lambda screen: show_one(screen, result))


YES_NO = {"1": True, "0": False}
CHAINS = {
    "co_so": Text(
        "chi bộ, đảng ủy cơ sở, rồi cấp trên quyết định", "cell, base committee, then the committee above decides"
    ),
    "truc_tiep": Text("chi bộ, rồi cấp trên trực tiếp quyết định", "cell, then the committee right above decides"),
    "uy_quyen": Text(
        "chi bộ, rồi đảng ủy cơ sở được ủy quyền quyết định", "cell, then the delegated base committee decides"
    ),
}


def show_one(screen: Screen, result: dict[str, Any]) -> None:
    """What the unit is today, and what it was."""
    kinds = screen.run.office.settings.unit_kinds
    screen.heading(f"{result['code']} · {result['name']}")
    screen.line(Text("Loại: {kind}", "Kind: {kind}"), kind=kinds.get(result["kind"], result["kind"]))
    screen.line(Text("Cấp trên: {parent}", "Above: {parent}"), parent=result["parent"] or "–")
    screen.line(Text("Chuỗi duyệt: {chain}", "Chain: {chain}"), chain=CHAINS.get(result["chain"], result["chain"]))
    if not result["active"]:
        screen.line(Text("Đã kết thúc.", "Ended."))
    for key, value in result["attributes"].items():
        screen.line(f"{key}: {screen.cell(YES_NO.get(value, value)).plain}")
    if result["children"]:
        screen.line(Text("Trực thuộc: {codes}", "Below: {codes}"), codes=", ".join(result["children"]))
    for text, key in (
        (Text("Tiền thân: {codes}", "Before it: {codes}"), "predecessors"),
        (Text("Kế thừa: {codes}", "After it: {codes}"), "successors"),
    ):
        if result[key]:
            screen.line(text, codes=", ".join(one["code"] for one in result[key]))
    if len(result["versions"]) > 1:
        screen.line()
        screen.table(
            (
                column("Từ ngày", "From"),
                column("Tên", "Name", wrap=True),
                column("Loại", "Kind"),
                column("Cấp trên", "Above"),
            ),
            [
                (one["from"], one["name"], kinds.get(one["kind"], one["kind"]), one["parent"])
                for one in result["versions"]
            ],
        )


@command("unit add", vi="Thêm một đơn vị.", en="Add a unit.")
def unit_add(
    run: Run,
    code: UnitCode,
    name: Annotated[str, option("--name", vi="Tên đơn vị.", en="The unit's name.", metavar="TÊN")],
    kind: Annotated[
        str, option("--kind", vi="Loại, như chi_bo, dang_uy_xa.", en="Its kind, as chi_bo, dang_uy_xa.", metavar="LOẠI")
    ],
    parent: Annotated[
        str | None, option("--parent", vi="Mã đơn vị cấp trên.", en="Code of the unit above.", metavar="MÃ")
    ] = None,
    chain: Annotated[
        str | None,
        option(
            "--chain",
            vi="Chuỗi duyệt: co_so, truc_tiep, uy_quyen (để trống: như cấp trên).",
            en="Chain: co_so, truc_tiep, uy_quyen (empty: as above).",
            metavar="CHUỖI",
        ),
    ] = None,
    from_: Annotated[
        str | None,
        option(
            "--from",
            vi="Có từ ngày (để trống: từ trước tới nay).",
            en="Since this day (empty: since ever).",
            metavar="NGÀY",
        ),
    ] = None,
) -> None:
    from procedures.units import add_unit

    result = add_unit(run.office, code, name=name, kind=kind, parent=parent, chain=chain, from_on=run.day(from_))
    run.answer(result, lambda screen: screen.line(Text("Đã thêm đơn vị {code}.", "Added unit {code}."), code=code))


@command(
    "unit silent",
    vi="Đơn vị im lặng: đã lâu không có bước nào, số liệu nào.",
    en="Silent units: without any entry or figure for long.",
)
def unit_silent(
    run: Run,
    quarters: Annotated[
        int | None,
        option(
            "--quarters",
            vi="Im lặng bao nhiêu quý (mặc định theo cấu hình).",
            en="For how many quarters.",
            metavar="SỐ",
        ),
    ] = None,
    unit: Unit = None,
) -> None:
    from procedures.silent_units import list_silent_units

    result = list_silent_units(run.office, quarters, unit=unit)
    run.answer(result, lambda screen: show_silent(screen, result))


def show_silent(screen: Screen, result: dict[str, Any]) -> None:
    screen.line(
        Text(
            "Không có bước nào, số liệu nào từ {since} ({quarters} quý):",
            "Nothing since {since} ({quarters} quarters):",
        ),
        since=result["since"],
        quarters=result["quarters"],
    )
    kinds = screen.run.office.settings.unit_kinds
    screen.table(
        (
            column("Mã", "Code"),
            column("Tên", "Name", wrap=True),
            column("Loại", "Kind"),
            column("Lần cuối", "Last heard of"),
            column("Cấp trên", "Above"),
        ),
        [
            (item["unit"], item["name"], kinds.get(item["kind"], item["kind"]), item["last_on"], item["above"])
            for item in result["items"]
        ],
        empty=Text("Không có đơn vị nào im lặng.", "No silent units."),
    )
