"""The ladder of escalation: its rungs in order, and whom each tells after how many working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from states.errors import BadInput
from states.wording import Text

NHAC, CAP_TREN, THUONG_VU = "nhac", "cap_tren", "thuong_vu"
RUNGS = (NHAC, CAP_TREN, THUONG_VU)
UNIT, ABOVE = "unit", "above"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: after so many working days on the rung before, these roles of the unit itself or of the one above."""

    step: str
    after_working_days: int
    tell: tuple[str, ...]
    of: str = UNIT


def subject_of(case_id: int, step: str) -> str:
    """What the ledger of notices calls one rung of a case."""
    return f"case:{case_id}:{step}"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in order. A case keeps the ladder it began under, whatever config.yaml says later."""

    version: str
    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        places = [RUNGS.index(rung.step) if rung.step in RUNGS else -1 for rung in self.rungs]
        if -1 in places or places != sorted(set(places)):
            raise BadInput(
                Text(
                    "Thang đôn đốc: các bậc phải theo thứ tự {rungs}, mỗi bậc nhiều nhất một lần.",
                    "Escalation ladder: rungs must be in the order {rungs}, each at most once.",
                ),
                rungs=", ".join(RUNGS),
            )

    def after(self, step: str) -> Rung | None:
        """The rung that follows `step` (the first, for a case on none yet); None on the last."""
        place = RUNGS.index(step) if step in RUNGS else -1
        return next((rung for rung in self.rungs if RUNGS.index(rung.step) > place), None)

    def get(self, step: str) -> Rung:
        """The rung of that name."""
        return next(rung for rung in self.rungs if rung.step == step)

    def subjects(self, case_id: int) -> list[str]:
        """What the ledger of notices calls the rungs of a case."""
        return [subject_of(case_id, rung.step) for rung in self.rungs]

    def to_json(self) -> dict[str, Any]:
        """Plain data for the case's row."""
        rungs = [
            {"step": r.step, "after_working_days": r.after_working_days, "tell": list(r.tell), "of": r.of}
            for r in self.rungs
        ]
        return {"version": self.version, "rungs": rungs}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Ladder:
        """The ladder of a case's row."""
        rungs = (Rung(r["step"], r["after_working_days"], tuple(r["tell"]), r["of"]) for r in data["rungs"])
        return cls(data["version"], tuple(rungs))
