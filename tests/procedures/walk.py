"""A way through the whole process as the table allows it: at every step some trigger that is allowed, with what it records."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from procedures.show import show_candidate
from states.membership import PROCESS
from states.steps import ENDS
from tests.procedures.village import Village

SAID: Mapping[str, str] = {
    "nominator": "Công đoàn cơ sở", "helper": "Trần Văn Giúp", "issuer": "Trung tâm chính trị", "documents": "du",
    "introducers": "Lê Thị Một; Phạm Văn Hai", "shared_since": "01/01/2015", "summoned": "9", "in_favour": "9",
    "body": "chi_bo", "consent": "12-CV/ĐU", "outcome": "dong_y", "to_unit": "CB2", "cause": "sai_tieu_chuan",
    "clock": "", "days": "",
}  # fmt: skip


def said(trigger: str, **other: str) -> dict[str, str]:
    """What a trigger records, complete and lawful unless told otherwise."""
    return {name: other.get(name, SAID[name]) for name in PROCESS[trigger].records if other.get(name, SAID[name])}


class Walker:
    """Takes somebody on, day after day, by what the page calls allowed; prefers what was taken least."""

    def __init__(self, village: Village, code: str, seed: int, first: date) -> None:
        self.village, self.code, self.random, self.today = village, code, random.Random(seed), first
        self.taken: Counter[str] = Counter()

    def shown(self, **more: Any) -> dict[str, Any]:
        return show_candidate(self.village.office(self.today), self.code, **more)

    def choices(self, shown: Mapping[str, Any], *, leave: bool) -> list[str]:
        found = [row["trigger"] for row in shown["next"] if row["allowed"]]
        stay = [one for one in found if not all(to in ENDS for to in PROCESS[one].destinations)]
        return found if leave or not stay else stay

    def data(self, trigger: str) -> dict[str, str]:
        pick = self.random.choice
        return said(trigger, to_unit=pick(["CB1", "CB2", "CB3", "CB4"]), body=pick(["chi_bo", "dang_uy_co_so"]),
                    in_favour=pick(["9", "9", "9", "5"]) if trigger not in ("decide", "decide_recognition") else "9",
                    outcome=pick(["dong_y"] * 5 + ["khong_dong_y"]), cause="sai_tieu_chuan")  # fmt: skip

    def go(self, *, leave: bool = False) -> str | None:
        """One step on this business day; None where nothing is allowed."""
        found = self.choices(self.shown(), leave=leave)
        if not found:
            return None
        trigger = min(found, key=lambda one: (self.taken[one], self.random.random()))
        self.taken[trigger] += 1
        self.village.step(
            self.code, trigger, self.today, self.today, note="Lý do", document_number=f"{sum(self.taken.values())}-QĐ",
            **self.data(trigger),
        )  # fmt: skip
        return trigger

    def later(self) -> None:
        self.today += timedelta(days=self.random.choice([1, 1, 3, 10, 20]))
