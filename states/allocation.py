"""Allocation: one decision gives a unit a target and splits it among the units right below; the parts sum to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from states.errors import BadInput
from states.pace import print_number
from states.targets import NO_DECISION, Target
from states.wording import Text

TOO_MUCH = Text(
    "Chỉ tiêu {indicator} kỳ {period} của {unit}: toàn bộ {whole} mà các phần cộng lại {sum}, thừa {difference}.",
    "Target {indicator} of {period} of {unit}: the whole is {whole}, its parts sum to {sum}, {difference} too much.",
)
TOO_LITTLE = Text(
    "Chỉ tiêu {indicator} kỳ {period} của {unit}: toàn bộ {whole} mà các phần cộng lại {sum}, thiếu {difference}.",
    "Target {indicator} of {period} of {unit}: the whole is {whole}, its parts sum to {sum}, {difference} too little.",
)


class Below(Protocol):
    """Who stands under whom on a day: states.figures.Tree."""

    @property
    def parents(self) -> Mapping[int, int | None]: ...
    def children(self, unit: int) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Allocation:
    """A whole and its parts; `complete` when every living unit right below has one."""

    whole: Target
    parts: tuple[Target, ...]
    complete: bool

    @property
    def left(self) -> Decimal:
        """What of the whole is not allocated; negative when the parts are more than it."""
        return (self.whole.floor or Decimal()) - sum((part.floor or Decimal() for part in self.parts), Decimal())

    def check(self, unit: str, *, whole: bool = False) -> None:
        """BadInput, naming whole, sum and difference, when the parts cannot be this whole's.

        More than the whole never; less only while some unit below has no part yet, and not where the `whole` is asked.
        """
        left = self.left
        if left < 0 or (left > 0 and (whole or self.complete)):
            total = (self.whole.floor or Decimal()) - left
            raise BadInput(
                TOO_MUCH if left < 0 else TOO_LITTLE,
                details={"whole": self.whole.floor, "sum": total, "difference": left},
                indicator=self.whole.indicator,
                period=self.whole.period,
                unit=unit,
                whole=print_number(self.whole.floor or 0),
                sum=print_number(total),
                difference=print_number(abs(left)),
            )


Decision = tuple[str, str, str, object]  # indicator, period, decision number, decision date


def decision_of(target: Target) -> Decision | None:
    """What the targets of one allocation share; None where no number is decided or no decision fully named."""
    if target.floor is None or target.rule is not None or not target.decision_number:
        return None
    if target.decision_date == NO_DECISION:
        return None
    return target.indicator, target.period, target.decision_number, target.decision_date


def allocations(targets: Iterable[Target], below: Below) -> list[Allocation]:
    """Every target of which a unit right below holds a part; `targets` = one for a body, of one indicator and period."""
    by_holder = {target.holder_id: target for target in targets if target.floor is not None}
    parts: dict[int, list[Target]] = {}
    for holder, target in by_holder.items():
        above = below.parents.get(holder)
        if above is not None and above in by_holder:
            parts.setdefault(above, []).append(target)
    return [
        Allocation(
            by_holder[holder],
            tuple(found),
            {one.holder_id for one in found} >= set(below.children(holder)),
        )
        for holder, found in parts.items()
    ]
