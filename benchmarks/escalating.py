"""The escalation tick over 26,000 units × 6 indicators, against bare SQL: nothing changes, and every case is opened."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import country
from benchmarks.measure import Result, pair, seconds
from procedures.escalate import escalate
from procedures.office import Office
from store.database import CACHE_KIB

COUNTED = ("introduced", "sent", "admitted")
REPORTED = ("dialogues", "members_recruited", "unions_founded")
TRIGGERS = ("nominate", "send_to_class", "hold_ceremony")
YEAR = "2025"
BEHIND = 50  # percent of the reported figures that lie below their pace


def both(folder: Path) -> Iterator[Result]:
    """First all cases are opened, then a run finds nothing new; the made rows are the same for both."""
    path = folder / "escalation.db"
    here = Office.open(today=country.TODAY, database_url=f"sqlite:///{path}", user="bench")
    here.database.init()
    country.fill(path, until=country.TODAY)
    _fill(path)
    yield _opening(here, path)
    yield _standing(here, path)


def _fill(path: Path) -> None:
    """A target for every unit and indicator of the year; a figure a quarter for the reported ones."""
    chance = random.Random(20250911)
    base = sqlite3.connect(path)
    base.executescript("PRAGMA synchronous=OFF")
    now = datetime(2025, 9, 1, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    units = range(1, country.UNITS + 1)
    base.executemany(
        "INSERT INTO targets (unit_id, indicator, period, floor, decision_date, recorded_at, recorded_by)"
        " VALUES (?, ?, ?, ?, '0001-01-01', ?, 'bench')",
        ((unit, name, YEAR, chance.randint(20, 60), now) for unit in units for name in (*COUNTED, *REPORTED)),
    )
    base.executemany(
        "INSERT INTO reported_figures (unit_id, indicator, period, value, credited_unit_id, recorded_at, recorded_by)"
        " VALUES (?, ?, ?, ?, ?, ?, 'bench')",
        (
            (unit, name, f"{YEAR}-Q{quarter}", 0 if chance.randint(1, 100) <= BEHIND else 25, unit, now)
            for unit in units
            for name in REPORTED
            for quarter in (1, 2)
        ),
    )
    base.commit()
    base.execute("ANALYZE")
    base.commit()
    base.close()


def _bare(path: Path) -> sqlite3.Connection:
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return bare


def _opening(here: Office, path: Path) -> Result:
    """The floor is given every row ready made; ours reads, judges and writes them."""
    bare = _bare(path)
    tables = ("notices", "case_events", "cases")

    def clear() -> None:
        bare.execute("BEGIN IMMEDIATE")
        for table in tables:
            bare.execute(f"DELETE FROM {table}")
        bare.execute("COMMIT")

    counts = escalate(here)
    made = {table: bare.execute(f"SELECT * FROM {table}").fetchall() for table in reversed(tables)}
    assert [len(made[table]) for table in ("cases", "notices")] == [counts["opened"], counts["notices"]]

    def floor() -> None:
        bare.execute("BEGIN IMMEDIATE")
        for table, rows in made.items():
            bare.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        bare.execute("COMMIT")

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(3):
        for work, kept in ((floor, times[1]), (lambda: escalate(here), times[0])):
            clear()
            kept.append(seconds(work))
            written = {table: bare.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
            assert written == {table: len(rows) for table, rows in made.items()}, written
    bare.close()
    note = f"{sum(map(len, made.values())):,} rows written"
    name = f"an escalation tick that opens {counts['opened']:,} cases"
    return Result(name, sorted(times[0])[1], sorted(times[1])[1], 3, note=note)


def _standing(here: Office, path: Path) -> Result:
    """The floor fetches the rows a tick has to know: the tree, the targets, the figures by unit, the open cases."""
    bare = _bare(path)
    marks = ", ".join("?" * len(TRIGGERS))
    asked = (
        ("SELECT unit_id, parent_id, ended, from_on FROM unit_versions", ()),
        (
            "SELECT unit_id, indicator, period, floor, ceiling, ratio, base, decision_date, credited_unit_id, rule, from_on"
            " FROM targets",
            (),
        ),
        (
            "SELECT unit_id, credited_unit_id, indicator, period, value FROM reported_figures"
            " WHERE period BETWEEN '2025' AND '2025-Q4' AND (reported_on IS NULL OR reported_on <= ?)",
            (country.TODAY.isoformat(),),
        ),
        (
            f"SELECT trigger, unit_id, count(*) FROM journal WHERE trigger IN ({marks}) AND effective_on BETWEEN ? AND ?"
            " GROUP BY trigger, unit_id",
            (*TRIGGERS, "2025-01-01", country.TODAY.isoformat()),
        ),
        ("SELECT unit_id, step, count(*) FROM candidates GROUP BY unit_id, step", ()),
        (
            "SELECT id, unit_id, indicator, period, status, actual, floor, next_on FROM cases WHERE step <> 'da_dong'",
            (),
        ),
    )
    counts: list[dict[str, int]] = []

    def ours() -> None:
        counts.append(escalate(here))

    def floor() -> None:
        for statement, values in asked:
            bare.execute(statement, values).fetchall()

    here.database.close()
    result = Result("the same when nothing changes", *pair(ours, floor), bound=3)
    assert all(found["unchanged"] == 6 * country.UNITS for found in counts), counts[-1]
    assert all(not value for found in counts for key, value in found.items() if key != "unchanged")
    bare.close()
    return result
