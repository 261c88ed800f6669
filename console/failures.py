"""The one place that turns what went wrong into an exit code and a message (stderr for people, stdout for scripts)."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from typing import Any

from console.run import Run
from states.errors import BadInput, Conflict, Installation, KetnapError, Refused, Unknown
from states.wording import Text

INTERRUPTED = 130


def report(problem: BaseException, *, as_json: bool, lang: str) -> int:
    """Say what went wrong and return the exit code."""
    known = understood(problem)
    run: Run | None = getattr(problem, "ketnap_run", None)
    lang = run.language if run else lang
    if as_json:
        from console.output import print_json

        print_json(failure_document(known, lang), lang)
    else:
        show_failure(known, lang)
    return known.exit_code


def understood(problem: BaseException) -> KetnapError:
    """Any exception as one of ours; what nobody expected leaves its place in a log file and becomes `internal`."""
    if isinstance(problem, KetnapError):
        return problem
    usage = understood_usage(problem)
    if usage is not None:
        return usage
    if isinstance(problem, FileNotFoundError | IsADirectoryError | NotADirectoryError) and problem.filename:
        return BadInput(Text("Không có tệp {file}.", "There is no file {file}."), file=problem.filename)
    if isinstance(problem, PermissionError) and problem.filename:
        return Installation(Text("Không được phép mở {file}.", "Not allowed to open {file}."), file=problem.filename)
    missing = getattr(problem, "name", None) or ""
    if isinstance(problem, ModuleNotFoundError) and missing.split(".")[0] in ("procedures", "flows"):
        return Installation(Text("Bản cài đặt thiếu phần {part}.", "This installation lacks {part}."), part=missing)
    from console.crash import write_crash

    path = write_crash(problem)
    return Internal(file=str(path))


class Internal(KetnapError):
    """Something nobody expected."""

    kind = "internal"
    exit_code = 5
    text = Text(
        "Chương trình gặp lỗi ngoài dự kiến. Chi tiết kỹ thuật: {file}",
        "The program met an unexpected error. Technical details: {file}",
    )


def understood_usage(problem: BaseException) -> BadInput | None:
    """Typer's usage errors in our words; None for anything else. (Its click is private, so classes go by name.)"""
    kind = type(problem).__name__
    if not any(base.__name__ == "TyperException" for base in type(problem).__mro__):
        return None
    context = getattr(problem, "ctx", None)
    hint = f"{context.command_path} --help" if context is not None else "ketnap --help"
    parameter = getattr(problem, "param", None)
    name = ""
    if parameter is not None:
        name = (
            parameter.opts[0] if parameter.param_type_name == "option" else (parameter.metavar or parameter.name or "")
        )
    if kind == "NoSuchOption":
        word = getattr(problem, "option_name", "")
        near = sorted(getattr(problem, "possibilities", None) or ())
        if near:
            text = Text(
                "Không có tùy chọn {word}; có phải là {near}?", "There is no option {word}; did you mean {near}?"
            )
            return BadInput(text, word=word, near=", ".join(near))
        return BadInput(
            Text("Không có tùy chọn {word}. Xem: {hint}", "There is no option {word}. See: {hint}"),
            word=word,
            hint=hint,
        )
    if kind == "MissingParameter":
        return BadInput(Text("Thiếu {name}. Xem: {hint}", "Missing {name}. See: {hint}"), name=name, hint=hint)
    if kind == "BadOptionUsage":
        word = getattr(problem, "option_name", "")
        return BadInput(
            Text("Tùy chọn {word} thiếu giá trị. Xem: {hint}", "Option {word} lacks its value. See: {hint}"),
            word=word,
            hint=hint,
        )
    if kind == "BadParameter":
        text = Text("Giá trị của {name} không đúng. Xem: {hint}", "The value of {name} is not right. See: {hint}")
        return BadInput(text, name=name, hint=hint)
    word, near = _unknown_command(problem, context)
    if word:
        if near:
            text = Text(
                "Không có lệnh “{word}”; có phải là “{near}”?", "There is no command “{word}”; did you mean “{near}”?"
            )
            return BadInput(text, word=word, near=near)
        return BadInput(
            Text("Không có lệnh “{word}”. Xem: {hint}", "There is no command “{word}”. See: {hint}"),
            word=word,
            hint=hint,
        )
    message = getattr(problem, "message", "")
    if message.startswith("Got unexpected extra argument"):
        extra = message.rpartition(" (")[2].rstrip(").")
        return BadInput(Text("Thừa: {extra}. Xem: {hint}", "Unexpected: {extra}. See: {hint}"), extra=extra, hint=hint)
    if message.startswith("Missing command"):
        return BadInput(Text("Thiếu tên lệnh. Xem: {hint}", "Missing command. See: {hint}"), hint=hint)
    return BadInput(Text("Câu lệnh không đúng. Xem: {hint}", "The command line is not right. See: {hint}"), hint=hint)


def _unknown_command(problem: BaseException, context: Any) -> tuple[str, str]:
    message = getattr(problem, "message", "")
    if not message.startswith("No such command"):
        return "", ""
    word = message.split("'")[1] if "'" in message else ""
    known = list(getattr(context.command, "commands", ())) if context is not None else []
    close = difflib.get_close_matches(word, known, n=1)
    return word, close[0] if close else ""


def failure_document(problem: KetnapError, lang: str) -> dict[str, Any]:
    """{error: {kind, message}} beside the details: verdicts of a refusal, rows of a wrong workbook."""
    document: dict[str, Any] = dict(problem.details)
    if isinstance(problem, Refused) and problem.verdicts:
        document.setdefault("refused", list(problem.verdicts))
    document["error"] = {"kind": problem.kind, "message": problem.say(lang)}
    return document


def show_failure(problem: KetnapError, lang: str) -> None:
    """The message on stderr, under it every verdict or every wrong cell."""
    from console.output import plain

    write = sys.stderr.write
    said = {
        BadInput: Text("Lỗi: {message}", "Error: {message}"),
        Refused: Text("Từ chối: {message}", "Refused: {message}"),
        Unknown: Text("Không tìm thấy: {message}", "Not found: {message}"),
        Conflict: Text("Xung đột: {message}", "Conflict: {message}"),
        Installation: Text("Cài đặt: {message}", "Installation: {message}"),
    }
    frame = next((text for kind, text in said.items() if isinstance(problem, kind)), said[BadInput])
    write(frame.say(lang, message=problem.say(lang)) + "\n")
    if isinstance(problem, Refused):
        for verdict in problem.verdicts:
            write(verdict_lines(plain(verdict, lang), lang))
    errors = plain(problem.details.get("errors", ()), lang)
    if [one.get("message") for one in errors] != [problem.say(lang)]:
        for line in wrong_cells(errors, lang):
            write(line + "\n")


def verdict_lines(verdict: dict[str, Any], lang: str) -> str:
    """A verdict as an officer reads it: the reason, then ground, earliest day and who can supply it."""
    from console.output import day

    lines = [f"  – {verdict.get('reason')}\n"]
    if verdict.get("citation"):
        lines.append("    " + Text("Căn cứ: {value}", "Ground: {value}").say(lang, value=verdict["citation"]) + "\n")
    if verdict.get("earliest"):
        lines.append(
            "    "
            + Text("Sớm nhất: {value}", "Earliest: {value}").say(lang, value=day(verdict["earliest"], lang))
            + "\n"
        )
    if verdict.get("who"):
        lines.append(
            "    " + Text("Ai bổ sung: {value}", "Who can supply it: {value}").say(lang, value=verdict["who"]) + "\n"
        )
    return "".join(lines)


def wrong_cells(errors: Iterable[Any], lang: str) -> Iterable[str]:
    """Errors of a workbook, a line each, with where they stand."""
    for one in errors:
        if not isinstance(one, dict):
            yield f"  – {one}"
            continue
        place = []
        if one.get("sheet"):
            place.append(str(one["sheet"]))
        if one.get("row") is not None:
            place.append(Text("dòng {row}", "row {row}").say(lang, row=one["row"]))
        if one.get("column"):
            place.append(Text("cột {column}", "column {column}").say(lang, column=one["column"]))
        yield f"  – {', '.join(place)}: {one.get('message')}" if place else f"  – {one.get('message')}"
