"""Imports and what each of them wrote, so that a whole one can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Table,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from store.base import Instant, Json
from store.bulk import parts, put_values
from store.candidates import CANDIDATES
from store.figures import ReportedFigure
from store.targets import Target
from store.units import UnitVersion

APPLIED, UNDONE = "applied", "undone"


class Import(SQLModel, table=True):
    """One workbook that was imported: applied -> undone."""

    __tablename__ = "imports"
    __table_args__ = (CheckConstraint("state IN ('applied', 'undone')", name="state"),)
    id: int | None = Field(default=None, primary_key=True)
    file_name: str
    sha256: str = Field(description="of the file as it was handed in")
    business_day: date = Field(description="the day the office worked on")
    recorded_at: datetime = Field(
        sa_column=Column(Instant, nullable=False), description="also that of the attributes, units, targets, figures"
    )
    recorded_by: str
    counts: dict = Field(sa_column=Column(Json, nullable=False), description="{created, updated, unchanged}")  # type: ignore[type-arg]
    state: str = Field(default=APPLIED, description="applied -> undone")
    undone_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    undone_by: str | None = Field(default=None)
    reason: str | None = Field(default=None, description="why it was taken back")


class ImportedPerson(SQLModel, table=True):
    """What one import wrote about one person: entries first..last, attributes of the import's instant, name and birth."""

    __tablename__ = "import_people"
    __table_args__ = (Index("ix_import_people_candidate_id", "candidate_id"),)
    import_id: int = Field(primary_key=True, foreign_key="imports.id", sa_column_kwargs={"autoincrement": False})
    candidate_id: int = Field(
        sa_column=Column(BigInteger, primary_key=True, autoincrement=False), description="candidates.id"
    )
    first_sequence: int | None = Field(default=None, description="null = no entries")
    last_sequence: int | None = Field(default=None)
    opened: bool = Field(description="true: this import opened their book")
    renamed: bool = Field(description="true: it put name or birth date right; what stood before is kept here")
    name_before: str | None = Field(default=None, description="erased with the person")
    birth_before: str | None = Field(default=None, description="erased with the person")


class ImportedRow(SQLModel, table=True):
    """One row an import wrote that is no entry and no attribute."""

    __tablename__ = "import_rows"
    import_id: int = Field(primary_key=True, foreign_key="imports.id", sa_column_kwargs={"autoincrement": False})
    noun: str = Field(primary_key=True, description="unit, version, succession, target, figure, recipient")
    row_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name_before: str | None = Field(default=None, description="a recipient who was only renamed")
    renamed: bool = Field(default=False)


IMPORTS: Table = Import.__table__  # type: ignore[attr-defined]
PEOPLE: Table = ImportedPerson.__table__  # type: ignore[attr-defined]
ROWS: Table = ImportedRow.__table__  # type: ignore[attr-defined]
DATED = {"version": UnitVersion, "target": Target, "figure": ReportedFigure}  # tables that keep the import's instant


class ImportRow(NamedTuple):
    """An import as listed."""

    id: int
    file_name: str
    sha256: str
    business_day: date
    recorded_at: datetime
    recorded_by: str
    counts: dict[str, Any]
    state: str
    undone_at: datetime | None
    undone_by: str | None
    reason: str | None


class PersonMark(NamedTuple):
    """What an import wrote about one person."""

    candidate_id: int
    first_sequence: int | None
    last_sequence: int | None
    opened: bool
    renamed: bool
    name_before: str | None
    birth_before: str | None


class RowMark(NamedTuple):
    """A row an import wrote."""

    row_id: int
    name_before: str | None = None
    renamed: bool = False


_ALL = select(*(IMPORTS.c[name] for name in ImportRow._fields))


def last_ids(connection: Connection) -> dict[str, int]:
    """Where the dated tables end before an import writes into them."""
    return {
        noun: int(connection.execute(select(func.max(model.__table__.c.id))).scalar() or 0)  # type: ignore[attr-defined]
        for noun, model in DATED.items()
    }


def add_import(
    connection: Connection,
    row: Mapping[str, Any],
    people: Sequence[PersonMark],
    rows: Mapping[str, Sequence[RowMark]],
    after: Mapping[str, int],
) -> int:
    """Remember an import (its columns by name) and what it wrote; `after`: what `last_ids` gave before. Gives its number."""
    key = connection.execute(insert(IMPORTS).values(**row, state=APPLIED)).inserted_primary_key
    number = int(key[0])  # type: ignore[index]
    put_values(connection, PEOPLE, ("import_id", *PersonMark._fields), [(number, *one) for one in people])
    marks = [(number, noun, *one) for noun, marked in rows.items() for one in marked]
    put_values(connection, ROWS, ("import_id", "noun", *RowMark._fields), marks)
    for noun, model in DATED.items():
        c = model.__table__.c  # type: ignore[attr-defined]
        written = select(literal(number), literal(noun), c.id, literal(False)).where(
            c.id > after[noun], c.recorded_at == row["recorded_at"], c.recorded_by == row["recorded_by"]
        )
        connection.execute(insert(ROWS).from_select(["import_id", "noun", "row_id", "renamed"], written))
    return number


def list_imports(connection: Connection) -> list[ImportRow]:
    """Every import, the latest first."""
    return [ImportRow(*row) for row in connection.execute(_ALL.order_by(IMPORTS.c.id.desc()))]


def find_import(connection: Connection, number: int, *, lock: bool = False) -> ImportRow | None:
    """One import; `lock` holds it for this transaction."""
    asked = _ALL.where(IMPORTS.c.id == number)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return ImportRow(*row) if row is not None else None


def load_imported_people(connection: Connection, number: int) -> list[PersonMark]:
    """Everybody an import wrote about."""
    c = PEOPLE.c
    asked = select(*(c[name] for name in PersonMark._fields)).where(c.import_id == number).order_by(c.candidate_id)
    return [PersonMark(*row) for row in connection.execute(asked)]


def load_imported_rows(connection: Connection, number: int) -> dict[str, list[RowMark]]:
    """The other rows an import wrote, by noun."""
    c = ROWS.c
    asked = select(c.noun, *(c[name] for name in RowMark._fields)).where(c.import_id == number)
    found: dict[str, list[RowMark]] = {}
    for noun, *rest in connection.execute(asked.order_by(c.noun, c.row_id)):
        found.setdefault(noun, []).append(RowMark(*rest))
    return found


def later_imports(connection: Connection, number: int, candidate_ids: Collection[int]) -> dict[int, int]:
    """People that a later import which still stands wrote about too, with the latest such import."""
    c, i = PEOPLE.c, IMPORTS.c
    asked = (
        select(c.candidate_id, func.max(c.import_id))
        .join_from(PEOPLE, IMPORTS, i.id == c.import_id)
        .where(c.import_id > number, i.state == APPLIED)
        .group_by(c.candidate_id)
    )
    found: dict[int, int] = {}
    for some in parts(list(candidate_ids)):
        found.update((row[0], row[1]) for row in connection.execute(asked.where(c.candidate_id.in_(some))))
    return found


def units_of_imports(connection: Connection, number: int | None = None) -> dict[int, set[int]]:
    """import -> the units it wrote something about, those of its people now and those of its rows; of all or of one."""
    c, r = PEOPLE.c, ROWS.c
    asked = [
        select(c.import_id, CANDIDATES.c.unit_id).join_from(PEOPLE, CANDIDATES, CANDIDATES.c.id == c.candidate_id),
        select(r.import_id, r.row_id).where(r.noun == "unit"),
    ]
    for noun, model in DATED.items():
        m = model.__table__.c  # type: ignore[attr-defined]
        written = select(r.import_id, m.unit_id).join_from(ROWS, model.__table__, m.id == r.row_id)  # type: ignore[attr-defined]
        asked.append(written.where(r.noun == noun))
    found: dict[int, set[int]] = {}
    for one in asked:
        only = one if number is None else one.where(one.selected_columns.import_id == number)
        for import_id, unit_id in connection.execute(only.distinct()):
            found.setdefault(import_id, set()).add(unit_id)
    return found


def mark_undone(connection: Connection, number: int, at: datetime, by: str, reason: str) -> bool:
    """applied -> undone; False where somebody was quicker."""
    done = connection.execute(
        update(IMPORTS)
        .where(IMPORTS.c.id == number, IMPORTS.c.state == APPLIED)
        .values(state=UNDONE, undone_at=at, undone_by=by, reason=reason)
    )
    return done.rowcount == 1
