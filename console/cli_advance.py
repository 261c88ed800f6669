"""advance, correct: what changes where a candidate stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from console.command import argument, command, option
from console.failures import verdict_lines
from console.labels import STATES_OF_CLOCKS, step_label, trigger_label, triggers_help
from console.options import DocumentDate, DocumentNumber, Note
from console.output import Screen, column, day, plain
from console.run import Run
from states.errors import BadInput, Refused
from states.wording import Text


@command(
    "advance",
    vi="Ghi một việc đã làm cho một người, hoặc cho nhiều người theo tệp (--from).",
    en="Record what was done for one person, or for many by a file (--from).",
    more=triggers_help,
)
def advance(
    run: Run,
    code: Annotated[str | None, argument("MÃ", vi="Mã của người.", en="The candidate's code.")] = None,
    trigger: Annotated[
        str | None,
        argument("VIỆC", vi="Việc, theo tên hoặc nhãn tiếng Việt.", en="The trigger, by name or Vietnamese label."),
    ] = None,
    on: Annotated[str | None, option("--on", vi="Ngày làm việc đó.", en="The day it happened.", metavar="NGÀY")] = None,
    doc: DocumentNumber = None,
    doc_date: DocumentDate = None,
    data: Annotated[
        list[str],
        option(
            "--data",
            vi="Số liệu của việc, dạng tên=giá trị; nhắc lại được.",
            en="What the trigger records, key=value; repeatable.",
            metavar="TÊN=GIÁ_TRỊ",
        ),
    ] = [],  # noqa: B006
    note: Note = None,
    irregular: Annotated[
        str | None,
        option(
            "--irregular",
            vi="Việc đã xảy ra trái quy định: ghi kèm lý do.",
            en="It really happened against a rule: record it with this reason.",
            metavar="LÝ_DO",
        ),
    ] = None,
    from_: Annotated[
        str | None,
        option("--from", vi="Tệp .xlsx có trang su_kien.", en="An .xlsx file with the sheet su_kien.", metavar="TỆP"),
    ] = None,
) -> int:
    if from_ is not None:
        if code is not None or trigger is not None:
            raise BadInput(
                Text("Dùng --from TỆP thì không ghi mã và việc.", "With --from FILE there is no code and no trigger.")
            )
        return advance_from(run, Path(from_))
    missing = [name for name, value in (("MÃ", code), ("VIỆC", trigger), ("--on", on)) if value is None]
    if missing:
        raise BadInput(
            Text(
                "Thiếu {names}. Cách dùng: ketnap advance MÃ VIỆC --on NGÀY",
                "Missing {names}. Usage: ketnap advance CODE TRIGGER --on D",
            ),
            names=", ".join(missing),
        )
    from procedures.advance import advance

    result = advance(
        run.office,
        code,
        trigger,
        run.day(on),
        document_number=doc,
        document_date=run.day(doc_date),
        data=pairs(data, "--data"),
        note=note,
        irregular=irregular,
    )
    said = Text("Đã ghi {entry}. Bước hiện tại: {step}.", "Recorded {entry}. Step now: {step}.")
    run.answer(
        result, lambda screen: screen.line(said, entry=result["entry"], step=step_label(result["step"], screen.lang))
    )
    return 0


def advance_from(run: Run, path: Path) -> int:
    """Many at once: the lawful ones are committed, the others listed with their verdicts."""
    from procedures.advance import advance_many
    from procedures.read_advance_rows import read_advance_rows

    result: dict[str, Any] = advance_many(run.office, read_advance_rows(path, lang=run.office.lang))
    refused = result["refused"]
    if refused:
        message = Text(
            "{count} việc bị từ chối, các việc khác đã ghi.",
            "{count} were refused, the others are recorded.",
        )
        result = {**result, "error": {"kind": "refused", "message": run.say(message, count=len(refused))}}
    run.answer(result, lambda screen: show_many(screen, result))
    return Refused.exit_code if refused else 0


def show_many(screen: Screen, result: dict[str, Any]) -> None:
    screen.line(Text("Đã ghi: {count}.", "Recorded: {count}."), count=len(result["committed"]))
    if result["refused"]:
        screen.heading(Text("Bị từ chối: {count}.", "Refused: {count}."), count=len(result["refused"]))
    for one in result["refused"]:
        screen.line(str(one["code"]))
        for verdict in one["verdicts"]:
            screen.line(verdict_lines(plain(verdict, screen.lang), screen.lang).rstrip("\n"))


@command(
    "correct",
    vi="Đính chính một mục đã ghi: sửa (--set) hoặc hủy (--void); mục cũ vẫn còn trong sổ.",
    en="Correct an entry: change it (--set) or make it void (--void); the old one stays in the journal.",
)
def correct(
    run: Run,
    entry: Annotated[str, argument("MỤC", vi="Mục, dạng MÃ:số.", en="The entry, CODE:number.")],
    reason: Annotated[str, option("--reason", vi="Lý do đính chính.", en="Why it is corrected.", metavar="LÝ_DO")],
    set_: Annotated[
        list[str],
        option(
            "--set",
            vi="Giá trị đúng, dạng tên=giá trị; nhắc lại được.",
            en="The right value, key=value; repeatable.",
            metavar="TÊN=GIÁ_TRỊ",
        ),
    ] = [],  # noqa: B006
    void: Annotated[bool, option("--void", vi="Hủy mục này.", en="Make the entry void.")] = False,
    preview: Annotated[
        bool, option("--preview", vi="Chỉ xem điều gì sẽ thay đổi, không ghi.", en="Only show what would move.")
    ] = False,
) -> None:
    if bool(set_) == void:
        raise BadInput(Text("Cần đúng một trong hai: --set hoặc --void.", "Exactly one of --set and --void is needed."))
    from procedures.correct import correct

    changes = pairs(set_, "--set") if set_ else None
    result = correct(run.office, entry, changes=changes, void=void, reason=reason, preview=preview)
    run.answer(result, lambda screen: show_correction(screen, result, preview=preview))


def show_correction(screen: Screen, result: dict[str, Any], *, preview: bool) -> None:
    """The new entry and everything it moves."""
    if preview:
        screen.line(Text("Xem trước, chưa ghi gì.", "Preview, nothing is written."))
    elif result.get("entry"):
        screen.line(Text("Đã ghi đính chính {entry}.", "Recorded the correction {entry}."), entry=result["entry"])
    if result.get("step"):
        screen.line(Text("Bước hiện tại: {step}.", "Step now: {step}."), step=step_label(result["step"], screen.lang))
    moves = result["moves"]
    if moves["clocks"]:
        screen.line()
        screen.table(
            (column("Thời hạn", "Clock", wrap=True), column("Trước", "Before"), column("Sau", "After")),
            [
                (one["label"], clock_days(one["from"], screen.lang), clock_days(one["to"], screen.lang))
                for one in moves["clocks"]
            ],
        )
    if moves["entries"]:
        screen.line()
        screen.table(
            (
                column("Mục", "Entry"),
                column("Việc", "What", wrap=True),
                column("Ngày", "Day"),
                column("Thay đổi", "Change"),
            ),
            [
                (
                    one["entry"],
                    trigger_label(one["trigger"], screen.lang),
                    one["on"],
                    CHANGES.get(one["what"], one["what"]),
                )
                for one in moves["entries"]
            ],
        )
    if moves["figures"]:
        screen.line()
        labels = {name: one.label for name, one in screen.run.office.settings.indicators.items()}
        screen.table(
            (
                column("Chỉ số", "Indicator", wrap=True),
                column("Đơn vị", "Unit"),
                column("Ngày", "Day"),
                column("Thay đổi", "Change"),
            ),
            [(labels[one["indicator"]], one["unit"], one["on"], f"{one['change']:+d}") for one in moves["figures"]],
        )
        for one in moves.get("closed", ()):
            words = {**one, "label": labels[one["indicator"]], "change": f"{one['change']:+d}"}
            screen.line(STAYS_CLOSED, **words)
    if waiting := moves.get("waiting_notices"):
        screen.line()
        screen.line(
            Text("Lời nhắc chờ gửi sẽ rút lại: {count}.", "Planned notices that will be withdrawn: {count}."),
            count=sum(one["recipients"] for one in waiting),
        )


STAYS_CLOSED = Text(
    "Kỳ {period} của {unit} đã chốt (bản {version}): số đã chốt giữ nguyên; {label} {change} sẽ hiện trong "
    "ketnap bridge --unit {unit} --period {period}.",
    "{period} of {unit} is closed (version {version}): the closed figure stays; {label} {change} will show in "
    "ketnap bridge --unit {unit} --period {period}.",
)


CHANGES = {"void": Text("hủy", "void"), "corrected": Text("sửa", "corrected"), "new": Text("mới", "new")}


def clock_days(clock: dict[str, Any] | None, lang: str) -> str:
    """A clock's due day and state."""
    if clock is None:
        return "–"
    state = STATES_OF_CLOCKS.get(clock["state"], Text(clock["state"], clock["state"])).say(lang)
    return f"{day(clock['due_on'], lang)} ({state})"


def pairs(typed: Iterable[str], name: str) -> dict[str, str]:
    """key=value words as a mapping."""
    found: dict[str, str] = {}
    for word in typed:
        key, sign, value = word.partition("=")
        if not sign or not key.strip():
            raise BadInput(
                Text("{name} cần dạng tên=giá trị, không phải “{word}”.", "{name} wants key=value, not “{word}”."),
                name=name,
                word=word,
            )
        if key.strip() in found:
            raise BadInput(Text("{name} có “{key}” hai lần.", "{name} has “{key}” twice."), name=name, key=key.strip())
        found[key.strip()] = value.strip()
    return found
