"""Clocks: every running, met, late or void time limit, with the text it rests on; and every move of a due day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    Table,
    UniqueConstraint,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlmodel import Field, SQLModel

from states.clocks import VOID, ClockRun
from store.base import Instant
from store.bulk import parts, put_values, set_rows
from store.candidates import Candidate


class Clock(SQLModel, table=True):
    """One limit running for one person. `run` counts the clocks of one key in a person's life: 1, 2 …"""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("candidate_id", "key", "run"),
        CheckConstraint("state IN ('running', 'met', 'late', 'void')", name="state"),
        Index(
            "ix_clocks_running",
            "due_on",
            "key",
            "candidate_id",
            "limit_unit",
            "starts_on",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_clocks_running_of",
            "candidate_id",
            "due_on",
            "key",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    candidate_id: int = Field(sa_type=BigInteger, foreign_key="candidates.id")
    key: str = Field(description="the limit's key in regulations.yaml")
    run: int
    starts_on: date
    due_on: date = Field(description="last day in time")
    limit_value: int
    limit_unit: str = Field(description="working_days or months")
    extension: int = Field(default=0, description="working days added by `extend`")
    profile: str = Field(description="text it started under")
    status: str = Field(description="verified, reported, carried_over")
    citation: str
    calendar: str = Field(description="version of the holiday table the due day was reckoned with")
    state: str = Field(description="running -> met | late | void")
    stopped_on: date | None = Field(default=None)


class ClockMove(SQLModel, table=True):
    """A due day that moved because the holiday table or a confirmed limit changed."""

    __tablename__ = "clock_moves"
    id: int | None = Field(default=None, primary_key=True)
    clock_id: int = Field(foreign_key="clocks.id", index=True)
    from_due_on: date
    to_due_on: date
    reason: str = Field(description="calendar or limit")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))


CLOCKS: Table = Clock.__table__  # type: ignore[attr-defined]
_c = CLOCKS.c
RUNS = _c.state == literal_column("'running'")  # written out: SQLite's partial index does not know a bound value
_CANDIDATES: Table = Candidate.__table__  # type: ignore[attr-defined]


class DueDay(NamedTuple):
    """Clocks of one limit running out on one day."""

    key: str
    due_on: date


class Basis(NamedTuple):
    """What the due days of running clocks were reckoned from, and the due day it gave."""

    key: str
    starts_on: date
    limit_value: int
    limit_unit: str
    extension: int
    profile: str
    status: str
    citation: str
    due_on: date


class RunningClock(NamedTuple):
    """A running clock with the person's code, unit and step."""

    id: int
    candidate_id: int
    code: str
    unit_id: int
    step: str
    key: str
    starts_on: date
    due_on: date
    limit_unit: str
    profile: str
    status: str
    citation: str


def running_due_days(connection: Connection, until: date) -> list[DueDay]:
    """Which limits run out on which days up to `until`, overdue ones included."""
    rows = connection.execute(select(_c.key, _c.due_on).where(RUNS, _c.due_on <= until).distinct())
    return [DueDay(*row) for row in rows]


def running_clocks(
    connection: Connection, until: date, unit_ids: Sequence[int] | None = None, candidate_id: int | None = None
) -> list[RunningClock]:
    """Running clocks due by `until`, the earliest due day first; of these units or this person alone when given."""
    k = _CANDIDATES.c
    query = clocks_with_people(RunningClock).where(RUNS, _c.due_on <= until).order_by(_c.due_on, k.code, _c.key)
    if candidate_id is not None:
        query = query.where(_c.candidate_id == candidate_id)
    rows = [RunningClock(*row) for row in connection.execute(query)]
    if unit_ids is None:
        return rows
    wanted = set(unit_ids)
    return [row for row in rows if row.unit_id in wanted]


class ClockRow(NamedTuple):
    """A clock with everything its due day rests on."""

    id: int
    candidate_id: int
    code: str
    unit_id: int
    step: str
    key: str
    run: int
    starts_on: date
    due_on: date
    limit_value: int
    limit_unit: str
    extension: int
    profile: str
    status: str
    citation: str
    calendar: str
    state: str
    stopped_on: date | None


def clocks_with_people(row: type[RunningClock] | type[ClockRow], *more: ColumnElement[Any]) -> Select[Any]:
    """The columns of such rows, and `more`, of clocks joined to their people."""
    k = _CANDIDATES.c
    columns = (k[name] if name in ("code", "unit_id", "step") else _c[name] for name in row._fields)
    return select(*columns, *more).join_from(CLOCKS, _CANDIDATES, k.id == _c.candidate_id)


def clock_rows(
    connection: Connection, *, candidate_id: int | None = None, clock_ids: Sequence[int] | None = None
) -> list[ClockRow]:
    """Clocks of one person, or these clocks, in whatever state, the earliest due day first."""
    query = clocks_with_people(ClockRow).order_by(_c.due_on, _c.id)
    if candidate_id is not None:
        query = query.where(_c.candidate_id == candidate_id)
    if clock_ids is None:
        return [ClockRow(*row) for row in connection.execute(query)]
    return [ClockRow(*row) for some in parts(clock_ids) for row in connection.execute(query.where(_c.id.in_(some)))]


def load_moves(connection: Connection, clock_id: int) -> list[tuple[date, date, str, datetime]]:
    """(from, to, reason, recorded at) of every move of a clock's due day, oldest first."""
    m = ClockMove.__table__.c  # type: ignore[attr-defined]
    query = select(m.from_due_on, m.to_due_on, m.reason, m.recorded_at).where(m.clock_id == clock_id).order_by(m.id)
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def due_candidates(
    connection: Connection, key: str, step: str, until: date, unit_ids: Sequence[int] | None = None
) -> list[int]:
    """Ids of people in `step` whose clock `key` is running and due by `until`; of these units alone when given."""
    k = _CANDIDATES.c
    rows = connection.execute(
        select(k.id, k.unit_id)
        .join_from(CLOCKS, _CANDIDATES, k.id == _c.candidate_id)
        .where(RUNS, _c.due_on <= until, _c.key == key, k.step == step)
        .order_by(k.id)
    )
    wanted = None if unit_ids is None else set(unit_ids)
    return [row[0] for row in rows if wanted is None or row[1] in wanted]


def count_at(connection: Connection, key: str, step: str, unit_ids: Sequence[int] | None = None) -> int:
    """How many people in `step` have a running clock `key`; of these units alone when given."""
    return len(due_candidates(connection, key, step, date.max, unit_ids))


def count_running(connection: Connection) -> int:
    """How many clocks run."""
    return int(connection.execute(select(func.count()).select_from(CLOCKS).where(RUNS)).scalar_one())


_BASIS = tuple(_c[name] for name in Basis._fields)


def running_bases(connection: Connection) -> list[Basis]:
    """Every different basis running clocks were reckoned on."""
    return [Basis(*row) for row in connection.execute(select(*_BASIS).where(RUNS).distinct())]


def clocks_on(connection: Connection, bases: Iterable[Basis]) -> dict[int, tuple[int, Basis]]:
    """Running clocks reckoned on one of these bases: clock id -> (candidate id, basis)."""
    wanted = set(bases)
    if not wanted:
        return {}
    rows = connection.execute(
        select(_c.id, _c.candidate_id, *_BASIS).where(RUNS, _c.key.in_({basis.key for basis in wanted}))
    )
    found = {row[0]: (row[1], Basis(*row[2:])) for row in rows}
    return {clock_id: one for clock_id, one in found.items() if one[1] in wanted}


def due_days(connection: Connection, clock_ids: Sequence[int]) -> dict[int, date]:
    """The due days of these clocks now."""
    found: dict[int, date] = {}
    for some in parts(clock_ids):
        rows = connection.execute(select(_c.id, _c.due_on).where(_c.id.in_(some)))
        found.update((clock_id, due_on) for clock_id, due_on in rows)
    return found


def record_moves(connection: Connection, moves: Mapping[int, tuple[date, date, str]], recorded_at: datetime) -> None:
    """Write down which due days moved: clock id -> (from, to, "calendar" or "limit")."""
    rows: list[dict[str, Any]] = [
        {"clock_id": clock_id, "from_due_on": old, "to_due_on": new, "reason": reason, "recorded_at": recorded_at}
        for clock_id, (old, new, reason) in moves.items()
    ]
    if rows:
        connection.execute(insert(ClockMove.__table__), rows)  # type: ignore[attr-defined]


def put_clocks(connection: Connection, runs: Sequence[tuple[int, ClockRun]]) -> None:
    """Write runs of candidates' clocks, new or changed; a run is known by candidate, key and number."""
    put_values(connection, CLOCKS, _COLUMNS, [(candidate, *run) for candidate, run in runs], _AGAIN)


_KEY = ("candidate_id", "key", "run")
_COLUMNS = ("candidate_id", *ClockRun._fields)
_AGAIN = (
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in _COLUMNS if name not in _KEY)}"
)


def stop_clocks(connection: Connection, runs: Sequence[tuple[int, ClockRun]]) -> None:
    """Write `state` and `stopped_on` alone of runs that are stored."""
    rows = [(run.state, run.stopped_on, candidate, run.key, run.run) for candidate, run in runs]
    set_rows(connection, CLOCKS, rows, ("state", "stopped_on"), _KEY)


def load_runs(connection: Connection, candidate_ids: Sequence[int]) -> list[tuple[int, str, int, str]]:
    """(candidate, key, run, state) of every clock of these people."""
    found: list[tuple[int, str, int, str]] = []
    for some in parts(candidate_ids):
        query = select(_c.candidate_id, _c.key, _c.run, _c.state)
        found += [tuple(row) for row in connection.execute(query.where(_c.candidate_id.in_(some)))]
    return found


def void_runs(connection: Connection, runs: Sequence[tuple[int, str, int]]) -> None:
    """Runs that a correction left without a beginning."""
    set_rows(connection, CLOCKS, [(VOID, *run) for run in runs], ("state",), _KEY)
