"""`python -m benchmarks [NAME …]`: prints each figure, its floor in the same run, the ratio and what must be reached."""

from __future__ import annotations

import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import book, country, desk, escalating, importing, steps
from benchmarks.measure import Result

BENCHES: dict[str, Callable[[Path], Result | Iterable[Result]]] = {
    "step": steps.single,
    "many": steps.many,
    "import": importing.workbook,
    "country": country.all_of_it,
    "book": book.district,
    "escalate": escalating.both,
    "desk": desk.all_of_it,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 1 when a bound was not reached."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 1
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.machine()}; WAL, synchronous FULL"
    )
    print(f"{'':<58} {'ours':>10} {'floor':>10}     {'ratio':>7}")
    reached = True
    root = Path("var") / "bench"
    root.mkdir(parents=True, exist_ok=True)
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory(dir=root) as folder:
            results = BENCHES[name](Path(folder))
            for result in [results] if isinstance(results, Result) else results:
                print(result.line(), flush=True)
                reached = reached and result.reached
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
