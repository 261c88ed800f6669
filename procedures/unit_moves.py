"""What a change of a unit moves: figures of those above it, chains of those below, targets by rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures.access import visible_units
from procedures.cells import CHAINS
from procedures.desk import figure
from procedures.figures import Figures, Sums
from procedures.roll_up import open_periods
from procedures.target_rules import Plan
from states.pace import as_number, print_number, print_percent
from states.periods import QUARTER, TERM, YEAR
from states.steps import STEP_LABELS
from states.wording import Text
from store.candidates_by_step import people_by_step
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

WAITING = ("cho_chi_bo", "cho_co_so", "cho_quyet_dinh", "ct_cho_co_so", "ct_cho_quyet_dinh")  # where a chain matters
KINDS = (QUARTER, YEAR, TERM)  # of the periods of today whose figures are compared
MOST = 40  # lines of one sort
FIGURE = Text(
    "{label}, {period}, {unit} và trực thuộc: {before} → {after}",
    "{label}, {period}, {unit} and below: {before} → {after}",
)
CHAIN = Text(
    "Chuỗi duyệt của {unit}: {before} → {after}; đang chờ: {people}.",
    "Approval chain of {unit}: {before} → {after}; waiting: {people}.",
)
RULE = Text(
    "Chỉ tiêu theo quy tắc: {unit}, {label}, {period} ({change}).",
    "Target by rule: {unit}, {label}, {period} ({change}).",
)
RULES = {"new": Text("giao mới", "new"), "changed": Text("đổi", "changed"), "gone": Text("thôi giao", "gone")}
NOBODY = Text("không ai", "nobody")
MORE = Text("… và {count} dòng nữa.", "… and {count} more.")


class Moves:
    """How everything stands before the change; `of` compares it with how it stands after, in the same transaction."""

    def __init__(self, office: Office, connection: Connection, units: Units) -> None:
        self.office, self.connection, self.units = office, connection, units
        self.periods = [one for one in open_periods(office.today, office.terms) if one.kind in KINDS]
        self._sums = self._figures()
        self._by_rule = {self._key(one) for one in self._plan()}

    def of(self, after: Units, unit_id: int, day: date) -> list[dict[str, Any]]:
        """[{what: figure, chain or target, said}]; at most MOST of a sort and how many more there are."""
        found: list[dict[str, Any]] = []
        for what, lines in (
            ("figure", self._of_figures(after, unit_id)),
            ("chain", self._of_chains(after, unit_id, day)),
            ("target", self._of_targets()),
        ):
            said = list(lines)
            found += [{"what": what, "said": line} for line in said[:MOST]]
            if len(said) > MOST:
                found.append({"what": what, "said": MORE.say(self.office.lang, count=len(said) - MOST)})
        return found

    def _figures(self) -> dict[str, Sums]:
        figures = Figures(self.office, self.connection, self.office.today)
        self.indicators = figures.indicators
        return {one.code: figures.of(one) for one in self.periods}

    def _of_figures(self, after: Units, unit_id: int) -> Iterator[str]:
        """Only those above the unit, before or after, can gain or lose."""
        now = self._figures()
        seen = visible_units(self.office, after)
        for period in self.periods:
            was, then = self._sums[period.code], now[period.code]
            day = min(period.last, self.office.today)
            concerned = {*self.units.path(unit_id, day), *after.path(unit_id, day)}
            for above in sorted(concerned, key=after.code):
                if seen is not None and above not in seen:
                    continue
                for one in self.indicators.values():
                    before, later = (figure(sums.subtree, one, above) or Fraction(0) for sums in (was, then))
                    if before == later:
                        continue
                    shown = [
                        print_percent(value) if one.is_ratio else print_number(as_number(value) or 0)
                        for value in (before, later)
                    ]
                    yield FIGURE.say(
                        self.office.lang, label=one.label, period=period.label(self.office.lang), unit=after.code(above),
                        before=shown[0], after=shown[1],
                    )  # fmt: skip

    def _of_chains(self, after: Units, unit_id: int, day: date) -> Iterator[str]:
        """The unit and those below that another chain holds for, with who waits in them."""
        on, lang = max(day, self.office.today), self.office.lang
        waiting = people_by_step(self.connection, WAITING)
        for one in after.subtree(unit_id, on):
            was, now = self.units.chain(one, on), after.chain(one, on)
            if was == now:
                continue
            at = waiting.get(one, {})
            people = ", ".join(f"{STEP_LABELS[step].say(lang)} {at[step]}" for step in WAITING if at.get(step))
            yield CHAIN.say(
                lang, unit=after.code(one), before=CHAINS[was], after=CHAINS[now], people=people or NOBODY.say(lang)
            )

    def _of_targets(self) -> Iterator[str]:
        """They are written with the next roll-up."""
        for one in self._plan():
            if self._key(one) not in self._by_rule and one.change in RULES:
                label = self.office.settings.indicators.get(one.target.indicator)
                yield RULE.say(
                    self.office.lang, unit=self.units.code(one.target.unit_id),
                    label=label.label if label else one.target.indicator, period=one.target.period,
                    change=RULES[one.change],
                )  # fmt: skip

    def _plan(self) -> list[Any]:
        if not self.office.settings.target_rules:
            return []
        apart = replace(self.office)  # its own tree: what is rolled back must not be kept as read
        return list(Plan(apart, self.connection).changes)

    @staticmethod
    def _key(one: Any) -> tuple[Any, ...]:
        return one.target.key, one.target.since, one.change
