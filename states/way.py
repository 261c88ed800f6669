"""What is known of one person's way: the facts that judge the next step. Kept in the projection, rebuilt by replay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Any, Protocol

from states.clocks import RUNNING, Clocks

QUAN_CHUNG, DUOC_GIOI_THIEU = "quan_chung", "duoc_gioi_thieu"
CAM_TINH, DA_HOC, LAP_HO_SO, CHO_CHI_BO = "cam_tinh", "da_hoc", "lap_ho_so", "cho_chi_bo"
CHO_CO_SO, CHO_QUYET_DINH, CHO_LE = "cho_co_so", "cho_quyet_dinh", "cho_le"
DU_BI, XET_CHINH_THUC = "du_bi", "xet_chinh_thuc"
CT_CHO_CO_SO, CT_CHO_QUYET_DINH, CHINH_THUC = "ct_cho_co_so", "ct_cho_quyet_dinh", "chinh_thuc"

PROBATION_STEPS = (DU_BI, XET_CHINH_THUC, CT_CHO_CO_SO, CT_CHO_QUYET_DINH)
MEMBER_STEPS = (*PROBATION_STEPS, CHINH_THUC)

# The clocks that run while somebody stands at a step; of these the required ones are missed when their day is unknown.
RUNS_AT: Mapping[str, tuple[str, ...]] = {
    DA_HOC: ("certificate_valid_months",),
    LAP_HO_SO: ("certificate_valid_months", "file_valid_months"),
    CHO_CHI_BO: ("certificate_valid_months", "file_valid_months"),
    CHO_CO_SO: ("admission_decision_wd",),
    CHO_QUYET_DINH: ("admission_decision_wd",),
    CHO_LE: ("ceremony_wd",),
    DU_BI: ("probation_months", "declaration_wd"),
    XET_CHINH_THUC: ("recognition_review_wd", "declaration_wd"),
    CT_CHO_CO_SO: ("recognition_decision_wd", "declaration_wd"),
    CT_CHO_QUYET_DINH: ("recognition_decision_wd", "declaration_wd"),
    CHINH_THUC: ("declaration_wd",),
}
NEVER_MISSED = (
    "declaration_wd",
    "recognition_review_wd",
)  # not every text sets the first; a vote may have stopped the second


class UnitFacts(Protocol):
    """What the law asks about units, by internal id and day (store.units.Units)."""

    def exists(self, unit_id: int, on: date) -> bool: ...
    def chain(self, unit_id: int, on: date) -> str: ...
    def attribute(self, unit_id: int, key: str, on: date) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the law asks about a person; `attributes` are (key, first day, value), latest day last."""

    birth: str | None = None
    attributes: tuple[tuple[str, date, str | None], ...] = ()

    def attribute(self, key: str, on: date) -> str | None:
        """The attribute as it was on a day: the latest version that had begun; None when not known."""
        value = None
        for name, from_on, version in self.attributes:
            if name == key and from_on <= on:
                value = version
        return value


@dataclass(slots=True)
class Way:
    """One person's way so far. Dates are the legal days; None where a thing has not happened or its day is unknown."""

    unit_id: int
    step: str = ""
    since: date | None = None
    opened_step: str = ""
    opened_on: date | None = None
    last_on: date | None = None
    official_on: date | None = None
    certificate_on: date | None = None
    file_on: date | None = None
    decision_on: date | None = None
    received_on: date | None = None
    ceremony_on: date | None = None
    new_member_certificate: bool = False
    helper: bool = False
    step_left: str | None = None
    left_on: date | None = None
    times_left: int = 0
    failed_votes: dict[str, int] = field(default_factory=dict)
    proposals: dict[str, int] = field(default_factory=dict)
    paper_gaps: list[str] = field(default_factory=list)
    clocks: Clocks = field(default_factory=Clocks)

    @property
    def latest_on(self) -> date | None:
        """The latest day anything is known of; None where no day is."""
        if self.last_on is None or self.opened_on is None:
            return self.last_on or self.opened_on
        return max(self.last_on, self.opened_on)

    def gaps(self) -> list[str]:
        """Codes of what is not known and ought to be: clocks without a first day, papers without a name or a day, no helper."""
        missing = [
            f"clock:{key}"
            for key in RUNS_AT.get(self.step, ())
            if key not in NEVER_MISSED
            and self.clocks.get(key) is None
            and (key != "file_valid_months" or self.step != LAP_HO_SO)
            and (key != "ceremony_wd" or self.opened_step == CHO_LE)
        ]
        if self.step in (CHO_CHI_BO, CHO_CO_SO, CHO_QUYET_DINH):
            missing += self.paper_gaps
        if (
            not self.helper
            and self.step not in (QUAN_CHUNG, DUOC_GIOI_THIEU)
            and self.step in RUNS_AT
            and self.step != CHINH_THUC
        ):
            missing.append("helper")
        return missing

    def as_facts(self) -> dict[str, Any]:
        """Plain values for keeping; what equals its default is left out."""
        facts: dict[str, Any] = {
            name: value.isoformat() if name in _DAYS else value
            for name, value in zip(_PLAIN, _PLAINLY(self), strict=True)
            if value
        }
        facts["clocks"] = self.clocks.as_rows()
        facts["gaps"] = self.gaps()
        return facts

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Way:
        """What `as_facts` kept."""
        values: dict[str, Any] = {}
        for name, value in facts.items():
            if name in _DAYS:
                values[name] = date.fromisoformat(value)
            elif name in _KEPT:
                values[name] = _copy(value)
        return cls(**values, clocks=Clocks.from_rows(facts["clocks"]))

    def running_keys(self) -> Iterable[str]:
        """Keys of the limits that are running."""
        return [key for key, run in self.clocks.latest.items() if run.state == RUNNING]


def _copy(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value


_PLAIN = tuple(f.name for f in fields(Way) if f.name != "clocks")
_PLAINLY = attrgetter(*_PLAIN)
_KEPT = frozenset(_PLAIN)
_DAYS = frozenset(name for name in _PLAIN if name == "since" or name.endswith("_on"))
