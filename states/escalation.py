"""The case of a unit that falls behind: watched, urged, brought to those above, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from transitions import Machine

from states.calendar import Calendar
from states.errors import BadInput
from states.wording import Text

# ---------------------------------------------------------------------- 1. steps

THEO_DOI, NHAC, CAP_TREN, THUONG_VU, DA_DONG = "theo_doi", "nhac", "cap_tren", "thuong_vu", "da_dong"
STEPS = (THEO_DOI, NHAC, CAP_TREN, THUONG_VU, DA_DONG)
RUNGS = (NHAC, CAP_TREN, THUONG_VU)

# What the judging of the day found about the unit
BEHIND, WAITING, CAUGHT_UP, PERIOD_ENDED, TARGET_WITHDRAWN = (
    "behind",  # beyond the tolerance
    "waiting",  # below its pace, within the tolerance: the case stays where it is
    "caught_up",
    "period_ended",
    "target_withdrawn",
)

# ---------------------------------------------------------------------- 2. labels

LABELS: Mapping[str, Text] = {
    THEO_DOI: Text("Đang theo dõi", "Watched"),
    NHAC: Text("Đã nhắc đơn vị", "Unit urged"),
    CAP_TREN: Text("Đã báo cấp ủy cấp trên", "Committee above told"),
    THUONG_VU: Text("Đã báo ban thường vụ", "Standing committee told"),
    DA_DONG: Text("Đã đóng", "Closed"),
}
RESULTS: Mapping[str, Text] = {
    CAUGHT_UP: Text("Đã bắt kịp tiến độ", "Caught up"),
    PERIOD_ENDED: Text("Hết kỳ", "The period ended"),
    TARGET_WITHDRAWN: Text("Chỉ tiêu không còn", "The target is gone"),
}
UNIT, ABOVE = "unit", "above"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: after so many working days on the rung before, these roles of the unit itself or of the one above."""

    step: str
    after_working_days: int
    tell: tuple[str, ...]
    of: str = UNIT


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
        """The rung that follows `step`; None on the last."""
        place = STEPS.index(step)
        return next((rung for rung in self.rungs if STEPS.index(rung.step) > place), None)

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


@dataclass(slots=True)
class Standing:
    """Where a case stands while it is being moved; `state` is what the machine moves."""

    state: str
    since: date
    ladder: Ladder
    finding: str
    today: date
    calendar: Calendar

    @property
    def next_on(self) -> date | None:
        """The working day the next rung is due; None when there is none (or the case is closed)."""
        rung = None if self.state == DA_DONG else self.ladder.after(self.state)
        return self.calendar.add_working_days(self.since, rung.after_working_days) if rung else None

    # ------------------------------------------------------------------ 3. guards

    def rung_is_nhac(self) -> bool:
        """The unit is behind, its next rung is this one and its working days are over (judged on the business day)."""
        return self._due(NHAC)

    def rung_is_cap_tren(self) -> bool:
        """As for `nhac`."""
        return self._due(CAP_TREN)

    def rung_is_thuong_vu(self) -> bool:
        """As for `nhac`."""
        return self._due(THUONG_VU)

    def is_settled(self) -> bool:
        """Caught up, or the period is over, or there is no target any more."""
        return self.finding in RESULTS

    def _due(self, step: str) -> bool:
        rung, next_on = self.ladder.after(self.state), self.next_on
        due = rung is not None and rung.step == step and next_on is not None and next_on <= self.today
        return due and self.finding == BEHIND


# ---------------------------------------------------------------------- 4. the table

OPEN = [THEO_DOI, NHAC, CAP_TREN, THUONG_VU]
TABLE = (
    # trigger                       from                          to         when
    ("close",                       OPEN,                         DA_DONG,   "is_settled"),
    ("urge",                        [THEO_DOI],                   NHAC,      "rung_is_nhac"),
    ("tell_above",                  [THEO_DOI, NHAC],             CAP_TREN,  "rung_is_cap_tren"),
    ("tell_standing_committee",     [THEO_DOI, NHAC, CAP_TREN],   THUONG_VU, "rung_is_thuong_vu"),
)  # fmt: skip

MACHINE = Machine(
    model=None,
    states=list(STEPS),
    initial=THEO_DOI,
    transitions=[
        {"trigger": trigger, "source": source, "dest": destination, "conditions": guard}
        for trigger, source, destination, guard in TABLE
    ],
    auto_transitions=False,
)

# ---------------------------------------------------------------------- 5. taking a step


@dataclass(frozen=True, slots=True)
class Move:
    """One step a case took: the trigger and where it led."""

    trigger: str
    step: str


def move(case: Standing) -> list[Move]:
    """Take every step that is due today, in order; the case is changed, [] when nothing is.

    Each rung counts its working days from the day the rung before was really reached, so a gap in the runs never
    sends a unit up two rungs at once (unless the ladder gives a rung no days at all).
    """
    moves: list[Move] = []
    while step := _step(case):
        moves.append(step)
    return moves


def _step(case: Standing) -> Move | None:
    for trigger, sources, destination, _guard in TABLE:
        if case.state in sources and MACHINE.events[trigger].trigger(case):
            case.since = case.today
            return Move(trigger, destination)
    return None
