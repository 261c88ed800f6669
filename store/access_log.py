"""Who looked at what: openings of people's pages, what was revealed, exports, sign-ins. Append-only, like the journal."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlmodel import Field, SQLModel

from store.base import Instant, Json
from store.candidates import CANDIDATES


class Access(SQLModel, table=True):
    """One look or one act of an account that the journal does not tell; no names stand here."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_happened_at", "happened_at"),
        Index("ix_access_log_candidate_id", "candidate_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(
        sa_column=Column("happened_at", Instant, nullable=False), description="machine's instant it happened"
    )
    account: str = Field(description="who: the account's name, or the login at the command line")
    role: str | None = Field(default=None, description="the account's role then; null = at the command line")
    action: str = Field(description="open_person, reveal, export, sign_in …")
    candidate_id: int | None = Field(
        default=None, sa_type=BigInteger, description="whose data, by internal id: the code goes when they are erased"
    )
    subject: str | None = Field(default=None, description="what else it was about: another account, a file's kind")
    unit_id: int | None = Field(
        default=None, foreign_key="units.id", description="the person's unit then, or the one asked"
    )
    reasoned: bool = Field(default=False, description="a reason was given; it stands in access_reasons until erased")
    detail: dict | None = Field(  # type: ignore[type-arg]
        default=None, sa_column=Column(Json), description="counts and keys of filters; no names"
    )


class AccessReason(SQLModel, table=True):
    """Why somebody looked, in their own words: may name people, so it can be erased."""

    __tablename__ = "access_reasons"
    access_id: int = Field(primary_key=True, foreign_key="access_log.id", sa_column_kwargs={"autoincrement": False})
    why: str


LOG: Table = Access.__table__  # type: ignore[attr-defined]
REASONS: Table = AccessReason.__table__  # type: ignore[attr-defined]
_l = LOG.c


class AccessRow(NamedTuple):
    """A line of the log; `code` is what the person is called by today."""

    id: int
    at: datetime
    account: str
    role: str | None
    action: str
    code: str | None
    subject: str | None
    unit_id: int | None
    why: str | None
    detail: dict[str, Any] | None


def add_access(connection: Connection, row: dict[str, Any], why: str | None) -> int:
    """Write one line, its columns but id and reasoned."""
    key = connection.execute(insert(LOG).values(**row, reasoned=why is not None)).inserted_primary_key
    access_id = int(key[0])  # type: ignore[index]
    if why is not None:
        connection.execute(insert(REASONS).values(access_id=access_id, why=why))
    return access_id


def count_access(connection: Connection, **filters: Any) -> int:
    """How many lines `list_access_rows` has to these filters."""
    asked = _filtered(select(func.count()).select_from(LOG), **filters)
    return int(connection.execute(asked).scalar_one())


def list_access_rows(
    connection: Connection, *, limit: int | None = None, offset: int = 0, **filters: Any
) -> list[AccessRow]:
    """The lines, latest first."""
    asked = select(
        _l.id, _l.happened_at, _l.account, _l.role, _l.action, CANDIDATES.c.code, _l.subject, _l.unit_id, REASONS.c.why,
        _l.detail,
    ).select_from(
        LOG.outerjoin(CANDIDATES, CANDIDATES.c.id == _l.candidate_id).outerjoin(REASONS, REASONS.c.access_id == _l.id)
    )  # fmt: skip
    asked = _filtered(asked, **filters).order_by(_l.id.desc()).offset(offset)
    if limit is not None:
        asked = asked.limit(limit)
    return [AccessRow._make(row) for row in connection.execute(asked)]


def _filtered(
    asked: Select[Any],
    *,
    accounts: Collection[str] | None = None,
    actions: Collection[str] | None = None,
    candidate_id: int | None = None,
    subject: str | None = None,
    unit_ids: Collection[int] | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Select[Any]:
    """`candidate_id` and `subject` together: either."""
    whose = []
    if candidate_id is not None:
        whose.append(_l.candidate_id == candidate_id)
    if subject is not None:
        whose.append(_l.subject == subject)
    if whose:
        asked = asked.where(or_(*whose))
    if accounts is not None:
        asked = asked.where(_l.account.in_(accounts))
    if actions is not None:
        asked = asked.where(_l.action.in_(actions))
    if unit_ids is not None:
        asked = asked.where(_l.unit_id.in_(bindparam("units", list(unit_ids), expanding=True, literal_execute=True)))
    if since is not None:
        asked = asked.where(_l.happened_at >= since)
    if before is not None:
        asked = asked.where(_l.happened_at < before)
    return asked


def erase_reasons(connection: Connection, candidate_ids: Sequence[int]) -> int:
    """Drop the words in which looks at these people were justified; how many."""
    theirs = select(_l.id).where(_l.candidate_id.in_(candidate_ids))
    return connection.execute(delete(REASONS).where(REASONS.c.access_id.in_(theirs))).rowcount
