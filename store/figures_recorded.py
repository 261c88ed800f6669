"""Recording the numbers units report, and reading back the last recording of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, Table, insert, select

from store.figures import ReportedFigure

REPORTED: Table = ReportedFigure.__table__  # type: ignore[attr-defined]


class RecordedFigure(NamedTuple):
    """A number one unit reported for a period, with its day of report."""

    unit_id: int
    indicator: str
    period: str
    credited_unit_id: int
    value: Decimal
    reported_on: date | None

    @property
    def key(self) -> tuple[int, str, str, int]:
        """What one number stands for: unit, indicator, period and credited body."""
        return self.unit_id, self.indicator, self.period, self.credited_unit_id


def load_recorded_figures(connection: Connection) -> list[RecordedFigure]:
    """The last recording of every reported number, whatever the day."""
    c = REPORTED.c
    asked = select(*(c[name] for name in RecordedFigure._fields)).order_by(c.recorded_at, c.id)
    found = {one.key: one for one in (RecordedFigure(*row) for row in connection.execute(asked))}
    return [found[key] for key in sorted(found)]


def insert_figures(
    connection: Connection, figures: Sequence[RecordedFigure], recorded_at: datetime, recorded_by: str
) -> None:
    """Record reported numbers."""
    if figures:
        rows = [{**one._asdict(), "recorded_at": recorded_at, "recorded_by": recorded_by} for one in figures]
        connection.execute(insert(REPORTED), rows)
