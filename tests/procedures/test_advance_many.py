"""One meeting or decision for many people: the lawful ones together, the others by name; a lost update writes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from procedures.advance import AdvanceRow, advance, advance_many
from procedures.gate import Gate
from procedures.office import Office
from states.errors import Conflict
from store import candidates
from store.database import Database
from tests.procedures.village import VOTE, Village, event

D = date


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def decide(code: str, on: date = D(2025, 9, 1)) -> AdvanceRow:
    return AdvanceRow(code, "decide", on, "9-QĐ/ĐU", on, {"outcome": "dong_y"})


def test_three_hundred_people_and_one_decision(village: Village) -> None:
    ready = [f"R{number:03}" for number in range(200)]
    at_base = [f"B{number:03}" for number in range(60)]
    elsewhere = [f"E{number:03}" for number in range(40)]
    village.open(*ready, step="cho_quyet_dinh", day=D(2025, 1, 1), unit="CB3")
    village.open(*at_base, step="cho_co_so", day=D(2025, 1, 1))
    village.open(*elsewhere, step="cam_tinh", day=D(2025, 1, 1))
    mixed = sorted([*ready, *at_base, *elsewhere, "KHÔNG-CÓ"], key=lambda code: code[1:])
    done = advance_many(village.office(), [decide(code) for code in mixed])
    assert sorted(done["committed"]) == ready
    refused = {row["code"]: [verdict["code"] for verdict in row["verdicts"]] for row in done["refused"]}
    assert refused == (
        {code: ["base_vote_first"] for code in at_base} | {code: ["wrong_step"] for code in elsewhere} | {"KHÔNG-CÓ": ["unknown"]}
    )  # fmt: skip
    with village.database.reading() as connection:
        steps = dict(
            map(tuple, connection.exec_driver_sql("SELECT step, count(*) FROM candidates GROUP BY step").all())
        )
        documents = connection.exec_driver_sql(
            "SELECT DISTINCT document_number FROM journal WHERE trigger = 'decide'"
        ).all()
    assert steps == {"cho_le": 200, "cho_co_so": 60, "cam_tinh": 40}
    assert [row[0] for row in documents] == ["9-QĐ/ĐU"]
    village.check()
    again = advance_many(village.office(), [decide(code) for code in ready])
    assert again["committed"] == []
    assert {verdict["code"] for row in again["refused"] for verdict in row["verdicts"]} == {"already"}


def test_several_steps_of_one_person_stand_or_fall_together(village: Village) -> None:
    village.open("A1", "A2", step="cho_co_so", day=D(2025, 1, 1))
    done = advance_many(
        village.office(),
        [
            decide("A1"),
            AdvanceRow("A1", "base_vote", D(2025, 9, 1), data=VOTE),
            decide("A2"),
            AdvanceRow("A2", "base_vote", D(2025, 9, 2), data=VOTE),
        ],
    )
    assert done["committed"] == ["A1"], "on one day the vote comes first"
    assert [row["code"] for row in done["refused"]] == ["A2"]
    assert [row[0] for row in village.timeline("A1")] == ["open_at", "base_vote", "decide"]
    assert [row[0] for row in village.timeline("A2")] == ["open_at"]
    village.check()


def test_days_gone_by_and_days_to_come_in_one_meeting(village: Village) -> None:
    village.open("A1", "A2", "A3", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "assign_helper", D(2025, 6, 1), helper="A")
    rows = [
        AdvanceRow("A1", "certify_class", D(2025, 5, 1)),
        AdvanceRow("A2", "certify_class", D(2025, 5, 1)),
        AdvanceRow("A3", "certify_class", D(2026, 1, 1)),
        AdvanceRow("A2", "transfer", D(2025, 5, 2), data={"to_unit": "CB99"}),
    ]
    done = advance_many(village.office(), rows)
    assert done["committed"] == ["A1"]
    refused = {row["code"]: [verdict["code"] for verdict in row["verdicts"]] for row in done["refused"]}
    assert refused == {"A2": ["no_such_unit"], "A3": ["future_day"]}
    village.check()


def test_nobody_and_nothing(village: Village) -> None:
    assert advance_many(village.office(), []) == {"committed": [], "refused": [], "steps": {}}


def test_a_lost_update_in_a_batch_writes_nothing(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [f"A{number:02}" for number in range(20)]
    village.open(*people, step="cho_quyet_dinh", day=D(2025, 1, 1), unit="CB3")
    office, other = village.office(user="lan"), village.office(user="minh")
    write = Gate.write

    def meanwhile(gate: Gate, connection: Any, plans: Any) -> int:
        monkeypatch.setattr(Gate, "write", write)
        if village.database.dialect == "sqlite":
            other_gate = Gate(other)  # one writer at a time: within this transaction, as if it had come before
            loaded = other_gate.load(connection, ["A07"])["A07"]
            change = event("assign_helper", D(2025, 8, 1), {"helper": "B"})
            write(other_gate, connection, [other_gate.plan(loaded, [(0, change)])])
        else:
            advance(other, "A07", "assign_helper", D(2025, 8, 1), data={"helper": "B"})
        return write(gate, connection, plans)

    monkeypatch.setattr(Gate, "write", meanwhile)
    with pytest.raises(Conflict) as conflict:
        advance_many(office, [decide(code) for code in people])
    assert conflict.value.details["code"] == "A07"
    assert "minh" in conflict.value.say()
    with village.database.reading() as connection:
        decided = connection.exec_driver_sql("SELECT count(*) FROM journal WHERE trigger = 'decide'").scalar()
        steps = connection.exec_driver_sql("SELECT DISTINCT step FROM candidates").all()
    assert decided == 0
    assert [row[0] for row in steps] == ["cho_quyet_dinh"]
    village.check()


@pytest.mark.parametrize("many", [1, 2, 50])
def test_compare_and_set_counts_what_it_moved(village: Village, many: int) -> None:
    people = [f"A{number:02}" for number in range(many)]
    village.open(*people, step="cam_tinh", day=D(2025, 1, 1))
    with village.database.reading() as connection:
        rows = candidates.load_candidates(connection, people)
    moves = [_same(row) for row in rows]
    with village.database.writing() as connection:
        assert candidates.move_candidates(connection, moves) == many
    with village.database.writing() as connection:
        assert candidates.move_candidates(connection, moves) == 0
    stale = [move | {"version": 2} for move in moves]
    stale[0]["version"] = 1
    with village.database.writing() as connection:
        assert candidates.move_candidates(connection, stale) == many - 1


def test_a_row_keeps_its_unit_where_it_names_none(village: Village) -> None:
    village.open("A1", "A2", step="cam_tinh", day=D(2025, 1, 1))
    with village.database.reading() as connection:
        one, other = sorted(candidates.load_candidates(connection, ["A1", "A2"]))
        elsewhere = connection.exec_driver_sql(f"SELECT max(id) FROM units WHERE id <> {one.unit_id}").scalar_one()
    stays = {name: value for name, value in _same(one).items() if name != "unit_id"}
    with village.database.writing() as connection:
        assert candidates.move_candidates(connection, [stays, _same(other) | {"unit_id": elsewhere}]) == 2
    with village.database.reading() as connection:
        rows = sorted(candidates.load_candidates(connection, ["A1", "A2"]))
    assert [(row.id, row.unit_id, row.version) for row in rows] == [
        (one.id, one.unit_id, one.version + 1), (other.id, elsewhere, other.version + 1),
    ]  # fmt: skip


def _same(row: candidates.CandidateRow) -> dict[str, Any]:
    names = ("id", "version", "unit_id", "step", "facts", "head_sequence", "head_hash")
    return {name: getattr(row, name) for name in names} | {"since": D(2025, 1, 1), "official_on": None}


def test_mature_and_recompute_meet_an_officer(village: Village) -> None:
    """A sweep that read before somebody wrote gives way as a whole."""
    village.open(
        "A1", "A2", step="du_bi", day=D(2025, 1, 1), rows=[("hold_ceremony", D(2024, 9, 10))], today=D(2025, 2, 1)
    )
    office: Office = village.office()
    gate = Gate(office)
    with village.database.reading() as connection:
        rows = candidates.load_candidates(connection, ["A1", "A2"])
        loaded = gate._loaded(connection, rows, entries=False)
    village.step("A1", "assign_helper", D(2025, 3, 1), D(2025, 3, 1), helper="A")
    plans = [gate.plan(one, []) for one in loaded]
    assert [draft.trigger for plan in plans for draft in plan.drafts] == ["mature", "mature"]
    with pytest.raises(Conflict), village.database.writing() as connection:
        gate.write(connection, plans)
    assert {row[0] for row in village.timeline("A2") if row[0] != "mature"} == {"open_at", "hold_ceremony"}
    with village.database.writing() as connection:
        assert Gate(office).mature(connection, [row.id for row in rows]) == 2
        assert Gate(office).mature(connection, [row.id for row in rows]) == 0
    village.check()
