"""candidate list|show."""

from __future__ import annotations

from typing import Annotated, Any

from console.cli_due import days_left
from console.command import command, option
from console.failures import verdict_lines
from console.labels import STATES_OF_CLOCKS, step_label, trigger_label
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
        (column("Mã", "Code"), column("Đơn vị", "Unit"), column("Bước", "Step"), column("Từ ngày", "Since")),
        [
            (item["code"], item["unit"], step_label(item["step"], screen.lang), item["since"])
            for item in result["items"]
        ],
        empty=Text("Không có ai.", "Nobody."),
    )
    screen.line(Text("Tổng số: {count}", "Total: {count}"), count=len(result["items"]))


@command(
    "candidate show",
    vi="Một người: đang ở bước nào, thời hạn nào đang chạy, bước tiếp theo, quá trình.",
    en="One candidate: step, running clocks, next steps, the whole way.",
)
def candidate_show(run: Run, code: Code) -> None:
    from procedures.show import show_candidate

    result = show_candidate(run.office, code)
    run.answer(result, lambda screen: show_candidate_on(screen, result))


def show_candidate_on(screen: Screen, result: dict[str, Any]) -> None:
    """Where the person stands, what runs, what can be done now and why the rest cannot, and how they came here."""
    lang = screen.lang
    screen.heading(" · ".join(part for part in (result["code"], result["name"], result["unit_name"]) if part))
    since = Text(", từ {day}", ", since {day}").say(lang, day=result["since"]) if result["since"] else ""
    screen.line(Text("Bước: {step}{since}", "Step: {step}{since}"), step=result["step_label"], since=since)
    if result["official_on"]:
        screen.line(Text("Chính thức từ: {day}", "Full member since: {day}"), day=result["official_on"])
    for gap in result["gaps"]:
        screen.line(Text("Còn thiếu: {what}", "Missing: {what}"), what=gap["what"])
    if result["clocks"]:
        screen.line()
        show_clocks(screen, result["clocks"])
    show_next(screen, result["next"])
    screen.line()
    show_timeline(screen, result["timeline"])


def show_clocks(screen: Screen, clocks: list[dict[str, Any]]) -> None:
    """Every limit that runs or ran; on a narrow screen its ground stands under it."""
    narrow = screen.width < 130
    columns = [
        column("Thời hạn", "Clock", wrap=True),
        column("Từ", "From"),
        column("Hạn", "Due"),
        column("Tình trạng", "State"),
    ]
    rows = []
    for clock in clocks:
        days = (clock["starts_on"], clock["due_on"], clock_state(clock, screen.lang))
        if narrow:
            rows.append((f"{clock['label']}\n  {clock['citation']}", *days))
        else:
            rows.append((clock["label"], *days, clock["citation"]))
    screen.table(columns if narrow else [*columns, column("Căn cứ", "Ground")], rows)


def show_next(screen: Screen, steps: list[dict[str, Any]]) -> None:
    """Triggers open now, then those that are not with every reason."""
    allowed = [one for one in steps if one["allowed"]]
    if allowed:
        screen.line()
        columns = (
            column("Làm được bây giờ", "Open now"),
            column("Việc", "What", wrap=True),
            column("Ai", "Who", wrap=True),
        )
        screen.table(columns, [(one["trigger"], one["label"], one["who"]) for one in allowed])
    refused = [one for one in steps if not one["allowed"]]
    if refused:
        screen.line()
        screen.heading(Text("Chưa làm được, và vì sao", "Not yet, and why"))
    for one in refused:
        screen.line(f"{one['trigger']} · {one['label']}")
        for verdict in one["verdicts"]:
            screen.line(verdict_lines(plain(verdict, screen.lang), screen.lang).rstrip("\n"))


def show_timeline(screen: Screen, timeline: list[dict[str, Any]]) -> None:
    """How the person came here, oldest first."""
    screen.table(
        (
            column("Mục", "Entry"),
            column("Ngày", "Day"),
            column("Quá trình", "The way so far", wrap=True),
            column("Văn bản", "Document", wrap=True),
        ),
        [
            (
                one["entry"],
                one["on"],
                trigger_label(one["trigger"], screen.lang),
                document(one, screen.lang),
            )
            for one in timeline
        ],
    )


def document(entry: dict[str, Any], lang: str) -> str:
    """An entry's document as "12-QĐ/ĐU, 01/02/2026"."""
    parts = [entry.get("document") or "", day(entry.get("document_date"), lang)]
    return ", ".join(part for part in parts if part)


def clock_state(clock: dict[str, Any], lang: str) -> str:
    """A clock's state in words, with days left while it runs."""
    if clock["state"] != "running" or clock["days_left"] is None:
        return STATES_OF_CLOCKS[clock["state"]].say(lang)
    said = days_left(clock["days_left"], clock["unit"], lang)
    return said if clock["days_left"] <= 0 else Text("còn {said}", "{said} left").say(lang, said=said)
