"""erase, person-data, access: what people may ask of their own data, and who looked at it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from console.command import argument, command, option
from console.options import Code, Output, Unit
from console.output import Screen, column, day, moment
from console.run import Run
from states.errors import BadInput
from states.wording import Text

ONE_OF = Text("Cần đúng một trong: MÃ hoặc --due.", "Give exactly one of: CODE or --due.")
NEEDS_REASON = Text("Xin ghi lý do: --reason.", "Please give the reason: --reason.")
WHAT = {
    "name": Text("họ tên", "name"),
    "birth": Text("ngày sinh", "birth date"),
    "attributes": Text("thông tin cá nhân", "attributes"),
    "texts": Text("mục có ghi chú, tên người, lý do", "entries with words and names"),
    "reasons": Text("lý do đã xem hồ sơ", "reasons for looking"),
    "letters": Text("thư nhắc trong hộp thư đi", "letters in the outbox"),
}


@command(
    "erase",
    vi="Xóa vĩnh viễn dữ liệu cá nhân của một người; số liệu giữ nguyên. --due: ai đã đến hạn xóa.",
    en="Erase a person's data for good; figures stay. --due: whose erasure is proposed.",
)
def erase(
    run: Run,
    code: Annotated[str | None, argument("MÃ", vi="Mã người.", en="The person's code.")] = None,
    reason: Annotated[str | None, option("--reason", vi="Lý do xóa.", en="Why it is erased.", metavar="LÝ_DO")] = None,
    requested: Annotated[
        str | None,
        option(
            "--requested",
            vi="Số và ngày đơn yêu cầu, khi chưa kết thúc.",
            en="The request's number and date, before the way has ended.",
            metavar="ĐƠN",
        ),
    ] = None,
    preview: Annotated[
        bool, option("--preview", vi="Chỉ xem sẽ xóa gì, còn gì.", en="Only tell what would go and what stays.")
    ] = False,
    due: Annotated[
        bool, option("--due", vi="Những người đã đến hạn đề nghị xóa.", en="Whose erasure is proposed.")
    ] = False,
) -> None:
    from procedures.erase import erase, list_due

    if (code is not None) == due:
        raise BadInput(ONE_OF)
    if due:
        result = list_due(run.office)
        return run.answer(result, lambda screen: show_due(screen, result))
    if not reason:
        raise BadInput(NEEDS_REASON)
    done = erase(run.office, str(code), reason, requested=requested, preview=preview)
    return run.answer(done, lambda screen: show_erased(screen, done))


def show_erased(screen: Screen, done: dict[str, Any]) -> None:
    """What went, under which pseudonym, and what is left where."""
    went = ", ".join(f"{count} {WHAT[key].say(screen.lang)}" for key, count in done["erased"].items() if count)
    if done["preview"]:
        screen.line(Text("Sẽ xóa của {code}: {what}.", "Would go of {code}: {what}."), code=done["code"], what=went)
    else:
        screen.line(
            Text(
                "Đã xóa dữ liệu cá nhân của {code}: {what}. Mã còn trong sổ: {pseudonym}.",
                "Erased of {code}: {what}. In the journal the code is now {pseudonym}.",
            ),
            code=done["code"],
            what=went,
            pseudonym=done["pseudonym"],
        )
    for one in done["elsewhere"]:
        screen.line(f"– {one['text']}")
        for item in one["items"]:
            until = item.get("until")
            said = " · ".join(str(value) for key, value in item.items() if key != "until")
            screen.line(f"    {said}{f' → {day(until, screen.lang)}' if until else ''}")


def show_due(screen: Screen, result: dict[str, Any]) -> None:
    """Whose erasure is proposed, and who came back with a backup."""
    screen.table(
        (column("Mã", "Code"), column("Đơn vị", "Unit"), column("Bước", "Step"), column("Từ ngày", "Since")),
        [(one["code"], one["unit"], one["step_label"], one["since"]) for one in result["items"]],
        empty=Text("Chưa có ai đến hạn đề nghị xóa.", "Nobody's erasure is proposed."),
    )
    if result["restored"]:
        screen.line(
            Text(
                "Đã xóa trước đây, nay có lại do khôi phục bản sao lưu, cần xóa lại: {codes}.",
                "Erased once and back from a backup; erase again: {codes}.",
            ),
            codes=", ".join(result["restored"]),
        )


@command(
    "person-data",
    vi="Xuất mọi dữ liệu đang giữ về một người (.json hoặc .xlsx), để trả lời chính người đó.",
    en="Everything held on one person (.json or .xlsx), to answer that person.",
)
def person_data(
    run: Run,
    code: Code,
    output: Output,
    reason: Annotated[str | None, option("--reason", vi="Lý do xuất.", en="Why.", metavar="LÝ_DO")] = None,
) -> None:
    from procedures.person_data import person_data, write_person_data
    from procedures.sheet_writer import check_place

    check_place(Path(output), ".json", ".xlsx")
    data = person_data(run.office, code, why=reason)
    write_person_data(run.office, data, output)
    counts = {name: len(rows) for name, rows in data.items() if isinstance(rows, list)}
    run.answer(
        {"code": code, "file": output, "rows": counts},
        lambda screen: screen.line(Text("Đã ghi {file}", "Wrote {file}"), file=output),
    )


@command(
    "access",
    vi="Nhật ký truy cập: ai đã mở hồ sơ, xem thông tin nhạy cảm, xuất, xóa, đăng nhập.",
    en="The access log: who opened pages, revealed, exported, erased, signed in.",
)
def access(
    run: Run,
    who: Annotated[str | None, option("--who", vi="Tài khoản đã xem.", en="The account.", metavar="TÀI_KHOẢN")] = None,
    whose: Annotated[
        str | None,
        option("--whose", vi="Của ai: mã người hoặc tài khoản.", en="Whose: a code or account.", metavar="MÃ"),
    ] = None,
    action: Annotated[
        str | None, option("--action", vi="Hành động, ví dụ open_person.", en="Such as open_person.", metavar="VIỆC")
    ] = None,
    unit: Unit = None,
    page: Annotated[int, option("--page", vi="Trang số mấy.", en="Which page.", metavar="SỐ")] = 1,
) -> None:
    from procedures.access_log import list_access

    result = list_access(run.office, account=who, subject=whose, action=action, unit=unit, page=page)

    def show(screen: Screen) -> None:
        screen.table(
            (
                column("Lúc", "At"),
                column("Ai", "Who"),
                column("Việc", "What"),
                column("Của", "Whose"),
                column("Đơn vị", "Unit"),
                column("Lý do", "Why"),
            ),
            [
                (
                    moment(one["at"], screen.lang),
                    one["account"],
                    one["label"],
                    one["code"] or one["about"] or "",
                    one["unit"] or "",
                    one["why"] or "",
                )
                for one in result["items"]
            ],
            empty=Text("Chưa có dòng nào.", "There is no line."),
        )

    run.answer(result, show)
