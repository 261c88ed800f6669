"""A quarter's roll-up and a sweep over 100,000 people, 800,000 entries and 26,000 units, against bare SQL on the same rows."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Result, pair, seconds
from procedures.figures import Figures
from procedures.office import Office
from procedures.remind import remind
from procedures.roll_up import rows_of
from states.periods import parse_period
from store.database import CACHE_KIB
from store.roll_ups import store_roll_ups

PEOPLE, UNITS, BRANCH = 100_000, 26_000, 12
TODAY, PERIOD = date(2025, 9, 10), "2025-Q2"
TRIGGERS = (
    ("nominate", "duoc_gioi_thieu"), ("list", "cam_tinh"), ("send_to_class", "cam_tinh"), ("certify_class", "da_hoc"),
    ("open_file", "lap_ho_so"), ("complete_file", "cho_chi_bo"), ("cell_vote", "cho_co_so"), ("hold_ceremony", "du_bi"),
)  # fmt: skip
CLOCKS = (("certificate_valid_months", "months", 1800), ("admission_decision_wd", "working_days", 65))


def all_of_it(folder: Path) -> Iterator[Result]:
    """Compute, store, sweep; the made rows are the same for all."""
    path = folder / "country.db"
    here = Office.open(today=TODAY, database_url=f"sqlite:///{path}", user="bench")
    here.database.init()
    fill(path)
    yield _computing(here, path)
    yield _storing(here, path)
    yield _sweeping(here, path)


def fill(path: Path, until: date = date.max) -> None:
    """Rows of a country, written bare; hashes are not what is measured here. Entries after `until` are left out."""
    chance = random.Random(20250910)
    base = sqlite3.connect(path)
    base.executescript("PRAGMA synchronous=OFF")
    now = datetime(2025, 9, 1, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    base.executemany("INSERT INTO units (id, code) VALUES (?, ?)", ((n, f"U{n:05d}") for n in range(1, UNITS + 1)))
    base.executemany(
        "INSERT INTO unit_versions (unit_id, from_on, name, kind, parent_id, chain, attributes, ended, recorded_at, recorded_by)"
        " VALUES (?, '0001-01-01', ?, 'chi_bo', ?, NULL, '{}', 0, ?, 'bench')",
        ((n, f"Đơn vị {n}", (n - 2) // BRANCH + 1 if n > 1 else None, now) for n in range(1, UNITS + 1)),
    )
    base.executemany(
        "INSERT INTO recipients (unit_id, role, name, address) VALUES (?, 'bi_thu', ?, ?)",
        ((n, f"Cán bộ {n}", f"u{n}@example.org") for n in range(1, UNITS + 1)),
    )
    ids = [chance.getrandbits(62) for _ in range(PEOPLE)]
    unit_of = [chance.randint(UNITS // BRANCH, UNITS) for _ in range(PEOPLE)]
    base.executemany("INSERT INTO people (id, name, name_key) VALUES (?, ?, ?)", ((i, "Mẫu", "mau") for i in ids))
    base.executemany(
        "INSERT INTO candidates (id, code, person_id, unit_id, step, facts, head_sequence, head_hash, version)"
        " VALUES (?, ?, ?, ?, 'cho_co_so', '{\"clocks\":[],\"gaps\":[]}', 8, 'x', 8)",
        ((one, f"P{n:06d}", one, unit) for n, (one, unit) in enumerate(zip(ids, unit_of, strict=True))),
    )
    first = date(2023, 6, 1)

    def entries() -> Iterator[tuple[Any, ...]]:
        for one, unit in zip(ids, unit_of, strict=True):
            day = first + timedelta(days=chance.randint(0, 500))
            for sequence, (trigger, step) in enumerate(TRIGGERS, 1):
                if day > until:
                    break
                yield one, sequence, trigger, step, day.isoformat(), now, unit
                day += timedelta(days=chance.randint(5, 80))

    base.executemany(
        "INSERT INTO journal (candidate_id, sequence, trigger, destination, effective_on, recorded_at, recorded_by, unit_id,"
        " data, text_applied, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, 'bench', ?, '{}', 'qd294', 'x', 'x')",
        entries(),
    )

    def clocks() -> Iterator[tuple[Any, ...]]:
        for one in ids:
            for key, unit, length in CLOCKS:
                start = TODAY - timedelta(days=chance.randint(0, 700 if unit == "months" else 45))
                yield one, key, start.isoformat(), (start + timedelta(days=length)).isoformat(), unit

    base.executemany(
        "INSERT INTO clocks (candidate_id, key, run, starts_on, due_on, limit_value, limit_unit, extension, profile, status,"
        " citation, calendar, state) VALUES (?, ?, 1, ?, ?, 45, ?, 0, 'qd294', 'verified', '294', 'x', 'running')",
        clocks(),
    )
    base.execute("CREATE TABLE closure (above INTEGER, unit_id INTEGER, PRIMARY KEY (unit_id, above)) WITHOUT ROWID")

    def pairs() -> Iterator[tuple[int, int]]:
        for unit in range(1, UNITS + 1):
            above = unit
            while above:
                yield above, unit
                above = (above - 2) // BRANCH + 1 if above > 1 else 0

    base.executemany("INSERT INTO closure VALUES (?, ?)", pairs())
    base.commit()
    base.execute("ANALYZE")
    base.commit()
    base.close()


def _computing(here: Office, path: Path) -> Result:
    period = parse_period(PERIOD, here.terms)
    bare = sqlite3.connect(path)
    bare.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    triggers = sorted({str(i.trigger) for i in here.settings.indicators.values() if i.source == "counted"})
    marks = ", ".join("?" * len(triggers))
    wanted = (*triggers, period.first.isoformat(), period.last.isoformat())

    def ours() -> None:
        with here.database.reading() as connection:
            rows_of(Figures(here, connection, TODAY).of(period))

    def floor() -> None:
        bare.execute(
            f"SELECT c.above, j.trigger, count(*) FROM journal j JOIN closure c ON c.unit_id = j.unit_id WHERE j.trigger IN ({marks})"
            " AND j.effective_on BETWEEN ? AND ? GROUP BY c.above, j.trigger",
            wanted,
        ).fetchall()

    return Result("a quarter's roll-up of 26,000 units, computing", *pair(ours, floor), bound=1.5)


def _storing(here: Office, path: Path) -> Result:
    period = parse_period(PERIOD, here.terms)
    with here.database.reading() as connection:
        sums = rows_of(Figures(here, connection, TODAY).of(period))
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    day, now = TODAY.isoformat(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    rows = [(PERIOD, name, unit, own, total, day, now) for (name, unit), (own, total) in sorted(sums.items())]

    def clear() -> None:
        bare.execute("DELETE FROM roll_ups")

    def ours() -> None:
        with here.database.writing() as connection:
            store_roll_ups(connection, PERIOD, sums, TODAY, here.now())

    def floor() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("INSERT INTO roll_ups VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        bare.execute("COMMIT")

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(5):
        for work, kept in ((floor, times[1]), (ours, times[0])):
            clear()
            kept.append(seconds(work))
    return Result(f"the same, storing {len(rows):,} rows", sorted(times[0])[2], sorted(times[1])[2], 3)


def _sweeping(here: Office, path: Path) -> Result:
    """The floor gets the thresholds that have fallen and the recipients ready made; ours works them out."""
    remind(here)
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    bare.executescript(
        """
        CREATE TABLE marks AS SELECT DISTINCT c.key, n.due_on, n.threshold, n.planned_for, n.state FROM notices n JOIN clocks c ON c.id = n.clock_id;
        CREATE INDEX marks_by_due ON marks (key, due_on);
        CREATE TABLE expected AS SELECT subject, due_on, threshold, recipient FROM notices;
        """
    )
    wanted = bare.execute("SELECT count(*) FROM notices").fetchone()[0]
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    def clear() -> None:
        bare.execute("DELETE FROM notices")

    def floor() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(
            "INSERT INTO notices (subject, clock_id, due_on, threshold, recipient, unit_id, planned_for, state, created_at)"
            " SELECT 'clock:' || c.id, c.id, c.due_on, m.threshold, r.address, k.unit_id, m.planned_for, m.state, ?"
            " FROM clocks c JOIN marks m ON m.key = c.key AND m.due_on = c.due_on JOIN candidates k ON k.id = c.candidate_id"
            " JOIN recipients r ON r.unit_id = k.unit_id WHERE c.state = 'running' AND m.planned_for >= c.starts_on"
            " ON CONFLICT (subject, due_on, threshold, recipient) DO NOTHING",
            (now,),
        )
        bare.execute("COMMIT")

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(3):
        for work, kept in ((floor, times[1]), (lambda: remind(here), times[0])):
            clear()
            kept.append(seconds(work))
            written = bare.execute("SELECT count(*) FROM notices").fetchone()[0]
            assert written == wanted, f"{written} rows instead of {wanted}"
    return Result(
        f"a sweep of {PEOPLE * len(CLOCKS):,} clocks, {wanted:,} notices", sorted(times[0])[1], sorted(times[1])[1], 2
    )
