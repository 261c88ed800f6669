"""Record targets by decisions: each is checked by itself, against those that stand, and with those of its decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from procedures.indicators import indicators_of
from states.allocation import Allocation, Decision, allocations, decision_of
from states.figures import Tree
from states.periods import parse_period
from states.targets import Key, Target, check_circle, check_holder, check_target, goes_before, is_new
from store.targets import insert_targets
from store.trees import load_tree

if TYPE_CHECKING:
    from datetime import datetime

    from procedures.office import Office
    from store.base import Connection


class Recording:
    """Targets about to be recorded; `known` = those recorded so far that can meet them, `code` of a unit by its id."""

    def __init__(
        self, office: Office, connection: Connection, known: Iterable[Target], code: Callable[[int], str]
    ) -> None:
        self.new: list[Target] = []
        self._terms = office.terms
        self._connection = connection
        self._indicators = indicators_of(office)
        self._code = code
        self._decided: dict[tuple[Key, date], Target] = {}
        self._standing: dict[Key, Target] = {}
        self._credited: dict[Key, set[Key]] = {}  # by holder: the keys of targets credited to it, now or once
        self._trees: dict[date, Tree] = {}
        for target in known:
            self._add(target)

    def take(self, target: Target) -> bool:
        """Whether it is new; False when the very same decision stands. BadInput (Unknown) when it cannot be meant."""
        check_target(target, self._indicators)
        if not is_new(target, self._decided):
            return False
        check_circle(target, self._standing)
        others = [self._standing[key] for key in self._credited.get(target.held_key, ())]
        own = self._standing.get(target.held_key) if target.credited_unit_id is not None else None
        if own is not None and own.rule is None:
            others.append(own)
        check_holder(target, [one for one in others if one.held_key == target.held_key], self._code(target.holder_id))
        self._add(target)
        self.new.append(target)
        return True

    def allocated(self) -> Iterator[tuple[Allocation, str]]:
        """The allocations, and the code of whose they are, in which something is new: wholes with parts of one decision."""
        touched = {decision for target in self.new if (decision := decision_of(target))}
        touched = {one for one in touched if not self._indicators[one[0]].is_ratio}
        if not touched:
            return
        new = {target.held_key for target in self.new}
        of_one: dict[Decision, list[Target]] = {}
        for target in self._decided.values():
            if (decision := decision_of(target)) in touched and decision is not None:
                of_one.setdefault(decision, []).append(target)
        for targets in of_one.values():
            for one in allocations(targets, self._tree(targets[0])):
                if new & {one.whole.held_key, *(part.held_key for part in one.parts)}:
                    yield one, self._code(one.whole.holder_id)

    def write(self, recorded_at: datetime, recorded_by: str) -> None:
        """Insert what is new."""
        insert_targets(self._connection, self.new, recorded_at, recorded_by)

    def _add(self, target: Target) -> None:
        if target.rule is None:
            self._decided[target.key, target.decision_date] = target
        there = self._standing.get(target.key)
        if there is None or goes_before(target, there):
            self._standing[target.key] = target
        if target.credited_unit_id is not None:
            self._credited.setdefault(target.held_key, set()).add(target.key)

    def _tree(self, target: Target) -> Tree:
        """Who stood under whom on the day of the decision, on the period's first where it was decided before."""
        period = parse_period(target.period, self._terms)
        day = min(max(target.decision_date, period.first), period.last)
        if day not in self._trees:
            self._trees[day] = load_tree(self._connection, day)
        return self._trees[day]
