"""A country of lawful people: a few hundred ways made through the gate, then laid under 100,000 names by bare SQL."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from procedures.gate import Gate
from procedures.office import Office
from states.calendar import SINCE_EVER, add_months
from states.events import Event
from states.membership import read_event
from states.way import PersonFacts
from states.wording import fold
from store.people_writing import Attribute, insert_attributes, insert_people, new_id
from store.units import NewVersion, Version, insert_units, insert_versions

PEOPLE, MODELS = 100_000, 400
UNITS, BRANCH = 26_000, 12
TODAY = date(2025, 12, 1)
OPENED = date(2023, 1, 3)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Hữu", "Thu", "Quang", "Xuân", "Kim")
GIVEN = ("An", "Bình", "Châu", "Dũng", "Đạt", "Giang", "Hà", "Hạnh", "Hòa", "Khánh", "Lan", "Linh", "Mai", "Nam", "Oanh",
         "Phúc", "Quỳnh", "Sơn", "Thảo", "Trang", "Tuấn", "Uyên", "Vinh", "Yến")  # fmt: skip
KINDS = ("tinh_uy", "dang_uy_xa", "dang_uy_co_so", "dang_uy_bo_phan", "chi_bo")


def fill(path: Path) -> Office:
    """An initialised office at `path` with everybody in it."""
    here = Office.open(today=TODAY, database_url=f"sqlite:///{path}", user="bench")
    here.database.init()
    chance = random.Random(20251201)
    _models(here, chance)
    here.database.close()
    _clone(path, chance)
    return Office.open(today=TODAY, database_url=f"sqlite:///{path}", user="bench")


def _way(chance: random.Random, start: date, here: Office) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """The whole way from an introduction on `start`, with the gaps offices really need."""
    vote = {"summoned": 9, "in_favour": 8}
    day = here.calendar.working_day_on_or_after(start)

    def after(least: int, most: int) -> date:
        nonlocal day
        day = here.calendar.add_working_days(day, chance.randint(least, most))
        return day

    yield "nominate", day, {}
    yield "list", after(8, 25), {"helper": "Nguyễn Văn Giúp"}
    yield "send_to_class", after(8, 30), {}
    yield "certify_class", after(10, 25), {"issuer": "Trung tâm chính trị"}
    yield "open_file", after(15, 60), {}
    yield "complete_file", after(30, 60), {"documents": "đủ", "introducers": "Một; Hai", "shared_since": "01/01/2020"}
    yield "cell_vote", after(8, 30), vote
    yield "base_vote", after(5, 12), vote
    yield "decide", after(10, 20), {"outcome": "dong_y"}
    yield "receive_decision", after(2, 4), {}
    yield "hold_ceremony", after(5, 20), {}
    held = day
    yield "certify_new_member", add_months(held, 5), {"issuer": "Trung tâm chính trị"}
    day = here.calendar.working_day_on_or_after(add_months(held, 12))
    yield "recognition_cell_vote", after(5, 20), vote
    yield "recognition_base_vote", after(4, 8), vote
    yield "decide_recognition", after(8, 16), {"outcome": "dong_y"}


def _models(here: Office, chance: random.Random) -> None:
    """The tree, and MODELS people whose ways the gate judged."""
    now = datetime.now(UTC)
    with here.database.writing() as connection:
        ids = insert_units(connection, [f"U{n:05d}" for n in range(1, UNITS + 1)])
        depth = {1: 0}
        versions = []
        for n in range(1, UNITS + 1):
            above = (n - 2) // BRANCH + 1 if n > 1 else None
            depth[n] = depth[above] + 1 if above else 0
            kind = KINDS[min(depth[n], 4)]
            parent = ids[f"U{above:05d}"] if above else None
            chain = "co_so" if n == 1 else None
            name = f"{'Chi bộ' if kind == 'chi_bo' else 'Đảng ủy'} Công ty Mẫu số {n}"
            versions.append(NewVersion(ids[f"U{n:05d}"], Version(SINCE_EVER, name, kind, parent, chain, {}, False)))
        insert_versions(connection, versions, now, "bench")
    gate = Gate(here)
    with here.database.writing() as connection:
        gate.units(connection)
        facts = PersonFacts("1995-03-20", (("hoc_van", SINCE_EVER, "dai_hoc"),))
        plans = []
        people: list[int] = []
        while len(plans) < MODELS:
            start = OPENED + timedelta(days=chance.randint(10, 1000))
            events = [one for one in _way(chance, start, here) if one[1] <= TODAY]
            events = events[: chance.randint(1, len(events))] if events and chance.random() < 0.35 else events
            person = new_id()
            fresh = gate.fresh(
                f"M{len(plans):05d}", facts, ids[f"U{UNITS:05d}"],
                Event("open_at", OPENED, data={"step": "quan_chung"}), person_id=person,
            )  # fmt: skip
            plan = gate.plan(fresh, [(None, read_event(trigger, on, raw, document_number="12-NQ/CB", document_date=on))
                                     for trigger, on, raw in events])  # fmt: skip
            if plan.problems:
                continue
            people.append(person)
            plans.append(plan)
        insert_people(connection, [(one, "Người Mẫu", "1995-03-20") for one in people])
        insert_attributes(connection, [Attribute(one, "hoc_van", SINCE_EVER, "dai_hoc") for one in people], now)
        gate.write(connection, plans)


def _clone(path: Path, chance: random.Random) -> None:
    """Everybody else: the rows of a model under another name, code and unit. Hashes are not what is measured here."""
    base = sqlite3.connect(path)
    base.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-524288; PRAGMA foreign_keys=OFF")
    models = base.execute("SELECT * FROM candidates").fetchall()
    columns = _columns(base, "candidates")
    at = {name: place for place, name in enumerate(columns)}
    more = PEOPLE - len(models)
    copies: dict[int, list[tuple[int, int, int]]] = {}  # model -> (candidate, person, unit)
    candidates, names, attributes = [], [], []
    recorded = base.execute("SELECT recorded_at FROM person_attributes LIMIT 1").fetchone()[0]
    for n in range(more):
        row = list(models[n % len(models)])
        one, person, unit = new_id(), new_id(), chance.randint(UNITS // BRANCH, UNITS)
        copies.setdefault(row[at["id"]], []).append((one, person, unit))
        row[at["id"]], row[at["person_id"]], row[at["unit_id"]], row[at["code"]] = one, person, unit, f"P{n:06d}"
        candidates.append(row)
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        names.append((person, name, fold(name), f"{chance.randint(1970, 2004)}-{chance.randint(1, 12):02d}-15"))
        for key, value in (
            ("gioi_tinh", chance.choice(("Nam", "Nữ"))), ("hoc_van", "dai_hoc"), ("dan_toc", "Kinh"),
            ("doan_vien", chance.choice("01")),
        ):  # fmt: skip
            attributes.append((person, key, value, SINCE_EVER.isoformat(), recorded))
    base.executemany("INSERT INTO people (id, name, name_key, birth) VALUES (?, ?, ?, ?)", names)
    base.executemany(
        "INSERT INTO person_attributes (person_id, key, value, from_on, recorded_at) VALUES (?, ?, ?, ?, ?)", attributes
    )
    base.executemany(f"INSERT INTO candidates VALUES ({', '.join('?' * len(columns))})", candidates)
    for table in ("journal", "clocks", "entry_texts"):
        _copy_rows(base, table, copies)
    ids = [row[0] for row in base.execute("SELECT id FROM units ORDER BY id")]
    base.executemany(
        "INSERT INTO recipients (unit_id, role, name, address) VALUES (?, 'bi_thu', ?, ?)",
        ((one, f"Cán bộ {one}", f"u{one}@example.org") for one in ids),
    )
    base.executemany(
        "INSERT INTO cases (unit_id, indicator, period, step, since, next_on, opened_on, status, actual, floor, ladder, version)"
        " VALUES (?, 'admitted', '2025', 'nhac', '2025-11-03', '2025-12-15', '2025-10-06', 'cham', 1, 4, ?, 1)",
        ((one, '{"version":"bench","rungs":[]}') for one in ids[::5]),
    )
    base.commit()
    base.close()


def _copy_rows(base: sqlite3.Connection, table: str, copies: dict[int, list[tuple[int, int, int]]]) -> None:
    names = [name for name in _columns(base, table) if name != "id"]
    who = names.index("candidate_id")
    where = names.index("unit_id") if "unit_id" in names else None
    rows = base.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY rowid").fetchall()

    def made() -> Iterator[list[Any]]:
        for row in rows:
            for one, _, unit in copies.get(row[who], ()):
                new = list(row)
                new[who] = one
                if where is not None:
                    new[where] = unit
                yield new

    base.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", made())


def _columns(base: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
