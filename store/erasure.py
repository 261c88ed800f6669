"""What an erasure takes out of the database, and where else a name may stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, String, and_, cast, delete, func, insert, select, update

from states.clocks import RUNNING
from store.access_log import LOG, REASONS
from store.candidates import CANDIDATES
from store.clocks import Clock
from store.database import Database
from store.imports import PEOPLE as IMPORTED
from store.journal import JOURNAL, TEXTS
from store.people import Person, PersonAttribute
from store.recipients import RECIPIENTS
from store.seals import HEADS

P = Person.__table__  # type: ignore[attr-defined]
A = PersonAttribute.__table__  # type: ignore[attr-defined]
CLOCKS = Clock.__table__  # type: ignore[attr-defined]
_c = CANDIDATES.c
HELD_IN = (
    "people",
    "person_attributes",
    "entry_texts",
    "candidates",
    "access_reasons",
    "import_people",
    "sealed_heads",
)


class Held(NamedTuple):
    """A person as an erasure finds them."""

    candidate_id: int
    code: str
    person_id: int
    unit_id: int
    step: str
    since: date | None
    version: int
    name: str | None
    birth: str | None
    erased_at: datetime | None


class HeldAttribute(NamedTuple):
    """One row of person_attributes."""

    id: int
    key: str
    value: str | None
    from_on: date
    recorded_at: datetime


class Days(NamedTuple):
    """Between which days a person's entries count, and when the first was recorded."""

    first: date | None
    last: date | None
    recorded_at: datetime


_HELD = select(
    _c.id, _c.code, _c.person_id, _c.unit_id, _c.step, _c.since, _c.version, P.c.name, P.c.birth, P.c.erased_at
).join_from(CANDIDATES, P)


def find_held(connection: Connection, code: str) -> Held | None:
    """The person of this code."""
    row = connection.execute(_HELD.where(_c.code == code)).first()
    return Held(*row) if row is not None else None


def list_ended(connection: Connection, steps: Collection[str], until: date) -> list[Held]:
    """Everybody not erased yet who came to one of these steps by a day, the longest ago first."""
    asked = _HELD.where(_c.step.in_(steps), _c.since <= until, P.c.erased_at.is_(None))
    return [Held(*row) for row in connection.execute(asked.order_by(_c.since, _c.code))]


def load_held_attributes(connection: Connection, person_id: int) -> list[HeldAttribute]:
    """Every dated value of a person, oldest first."""
    asked = select(A.c.id, A.c.key, A.c.value, A.c.from_on, A.c.recorded_at).where(A.c.person_id == person_id)
    return [HeldAttribute(*row) for row in connection.execute(asked.order_by(A.c.key, A.c.from_on, A.c.recorded_at))]


def load_days(connection: Connection, candidate_id: int) -> Days:
    """The first and last day an entry or its document bears."""
    j = JOURNAL.c
    asked = select(
        func.min(j.effective_on), func.min(j.document_date), func.max(j.effective_on), func.max(j.document_date),
        func.min(j.recorded_at),
    ).where(j.candidate_id == candidate_id)  # fmt: skip
    row = connection.execute(asked).one()
    days = [day for day in row[:4] if day is not None]
    return Days(min(days, default=None), max(days, default=None), row[4])


def count_running(connection: Connection, candidate_id: int) -> int:
    """How many limits run for a person."""
    asked = select(func.count()).select_from(CLOCKS)
    asked = asked.where(CLOCKS.c.candidate_id == candidate_id, CLOCKS.c.state == RUNNING)
    return int(connection.execute(asked).scalar_one())


def count_texts(connection: Connection, candidate_id: int) -> int:
    """How many entries of a person say something that may be erased."""
    asked = select(func.count()).select_from(TEXTS).where(TEXTS.c.candidate_id == candidate_id)
    return int(connection.execute(asked).scalar_one())


def count_reasons(connection: Connection, candidate_id: int) -> int:
    """How many reasons were given for looking at a person."""
    asked = select(func.count()).select_from(REASONS.join(LOG, LOG.c.id == REASONS.c.access_id))
    return int(connection.execute(asked.where(LOG.c.candidate_id == candidate_id)).scalar_one())


def is_taken(connection: Connection, code: str) -> bool:
    """Whether somebody has this code."""
    return connection.execute(select(_c.id).where(_c.code == code)).first() is not None


def begin_secure(connection: Connection) -> None:
    """From here on SQLite writes zeroes over what is deleted; PostgreSQL has no such thing (see `clear_remains`)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def erase_person(
    connection: Connection,
    held: Held,
    pseudonym: str,
    at: datetime,
    values: Sequence[tuple[int, str | None]],
    bands: Sequence[tuple[str, date, str | None, datetime]],
) -> None:
    """Take out who the person is. `values`: attributes that stay, coarse, as (row id, value); `bands`: (key, from, value,
    recorded at) of their age. Every other attribute and word goes.
    """
    kept = [row_id for row_id, _ in values]
    gone = delete(A).where(A.c.person_id == held.person_id)
    connection.execute(gone.where(A.c.id.not_in(kept)) if kept else gone)
    for row_id, value in values:
        connection.execute(update(A).where(A.c.id == row_id).values(value=value))
    if bands:
        rows = [
            {"person_id": held.person_id, "key": key, "from_on": from_on, "value": value, "recorded_at": recorded_at}
            for key, from_on, value, recorded_at in bands
        ]
        connection.execute(insert(A), rows)
    nobody = {"name": None, "name_key": None, "birth": None, "erased_at": at}
    connection.execute(update(P).where(P.c.id == held.person_id).values(**nobody))
    connection.execute(delete(TEXTS).where(TEXTS.c.candidate_id == held.candidate_id))
    theirs = IMPORTED.c.candidate_id == held.candidate_id
    connection.execute(update(IMPORTED).where(theirs).values(name_before=None, birth_before=None))
    connection.execute(
        update(CANDIDATES).where(_c.id == held.candidate_id).values(code=pseudonym, version=_c.version + 1)
    )


def forget_sealed_head(connection: Connection, candidate_id: int) -> bool:
    """Let the next seal anchor this chain anew, under its new code; False where the journal denies the sealed head."""
    j = JOURNAL.c
    head = connection.execute(
        select(HEADS.c.sequence, HEADS.c.hash, j.hash).select_from(
            HEADS.outerjoin(
                JOURNAL, and_(j.candidate_id == HEADS.c.candidate_id, j.sequence == HEADS.c.sequence)
            )
        ).where(HEADS.c.candidate_id == candidate_id)
    ).first()  # fmt: skip
    if head is None:
        return True
    if head[1] != head[2]:
        return False
    connection.execute(delete(HEADS).where(HEADS.c.candidate_id == candidate_id))
    return True


def find_name_in_texts(connection: Connection, name: str, candidate_id: int) -> list[tuple[str, int]]:
    """(code, sequence) of other people's entries in whose words this name stands: helpers, introducers, notes."""
    asked = (
        select(_c.code, TEXTS.c.sequence)
        .join(CANDIDATES, _c.id == TEXTS.c.candidate_id)
        .where(cast(TEXTS.c.content, String).contains(name, autoescape=True), TEXTS.c.candidate_id != candidate_id)
        .order_by(_c.code, TEXTS.c.sequence)
    )
    return [(row[0], row[1]) for row in connection.execute(asked)]


def find_name_in_recipients(connection: Connection, name: str) -> list[tuple[int, str]]:
    """(unit, role) of those who are told under this name."""
    r = RECIPIENTS.c
    asked = select(r.unit_id, r.role).where(r.name == name).order_by(r.unit_id, r.role)
    return [(row[0], row[1]) for row in connection.execute(asked)]


def find_restored(connection: Connection, candidate_ids: Sequence[int]) -> list[str]:
    """Codes of those of these people who are there again with their name: from a backup."""
    asked = _HELD.where(_c.id.in_(candidate_ids), P.c.erased_at.is_(None))
    return sorted(row[1] for row in connection.execute(asked)) if candidate_ids else []


def clear_remains(database: Database) -> bool:
    """Clear away what the file or the tables still hold of rows that were changed: after the commit.

    SQLite: the log beside the file is taken in and emptied; False while somebody still reads by it. PostgreSQL: the
    tables are vacuumed.
    """
    if database.path is not None:
        with database.engine.connect() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        return not busy
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in HELD_IN:
            connection.exec_driver_sql(f"VACUUM {table}")
    return True


def list_erased(connection: Connection) -> dict[int, str]:
    """The pseudonyms of everybody erased, by internal id."""
    asked = select(_c.id, _c.code).join_from(CANDIDATES, P).where(P.c.erased_at.is_not(None)).order_by(_c.code)
    return {row[0]: row[1] for row in connection.execute(asked)}
