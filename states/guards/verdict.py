"""What a guard is asked with and what it answers: the scene and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from states.calendar import Calendar
from states.events import Event
from states.regulations import Law
from states.way import PersonFacts, UnitFacts, Way
from states.wording import Text

CHARTER_4 = "Điều lệ Đảng, Điều 4"
CHARTER_5 = "Điều lệ Đảng, Điều 5"
PARTY_CELL = Text("chi bộ", "the cell")
BASE = Text("đảng ủy cơ sở", "the base committee")
SUPERIOR = Text("cấp ủy có thẩm quyền", "the competent committee")
DIRECT_SUPERIOR = Text("cấp ủy cấp trên trực tiếp", "the direct superior committee")
CENTRE_COMMITTEE = Text(
    "ban thường vụ cấp ủy trực thuộc Trung ương", "the standing committee directly under the Centre"
)
APPLICANT = Text("người vào Đảng", "the applicant")
NOBODY = Text("không ai", "nobody")
OFFICER = Text("người ghi sổ", "the recording officer")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why not: the reason, its clause, who can supply it, the earliest day it can come true (None: waiting does not help).

    `hard` verdicts stand even when the event is recorded as irregular: without them nobody knows where it leads.
    """

    code: str
    text: Text
    citation: str
    who: Text
    earliest: date | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    hard: bool = False

    def as_dict(self, lang: str = "vi") -> dict[str, Any]:
        """The verdict as shown and as JSON."""
        return {
            "code": self.code,
            "reason": self.text.say(lang, **self.values),
            "citation": self.citation,
            "earliest": self.earliest,
            "who": self.who.say(lang),
        }


@dataclass(slots=True)
class Scene:
    """Everything a guard may look at. `asking` is true where nobody has said yet what would be recorded (next steps)."""

    way: Way
    event: Event
    on: date
    person: PersonFacts
    units: UnitFacts
    law: Law
    calendar: Calendar
    asking: bool = False

    @property
    def chain(self) -> str:
        """The approval chain of the person's unit on that day: co_so, truc_tiep or uy_quyen."""
        return self.units.chain(self.way.unit_id, self.on)

    def has_base_vote(self) -> bool:
        """True where a base committee votes and a committee above it decides."""
        return self.chain == "co_so"

    def votes(self) -> tuple[int, int] | None:
        """Votes in favour and members summoned; None where no vote is given."""
        data = self.event.data
        return (data["in_favour"], data["summoned"]) if "summoned" in data and "in_favour" in data else None

    def carried(self) -> bool:
        """True when the vote reached the ratio its body needs on that day (two thirds, more than half)."""
        votes = self.votes()
        return votes is not None and reaches(*votes, str(self.law.choice(self._ratio_key(), self.on).value))

    def _ratio_key(self) -> str:
        trigger = self.event.trigger
        if trigger in ("decide", "decide_recognition"):
            return "vote_ratio_delegated_base" if self.chain == "uy_quyen" else "vote_ratio_standing_committee"
        if trigger in ("base_vote", "recognition_base_vote"):
            return "vote_ratio_base"
        return "vote_ratio_base" if self.event.data.get("body", "chi_bo") != "chi_bo" else "vote_ratio_chi_bo"


@lru_cache(maxsize=1024)
def reaches(in_favour: int, summoned: int, written: str) -> bool:
    """ "2/3" is reached at two thirds, "more than 1/2" only above a half; in whole numbers, without rounding."""
    share, needed = Fraction(in_favour, summoned), Fraction(written.removeprefix("more than "))
    return share > needed if written.startswith("more than ") else share >= needed


Guard = Callable[[Scene], "Verdict | None"]
