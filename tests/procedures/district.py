"""A small office with units, people, targets and reported figures put straight into the tables."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert
from sqlalchemy.pool import StaticPool

import config
import store.tables  # noqa: F401
from procedures.office import Office
from states.targets import NO_DECISION, Target
from store.candidates import Candidate
from store.escalation import Case, CaseEvent  # noqa: F401
from store.figures import ReportedFigure
from store.journal import Entry
from store.notices import Recipient
from store.people import Person
from store.people_writing import Attribute, insert_attributes
from store.tables import metadata
from store.targets import insert_targets
from store.units import NewVersion, Version, insert_successions, insert_units, insert_versions

EVER = date(1, 1, 1)
START = datetime(2020, 1, 1, tzinfo=UTC)


class InMemory:
    """A database in memory with the two ways in of store.database.Database."""

    dialect = "sqlite"
    rollbacks = 0

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        metadata.create_all(self.engine)

    @contextmanager
    def reading(self):
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self):
        with self.engine.begin() as connection:
            yield connection


class District:
    """Rows by the dozen; `office(today)` opens it on a day."""

    def __init__(self, database: Any = None) -> None:
        self.database = database or InMemory()
        self.units: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.sequences: dict[str, int] = {}
        self._moments = itertools.count()

    def office(self, today: date, path: Path | None = None, **changes: Any) -> Office:
        settings = config.load(path or config.SHIPPED)
        if changes:
            settings = settings.model_copy(update=changes)
        return Office(settings, self.database, today, "test", "vi", settings.law(), settings.make_calendar())

    def moment(self) -> datetime:
        return START + timedelta(seconds=next(self._moments))

    def unit(self, code: str, above: str | None = None, on: date = EVER, ended: bool = False, **attributes: str) -> int:
        with self.database.writing() as connection:
            if code not in self.units:
                self.units |= insert_units(connection, [code])
            parent = self.units[above] if above else None
            version = Version(on, f"Đơn vị {code}", "chi_bo", parent, None, attributes, ended)
            insert_versions(connection, [NewVersion(self.units[code], version)], self.moment(), "test")
        return self.units[code]

    def person(self, code: str, unit: str, step: str = "cam_tinh", birth: str | None = None, **known: str) -> None:
        self.people[code] = number = len(self.people) + 1
        with self.database.writing() as connection:
            connection.execute(insert(Person.__table__).values(id=number, name=f"Người {number}", birth=birth))
            connection.execute(
                insert(Candidate.__table__).values(
                    id=number,
                    code=code,
                    person_id=number,
                    unit_id=self.units[unit],
                    step=step,
                    facts={},
                    head_sequence=0,
                    head_hash="",
                    version=1,
                )
            )

        for key, value in known.items():
            self.attribute(code, key, value)

    def attribute(self, code: str, key: str, value: str | None, on: date = EVER) -> None:
        with self.database.writing() as connection:
            insert_attributes(connection, [Attribute(self.people[code], key, on, value)], self.moment())

    def succeeds(self, successor: str, predecessor: str, on: date) -> None:
        with self.database.writing() as connection:
            insert_successions(connection, [(self.units[predecessor], self.units[successor], on)])

    def entry(
        self, code: str, trigger: str, on: date | None, unit: str, *, to: str | None = None, source: str | None = "x",
        document_date: date | None = None, corrects: int | None = None, voids: int | None = None,
        data: dict[str, Any] | None = None,
    ) -> int:  # fmt: skip
        self.sequences[code] = sequence = self.sequences.get(code, 0) + 1
        with self.database.writing() as connection:
            connection.execute(
                insert(Entry.__table__).values(
                    candidate_id=self.people[code],
                    sequence=sequence,
                    trigger=trigger,
                    source=source,
                    destination=to,
                    effective_on=on,
                    recorded_at=self.moment(),
                    recorded_by="test",
                    unit_id=self.units[unit],
                    document_date=document_date,
                    data=data or {},
                    text_applied="qd29",
                    corrects=corrects,
                    voids=voids,
                    previous_hash="",
                    hash=f"{code}:{sequence}",
                )
            )
        return sequence

    def counted(self, trigger: str, on: date, unit: str, count: int = 1, **more: Any) -> None:
        """`count` new people with one such entry each."""
        for _ in range(count):
            code = f"P{len(self.people) + 1:04d}"
            self.person(code, unit, "du_bi")
            self.entry(code, trigger, on, unit, **more)

    def figure(
        self, unit: str, indicator: str, period: str, value: Any, reported_on: date | None = None, credited: str = ""
    ) -> None:
        with self.database.writing() as connection:
            connection.execute(
                insert(ReportedFigure.__table__).values(
                    unit_id=self.units[unit],
                    indicator=indicator,
                    period=period,
                    value=Decimal(value),
                    reported_on=reported_on,
                    credited_unit_id=self.units[credited or unit],
                    recorded_at=self.moment(),
                    recorded_by="test",
                )
            )

    def target(
        self, unit: str, indicator: str, period: str, floor: Any = None, ceiling: Any = None, **more: Any
    ) -> None:
        target = Target(
            self.units[unit], indicator, period, None if floor is None else Decimal(floor),
            None if ceiling is None else Decimal(ceiling), **{"decision_date": NO_DECISION} | more,
        )  # fmt: skip
        with self.database.writing() as connection:
            insert_targets(connection, [target], self.moment(), "test")

    def recipient(self, unit: str, role: str, address: str) -> None:
        with self.database.writing() as connection:
            connection.execute(
                insert(Recipient.__table__).values(unit_id=self.units[unit], role=role, address=address, name=None)
            )


def rows_of(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a report by indicator."""
    return {row["indicator"]: row for row in result["rows"]}
