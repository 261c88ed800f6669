"""The gate under everything people may do: after each operation the projection equals the replay and every chain holds."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from procedures.advance import advance
from procedures.gate import Gate
from states.errors import BadInput, Conflict, KetnapError, Refused
from states.membership import PROCESS
from states.steps import STEPS
from store.database import Database
from tests.procedures.village import CHAINS, VOTE, Village, event

D = date
FIRST = D(2022, 1, 3)


ONWARD = (
    "nominate", "list", "certify_class", "open_file", "complete_file", "cell_vote", "base_vote", "decide", "receive_decision",
    "hold_ceremony", "certify_new_member", "recognition_cell_vote", "recognition_base_vote", "decide_recognition", "restore",
)  # fmt: skip


class Wanderer:
    """Does what officers do, lawful or not, on any day, with a business day that wanders."""

    def __init__(self, village: Village, seed: int) -> None:
        self.village, self.random = village, random.Random(seed)
        self.today = FIRST + timedelta(days=200)
        self.log: list[Any] = []

    def day(self, near: date | None = None) -> date:
        """A day: mostly close to the last one, sometimes anywhere, sometimes to come."""
        if near is not None and self.random.random() < 0.75:
            return min(near + timedelta(days=self.random.choice([0, 0, 1, 3, 15, 40, 90])), self.today)
        return FIRST + timedelta(days=self.random.randint(-100, (self.today - FIRST).days + 2))

    def data(self, trigger: str) -> dict[str, Any]:
        """What the trigger records, mostly all of it, sometimes failing."""
        pick = self.random.choice
        votes = pick([VOTE, VOTE, VOTE, {"summoned": 9, "in_favour": 5}, {"summoned": 9}])
        told: dict[str, Any] = {}
        for name in PROCESS[trigger].records:
            told[name] = {
                "helper": "Trần Văn Giúp", "nominator": "Công đoàn", "issuer": "TTCT", "documents": "đủ",
                "introducers": "A; B", "shared_since": "2020-01-01", "body": pick(["chi_bo", "dang_uy_co_so"]),
                "consent": "12-CV", "outcome": pick(["dong_y", "dong_y", "khong_dong_y"]), "to_unit": pick(list(CHAINS)),
                "cause": pick(["sai_tieu_chuan", "sai_thu_tuc"]), "clock": pick([None, "admission_decision_wd"]),
                "days": pick([None, 5, 15, 40]), **votes,
            }.get(name)  # fmt: skip
        return {name: value for name, value in told.items() if value is not None and self.random.random() < 0.95}

    def trigger(self, step: str) -> str:
        """Mostly one that leaves from the step."""
        here = [row.trigger for row in PROCESS.values() if step in row.sources and not row.automatic]
        forward = [t for t in here if t in ONWARD]
        roll = self.random.random()
        if forward and roll < 0.65:
            return self.random.choice(forward)
        if here and roll < 0.95:
            return self.random.choice(here)
        return self.random.choice([row.trigger for row in PROCESS.values() if not row.automatic])

    def go(self, code: str) -> None:
        """One operation."""
        village, shown = self.village, self.village.show(code, self.today)
        last = shown["timeline"][-1]["on"]
        roll = self.random.random()
        try:
            if roll < 0.12:
                self.today += timedelta(days=self.random.choice([-200, -30, 1, 60, 200, 400]))
                self.today = max(self.today, FIRST)
                self.log.append(("today", self.today))
            elif roll < 0.15:
                chain = self.random.choice(["co_so", "truc_tiep", "uy_quyen"])
                self.log.append(("rechain", chain, on := self.day()))
                village.rechain(self.random.choice(list(CHAINS)), chain, on)
            elif roll < 0.17:
                self.log.append("erase")
                with village.database.writing() as connection:
                    connection.exec_driver_sql("DELETE FROM entry_texts WHERE sequence > 3")
            elif roll < 0.80:
                trigger, on = self.trigger(shown["step"]), self.day(last)
                data = self.data(trigger)
                told = {"irregular": "Thực tế đã làm"} if self.random.random() < 0.4 else {}
                told |= {"note": "Lý do", "document_number": f"{self.random.randint(1, 9)}-QĐ"}
                if self.random.random() < 0.3:
                    told["document_date"] = on - timedelta(days=self.random.randint(0, 9))  # type: ignore[assignment]
                self.log.append((code, trigger, on, data, told))
                advance(village.office(self.today), code, trigger, on, data=data, **told)  # type: ignore[arg-type]
            else:
                written = [row for row in shown["timeline"] if row["recorded_at"]]
                row = self.random.choice(written + shown["superseded"][-3:])
                changes: dict[str, Any] = self.random.choice([
                    {"on": self.day(row["on"])}, {"on": self.day(row["on"])}, {"document_date": str(self.day(row["on"]))},
                    {"irregular": "Đã rõ"}, {"irregular": ""}, {"note": ""}, {"note": "Khác"},
                    *([{"step": self.random.choice(STEPS)}] * 6 if row["trigger"] == "open_at" else []),
                    *([{name: value} for name, value in self.data(row["trigger"]).items()] if row["trigger"] in PROCESS else []),
                ])  # fmt: skip
                if self.random.random() < 0.35:
                    self.log.append(("void", row["entry"]))
                    village.correct(row["entry"], self.today, void=True)
                else:
                    self.log.append(("set", row["entry"], changes))
                    village.correct(row["entry"], self.today, **changes)
            self.log.append("done")
        except (Refused, BadInput) as refused:
            self.log.append(type(refused).__name__)
        except Conflict as conflict:  # nobody else was there: the same event stands already
            self.log.append(conflict.details["code"])


def wander(village: Village, seed: int, steps: int) -> None:
    wanderer = Wanderer(village, seed)
    pick = wanderer.random.choice
    for code in ("A1", "A2", "A3"):
        village.today = wanderer.today
        step, day = pick(STEPS[:14]), pick([None, FIRST])
        village.open(code, unit=pick(list(CHAINS)), step=step, day=day, birth=pick([None, "1990-05", "1960"]))
    village.today = FIRST + timedelta(days=4000)
    for _ in range(steps):
        code = pick(["A1", "A2", "A3"])
        try:
            before = village.dump() if wanderer.random.random() < 0.1 else None
            wanderer.go(code)
            if before is not None and wanderer.log[-1] in ("Refused", "BadInput"):
                assert village.dump() == before, "what is refused leaves nothing behind"
            village.check()
            village.show(code, wanderer.today)
        except KetnapError:
            raise
        except Exception as failure:
            told = "\n".join(map(repr, wanderer.log[-60:]))
            raise AssertionError(f"seed {seed} after {len(wanderer.log)}:\n{told}") from failure


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_projection_is_the_replay(sqlite_database: Database, seed: int) -> None:
    wander(Village(sqlite_database), seed, 60)


@pytest.mark.postgres
def test_whatever_happens_on_postgresql(postgresql_database: Database) -> None:
    wander(Village(postgresql_database), 100, 60)


@pytest.mark.parametrize(("changes", "void"), [({"in_favour": "7"}, False), ({"on": "2025-09-03"}, False), ({}, True)])
def test_a_row_of_a_file_that_was_corrected_since_is_not_news(
    sqlite_database: Database, changes: dict[str, str], void: bool
) -> None:
    village = Village(sqlite_database)
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 9, 1), **VOTE)
    village.correct("A1:2", void=void, **changes)
    gate = Gate(village.office())
    with village.database.reading() as connection:
        again = gate.load(connection, ["A1"])["A1"]
        plan = gate.plan(again, [("row", event("cell_vote", D(2025, 9, 1), VOTE))], from_file=True)
        assert (plan.unchanged, plan.drafts, plan.problems) == (1, [], [])
        plan = gate.plan(again, [("row", event("cell_vote", D(2025, 9, 1), VOTE | {"in_favour": 8}))], from_file=True)
    assert [v.code for v in plan.verdicts] == (
        ["same_event_other_data"] if "in_favour" in changes else ["wrong_step"] if "on" in changes else []
    )
