"""Target rules: preview and write the targets units have by what they are; keep them so when a unit changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from procedures import access
from states.pace import as_number
from states.periods import Period, parse_period
from states.target_rules import CHANGED, GONE, NEW, SAME, Change, TargetRule, changes, periods_of, steps_of
from states.targets import NO_DECISION, Key, Target, in_force
from store.targets import has_rule_targets, insert_targets, load_targets

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection


def preview_target_rules(office: Office, period: str | None = None, *, apply: bool = False) -> dict[str, Any]:
    """{items: [{unit, rule, indicator, period, floor, ceiling, ratio, base, change, from}], gaps, counts, applied}.

    `change`: new, changed, gone, or same for what stands as it is to be. A target is in force from the day on which the
    unit came under the rule; before it another rule's (or none) is. `gaps`: units of a rule's kind of which an attribute
    it asks about was never recorded. With `apply` all of it is written in one transaction.
    """
    access.require(office, "set_target" if apply else "see_figures")
    only = parse_period(period, office.terms) if period else None
    with office.database.writing() if apply else office.database.reading() as connection:
        plan = Plan(office, connection, only)
        if apply:
            insert_targets(connection, [one.target for one in plan.changes], office.now(), office.user)
        items = plan.items()
    counts = Counter(item["change"] for item in items)
    return {
        "items": items,
        "gaps": plan.gaps(),
        "counts": {name: counts[name] for name in (NEW, CHANGED, GONE, SAME)},
        "applied": apply,
    }


def apply_target_rules(office: Office) -> dict[str, int]:
    """Bring the targets by rule to what the units are by now, once rules have been applied at all.

    Counts {new, changed, gone, unchanged}; in a second run everything but `unchanged` is 0.
    """
    access.require_whole(office, "run_jobs")
    counts = {NEW: 0, CHANGED: 0, GONE: 0, "unchanged": 0}
    with office.database.reading() as connection:
        if not has_rule_targets(connection):
            return counts
        plan = Plan(office, connection)
    if plan.changes:
        with office.database.writing() as connection:
            plan = Plan(office, connection)
            insert_targets(connection, [one.target for one in plan.changes], office.now(), office.user)
    counts |= Counter(one.change for one in plan.changes)
    counts["unchanged"] = plan.unchanged
    return counts


def rules_of(office: Office) -> list[TargetRule]:
    """The target rules of config.yaml, in its order."""
    return [one.as_rule(name) for name, one in office.settings.target_rules.items()]


class Plan:
    """What the rules want against what is recorded, for every unit there ever was that is the actor's to see."""

    def __init__(self, office: Office, connection: Connection, only: Period | None = None) -> None:
        self.office = office
        self.rules = [(rule, self._periods(rule, only)) for rule in rules_of(office)]
        self.units = office.units(connection)
        recorded: dict[Key, list[Target]] = {}
        seen = access.visible_units(office, self.units)
        self.concerned = [unit_id for unit_id in self.units.ids() if seen is None or unit_id in seen]
        for target in load_targets(connection, period=only.code if only else None, by_rule_only=True):
            if seen is not None and target.unit_id not in seen:
                continue
            recorded.setdefault(target.key, []).append(target)
        self.standing = [target for found in recorded.values() for target in found]
        self.changes: list[Change] = []
        for unit_id in self.concerned:
            for key, wanted in steps_of(unit_id, self.units.versions(unit_id), self.rules).items():
                self.changes += changes(key, wanted, recorded.pop(key, ()))
        for key, left in recorded.items():  # what no rule asks for any more; what is yet to come is asked for later
            if any(target.since <= office.today for target in left):
                self.changes += changes(key, (), left)

    def _periods(self, rule: TargetRule, only: Period | None) -> list[Period]:
        periods = periods_of(rule, self.office.today, self.office.terms)
        return [period for period in periods if only is None or period.code == only.code]

    @property
    def unchanged(self) -> int:
        """Targets that stand and stay as they are."""
        replaced = {(one.target.key, one.target.since) for one in self.changes}
        return sum(1 for t in self.standing if not t.is_withdrawn and (t.key, t.since) not in replaced)

    def items(self) -> list[dict[str, Any]]:
        """The changes, and the targets in force that stay as they are; by unit, period, indicator and day."""
        replaced = {(one.target.key, one.target.since) for one in self.changes}
        now = in_force(self.standing, self.office.today).values()
        same = [Change(SAME, target, target) for target in now if (target.key, target.since) not in replaced]
        found = sorted(
            [*self.changes, *same], key=lambda one: (self._code(one.target), *one.target[1:3], one.target.since)
        )
        return [self._shown(one) for one in found]

    def gaps(self) -> list[dict[str, Any]]:
        """[{unit, attribute}]: what would have to be recorded to know whether a rule applies."""
        today = self.office.today
        found = []
        for unit_id in self.concerned:
            version = self.units.version(unit_id, today)
            lacking = dict.fromkeys(key for rule, periods in self.rules if periods for key in rule.lacks(version))
            found += [{"unit": self.units.code(unit_id), "attribute": key} for key in lacking]
        return found

    def _code(self, target: Target) -> str:
        return self.units.code(target.unit_id)

    def _shown(self, one: Change) -> dict[str, Any]:
        target, before = one.target, one.before
        shown = before if one.change == GONE and before is not None else target
        label = self.office.settings.target_rules.get(target.rule or "")
        return {
            "unit": self._code(target),
            "name": self.units.name(target.unit_id, max(target.since, self.office.today)),
            "rule": target.rule,
            "label": label.label if label else None,
            "indicator": target.indicator,
            "period": target.period,
            "floor": as_number(shown.floor),
            "ceiling": as_number(shown.ceiling),
            "ratio": as_number(shown.ratio),
            "base": shown.base,
            "decision_number": target.decision_number,
            "decision_date": None if target.decision_date == NO_DECISION else target.decision_date,
            "change": one.change,
            "from": target.since,
            "before": before.rule if before is not None and one.change != SAME else None,
        }
