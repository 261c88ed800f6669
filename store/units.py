"""Units: a lasting identity with a code, dated versions of all that changes, and predecessors with successors."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Index, UniqueConstraint, insert, select, text
from sqlmodel import Field, SQLModel

from store.base import Instant, Json
from store.bulk import parts


class Unit(SQLModel, table=True):
    """A unit as such; what it is called and where it stands is dated."""

    __tablename__ = "units"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, description="the code people use; leading zeros kept")


class UnitVersion(SQLModel, table=True):
    """All a unit is from a day on, until its next version; a later recording of the same day replaces the earlier."""

    __tablename__ = "unit_versions"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on", "recorded_at"),
        Index("ix_unit_versions_parent_id", "parent_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="units.id")
    from_on: date = Field(description="first day it holds; 0001-01-01 = since ever")
    name: str
    kind: str = Field(description="a word of config.yaml's unit kinds")
    parent_id: int | None = Field(default=None, foreign_key="units.id")
    chain: str | None = Field(default=None, description="co_so, truc_tiep, uy_quyen; null = as the parent")
    attributes: dict = Field(sa_column=Column(Json, nullable=False), description="co_to_chuc_dang, co_doan, …")  # type: ignore[type-arg]
    ended: bool = Field(default=False, description="true: from this day on the unit is no more (den_ngay + 1)")
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: str


class UnitSuccession(SQLModel, table=True):
    """`successor` took over from `predecessor` on a day (sáp nhập, hợp nhất, chia tách)."""

    __tablename__ = "unit_successions"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)
    id: int | None = Field(default=None, primary_key=True)
    predecessor_id: int = Field(foreign_key="units.id")
    successor_id: int = Field(foreign_key="units.id", index=True)
    on: date | None = Field(default=None, sa_column_kwargs={"name": "succeeded_on"})


class Version(NamedTuple):
    """One dated version of a unit, as read: all it is from `from_on` until the next."""

    from_on: date
    name: str
    kind: str
    parent_id: int | None
    chain: str | None
    attributes: Mapping[str, str | None]
    ended: bool


def _nothing(code: str) -> Version:
    return Version(date.min, code, "", None, None, {}, True)


class Units:
    """The whole tree with all its days, read at one go. Before a unit's first day its first version answers."""

    def __init__(
        self, codes: Mapping[int, str], versions: Mapping[int, list[Version]], gone: Mapping[int, str] | None = None
    ) -> None:
        """`gone`: units that nothing is recorded of any more; they are in no list, but what names them can be told."""
        self.by_code: dict[str, int] = {code: unit_id for unit_id, code in codes.items()}
        self._codes = {**codes, **(gone or {})}
        self._versions = {**versions, **{unit_id: [_nothing(code)] for unit_id, code in (gone or {}).items()}}
        self._children: dict[tuple[date, bool], dict[int | None, list[int]]] = {}
        self._inside: dict[tuple[int, date], frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self.by_code)

    def ids(self) -> list[int]:
        """Every unit there ever was, by code."""
        return [self.by_code[code] for code in sorted(self.by_code)]

    def code(self, unit_id: int) -> str:
        """The code people use."""
        return self._codes[unit_id]

    def versions(self, unit_id: int) -> list[Version]:
        """Every version in force, oldest first; those replaced by a later recording of the same day left out."""
        return self._versions[unit_id]

    def version(self, unit_id: int, on: date) -> Version:
        """The version in force on `on`; the first one for earlier days."""
        versions = self._versions[unit_id]
        for version in reversed(versions):
            if version.from_on <= on:
                return version
        return versions[0]

    def name(self, unit_id: int, on: date) -> str:
        """What the unit is called on that day."""
        return self.version(unit_id, on).name

    def kind(self, unit_id: int, on: date) -> str:
        """A word of config.yaml's unit kinds."""
        return self.version(unit_id, on).kind

    def parent(self, unit_id: int, on: date) -> int | None:
        """The unit above; None for a root."""
        return self.version(unit_id, on).parent_id

    def attribute(self, unit_id: int, key: str, on: date) -> str | None:
        """A workbook column such as co_doan ("1", "0") or so_dang_vien ("120"); None = not known."""
        return self.version(unit_id, on).attributes.get(key)

    def exists(self, unit_id: int, on: date) -> bool:
        """Whether the unit has begun and has not ended on that day."""
        version = self.version(unit_id, on)
        return version.from_on <= on and not version.ended

    def chain(self, unit_id: int, on: date) -> str:
        """Who approves on that day: co_so, truc_tiep or uy_quyen; unsaid = as the unit above, co_so at the root."""
        above: int | None = unit_id
        for _ in range(len(self._codes)):
            if above is None:
                break
            version = self.version(above, on)
            if version.chain:
                return version.chain
            above = version.parent_id
        return "co_so"

    def path(self, unit_id: int, on: date) -> list[int]:
        """The unit and everything above it, lowest first."""
        way = [unit_id]
        while (above := self.parent(way[-1], on)) is not None and above not in way:
            way.append(above)
        return way

    def children(self, unit_id: int, on: date, *, with_ended: bool = False) -> list[int]:
        """The units right below on that day, by code; `with_ended` also those that are no more or not yet."""
        return self._below(on, with_ended).get(unit_id, [])

    def roots(self, on: date, *, with_ended: bool = False) -> list[int]:
        """The units with nothing above them on that day, by code."""
        return self._below(on, with_ended).get(None, [])

    def subtree(self, unit_id: int, on: date, *, with_ended: bool = False) -> list[int]:
        """The unit and all below it on that day, each above its own; past events of ended units need `with_ended`."""
        below = self._below(on, with_ended)
        found = [unit_id]
        for one in found:
            found.extend(below.get(one, ()))
        return found

    def inside(self, unit_id: int, on: date) -> frozenset[int]:
        """`subtree` with those that are no more, as a set that is made once."""
        found = self._inside.get((unit_id, on))
        if found is None:
            found = self._inside[unit_id, on] = frozenset(self.subtree(unit_id, on, with_ended=True))
        return found

    def _below(self, on: date, with_ended: bool) -> dict[int | None, list[int]]:
        below = self._children.get((on, with_ended))
        if below is None:
            index: defaultdict[int | None, list[int]] = defaultdict(list)
            for unit_id in self.ids():
                version = self.version(unit_id, on)
                if with_ended or (version.from_on <= on and not version.ended):
                    index[version.parent_id].append(unit_id)
            below = self._children[on, with_ended] = dict(index)
        return below


def latest_version(connection: Connection) -> tuple[int, int]:
    """What the tree stands at: the version recorded last and how many imports were undone. Changes with the tree.

    An import that is taken back takes its versions with it, so the number of the last one alone could come again.
    """
    row = connection.execute(_LATEST).one()
    return int(row[0] or 0), int(row[1])


_LATEST = text("SELECT (SELECT max(id) FROM unit_versions), (SELECT count(*) FROM imports WHERE state = 'undone')")


def load_units(connection: Connection) -> Units:
    """The tree as this connection's snapshot knows it."""
    units, versions = Unit.__table__, UnitVersion.__table__  # type: ignore[attr-defined]
    codes = {row[0]: row[1] for row in connection.execute(select(units.c.id, units.c.code))}
    c = versions.c
    rows = connection.execute(
        select(c.unit_id, c.from_on, c.name, c.kind, c.parent_id, c.chain, c.attributes, c.ended).order_by(
            c.unit_id, c.from_on, c.id
        )
    )
    read: dict[int, list[Version]] = {}
    for unit_id, *rest in rows:
        version = Version(*rest)
        known = read.setdefault(unit_id, [])
        if known and known[-1].from_on == version.from_on:
            known[-1] = version
        else:
            known.append(version)
    gone = {unit_id: codes.pop(unit_id) for unit_id in codes.keys() - read.keys()}  # their import was undone
    return Units(codes, read, gone)


class NewVersion(NamedTuple):
    """A version to be recorded."""

    unit_id: int
    version: Version


def insert_units(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """New units without versions; their ids by code. A unit nothing is recorded of any more takes its number again."""
    table = Unit.__table__  # type: ignore[attr-defined]
    if not codes:
        return {}
    found = _ids(connection, codes)
    new = [code for code in codes if code not in found]
    if new:
        connection.execute(insert(table), [{"code": code} for code in new])
        found |= _ids(connection, new)
    return found


def _ids(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    table = Unit.__table__  # type: ignore[attr-defined]
    found: dict[str, int] = {}
    for some in parts(codes):
        rows = connection.execute(select(table.c.code, table.c.id).where(table.c.code.in_(some)))
        found.update((code, unit_id) for code, unit_id in rows)
    return found


def insert_versions(connection: Connection, new: Iterable[NewVersion], recorded_at: datetime, recorded_by: str) -> int:
    """Record versions; how many."""
    rows: list[dict[str, Any]] = [
        {"unit_id": one.unit_id, **one.version._asdict(), "recorded_at": recorded_at, "recorded_by": recorded_by}
        for one in new
    ]
    if rows:
        connection.execute(insert(UnitVersion.__table__), rows)  # type: ignore[attr-defined]
    return len(rows)


def load_successions(connection: Connection) -> list[tuple[int, int, date | None]]:
    """(predecessor, successor, day) of every merger and division."""
    c = UnitSuccession.__table__.c  # type: ignore[attr-defined]
    rows = connection.execute(select(c.predecessor_id, c.successor_id, c.succeeded_on).order_by(c.id))
    return [(row[0], row[1], row[2]) for row in rows]


def insert_successions(connection: Connection, new: Sequence[tuple[int, int, date | None]]) -> None:
    """Record who took over from whom."""
    if new:
        connection.execute(
            insert(UnitSuccession.__table__),  # type: ignore[attr-defined]
            [{"predecessor_id": old, "successor_id": successor, "succeeded_on": on} for old, successor, on in new],
        )


def succession_ids(connection: Connection, pairs: Collection[tuple[int, int]]) -> list[int]:
    """The rows of these (predecessor, successor), by number."""
    c = UnitSuccession.__table__.c  # type: ignore[attr-defined]
    wanted, found = set(pairs), list[int]()
    for some in parts(sorted({old for old, _ in wanted})):
        rows = connection.execute(select(c.id, c.predecessor_id, c.successor_id).where(c.predecessor_id.in_(some)))
        found += [row[0] for row in rows if (row[1], row[2]) in wanted]
    return sorted(found)


def hold_unit(connection: Connection, unit_id: int) -> int:
    """Keep others from changing this unit until the transaction ends; the number of its version recorded last."""
    u = Unit.__table__.c  # type: ignore[attr-defined]
    connection.execute(select(u.id).where(u.id == unit_id).with_for_update())
    return find_head(connection, unit_id)


def find_head(connection: Connection, unit_id: int) -> int:
    """The number of a unit's version recorded last: it grows with every change of the unit."""
    v = UnitVersion.__table__.c  # type: ignore[attr-defined]
    asked = select(v.id).where(v.unit_id == unit_id).order_by(v.id.desc()).limit(1)
    return int(connection.execute(asked).scalar() or 0)
