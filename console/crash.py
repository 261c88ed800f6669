"""A crash leaves its place in a file for the owner, without personal data."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path


def write_crash(problem: BaseException) -> Path:
    """Append kinds and places of an unexpected error to var/crash.log (or a temporary file) and say which file.

    Messages of exceptions can carry names, so they are left out unless KETNAP_LOG=debug.
    """
    lines = [f"\n{datetime.now(UTC).isoformat(timespec='seconds')} {' '.join(sys.argv[1:2])}\n"]
    one: BaseException | None = problem
    while one is not None:
        lines.extend(traceback.format_tb(one.__traceback__))
        said = f": {one}" if os.environ.get("KETNAP_LOG") == "debug" else ""
        lines.append(f"{type(one).__module__}.{type(one).__name__}{said}\n")
        one = one.__cause__ or one.__context__
    for folder in (Path("var"), Path(tempfile.gettempdir())):
        path = folder / "crash.log" if folder.name == "var" else folder / f"ketnap-crash-{os.getpid()}.log"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError:
            continue
        return path
    return Path(os.devnull)
