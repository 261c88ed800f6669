"""The report of a district with 500 units, computed and written as a workbook with its charts: CPU seconds."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert

from benchmarks.measure import Result, seconds
from procedures.office import Office
from procedures.printing import write_book, write_document
from procedures.report import report
from states.calendar import SINCE_EVER
from states.indicators import COUNTED, RATIO
from states.targets import Target
from store.candidates import Candidate
from store.figures import ReportedFigure
from store.journal import Entry
from store.people import Person
from store.targets import insert_targets
from store.units import NewVersion, Version, insert_units, insert_versions

UNITS, PEOPLE = 500, 10_000
TODAY, PERIOD, YEAR = date(2025, 6, 30), "2025-H1", "2025"
SECONDS = 2.0
ROUNDS = 3


def district(folder: Path) -> Iterator[Result]:
    """All 500 units right under the district, each with a target for every indicator: the most a report can hold."""
    here = Office.open(today=TODAY, database_url=f"sqlite:///{folder / 'book.db'}", user="bench")
    here.database.init()
    _fill(here)
    for name, file, write in (
        (".xlsx with charts", "book.xlsx", write_book),
        (".docx", "book.docx", write_document),
    ):
        taken = [
            seconds(lambda: write(here, report(here, "Q", PERIOD), folder / file), time.process_time)  # noqa: B023
            for _ in range(ROUNDS + 1)
        ]
        size = (folder / file).stat().st_size >> 10
        note = f"{size:,} KB, the first time {taken[0]:.2f} s"
        yield Result(f"report of {UNITS} units to {name}, CPU", statistics.median(taken[1:]), SECONDS, 1, note=note)


def _fill(here: Office) -> None:
    chance, now = random.Random(20250630), datetime(2025, 6, 1, tzinfo=UTC)
    codes = [f"U{n:03d}" for n in range(UNITS)]
    indicators = {name: one for name, one in here.settings.indicators.items() if one.source != RATIO}
    with here.database.writing() as connection:
        ids = insert_units(connection, ["Q", *codes])
        names = {code: f"Công đoàn cơ sở Công ty trách nhiệm hữu hạn Mẫu số {n}" for n, code in enumerate(codes)}
        kinds = [("Q", "ldld", None), *((code, "cong_doan_co_so", ids["Q"]) for code in codes)]
        versions = [
            NewVersion(
                ids[code],
                Version(SINCE_EVER, names.get(code, "Liên đoàn Lao động quận Mẫu"), kind, above, None, {}, False),
            )
            for code, kind, above in kinds
        ]
        insert_versions(connection, versions, now, "bench")
        targets = [
            Target(
                unit,
                name,
                YEAR,
                Decimal(chance.randint(1, 60) if code != "Q" else 9_000),
                decision_date=date(2025, 1, 15),
            )
            for code, unit in ids.items()
            for name in indicators
        ]
        insert_targets(connection, targets, now, "bench")
        reported = [
            {
                "unit_id": ids[code], "indicator": name, "period": PERIOD, "value": Decimal(chance.randint(0, 40)),
                "reported_on": TODAY, "credited_unit_id": ids[code], "recorded_at": now, "recorded_by": "bench",
            }
            for code in codes
            for name, one in indicators.items()
            if one.source != COUNTED
        ]  # fmt: skip
        connection.execute(insert(ReportedFigure.__table__), reported)  # type: ignore[attr-defined]
        people = [(n, f"P{n:05d}", ids[chance.choice(codes)]) for n in range(1, PEOPLE + 1)]
        connection.execute(insert(Person.__table__), [{"id": n, "name": "Mẫu"} for n, _, _ in people])  # type: ignore[attr-defined]
        shared = {"facts": {}, "head_sequence": 3, "head_hash": "x", "version": 3, "step": "cam_tinh"}
        rows = [{"id": n, "code": code, "person_id": n, "unit_id": unit, **shared} for n, code, unit in people]
        connection.execute(insert(Candidate.__table__), rows)  # type: ignore[attr-defined]
        entries = []
        for n, _, unit in people:
            day = date(2023, 7, 1) + timedelta(days=chance.randint(0, 600))
            for sequence, (trigger, step) in enumerate(
                (("nominate", "duoc_gioi_thieu"), ("send_to_class", "cam_tinh"), ("hold_ceremony", "du_bi")), 1
            ):
                entries.append(
                    {
                        "candidate_id": n, "sequence": sequence, "trigger": trigger, "source": "x", "destination": step,
                        "effective_on": day, "recorded_at": now, "recorded_by": "bench", "unit_id": unit, "data": {},
                        "text_applied": "qd294", "previous_hash": "x", "hash": f"{n}:{sequence}",
                    }
                )  # fmt: skip
                day += timedelta(days=chance.randint(5, 60))
        connection.execute(insert(Entry.__table__), entries)  # type: ignore[attr-defined]
