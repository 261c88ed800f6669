"""Indicators: what is counted, reported or measured of a unit in a period. Plain data; config.yaml declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from states.breakdowns import PERSON, Condition
from states.errors import Unknown
from states.wording import Text

CHAIN = ("introduced", "class", "admitted", "recognised")  # the shipped indicators that lead one to the next
COUNTED, REPORTED, MEASURED, RATIO = "counted", "reported", "measured", "ratio"

# Who is still on the way to a trigger: the steps from which a person can come to it without leaving and coming back.
# Somebody who has been sent to the class and waits for the certificate is still in `cam_tinh` and still counted.
_BEFORE_THE_FILE = frozenset({"duoc_gioi_thieu", "cam_tinh"})
_BEFORE_THE_DECISION = _BEFORE_THE_FILE | {"da_hoc", "lap_ho_so", "cho_chi_bo", "cho_co_so", "cho_quyet_dinh"}
ON_THE_WAY: Mapping[str, frozenset[str]] = {
    "nominate": frozenset({"quan_chung"}),
    "list": frozenset({"quan_chung", "duoc_gioi_thieu"}),
    "send_to_class": frozenset({"quan_chung"}) | _BEFORE_THE_FILE,
    "certify_class": _BEFORE_THE_FILE,
    "decide": _BEFORE_THE_DECISION,
    "hold_ceremony": _BEFORE_THE_DECISION | {"cho_le"},
    "decide_recognition": frozenset({"du_bi", "xet_chinh_thuc", "ct_cho_co_so", "ct_cho_quyet_dinh"}),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `basis`: which day counts, `effective` (it happened) or `document` (its document's, if any).

    `where`: only entries (people, units) that meet all of these on the day that counts. A measured one is taken at the
    end of the period: people standing at `steps`, or the units' own numbers `attribute`; with neither it is reported.
    """

    name: str
    label: str
    source: str  # counted, reported, measured, ratio
    trigger: str | None = None
    basis: str = "effective"
    destination: str | None = None  # only entries that lead to this step
    numerator: str | None = None
    denominator: str | None = None
    part_of: str | None = None  # the indicator this one is an "of which" of
    unit_of_measure: str | None = None
    where: tuple[Condition, ...] = ()
    steps: tuple[str, ...] = ()
    attribute: str | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether the figure is a quotient of two others and has no sum of its own."""
        return self.source == RATIO

    @property
    def counts_people(self) -> bool:
        """Whether people stand behind the figure, so that it can be opened and told apart."""
        return self.source == COUNTED or bool(self.steps)

    @property
    def is_computed(self) -> bool:
        """Whether the figure comes from what is recorded here, so that a reported number would be a second source."""
        return self.source == COUNTED or self.is_measured

    @property
    def is_measured(self) -> bool:
        """Whether it is measured from what is recorded here."""
        return bool(self.steps) or self.attribute is not None

    @property
    def tells_people_apart(self) -> bool:
        """Whether it counts only people of some kind, so that a small figure says something about them."""
        return any(condition.of == PERSON for condition in self.where)

    @property
    def on_the_way(self) -> frozenset[str] | None:
        """The steps whose people can still be counted by it; None where nobody knows (reported numbers)."""
        return ON_THE_WAY.get(self.trigger or "") if self.source == COUNTED else None


def get_indicator(indicators: Mapping[str, Indicator], name: str) -> Indicator:
    """The indicator of that name; Unknown lists those there are."""
    try:
        return indicators[name]
    except KeyError:
        raise Unknown(
            Text("Không có chỉ số {name}. Các chỉ số: {known}.", "There is no indicator {name}. Known: {known}."),
            name=name,
            known=", ".join(indicators),
        ) from None
