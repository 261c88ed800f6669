"""Single steps and bulk steps against the bare database doing the same reads and writes on the same rows."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlmodel import Session, select

from benchmarks.measure import Result, seconds
from benchmarks.people import VOTE, fill, office
from procedures.advance import AdvanceRow, advance, advance_many
from store.candidates import Candidate
from store.clocks import Clock
from store.database import CACHE_KIB
from store.journal import Entry

STEPS = 1_000
MANY = 10_000
ROUNDS = 3
READ = "SELECT c.id, c.code, c.person_id, c.unit_id, c.step, c.head_sequence, c.head_hash, c.version, p.birth, c.facts FROM candidates c JOIN people p ON p.id = c.person_id WHERE c.code = ?"
ATTRIBUTES = "SELECT person_id, key, from_on, value FROM person_attributes WHERE person_id IN (?) ORDER BY person_id, key, from_on, recorded_at"
UNITS = "SELECT max(id) FROM unit_versions"


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _written(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows the steps wrote, as plain values by table, to be written again by the bare module."""
    connection = sqlite3.connect(path)
    rows = {
        "journal": connection.execute("SELECT * FROM journal WHERE trigger = 'cell_vote' ORDER BY id").fetchall(),
        "candidates": connection.execute("SELECT * FROM candidates ORDER BY code").fetchall(),
        "clocks": connection.execute(
            "SELECT * FROM clocks WHERE key IN ('certificate_valid_months', 'file_valid_months', 'admission_decision_wd')"
        ).fetchall(),
    }
    connection.close()
    return rows


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return connection


def _statements(connection: sqlite3.Connection) -> tuple[str, str, str]:
    journal, clocks = _columns(connection, "journal"), _columns(connection, "clocks")
    put = f"INSERT INTO journal VALUES ({', '.join('?' * len(journal))})"
    move = (
        "UPDATE candidates SET step=?, since=?, official_on=?, facts=?, head_sequence=?, head_hash=?, "
        "version=version+1 WHERE id=? AND version=?"
    )
    names = [name for name in clocks if name != "id"]
    same = ", ".join(f"{name}=excluded.{name}" for name in names if name not in ("candidate_id", "key", "run"))
    run = (
        f"INSERT INTO clocks ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "
        f"ON CONFLICT (candidate_id, key, run) DO UPDATE SET {same}"
    )
    return put, move, run


def _by_name(connection: sqlite3.Connection, table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(_columns(connection, table), row, strict=True))


def single(folder: Path) -> Result:
    """One durable lawful step (read, judge, hash, write, commit) against the same statements by the sqlite3 module."""
    made, bare, before = (folder / name for name in ("steps.db", "steps-bare.db", "steps-before.db"))
    here = office(made)
    codes = fill(here, STEPS)
    here.database.close()
    _copy(made, before)

    def ours() -> float:
        _copy(before, made)
        again = office_again(made)
        took = seconds(lambda: [_vote(again, code) for code in codes])
        again.database.close()
        return took

    times: tuple[list[float], list[float]] = ([ours()], [])
    rows = _written(made)
    connection = _bare(made)
    put, move, run = _statements(connection)
    moved = {row["code"]: row for row in (_by_name(connection, "candidates", r) for r in rows["candidates"])}
    connection.close()
    entries = {row[1]: row for row in rows["journal"]}
    clocks: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows["clocks"]:
        clocks.setdefault(row[1], []).append(row[1:])

    def floor(connection: sqlite3.Connection) -> None:
        for code in codes:
            new = moved[code]
            connection.execute("BEGIN")
            old = connection.execute(READ, (code,)).fetchone()
            connection.execute(ATTRIBUTES, (old[2],)).fetchall()
            connection.execute(UNITS).fetchone()
            connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                move,
                (new["step"], new["since"], new["official_on"], new["facts"], new["head_sequence"], new["head_hash"], old[0], old[7]),
            )  # fmt: skip
            connection.execute(put, (None, *entries[old[0]][1:]))
            connection.executemany(run, clocks[old[0]])
            connection.execute("COMMIT")

    for _ in range(ROUNDS):  # in turns: the machine's mood hits both
        _copy(before, bare)
        connection = _bare(bare)
        times[1].append(seconds(lambda connection=connection: floor(connection)))  # type: ignore[misc]
        connection.close()
        if len(times[0]) < ROUNDS:
            times[0].append(ours())
    a_step, the_same = (statistics.median(one) / STEPS * 1e3 for one in times)
    return Result(f"a lawful step, {STEPS} × one commit", a_step, the_same, 3, "ms")


def _vote(here: Any, code: str) -> None:
    advance(here, code, "cell_vote", VOTE, document_number="12-NQ/CB", data={"summoned": 9, "in_favour": 8})


def office_again(path: Path) -> Any:
    """The office as another process would open it."""
    from benchmarks.people import TODAY
    from procedures.office import Office

    here = Office.open(today=TODAY, database_url=f"sqlite:///{path}", user="bench")
    here.calendar.add_working_days(TODAY, 1)  # the table of holidays is laid out once a process
    return here


def _copy(source: Path, target: Path) -> None:
    connection = sqlite3.connect(source)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for file in target.parent.glob(target.name + "*"):
        file.unlink()
    shutil.copy(source, target)


def many(folder: Path) -> Result:
    """`advance_many` of 10,000 people against a plain ORM session writing the same rows, 1,000 per commit."""
    made, other, before = (folder / name for name in ("many.db", "many-orm.db", "many-before.db"))
    here = office(made)
    codes = fill(here, MANY)
    here.database.close()
    _copy(made, before)
    rows = [AdvanceRow(code, "cell_vote", VOTE, "12-NQ/CB", None, {"summoned": 9, "in_favour": 8}) for code in codes]

    def ours() -> float:
        _copy(before, made)
        again = office_again(made)
        took = seconds(lambda: advance_many(again, rows))
        again.database.close()
        return took

    times: tuple[list[float], list[float]] = ([ours()], [])
    engine = create_engine(f"sqlite:///{made}")
    with Session(engine) as session:
        entries = [
            e.model_dump(exclude={"id"}) for e in session.exec(select(Entry).where(Entry.trigger == "cell_vote"))
        ]
        people = {p.id: p.model_dump() for p in session.exec(select(Candidate))}
        runs = [c.model_dump() for c in session.exec(select(Clock))]
    engine.dispose()
    assert len(entries) == MANY
    theirs: dict[int, list[dict[str, Any]]] = {}
    for run in runs:
        theirs.setdefault(run["candidate_id"], []).append(run)

    def plain(orm: Engine) -> None:
        for start in range(0, MANY, 1_000):
            with Session(orm) as session:
                for setting in ("synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KIB}"):
                    session.connection().exec_driver_sql(f"PRAGMA {setting}")
                part = entries[start : start + 1_000]
                ids = [entry["candidate_id"] for entry in part]
                old = {p.id: p for p in session.exec(select(Candidate).where(Candidate.id.in_(ids)))}  # type: ignore[union-attr]
                clocks = {
                    (c.candidate_id, c.key, c.run): c
                    for c in session.exec(select(Clock).where(Clock.candidate_id.in_(ids)))
                }  # type: ignore[attr-defined]
                for entry in part:
                    person, new = old[entry["candidate_id"]], people[entry["candidate_id"]]
                    for name in ("unit_id", "step", "since", "facts", "head_sequence", "head_hash", "version"):
                        setattr(person, name, new[name])
                    session.add(Entry(**entry))
                    for run in theirs[entry["candidate_id"]]:
                        known = clocks.get((run["candidate_id"], run["key"], run["run"]))
                        if known is None:
                            session.add(Clock(**{k: v for k, v in run.items() if k != "id"}))
                        else:
                            for name in ("state", "stopped_on", "due_on"):
                                setattr(known, name, run[name])
                session.commit()

    for _ in range(ROUNDS):
        _copy(before, other)
        orm = create_engine(f"sqlite:///{other}")
        with orm.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        times[1].append(seconds(lambda orm=orm: plain(orm)))  # type: ignore[misc]
        orm.dispose()
        if len(times[0]) < ROUNDS:
            times[0].append(ours())
    name = f"advance_many of {MANY:,} people against the plain ORM"
    return Result(name, statistics.median(times[0]), statistics.median(times[1]), 3, at_least=True)
