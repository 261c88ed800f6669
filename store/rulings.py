"""Rulings: limits the office confirmed or set at the desk, over those of the files. Append-only; a later row takes back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Connection, Table, func, insert, select
from sqlmodel import Field, SQLModel

from states.regulations import Entry, Status
from store.base import Instant


class Ruling(SQLModel, table=True):
    """A limit confirmed or set by this office from a day on, or the taking back of such a row."""

    __tablename__ = "rulings"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(description="the limit's key in regulations.yaml")
    value: int | None = Field(default=None, description="in the limit's unit; null = that text sets no such limit")
    since: date = Field(description="first day it holds")
    status: str = Field(description="verified, reported, carried_over")
    cite: str
    reason: str = Field(description="why, or who found it in which document; no names of people on the way")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str
    withdraws: int | None = Field(
        default=None, foreign_key="rulings.id", description="the row this one takes back; its own value says nothing"
    )


RULINGS: Table = Ruling.__table__  # type: ignore[attr-defined]


class RulingRow(NamedTuple):
    """One ruling as recorded, with who took it back and when."""

    id: int
    key: str
    value: int | None
    since: date
    status: str
    cite: str
    reason: str
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it was not taken back. Of two that stand for one key and day the later one holds."""
        return self.withdrawn_at is None


_COLUMNS = [RULINGS.c[name] for name in RulingRow._fields[:9]]


def latest_ruling(connection: Connection) -> int:
    """The number of the last row; 0 when there is none."""
    return int(connection.execute(select(func.max(RULINGS.c.id))).scalar() or 0)


def load_rulings(connection: Connection, key: str | None = None) -> list[RulingRow]:
    """Every ruling of a limit, or of all, in the order they were recorded, those taken back included."""
    asked = select(*_COLUMNS, RULINGS.c.withdraws).order_by(RULINGS.c.id)
    if key is not None:
        asked = asked.where(RULINGS.c.key == key)
    found: dict[int, RulingRow] = {}
    for *row, withdraws in connection.execute(asked):
        one = RulingRow(*row)
        if withdraws is None:
            found[one.id] = one
        else:
            found[withdraws] = found[withdraws]._replace(
                withdrawn_at=one.recorded_at, withdrawn_by=one.recorded_by, withdrawn_reason=one.reason
            )
    return list(found.values())


def standing(rulings: Iterable[RulingRow]) -> dict[str, list[Entry]]:
    """Those not taken back as entries of the law, by key, in the order they were recorded: the last of a day holds."""
    found: dict[str, list[Entry]] = {}
    for one in rulings:
        if one.stands:
            found.setdefault(one.key, []).append(Entry(one.value, one.since, one.cite, cast("Status", one.status)))
    return found


def insert_ruling(connection: Connection, row: Mapping[str, Any]) -> int:
    """Append a row (columns by name); its id."""
    key = connection.execute(insert(RULINGS).values(**row)).inserted_primary_key
    return int(key[0])  # type: ignore[index]
