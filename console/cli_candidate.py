"""candidate list|show."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import command, option
from console.failures import verdict_lines
from console.labels import step_label, trigger_label
from console.options import Code, Unit
from console.output import Screen, column, day, plain
from console.run import Run
from states.wording import Text


@command("candidate list", vi="Danh sách người đang theo dõi.", en="All candidates.")
def candidate_list(
    run: Run,
    unit: Unit = None,
    step: Annotated[
        str | None, option("--step", vi="Chỉ những người ở bước này.", en="Only those in this step.", metavar="BƯỚC")
    ] = None,
) -> None:
    from procedures.show import list_candidates

    result = list_candidates(run.office, unit=unit, step=step)
    run.answer(result, lambda screen: show_list(screen, result))


def show_list(screen: Screen, result: dict[str, Any]) -> None:
    screen.table(
        (
            column("Mã", "Code"),
            column("Họ tên", "Name", wrap=True),
            column("Đơn vị", "Unit"),
            column("Bước", "Step"),
            column("Từ ngày", "Since"),
        ),
        [
            (
                item["code"],
                item.get("name"),
                item["unit"],
                step_label(item["step"], screen.lang),
                day(item.get("since"), screen.lang),
            )
            for item in result["items"]
        ],
        empty=Text("Không có ai.", "Nobody."),
    )


@command(
    "candidate show",
    vi="Một người: đang ở bước nào, thời hạn nào đang chạy, bước tiếp theo, quá trình.",
    en="One candidate: step, running clocks, next steps, the whole way.",
)
def candidate_show(run: Run, code: Code) -> None:
    from procedures.show import show_candidate

    result = show_candidate(run.office, code)
    run.answer(result, lambda screen: show_candidate_on(screen, result))


STATES_OF_CLOCKS = {
    "running": Text("đang chạy", "running"),
    "met": Text("đúng hạn", "met"),
    "late": Text("trễ hạn", "late"),
    "void": Text("không tính", "void"),
}


def show_candidate_on(screen: Screen, result: dict[str, Any]) -> None:
    """Where the person stands, what runs, what can be done now and why the rest cannot, and how they came here."""
    lang = screen.lang
    name = f" · {result['name']}" if result.get("name") else ""
    unit = f" · {result['unit']}" if result.get("unit") else ""
    screen.heading(f"{result['code']}{name}{unit}")
    since = Text(" từ {day}", " since {day}").say(lang, day=result["since"]) if result["since"] else ""
    screen.line(Text("Bước: {step}{since}", "Step: {step}{since}"), step=step_label(result["step"], lang), since=since)
    if result.get("official_on"):
        screen.line(Text("Chính thức từ: {day}", "Full member since: {day}"), day=result["official_on"])
    clocks = result["clocks"]
    if clocks:
        screen.line()
        screen.heading(Text("Thời hạn", "Clocks"))
        screen.table(
            (
                column("Thời hạn", "Clock", wrap=True),
                column("Từ", "From"),
                column("Hạn", "Due"),
                column("Tình trạng", "State"),
                column("Căn cứ", "Ground", wrap=True),
            ),
            [
                (
                    clock_label(screen, clock),
                    day(clock["starts_on"], lang),
                    day(clock["due_on"], lang),
                    clock_state(clock, lang),
                    clock["citation"],
                )
                for clock in clocks
            ],
        )
    screen.line()
    screen.heading(Text("Việc làm được bây giờ", "What can be done now"))
    allowed = [one for one in result["next"] if one["allowed"]]
    screen.table(
        (column("Lệnh", "Trigger"), column("Việc", "What", wrap=True)),
        [(one["trigger"], one["label"]) for one in allowed],
    )
    refused = [one for one in result["next"] if not one["allowed"]]
    if refused:
        screen.line()
        screen.heading(Text("Chưa làm được, và vì sao", "Not yet, and why"))
        for one in refused:
            screen.line(f"{one['trigger']} · {plain(one['label'], lang)}")
            for verdict in one["verdicts"]:
                screen.line(verdict_lines(plain(verdict, lang), lang).rstrip("\n"))
    screen.line()
    screen.heading(Text("Quá trình", "The way so far"))
    screen.table(
        (
            column("Mục", "Entry"),
            column("Ngày", "Day"),
            column("Việc", "What", wrap=True),
            column("Văn bản", "Document", wrap=True),
            column("Người ghi", "Recorded by"),
        ),
        [
            (
                one["entry"],
                day(one["on"], lang),
                one.get("label") or trigger_label(one["trigger"], lang),
                document(one.get("document"), lang),
                one["recorded_by"],
            )
            for one in result["timeline"]
        ],
    )


def document(value: Any, lang: str) -> str:
    """A document as "12-QĐ/ĐU, 01/02/2026"."""
    if isinstance(value, dict):
        parts = [value.get("number") or "", day(value.get("date"), lang)]
        return ", ".join(part for part in parts if part)
    return str(value or "")


def clock_state(clock: dict[str, Any], lang: str) -> str:
    """A clock's state in words, with days left while it runs."""
    left = clock.get("days_left")
    if clock["state"] != "running" or left is None:
        return STATES_OF_CLOCKS[clock["state"]].say(lang) if clock["state"] in STATES_OF_CLOCKS else str(clock["state"])
    if left < 0:
        return Text("quá hạn {days} ngày", "{days} days overdue").say(lang, days=-left)
    return Text("còn {days} ngày", "{days} days left").say(lang, days=left)


def clock_label(screen: Screen, clock: dict[str, Any]) -> str:
    """The clock's words; its key when it has none."""
    from states.errors import KetnapError

    if clock.get("label"):
        return str(plain(clock["label"], screen.lang))
    try:
        return str(screen.run.office.law.label(clock["key"]).say(screen.lang))
    except (KetnapError, KeyError):
        return str(clock["key"])
