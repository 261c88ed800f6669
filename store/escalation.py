"""Cases of units that fall behind, and the log of what happened to each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, Table, case, func, or_, select, text, update
from sqlmodel import Field, SQLModel

from states.errors import Conflict
from states.escalation import DA_DONG, STEPS
from states.wording import Text
from store.base import Instant, Json
from store.bulk import parts, plain_rows, put_values, set_rows
from store.targets import Figure
from store.unit_sets import among

_BY_HAND = "result = 'by_hand'"


class Case(SQLModel, table=True):
    """A unit behind on an indicator in a period; at most one is open."""

    # Of a case closed by hand `next_on` is the day from which a new one may be opened. `committed` and `silence_reason`
    # are those that hold the case now; what was before stands in its log.

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_open",
            "unit_id",
            "indicator",
            "period",
            unique=True,
            sqlite_where=text("step <> 'da_dong'"),
            postgresql_where=text("step <> 'da_dong'"),
        ),
        Index("ix_cases_step", "step"),
        Index("ix_cases_by_hand", "next_on", sqlite_where=text(_BY_HAND), postgresql_where=text(_BY_HAND)),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    indicator: str
    period: str
    step: str = Field(description="theo_doi -> nhac -> cap_tren -> thuong_vu -> da_dong")
    since: date = Field(description="the day this rung was reached")
    next_on: date | None = Field(default=None, description="working day the next rung is due")
    opened_on: date
    closed_on: date | None = Field(default=None)
    result: str | None = Field(default=None, description="caught_up, period_ended, target_withdrawn")
    status: str = Field(description="cham, nguy_co, chua_co_nguon: as last judged")
    actual: Decimal = Field(sa_type=Figure)
    floor: Decimal = Field(sa_type=Figure)
    ladder: dict = Field(  # type: ignore[type-arg]
        sa_column=Column(Json, nullable=False), description="the ladder as it was when the case opened"
    )
    committed: str | None = Field(default=None, description="what the unit promised, with committed_until")
    committed_until: date | None = Field(default=None)
    acknowledged_on: date | None = Field(default=None, description="day of the commitment")
    acknowledged_by: str | None = Field(default=None)
    silence_reason: str | None = Field(default=None, description="with silenced_until")
    silenced_until: date | None = Field(default=None)
    version: int = Field(default=1)


class CaseEvent(SQLModel, table=True):
    """What happened to a case: opened, rose, nobody_to_tell, closed …"""

    __tablename__ = "case_events"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    event: str
    on: date = Field(sa_column_kwargs={"name": "happened_on"})
    data: dict = Field(sa_column=Column(Json, nullable=False))  # type: ignore[type-arg]
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


CASES: Table = Case.__table__  # type: ignore[attr-defined]
EVENTS: Table = CaseEvent.__table__  # type: ignore[attr-defined]
_c = CASES.c
MOVED = Text(
    "Vụ việc vừa được người khác xử lý. Xin xem lại rồi làm lại.",
    "Somebody has just moved this case. Please look at it again.",
)


class OpenCase(NamedTuple):
    """A case as whoever moves it needs it."""

    id: int
    unit_id: int
    indicator: str
    period: str
    step: str
    since: date
    next_on: date | None
    opened_on: date
    status: str
    actual: Decimal
    floor: Decimal
    ladder: Mapping[str, Any]
    committed: str | None
    committed_until: date | None
    silence_reason: str | None
    silenced_until: date | None
    version: int

    @property
    def key(self) -> tuple[int, str, str]:
        """What at most one open case stands for: unit, indicator, period."""
        return self.unit_id, self.indicator, self.period


# id, unit, indicator, period, status, actual, floor, whether a rung or the end of a commitment or silence may have come,
# whether it was opened after the day (the office looks back). The numbers are as the driver gives them.
Glance = tuple[int, int, str, str, str, Any, Any, int | None, int]


def glance_at_open_cases(connection: Connection, today: date) -> list[Glance]:
    """Every open case in plain tuples: there may be as many as there are targets."""
    due = or_(_c.next_on <= today, _c.committed_until < today, _c.silenced_until < today)
    asked = select(
        _c.id, _c.unit_id, _c.indicator, _c.period, _c.status, _c.actual, _c.floor, due, _c.opened_on > today
    ).where(_c.step != DA_DONG)
    return plain_rows(connection.execute(asked))


def load_cases(connection: Connection, ids: Sequence[int]) -> dict[int, OpenCase]:
    """These cases by id, in its order."""
    wanted = sorted(ids)
    found: dict[int, OpenCase] = {}
    for some in parts(wanted):
        asked = select(*(_c[name] for name in OpenCase._fields)).where(_c.id.in_(some)).order_by(_c.id)
        found.update((row[0], OpenCase(*row)) for row in connection.execute(asked))
    return found


def load_closed_by_hand(connection: Connection, today: date) -> dict[tuple[int, str, str], int]:
    """(unit, indicator, period) -> case, where a case closed by hand keeps a new one from being opened today."""
    asked = select(_c.unit_id, _c.indicator, _c.period, _c.id).where(text(_BY_HAND), _c.next_on > today)
    return {(row[0], row[1], row[2]): row[3] for row in connection.execute(asked)}


def release_closed_by_hand(connection: Connection, ids: Sequence[int], today: date) -> list[int]:
    """Let new cases be opened again where these were closed by hand; those it changed."""
    changed: list[int] = []
    for some in parts(ids):
        still = (_c.id.in_(some), text(_BY_HAND), _c.next_on > today)
        released = update(CASES).where(*still).values(next_on=today, version=_c.version + 1).returning(_c.id)
        changed += [row[0] for row in connection.execute(released)]
    return changed


def take_ids(connection: Connection, number: int) -> list[int]:
    """Ids for so many new cases, nobody else's."""
    if connection.dialect.name == "sqlite":  # one writer at a time
        last = int(connection.execute(select(func.coalesce(func.max(_c.id), 0))).scalar_one())
        return list(range(last + 1, last + 1 + number))
    taken = text("SELECT nextval(pg_get_serial_sequence('cases', 'id')) FROM generate_series(1, :number)")
    return [row[0] for row in connection.execute(taken, {"number": number})]


def insert_cases(connection: Connection, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> set[int]:
    """Open cases given as values in the order of `names`, the first of them `id`; the ids of those that were opened.

    One that another run has opened meanwhile is left out.
    """
    put_values(connection, CASES, names, rows, "ON CONFLICT DO NOTHING")
    ids = [row[0] for row in rows]
    found = select(_c.id).where(_c.id.between(min(ids), max(ids))) if ids else None
    return set() if found is None else {row[0] for row in connection.execute(found)}.intersection(ids)


def lock_cases(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """id -> version of these cases, which nobody else can move until this transaction ends."""
    found: dict[int, int] = {}
    for some in parts(sorted(ids)):
        rows = connection.execute(select(_c.id, _c.version).where(_c.id.in_(some)).order_by(_c.id).with_for_update())
        found.update((row[0], row[1]) for row in rows)
    return found


def update_cases(connection: Connection, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Move cases by compare-and-set: values of `names`, then id and known version. Conflict if one has moved."""
    if set_rows(connection, CASES, rows, names, ("id", "version"), ", version = version + 1") != len(rows):
        raise Conflict(MOVED)


def log_case_events(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write down what happened, each as (case_id, event, day, data, recorded_at, recorded_by)."""
    put_values(connection, EVENTS, ("case_id", "event", "happened_on", "data", "recorded_at", "recorded_by"), rows)


def list_case_rows(
    connection: Connection, *, closed: bool, unit_ids: Collection[int] | None, case_id: int | None = None
) -> list[dict[str, Any]]:
    """Cases as rows, open ones first, of these the furthest up and oldest; `closed` also those that are over."""
    rank = case({step: place for place, step in enumerate(reversed(STEPS[:-1]))}, value=_c.step, else_=len(STEPS))
    asked = select(CASES).order_by(rank, _c.opened_on, _c.id)
    if not closed:
        asked = asked.where(_c.step != DA_DONG)
    if case_id is not None:
        asked = asked.where(_c.id == case_id)
    if unit_ids is not None:
        asked = asked.where(among(connection, _c.unit_id, unit_ids))
    return [dict(row) for row in connection.execute(asked).mappings()]


def load_case_events(connection: Connection, case_id: int) -> list[dict[str, Any]]:
    """What happened to one case, oldest first."""
    rows = connection.execute(select(EVENTS).where(EVENTS.c.case_id == case_id).order_by(EVENTS.c.id))
    return [dict(row) for row in rows.mappings()]


def count_open_cases(connection: Connection) -> dict[int, int]:
    """unit -> its open cases."""
    rows = connection.execute(select(_c.unit_id, func.count()).where(_c.step != DA_DONG).group_by(_c.unit_id))
    return {int(row[0]): int(row[1]) for row in rows}


class CaseMark(NamedTuple):
    """As much of a case as filters ask about."""

    id: int
    unit_id: int
    indicator: str
    step: str


def glance_at_cases(connection: Connection) -> list[CaseMark]:
    """Every case there ever was, oldest first."""
    asked = select(_c.id, _c.unit_id, _c.indicator, _c.step).order_by(_c.opened_on, _c.id)
    return [CaseMark._make(row) for row in plain_rows(connection.execute(asked))]


def lapsed_cases(connection: Connection) -> frozenset[int]:
    """The cases with a commitment that was not kept and that no other has taken the place of since."""
    c = EVENTS.c
    asked = select(c.case_id, c.event).where(c.event.in_(("commitment_lapsed", "acknowledged"))).order_by(c.id)
    last: dict[int, str] = {}
    for case_id, event in connection.execute(asked):
        last[case_id] = event
    return frozenset(case_id for case_id, event in last.items() if event == "commitment_lapsed")


def load_case_rows(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These cases as rows, in this order."""
    found: dict[int, dict[str, Any]] = {}
    for some in parts(ids):
        rows = connection.execute(select(CASES).where(_c.id.in_(some))).mappings()
        found.update((row["id"], dict(row)) for row in rows)
    return [found[one] for one in ids if one in found]
