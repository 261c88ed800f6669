"""A small office on a real database: three units, people opened where a test wants them, all through the gate."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import config
from procedures.advance import advance
from procedures.correct import correct
from procedures.gate import Gate, _recorded
from procedures.office import Office
from procedures.plans import Loaded, Plan
from procedures.show import show_candidate
from states.calendar import SINCE_EVER
from states.events import Event
from states.membership import read_event
from states.way import PersonFacts
from store.database import Database
from store.people_writing import Attribute, insert_attributes, insert_people, new_id
from store.units import NewVersion, Version, insert_units, insert_versions

CHAINS = {"CB1": None, "CB2": None, "CB3": "truc_tiep", "CB4": "uy_quyen"}
VOTE = {"summoned": 9, "in_favour": 9}


@cache
def shipped() -> config.Settings:
    """The shipped settings, read once."""
    return config.load(config.SHIPPED)


class Village:
    """`open` puts people in, `step` moves them on a business day, `check` proves the projection and the chain."""

    def __init__(self, database: Database, today: date = date(2025, 12, 31)) -> None:
        self.database = database
        self.today = today
        self.units: dict[str, int] = {}
        with database.writing() as connection:
            self.units = insert_units(connection, ["ĐU", *CHAINS])
            top = Version(SINCE_EVER, "Đảng ủy", "dang_uy_co_so", None, "co_so", {}, False)
            rows = [NewVersion(self.units["ĐU"], top)]
            rows += [
                NewVersion(self.units[code], Version(SINCE_EVER, code, "chi_bo", self.units["ĐU"], chain, {}, False))
                for code, chain in CHAINS.items()
            ]
            insert_versions(connection, rows, datetime.now(UTC), "test")

    def office(self, today: date | None = None, user: str = "test", **changes: Any) -> Office:
        """The office on a business day; `changes` replace settings."""
        settings = shipped()
        if changes:
            settings = settings.model_copy(update=changes)
        return Office(
            settings, self.database, today or self.today, user, "vi", settings.law(), settings.make_calendar()
        )

    def rechain(self, code: str, chain: str, from_on: date) -> None:
        """Record another approval chain of a unit from a day on."""
        version = Version(from_on, code, "chi_bo", self.units["ĐU"], chain, {}, False)
        with self.database.writing() as connection:
            insert_versions(connection, [NewVersion(self.units[code], version)], datetime.now(UTC), "test")

    def open(
        self, *codes: str, unit: str = "CB1", step: str = "quan_chung", day: date | None = None,
        rows: Iterable[tuple[Any, ...]] = (), birth: str | None = None, name: str = "Nguyễn Thị Mẫu", today: date | None = None, **attributes: str,
    ) -> None:  # fmt: skip
        """New people, each with these rows of (trigger, day, data, more)."""
        office = self.office(today)
        gate = Gate(office)
        held = tuple((key, SINCE_EVER, value) for key, value in attributes.items())
        with self.database.writing() as connection:
            gate.units(connection)
            plans: list[Plan] = []
            for code in codes:
                person = new_id()
                insert_people(connection, [(person, name, birth)])
                insert_attributes(connection, [Attribute(person, *one) for one in held], office.now())
                fresh = gate.fresh(
                    code, PersonFacts(birth, held), self.units[unit], Event("open_at", day, data={"step": step}), person_id=person,
                )  # fmt: skip
                plan = gate.plan(fresh, [(place, event(*row)) for place, row in enumerate(rows)])
                assert not plan.problems, [problem.say("en") for problem in plan.problems]
                plans.append(plan)
            gate.write(connection, plans)

    def step(self, code: str, trigger: str, on: date, today: date | None = None, /, **more: Any) -> dict[str, Any]:
        """One step; `more` is what advance takes, anything else is its data."""
        told = {
            key: more.pop(key)
            for key in ("document_number", "document_date", "note", "irregular", "expect_version")
            if key in more
        }
        return advance(self.office(today), code, trigger, on, data=more, **told)

    def correct(
        self, entry: str, today: date | None = None, *, void: bool = False, preview: bool = False, **changes: Any
    ) -> dict[str, Any]:
        """A correction for a reason."""
        return correct(
            self.office(today), entry, changes=changes or None, void=void, reason="Ghi nhầm", preview=preview
        )

    def show(self, code: str, today: date | None = None) -> dict[str, Any]:
        """What the officer sees."""
        return show_candidate(self.office(today), code)

    def timeline(self, code: str) -> list[tuple[str, date | None, str | None]]:
        """(trigger, day, destination) of what stands."""
        return [(row["trigger"], row["on"], row["destination"]) for row in self.show(code)["timeline"]]

    def clock(self, code: str, key: str) -> dict[str, Any]:
        """One clock as shown."""
        return next(clock for clock in self.show(code)["clocks"] if clock["key"] == key)

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table the gate writes."""
        tables = ("candidates", "journal", "clocks", "entry_texts")
        with self.database.reading() as connection:
            return {
                table: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table}").all())) for table in tables
            }

    def check(self) -> None:
        """Projection equals replay, clocks stand as the journal has them, the chains hold."""
        from procedures.verify import verify

        report = verify(self.office())
        assert report["ok"], report["broken"]
        gate = Gate(self.office())
        with self.database.reading() as connection:
            codes = [row[0] for row in connection.exec_driver_sql("SELECT code FROM candidates").all()]
            expected = gate.replay_rows(connection, codes)
            stored = gate.load(connection, codes)
            runs = connection.exec_driver_sql("SELECT candidate_id, key, run, state, due_on FROM clocks").all()
        for code in codes:
            assert stored[code].way.as_facts() == expected[code]["facts"], code
            self._check_live(gate, stored[code])
            theirs = {(run[1], run[2]): run[3] for run in runs if run[0] == stored[code].id and run[3] != "void"}
            wanted = {key: run.state for key, run in expected[code]["clocks"].items() if run.state != "void"}
            assert theirs == wanted, code

    def _check_live(self, gate: Gate, one: Loaded) -> None:
        """What SQL counts over live rows is what a replay finds: source, destination and unit of every entry, `mature` too."""
        horizon = max((x.entry.effective_on for x in one.live if x.entry.effective_on), default=date.min)
        _, taken = gate._walk(one, _recorded(one), gate.ground(one), horizon)
        assert sorted((t.item.event.trigger, t.item.event.on, str(t.source), str(t.destination), t.unit_id) for t in taken if t.item.event.on) == sorted(
            (x.entry.trigger, x.entry.effective_on, str(x.entry.source), str(x.entry.destination), x.entry.unit_id) for x in one.live if x.entry.effective_on
        ), one.code  # fmt: skip


def event(trigger: str, on: date, data: dict[str, Any] | None = None, **told: Any) -> Event:
    """One event as read from words."""
    return read_event(trigger, on, data or {}, **told)


def raw_journal(path: Path) -> str:
    """Everything the journal's rows hold, as the file has it."""
    with sqlite3.connect(path) as connection:
        return "\n".join(map(repr, connection.execute("SELECT * FROM journal")))


def member(ceremony: date) -> list[tuple[Any, ...]]:
    """The rows of a lawful way from quần chúng to the ceremony, a year before it on."""
    year = ceremony.year - 1
    return [
        ("nominate", date(year, 1, 10)),
        ("list", date(year, 2, 10), {"helper": "Trần Văn Giúp"}),
        ("certify_class", date(year, 3, 10), {"issuer": "Trung tâm chính trị"}),
        ("open_file", date(year, 4, 10)),
        ("complete_file", date(year, 5, 10), {"documents": "đủ", "introducers": "Lê Thị Một; Phạm Văn Hai"}),
        ("cell_vote", date(year, 6, 10), dict(VOTE)),
        ("base_vote", date(year, 6, 20), dict(VOTE)),
        ("decide", date(year, 7, 10), {"outcome": "dong_y"}),
        ("receive_decision", date(year, 7, 15)),
        ("hold_ceremony", ceremony, {"consent": "Văn bản đồng ý"}),
    ]
