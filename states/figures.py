"""Figures of units: up the tree once, and from shorter periods to longer ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol

Number = int | Decimal


class Span(Protocol):
    """Whatever has a code and days: states.periods.Period."""

    @property
    def code(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


class Tree:
    """Who stands under whom on one day: the parent of every unit there ever was.

    A unit that is no more (or not yet) keeps the parent it had last (or will have first), so that nothing it did in a
    period is lost to the sums above it.
    """

    def __init__(self, parents: Mapping[int, int | None], living: Collection[int] | None = None) -> None:
        self.parents = parents
        self._living = living

    @cached_property
    def below(self) -> dict[int | None, list[int]]:
        """The units right under each unit; under None the roots."""
        parents = self.parents
        below: dict[int | None, list[int]] = {}
        for unit, parent in parents.items():
            below.setdefault(parent if parent in parents else None, []).append(unit)
        return below

    @cached_property
    def order(self) -> list[int]:
        """Every unit, parents before children. Units caught in a circle are left out: they have no place in a sum."""
        order = list(self.below.get(None, ()))
        below = self.below
        for unit in order:  # grows while it is walked
            if unit in below:
                order.extend(below[unit])
        return order

    def exists(self, unit: int) -> bool:
        """Whether the unit has begun and not ended on the tree's day."""
        return unit in self.parents if self._living is None else unit in self._living

    def children(self, unit: int) -> list[int]:
        """The living units right under `unit`."""
        return [child for child in self.below.get(unit, ()) if self.exists(child)]

    def subtree(self, unit: int) -> list[int]:
        """The unit and all under it, ended ones included."""
        found, below = [unit], self.below
        for one in found:
            found.extend(below.get(one, ()))
        return found

    def sum_up(self, own: Mapping[int, Number]) -> dict[int, Number]:
        """Every unit's own figure plus those of all under it; units that come to nothing are left out."""
        total: dict[int, Number] = {unit: value for unit, value in own.items() if value}
        parents, get = self.parents, total.get
        for unit in reversed(self.order):
            value = get(unit)
            if value is not None:
                parent = parents[unit]
                if parent is not None:
                    total[parent] = get(parent, 0) + value
        # A unit that said less than those below it has a figure of its own below 0, and may come to nothing.
        return {unit: value for unit, value in total.items() if value} if 0 in total.values() else total

    def sum_where_unsaid(self, said: Mapping[int, Number]) -> dict[int, Number]:
        """Like sum_up for a stock (members): a unit's own number stands for its whole subtree, else its children's.

        What a unit that is no more once said counts for nothing; those under it still count above it.
        """
        total: dict[int, Number] = {}
        below: dict[int, Number] = {}
        for unit in reversed(self.order):
            value = said[unit] if unit in said and self.exists(unit) else below.get(unit)
            if value is None:
                continue
            total[unit] = value
            parent = self.parents[unit]
            if parent is not None:
                below[parent] = below.get(parent, 0) + value
        return total

    def own_of(self, total: Mapping[int, Number]) -> dict[int, Number]:
        """What each unit has beside those under it: the figures that `sum_up` makes these totals of."""
        own = dict(total)
        for unit in self.order:
            parent = self.parents[unit]
            if parent is not None and unit in total:
                own[parent] = own.get(parent, 0) - total[unit]
        return {unit: value for unit, value in own.items() if value}

    def succeeded(self, successors: Mapping[int, int]) -> Tree:
        """The same tree with each unit that is no more under the one that took over from it.

        A successor that itself stands under the unit it took over from leaves that unit where it was.
        """
        parents = dict(self.parents)
        for unit, successor in successors.items():
            if self.exists(unit) or successor not in parents:
                continue
            above, way = parents[successor], {successor}
            while above is not None and above not in way:
                way.add(above)
                above = parents.get(above)
            if unit not in way:
                parents[unit] = successor
        return Tree(parents, self._living)


def cover(asked: Span, known: Iterable[Span]) -> tuple[str, ...]:
    """Which of the `known` periods together stand for `asked`: itself if it is there, else disjoint ones inside it.

    Of all disjoint choices the one that covers most days, then the one with fewest pieces; so quarters before months,
    and H1 + H2 before 9M alone. A gap stays a gap: only what was reported is added up.
    """
    inside = sorted(
        (p for p in known if asked.first <= p.first and p.last <= asked.last), key=lambda p: (p.last, p.first, p.code)
    )
    if any(p.code == asked.code for p in inside):
        return (asked.code,)
    # best[i]: (days, -pieces, codes) over the first i periods, which are sorted by their last day
    best: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    for i, period in enumerate(inside):
        j = i
        while j > 0 and inside[j - 1].last >= period.first:
            j -= 1
        days, pieces, codes = best[j]
        taken = (days + (period.last - period.first).days + 1, pieces - 1, (*codes, period.code))
        best.append(max(best[i], taken, key=lambda choice: choice[:2]))
    return best[-1][2]


def latest(asked: Span, known: Iterable[Span]) -> tuple[str, ...]:
    """For a measured stock: the one period inside `asked` that ends last, itself first; () if there is none."""
    inside = [p for p in known if asked.first <= p.first and p.last <= asked.last]
    best = max(inside, key=lambda p: (p.last, p.code == asked.code, p.first), default=None)
    return (best.code,) if best else ()


class PeriodPicker:
    """Adds up the figures one unit reported for various periods into the figure of the period asked for."""

    def __init__(self, asked: Span, known: Sequence[Span]) -> None:
        self._asked = asked
        self._known = {p.code: p for p in known}
        self._chosen: dict[tuple[bool, frozenset[str]], tuple[str, ...]] = {}

    def pick(self, reported: Mapping[str, Number], *, stock: bool = False) -> Number | None:
        """The figure out of `reported` (period code -> number); None when none lies inside. A `stock` is not added."""
        key = (stock, frozenset(reported))
        codes = self._chosen.get(key)
        if codes is None:
            spans = [self._known[code] for code in reported if code in self._known]
            codes = self._chosen[key] = (latest if stock else cover)(self._asked, spans)
        return sum((reported[code] for code in codes), start=0) if codes else None
