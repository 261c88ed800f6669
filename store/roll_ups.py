"""Stored roll-ups: read a period's rows, write the ones that changed. Plain rows, as few conversions as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from store.bulk import find_binder, places
from store.figures import RollUp

CHUNK = 5_000

Sums = Mapping[tuple[str, int], tuple[int | Decimal, int | Decimal]]  # (indicator, unit) -> (own, subtree)


def load_roll_ups(
    connection: Connection, period: str, unit_ids: Sequence[int] | None = None
) -> dict[tuple[str, int], tuple[Decimal, Decimal]]:
    """(indicator, unit) -> (own, subtree) as stored for the period; what has no row is nothing."""
    c = RollUp.__table__.c  # type: ignore[attr-defined]
    asked = select(c.indicator, c.unit_id, c.own, c.subtree).where(c.period == period)
    if unit_ids is not None:
        asked = asked.where(c.unit_id.in_(unit_ids))
    return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(asked)}


def store_roll_ups(
    connection: Connection, period: str, sums: Sums, as_of: date, computed_at: datetime
) -> tuple[int, int, int]:
    """Write what differs from what is stored (a figure that fell to nothing is written as 0).

    Returns rows stored, units they belong to, rows unchanged.
    """
    table = RollUp.__table__  # type: ignore[attr-defined]
    known = dict(_stored(connection, period))
    changed: list[tuple[Any, ...]] = []
    unchanged = 0
    for key, pair in sums.items():
        if known.pop(key, (0, 0)) == pair:
            unchanged += 1
        else:
            changed.append((period, *key, *pair))
    for key, pair in known.items():
        if pair != (0, 0):
            changed.append((period, *key, 0, 0))
        else:
            unchanged += 1
    _upsert(connection, table, changed, as_of, computed_at)
    return len(changed), len({row[2] for row in changed}), unchanged


def _stored(connection: Connection, period: str) -> dict[tuple[str, int], tuple[Any, Any]]:
    """The period's rows with the numbers as the driver gives them: 4 decimals compare equal in either type."""
    c = RollUp.__table__.c  # type: ignore[attr-defined]
    if connection.dialect.name != "sqlite":
        return dict(load_roll_ups(connection, period))
    rows = connection.exec_driver_sql(
        "SELECT indicator, unit_id, own, subtree FROM roll_ups WHERE period = ?", (period,)
    ).all()
    exact = c.own.type.process_result_value
    dialect = connection.dialect
    return {
        (r[0], r[1]): (
            r[2] if type(r[2]) is int else exact(r[2], dialect),
            r[3] if type(r[3]) is int else exact(r[3], dialect),
        )
        for r in rows
    }


def _upsert(
    connection: Connection, table: Any, rows: list[tuple[Any, ...]], as_of: date, computed_at: datetime
) -> None:
    """One statement over plain tuples in the order of the key: SQLAlchemy's own conversions would take most of the time.

    Both databases read the same SQL; only the mark of a place differs.
    """
    names = ("period", "indicator", "unit_id", "own", "subtree", "as_of", "computed_at")
    changes = ", ".join(f"{name} = excluded.{name}" for name in names[3:])
    put = (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places(connection, len(names))}) "
        f"ON CONFLICT (period, indicator, unit_id) DO UPDATE SET {changes}"
    )
    number, *days = (
        find_binder(connection.dialect, table, name) or _as_it_is for name in ("own", "as_of", "computed_at")
    )
    when = tuple(bind(value) for bind, value in zip(days, (as_of, computed_at), strict=True))
    rows.sort(key=lambda row: row[:3])
    for start in range(0, len(rows), CHUNK):
        part = [
            (
                *row[:3],
                row[3] if type(row[3]) is int else number(row[3]),
                row[4] if type(row[4]) is int else number(row[4]),
                *when,
            )
            for row in rows[start : start + CHUNK]
        ]
        connection.exec_driver_sql(put, part)


def _as_it_is(value: Any) -> Any:
    return value
