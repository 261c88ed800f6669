"""A small office with units, recipients and people with running clocks, for what is reminded, delivered and due."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

import config
from config import Settings
from procedures.gate import Gate
from procedures.office import Office
from states.clocks import reckon
from states.events import Event
from states.way import PersonFacts, Way
from store.candidates import Candidate
from store.clocks import Clock
from store.database import Database
from store.notices import Letter, Notice, Recipient
from store.people import Person, PersonAttribute
from store.units import NewVersion, Version, insert_units, insert_versions

EVER = date(1, 1, 1)
NOW = datetime(2020, 1, 1, tzinfo=UTC)


def settings_with(folder: Path, text: str = "") -> Settings:
    """The shipped settings with these lines over them."""
    file = folder / "config.yaml"
    file.write_text(text or "{}\n", encoding="utf-8")
    return config.load(file)


class Ledger:
    """Puts rows straight into the tables and reads the ledger back."""

    def __init__(self, database: Database, folder: Path, text: str = "") -> None:
        self.database = database
        self.folder = folder
        self.settings = settings_with(folder, text)
        self.units: dict[str, int] = {}
        self.random = random.Random(1)

    def on(self, today: str, text: str | None = None) -> Office:
        """The office on a day, with other lines of config.yaml when given."""
        settings = self.settings if text is None else settings_with(self.folder, text)
        return Office(
            settings, self.database, date.fromisoformat(today), "test", "vi", settings.law(), settings.make_calendar()
        )

    def unit(self, code: str, above: str | None = None, from_on: date = EVER) -> None:
        """A unit, `chi_bo` when it stands under another."""
        kind = "chi_bo" if above else "dang_uy_co_so"
        with self.database.writing() as connection:
            self.units |= insert_units(connection, [code])
            parent = self.units[above] if above else None
            version = Version(from_on, f"Đơn vị {code}", kind, parent, None, {}, False)
            insert_versions(connection, [NewVersion(self.units[code], version)], NOW, "test")

    def recipient(self, unit: str, address: str, role: str = "bi_thu", name: str | None = None) -> None:
        """Somebody who is told about the unit."""
        with self.database.writing() as connection:
            row = {"unit_id": self.units[unit], "role": role, "address": address, "name": name}
            connection.execute(insert(Recipient), [row])

    def clock(self, code: str, unit: str, key: str, starts_on: str, step: str = "cho_quyet_dinh") -> int:
        """Somebody at `step` with this one clock running since `starts_on`; the clock's id."""
        start = date.fromisoformat(starts_on)
        limit = self.settings.law().limit(key, start)
        assert limit.value is not None
        due_on = reckon(start, limit.value, limit.unit, 0, self.settings.make_calendar())
        return self.clock_due(code, unit, key, start, due_on, limit.value, limit.unit, step)

    def clock_due(
        self, code: str, unit: str, key: str, starts_on: date, due_on: date, value: int, limit_unit: str, step: str
    ) -> int:
        """Somebody with a clock running from a day to a day."""
        one = self.random.getrandbits(60)
        with self.database.writing() as connection:
            connection.execute(insert(Person), [{"id": one, "name": None, "birth": "1990"}])
            row = {"id": one, "code": code, "person_id": one, "unit_id": self.units[unit], "step": step}
            facts = Way(self.units[unit], step).as_facts() | {"gaps": []}
            row |= {"facts": facts, "head_sequence": 1, "head_hash": "x", "version": 1}
            connection.execute(insert(Candidate), [row])
            clock = {
                "candidate_id": one, "key": key, "run": 1, "starts_on": starts_on, "due_on": due_on,
                "limit_value": value, "limit_unit": limit_unit, "extension": 0, "profile": "qd294",
                "status": "verified", "citation": "294-QĐ/TW, 4.1", "calendar": "x", "state": "running",
            }  # fmt: skip
            connection.execute(insert(Clock), [clock])
            return int(connection.execute(select(Clock.id).where(Clock.candidate_id == one)).scalar_one())

    def change(self, clock_id: int, **values: Any) -> None:
        """Something happens to a clock."""
        with self.database.writing() as connection:
            connection.execute(update(Clock).where(Clock.id == clock_id).values(**values))  # type: ignore[arg-type]

    def person(
        self, office: Office, code: str, unit: str, opening: str, opened_on: str | None, *events: Event,
        birth: str | None = "1990-05-01", attributes: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Somebody written by the gate, with a lawful way."""
        identity = self.random.getrandbits(60)
        given = tuple((key, EVER, value) for key, value in (attributes or {"hoc_van": "12/12"}).items())
        day = date.fromisoformat(opened_on) if opened_on else None
        with self.database.writing() as connection:
            connection.execute(insert(Person), [{"id": identity, "name": None, "birth": birth}])
            rows = [
                {"person_id": identity, "key": k, "value": v, "from_on": f, "recorded_at": NOW} for k, f, v in given
            ]
            connection.execute(insert(PersonAttribute), rows)
            gate = Gate(office)
            gate.units(connection)
            start = Event("open_at", day, data={"step": opening})
            fresh = gate.fresh(code, PersonFacts(birth, given), self.units[unit], start, person_id=identity)
            plan = gate.plan(fresh, [(place, event) for place, event in enumerate(events)])
            assert not plan.problems, [problem.say("en") for problem in plan.problems]
            gate.write(connection, [plan])

    def notices(self, *columns: str) -> list[tuple[Any, ...]]:
        """The ledger by subject, recipient and threshold, the furthest ahead first."""
        n = Notice.__table__.c  # type: ignore[attr-defined]
        with self.database.reading() as connection:
            query = select(*(n[name] for name in columns)).order_by(n.subject, n.recipient, n.threshold.desc())
            return [tuple(row) for row in connection.execute(query)]

    def states(self) -> dict[int, str]:
        """threshold -> state, for a ledger about one clock and one recipient."""
        return dict(self.notices("threshold", "state"))  # type: ignore[arg-type]

    def letters(self, *columns: str) -> list[tuple[Any, ...]]:
        """The letters in the order they were made."""
        c = Letter.__table__.c  # type: ignore[attr-defined]
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(*(c[name] for name in columns)).order_by(c.id))]

    def outbox(self) -> Iterator[EmailMessage]:
        """What lies in the outbox."""
        for file in sorted(self.database.beside("outbox").glob("*")):
            message = message_from_bytes(file.read_bytes(), policy=default)
            assert isinstance(message, EmailMessage)
            yield message


def text_of(message: EmailMessage) -> str:
    """The plain words of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
