"""The sweep: running clocks become ledger rows in a few set statements. The ledger's unique key is the idempotence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from unicodedata import normalize

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    TextClause,
    bindparam,
    func,
    insert,
    select,
    text,
)

from states.reminders import HELPER
from store.base import Instant
from store.bulk import parts
from store.candidates import Candidate
from store.clocks import CLOCKS, RUNS
from store.journal import Entry, EntryText
from store.notices import Notice, Recipient
from store.units import UnitVersion

_NOTICES: Table = Notice.__table__  # type: ignore[attr-defined]
_RECIPIENTS: Table = Recipient.__table__  # type: ignore[attr-defined]

LOCK = 0x6B65746F  # PostgreSQL's advisory lock while the ledger is swept

# Small tables of one sweep, gone when it ends.
_passing = MetaData()
_MARKS = Table(
    "sweep_marks",
    _passing,
    Column("batch", Integer, primary_key=True, autoincrement=False),  # one limit running out on one day
    Column("threshold", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("limit_unit", String, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("planned_for", Date, nullable=False),
    Column("latest", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
_TOLD = Table(
    "sweep_told",
    _passing,
    Column("unit_id", Integer, primary_key=True),
    Column("address", String, primary_key=True),  # empty = nobody to tell
    prefixes=["TEMPORARY"],
)
_HELPERS = Table(
    "sweep_helpers",
    _passing,
    Column("candidate_id", BigInteger, primary_key=True, autoincrement=False),
    Column("address", String, primary_key=True),
    prefixes=["TEMPORARY"],
)
_PAIRS = Table(
    "sweep_pairs",
    _passing,
    Column("clock_id", Integer),
    Column("batch", Integer),
    Column("starts_on", Date),
    Column("unit_id", Integer),
    Column("address", String),
    Column("stands", Integer),
    prefixes=["TEMPORARY"],
)


class DueMark(NamedTuple):
    """A threshold of all clocks of one limit that run out on one day (a batch); `latest` = the one to send."""

    batch: int
    key: str
    limit_unit: str
    due_on: date
    threshold: int
    planned_for: date
    latest: bool


class Swept(NamedTuple):
    """What one sweep did to the ledger."""

    created: int
    passed_over: int
    withdrawn: int
    unchanged: int
    nobody_to_tell: int


def sweep(connection: Connection, marks: Sequence[DueMark], roles: Sequence[str], today: date, now: datetime) -> Swept:
    """Bring the ledger up to date with the running clocks, for the recipients in `roles`.

    Withdraws what is no longer true, plans the latest threshold of every clock for every recipient, and records the
    thresholds before it as passed over. A row that stands already is left as it is. A helper (HELPER in `roles`) is
    told of the people helped alone, when the unit's recipients hold that name.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})  # SQLite has one writer anyway
    _passing.create_all(connection, checkfirst=False)
    if marks:
        connection.execute(insert(_MARKS), [{**mark._asdict(), "latest": int(mark.latest)} for mark in marks])
    offices = [role for role in roles if role != HELPER]
    _resolve(connection, offices, today)
    helpers = _find_helpers(connection, offices) if HELPER in roles else 0
    withdrawn = connection.execute(_WITHDRAW).rowcount
    before = connection.execute(select(func.coalesce(func.max(_NOTICES.c.id), 0))).scalar_one()
    connection.execute(_PAIR)
    if helpers:
        connection.execute(_PAIR_HELPERS)
    unchanged, created, nobody = connection.execute(_TALLY).one()
    passed = connection.execute(_WRITE, {"now": now}).rowcount - created - nobody if created or nobody else 0
    passed += connection.execute(_OVERTAKE, {"before": before}).rowcount
    _passing.drop_all(connection, checkfirst=False)
    return Swept(created, passed, withdrawn, unchanged, nobody)


def withdraw_untrue(connection: Connection) -> int:
    """Withdraw unsent notices whose clock stopped, is gone or has another due day; how many."""
    return connection.execute(_WITHDRAW_STOPPED).rowcount


def _resolve(connection: Connection, roles: Sequence[str], today: date) -> None:
    """Fill `sweep_told`: a unit's own recipients, else those of the nearest unit above, else an empty address."""
    r = _RECIPIENTS.c
    own = select(r.unit_id, r.address).where(r.role.in_(roles), r.address != "").distinct()
    connection.execute(insert(_TOLD).from_select(["unit_id", "address"], own))
    lacking = [row[0] for row in connection.execute(_LACKING)]
    if lacking:
        rows = inherited(connection, lacking, roles, today)
        connection.execute(insert(_TOLD), [{"unit_id": unit_id, "address": address} for unit_id, address in rows])


def inherited(
    connection: Connection, unit_ids: Iterable[int], roles: Sequence[str], today: date
) -> list[tuple[int, str]]:
    """(unit, address): recipients of units that have none themselves, from the nearest unit above today; an empty address = nobody."""
    v, r = UnitVersion.__table__.c, _RECIPIENTS.c  # type: ignore[attr-defined]
    above: dict[int, int | None] = {}
    versions = select(v.unit_id, v.parent_id, v.from_on).order_by(v.unit_id, v.from_on, v.id)
    for unit_id, parent, from_on in connection.execute(versions):
        if from_on <= today or unit_id not in above:
            above[unit_id] = parent
    own: dict[int, list[str]] = {}
    query = select(r.unit_id, r.address).where(r.role.in_(roles), r.address != "").distinct().order_by(r.address)
    for unit_id, address in connection.execute(query):
        own.setdefault(unit_id, []).append(address)
    nearest: dict[int, int | None] = {}
    rows: list[tuple[int, str]] = []
    for unit_id in unit_ids:
        way: list[int] = []
        here: int | None = unit_id
        while here is not None and here not in own and here not in nearest and here not in way:
            way.append(here)
            here = above.get(here)
        found = here if here in own else nearest.get(here) if here is not None else None
        nearest.update(dict.fromkeys(way, found))
        rows.extend((unit_id, address) for address in (own[found] if found is not None else [""]))
    return rows


def units_with_nobody(connection: Connection, unit_ids: Sequence[int], roles: Sequence[str], today: date) -> list[int]:
    """Of these units those that have no recipient, nor any unit above them."""
    return [unit_id for unit_id, address in inherited(connection, unit_ids, roles, today) if address == ""]


def _find_helpers(connection: Connection, roles: Sequence[str]) -> int:
    """Fill `sweep_helpers`: a person's helper who is among the recipients of the person's unit, matched by name."""
    r, k, j, e = _RECIPIENTS.c, _CANDIDATES.c, Entry.__table__.c, EntryText.__table__.c  # type: ignore[attr-defined]
    known: dict[int, dict[str, str]] = {}
    query = select(r.unit_id, r.name, r.address).where(r.role.not_in(roles), r.name.is_not(None), r.address != "")
    for unit_id, name, address in connection.execute(query):
        known.setdefault(unit_id, {})[_spoken(name)] = address
    if not known:
        return 0
    told = {(row[0], row[1]) for row in connection.execute(select(_TOLD.c.unit_id, _TOLD.c.address))}
    due = select(_c.candidate_id).where(RUNS)
    units = sorted(known)
    rows: dict[int, str] = {}
    for some in parts(units):
        replaced = _superseded(connection, some)
        said = (
            select(k.id, k.unit_id, j.sequence, e.content["helper"].as_string())
            .join_from(_CANDIDATES, Entry.__table__, j.candidate_id == k.id)  # type: ignore[attr-defined]
            .join(EntryText.__table__, (e.candidate_id == j.candidate_id) & (e.sequence == j.sequence))  # type: ignore[attr-defined]
            .where(k.unit_id.in_(some), k.id.in_(due), j.voids.is_(None), e.content["helper"].as_string().is_not(None))
            .order_by(k.id, j.effective_on, j.sequence)
        )
        for candidate_id, unit_id, sequence, name in connection.execute(said):
            if (candidate_id, sequence) in replaced:
                continue
            address = known[unit_id].get(_spoken(name))
            if address and (unit_id, address) not in told:
                rows[candidate_id] = address
            else:
                rows.pop(candidate_id, None)
    if rows:
        connection.execute(insert(_HELPERS), [{"candidate_id": one, "address": rows[one]} for one in rows])
    return len(rows)


def _spoken(name: str) -> str:
    return " ".join(normalize("NFC", name).casefold().split())


def _superseded(connection: Connection, unit_ids: Sequence[int]) -> set[tuple[int, int]]:
    k, j = _CANDIDATES.c, Entry.__table__.c  # type: ignore[attr-defined]
    rows = connection.execute(
        select(j.candidate_id, j.corrects, j.voids)
        .join_from(Entry.__table__, _CANDIDATES, k.id == j.candidate_id)  # type: ignore[attr-defined]
        .where(k.unit_id.in_(unit_ids), j.corrects.is_not(None) | j.voids.is_not(None))
    )
    return {(candidate_id, corrects or voids) for candidate_id, corrects, voids in rows}


_c = CLOCKS.c
_CANDIDATES: Table = Candidate.__table__  # type: ignore[attr-defined]


def _sql(statement: str, **types: type) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))


# Every running clock for everybody who is told of it: does the ledger hold its latest threshold already? CROSS JOIN
# keeps SQLite to this order; by clock, so that the ledger, whose key begins with the clock, is written side by side.
_PAIRING = """
INSERT INTO sweep_pairs (clock_id, batch, starts_on, unit_id, address, stands)
SELECT c.id, m.batch, c.starts_on, k.unit_id, t.address, CASE WHEN EXISTS (
    SELECT 1 FROM notices n
    WHERE n.subject = 'clock:' || c.id AND n.due_on = m.due_on AND n.threshold = m.threshold
      AND n.recipient = t.address AND n.state <> 'withdrawn') THEN 1 ELSE 0 END
FROM sweep_marks m CROSS JOIN clocks c CROSS JOIN candidates k CROSS JOIN {told} t
WHERE m.latest = 1
  AND c.state = 'running' AND c.due_on = m.due_on AND c.key = m.key AND c.limit_unit = m.limit_unit
  AND c.starts_on <= m.planned_for AND k.id = c.candidate_id AND {of}
"""
_PAIR = text(_PAIRING.format(told="sweep_told", of="t.unit_id = k.unit_id"))
_PAIR_HELPERS = text(_PAIRING.format(told="sweep_helpers", of="t.candidate_id = k.id"))
_TALLY = text("""
SELECT coalesce(sum(stands), 0),
       coalesce(sum(CASE WHEN stands = 0 AND address <> '' THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN stands = 0 AND address = '' THEN 1 ELSE 0 END), 0)
FROM sweep_pairs
""")
# withdrawn -> planned: the due day came back; nobody is doubled, for what is withdrawn was never sent
_WRITE = _sql(
    """
INSERT INTO notices (subject, clock_id, due_on, threshold, recipient, unit_id, planned_for, state, created_at)
SELECT 'clock:' || p.clock_id, p.clock_id, m.due_on, m.threshold, p.address, p.unit_id, m.planned_for,
       CASE WHEN p.address = '' THEN 'nobody' WHEN m.latest = 1 THEN 'planned' ELSE 'passed_over' END, :now
FROM sweep_pairs p CROSS JOIN sweep_marks m
WHERE m.batch = p.batch AND p.stands = 0 AND m.planned_for >= p.starts_on AND (m.latest = 1 OR p.address <> '')
ON CONFLICT (subject, due_on, threshold, recipient)
DO UPDATE SET state = excluded.state, unit_id = excluded.unit_id, planned_for = excluded.planned_for
WHERE notices.state = 'withdrawn'
""",
    now=Instant,
)
# planned -> passed_over: a later threshold has fallen before this one went out
_OVERTAKE = text("""
UPDATE notices SET state = 'passed_over'
WHERE state IN ('planned', 'reserved') AND state = 'planned' AND id <= :before AND clock_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM notices later
    WHERE later.subject = notices.subject AND later.due_on = notices.due_on AND later.recipient = notices.recipient
      AND later.threshold < notices.threshold AND later.state IN ('planned', 'reserved', 'sent'))
""")
# planned -> withdrawn: the clock stopped or moved, the person went elsewhere, or the recipient left office
_WITHDRAW = text("""
UPDATE notices SET state = 'withdrawn'
WHERE state IN ('planned', 'reserved') AND state = 'planned' AND clock_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM clocks c JOIN candidates k ON k.id = c.candidate_id
    WHERE c.id = notices.clock_id AND c.state = 'running' AND c.due_on = notices.due_on AND (
        EXISTS (SELECT 1 FROM sweep_told t WHERE t.unit_id = k.unit_id AND t.address = notices.recipient)
        OR EXISTS (SELECT 1 FROM sweep_helpers h WHERE h.candidate_id = k.id AND h.address = notices.recipient)))
""")
# planned, reserved -> withdrawn, unless some channel has carried it already
_WITHDRAW_STOPPED = text("""
UPDATE notices SET state = 'withdrawn'
WHERE state IN ('planned', 'reserved') AND clock_id IS NOT NULL
  AND (state = 'planned' OR (state = 'reserved' AND letter_id IN (
      SELECT id FROM letters WHERE state IN ('reserved', 'failed') AND CAST(channels AS TEXT) = '[]')))
  AND NOT EXISTS (
      SELECT 1 FROM clocks c
      WHERE c.id = notices.clock_id AND c.state = 'running' AND c.due_on = notices.due_on)
""")
_LACKING = text("SELECT u.id FROM units u WHERE NOT EXISTS (SELECT 1 FROM sweep_told t WHERE t.unit_id = u.id)")


def as_marks(rows: Mapping[tuple[str, str, date], Sequence[tuple[int, date]]]) -> list[DueMark]:
    """Fallen thresholds by (limit, unit of days, due day), earliest first, as the sweep's rows."""
    return [
        DueMark(batch, key, unit, due_on, threshold, planned_for, place == len(fallen) - 1)
        for batch, ((key, unit, due_on), fallen) in enumerate(rows.items())
        for place, (threshold, planned_for) in enumerate(fallen)
    ]
