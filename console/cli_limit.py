"""limit: look a limit up; confirm it, set it otherwise, take that back, each with what would move shown first."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import argument, command, option
from console.labels import STATUSES_OF_TEXTS, limits_help
from console.output import Screen, column
from console.run import Run
from states.errors import BadInput
from states.wording import Text

ONE_OF_THEM = Text(
    "Mỗi lần chỉ một việc: --confirm, --override hoặc --withdraw.",
    "One thing at a time: --confirm, --override or --withdraw.",
)
SAY_FROM = Text(
    "Thiếu --from NGÀY: tra từ ngày nào, hoặc xác nhận từ ngày nào.",
    "Missing --from DAY: look up from which day, or rule from which day on.",
)
FOR_RULINGS_ONLY = Text(
    "{names} chỉ đi cùng --confirm, --override hoặc --withdraw.",
    "{names}: only with --confirm, --override or --withdraw.",
)
FOR_OVERRIDE_ONLY = Text("--reported chỉ đi cùng --override.", "--reported: only with --override.")


@command(
    "limit",
    vi="Tra một thời hạn: tính từ ngày nào thì đến hạn ngày nào, theo văn bản nào; xác nhận hoặc thay mức ấy.",
    en="Look up a limit: from a day, due on which day, by which text; confirm it or set it otherwise.",
    more=limits_help,
)
def limit(
    run: Run,
    key: Annotated[
        str,
        argument(
            "THỜI_HẠN", vi="Tên thời hạn, như admission_decision_wd.", en="The limit's key, as admission_decision_wd."
        ),
    ],
    from_: Annotated[
        str | None,
        option(
            "--from",
            vi="Ngày bắt đầu; khi xác nhận hoặc thay: từ ngày này trở đi.",
            en="The first day; when ruling: from this day on.",
            metavar="NGÀY",
        ),
    ] = None,
    confirm: Annotated[
        bool,
        option("--confirm", vi="Xác nhận mức đang ghi là đúng nguyên văn.", en="Confirm what stands against the text."),
    ] = False,
    override: Annotated[
        str | None,
        option(
            "--override",
            vi='Thay bằng mức này; "" là văn bản không đặt hạn.',
            en='Set this instead; "" where the text sets none.',
            metavar="SỐ",
        ),
    ] = None,
    withdraw: Annotated[
        int | None,
        option(
            "--withdraw", vi="Rút lại lần xác nhận số này.", en="Take the ruling of this number back.", metavar="SỐ"
        ),
    ] = None,
    cite: Annotated[
        str | None,
        option(
            "--cite",
            vi="Căn cứ: số văn bản, điều khoản; --confirm để trống thì giữ căn cứ đang ghi.",
            en="The ground: document and clause; empty with --confirm keeps the one that stands.",
            metavar="CĂN_CỨ",
        ),
    ] = None,
    reason: Annotated[
        str | None,
        option(
            "--reason",
            vi="Lý do: ai đối chiếu, ở văn bản nào.",
            en="Why: who checked it, in which document.",
            metavar="LÝ_DO",
        ),
    ] = None,
    reported: Annotated[
        bool,
        option(
            "--reported",
            vi="Với --override: theo nguồn tin, chưa đối chiếu nguyên văn.",
            en="With --override: as reported, not checked against the text.",
        ),
    ] = False,
    preview: Annotated[
        bool, option("--preview", vi="Chỉ xem hạn nào dời, không ghi.", en="Only show which due days move.")
    ] = False,
) -> None:
    wanted = [confirm, override is not None, withdraw is not None]
    if sum(wanted) > 1:
        raise BadInput(ONE_OF_THEM)
    if not any(wanted):
        given = {"--cite": cite, "--reason": reason, "--reported": reported, "--preview": preview}
        if names := [name for name, value in given.items() if value]:
            raise BadInput(FOR_RULINGS_ONLY, names=", ".join(names))
        return look_up(run, key, from_)
    if reported and override is None:
        raise BadInput(FOR_OVERRIDE_ONLY)
    if withdraw is not None:
        return take_back(run, key, withdraw, reason or "", preview=preview)
    return rule(run, key, from_, override, cite, reason or "", "reported" if reported else "verified", preview=preview)


def look_up(run: Run, key: str, from_: str | None) -> None:
    """The limit in force on a day, and its last day in time."""
    from procedures.limit import limit

    start = run.day(from_)
    if start is None:
        raise BadInput(SAY_FROM)
    result = limit(run.office, key, start)
    run.answer(result, lambda screen: show_limit(screen, result))


def rule(
    run: Run,
    key: str,
    from_: str | None,
    value: str | None,
    cite: str | None,
    reason: str,
    status: str,
    *,
    preview: bool,
) -> None:
    """Confirm what stands (`value` None) or set it otherwise, or only tell what would move."""
    from procedures.confirm_limit import confirm_limit, preview_ruling, read_proposal

    since = run.day(from_)
    if since is None:
        raise BadInput(SAY_FROM)
    if value is None:
        now = run.office.law.limit(key, since)
        value, cite = "" if now.value is None else str(now.value), cite or now.citation
    proposal = read_proposal(run.office, key, value, since, status, cite or "", reason)
    if preview:
        told = preview_ruling(run.office, proposal)
        return run.answer(told, lambda screen: show_preview(screen, told))
    done = confirm_limit(run.office, proposal)
    return run.answer(done, lambda screen: show_done(screen, done))


def take_back(run: Run, key: str, number: int, reason: str, *, preview: bool) -> None:
    """Take a ruling back, or only tell what would move."""
    from procedures.confirm_limit import preview_withdrawal, withdraw_ruling

    if preview:
        told = preview_withdrawal(run.office, key, number)
        return run.answer(told, lambda screen: show_preview(screen, told))
    done = withdraw_ruling(run.office, key, number, reason)
    return run.answer(done, lambda screen: show_done(screen, done))


def show_limit(screen: Screen, result: dict[str, Any]) -> None:
    """The limit in a sentence, its due day, its ground."""
    from procedures.law import value_words

    screen.heading(result["label"])
    if result["value"] is None:
        screen.line(Text("Văn bản không đặt thời hạn này.", "The text sets no such limit."))
    else:
        words = value_words(screen.run.office, result["key"], result["value"])
        screen.line(Text("{words}, từ {start}", "{words}, from {start}"), words=words, start=result["from"])
    if result["due_on"]:
        screen.line(Text("Đến hạn: {day}", "Due on: {day}"), day=result["due_on"])
    if result.get("sum"):
        screen.line(result["sum"])
    screen.line(Text("Căn cứ: {citation}", "Ground: {citation}"), citation=result["citation"])
    screen.line(
        Text("Độ tin cậy: {status}", "Standing: {status}"),
        status=STATUSES_OF_TEXTS.get(result["status"], result["status"]),
    )


def show_preview(screen: Screen, told: dict[str, Any]) -> None:
    """The limit before and after, and the due days that would move."""
    screen.heading(told["label"])
    for heading, part in ((Text("Hiện nay", "Now"), "before"), (Text("Sau khi ghi", "Then"), "after")):
        limit = told[part]
        status = STATUSES_OF_TEXTS.get(limit["status"], limit["status"])
        screen.line(
            Text("{heading}: {words} · {citation} · {status}", "{heading}: {words} · {citation} · {status}"),
            heading=heading, words=limit["words"], citation=limit["citation"], status=status,
        )  # fmt: skip
    held = Text("Có hiệu lực từ {since} đến trước {until}.", "Holds from {since} until before {until}.")
    ever = Text("Có hiệu lực từ {since}.", "Holds from {since}.")
    screen.line(held if told["until"] else ever, since=told["since"], until=told["until"])
    screen.line(
        Text(
            "Dời ngày {moved} hạn ({earlier} sớm hơn, {later} muộn hơn, {newly_overdue} thành quá hạn); "
            "ghi lại căn cứ {restated} hạn; không đổi {unchanged} hạn.",
            "{moved} due days move ({earlier} earlier, {later} later, {newly_overdue} become overdue); "
            "{restated} restated; {unchanged} unchanged.",
        ),
        **{name: told[name] for name in ("moved", "earlier", "later", "newly_overdue", "restated", "unchanged")},
    )
    if told["examples"]:
        screen.table(
            (
                column("Người", "Person"),
                column("Đơn vị", "Unit"),
                column("Tính từ", "From"),
                column("Hạn hiện nay", "Due now"),
                column("Hạn mới", "Due then"),
            ),
            [tuple(one[name] for name in ("code", "unit", "starts_on", "before", "after")) for one in told["examples"]],
        )
    screen.line(Text("Đây là xem trước. Ghi: bỏ --preview.", "This is a preview. To write it leave out --preview."))


def show_done(screen: Screen, done: dict[str, Any]) -> None:
    """What was recorded, under which number, and what moved."""
    screen.line(
        Text(
            "Đã ghi, số {id}: {moved} hạn dời ngày, {restated} hạn ghi lại căn cứ, {unchanged} hạn không đổi.",
            "Recorded as number {id}: {moved} due days moved, {restated} restated, {unchanged} unchanged.",
        ),
        **{name: done[name] for name in ("id", "moved", "restated", "unchanged")},
    )
