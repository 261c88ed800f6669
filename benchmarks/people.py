"""An office of synthetic people made through the gate itself, for benchmarks of steps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from procedures.gate import Gate
from procedures.office import Office
from states.calendar import SINCE_EVER
from states.events import Event
from states.membership import read_event
from states.way import PersonFacts
from store.people_writing import Attribute, insert_attributes, insert_people, new_id
from store.units import NewVersion, Version, insert_units, insert_versions

OPENED, TODAY = date(2025, 1, 2), date(2025, 12, 1)
WAY = (
    ("nominate", date(2025, 1, 10), {}),
    ("list", date(2025, 2, 10), {"helper": "Người Giúp Đỡ"}),
    ("send_to_class", date(2025, 3, 3), {}),
    ("certify_class", date(2025, 4, 1), {"issuer": "Trung tâm chính trị"}),
    ("open_file", date(2025, 5, 5), {}),
    ("complete_file", date(2025, 8, 4), {"documents": "đủ", "introducers": "Một; Hai", "shared_since": "01/01/2024"}),
)
VOTE = date(2025, 9, 10)


def office(path: Path) -> Office:
    """A fresh office on a database at `path`."""
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    made = Office.open(today=TODAY, database_url=f"sqlite:///{path}", user="bench")
    made.database.init()
    return made


def fill(here: Office, number: int) -> list[str]:
    """`number` people of 20 units waiting for their cell's vote; their codes."""
    codes = [f"P{n:05d}" for n in range(number)]
    gate = Gate(here)
    with here.database.writing() as connection:
        units = insert_units(connection, [f"U{n:02d}" for n in range(20)])
        now = datetime.now(UTC)
        versions = [
            NewVersion(unit, Version(SINCE_EVER, code, "chi_bo", None, "co_so", {}, False))
            for code, unit in units.items()
        ]
        insert_versions(connection, versions, now, "bench")
        gate.units(connection)
        unit_ids = list(units.values())
        facts = PersonFacts("1995-03-20", (("hoc_van", SINCE_EVER, "dai_hoc"),))
        events = [(None, read_event(trigger, on, raw)) for trigger, on, raw in WAY]
        people = {code: new_id() for code in codes}
        insert_people(connection, [(people[code], f"Người Mẫu {code}", "1995-03-20") for code in codes])
        insert_attributes(connection, [Attribute(people[c], "hoc_van", SINCE_EVER, "dai_hoc") for c in codes], now)
        for start in range(0, number, 1000):
            plans = []
            for place, code in enumerate(codes[start : start + 1000]):
                opening = Event("open_at", None, data={"step": "quan_chung"})
                fresh = gate.fresh(code, facts, unit_ids[place % 20], opening, person_id=people[code])
                plans.append(gate.plan(fresh, events))
            assert not any(plan.problems for plan in plans)
            gate.write(connection, plans)
    return codes
