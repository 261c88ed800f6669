"""The command line `ketnap`: reads what was typed, runs one command, and turns every end into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from console import (  # noqa: F401  (importing them declares their commands)
    cli_advance,
    cli_candidate,
    cli_case,
    cli_close,
    cli_commend,
    cli_due,
    cli_installation,
    cli_jobs,
    cli_ladder,
    cli_letters,
    cli_limit,
    cli_privacy,
    cli_report,
    cli_running,
    cli_target,
    cli_unit,
    cli_user,
    cli_workbook,
)
from console.command import build
from console.failures import INTERRUPTED, report
from console.output import speak_utf8
from console.run import LANGUAGES
from states.wording import Text


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command line and leave with its exit code."""
    speak_utf8()
    code = run(list(sys.argv[1:] if argv is None else argv))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
    sys.exit(code)


def run(argv: list[str]) -> int:
    """One command line; returns its code: 0 done, 1 input, 2 refused, 3 unknown, 4 conflict, 5 installation."""
    lang = spoken_language(argv)
    as_json = "--json" in argv
    group = build(lang)
    try:
        with group.make_context("ketnap", several_values(argv)) as context:
            return int(group.invoke(context) or 0)
    except BrokenPipeError:
        _close_quietly()
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("\n" + Text("Đã dừng theo yêu cầu.", "Stopped as you asked.").say(lang) + "\n")
        return INTERRUPTED
    except Exception as problem:
        ended = _asked_to_end(problem)
        return ended if ended is not None else report(problem, as_json=as_json, lang=lang)


def spoken_language(argv: Sequence[str]) -> str:
    """The language of the help, known before anything is parsed: --lang over KETNAP_LANG over Vietnamese."""
    chosen = os.environ.get("KETNAP_LANG") or "vi"
    for place, word in enumerate(argv):
        if word == "--lang" and place + 1 < len(argv):
            chosen = argv[place + 1]
        elif word.startswith("--lang="):
            chosen = word.partition("=")[2]
    return chosen if chosen in LANGUAGES else "vi"


def several_values(argv: Sequence[str]) -> list[str]:
    """`--data a=1 b=2`, `--set a=1 b=2` and `--to A=1 B=2` as the repeated options Typer knows."""
    given: list[str] = []
    repeating: str | None = None
    for word in argv:
        if word in ("--data", "--set", "--to"):
            repeating = word
        elif repeating and given[-1] == repeating:
            pass  # its first value
        elif repeating and "=" in word and not word.startswith("-"):
            given.append(repeating)
        else:
            repeating = None
        given.append(word)
    return given


def _asked_to_end(problem: Exception) -> int | None:
    """--help, --version and a bare `ketnap` end well; anything else is a failure."""
    if type(problem).__name__ == "Exit":
        return int(getattr(problem, "exit_code", 0))
    if type(problem).__name__ == "NoArgsIsHelpError":
        shown: Any = problem
        sys.stdout.write(f"{shown.message}\n")
        return 0
    return None


def _close_quietly() -> None:
    """Nobody reads any more (`ketnap due | head`): keep the interpreter from complaining when it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
