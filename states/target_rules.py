"""Target rules: targets that follow from what a unit is, by its dated attributes, from the day it becomes so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from states.breakdowns import Condition, exclude, is_unknown
from states.periods import HALF, MONTH, QUARTER, YEAR, Period, parse_period, periods_of_years
from states.targets import Key, Target

NEW, CHANGED, GONE, SAME = "new", "changed", "gone", "same"

Step = tuple[date, Target | None]  # from this day on that target; None: no rule applies any more


class Facts(Protocol):
    """What a unit is from a day until its next version: store.units.Version."""

    @property
    def from_on(self) -> date: ...
    @property
    def kind(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, str | None]: ...
    @property
    def ended(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class TargetRule:
    """One rule of config.yaml: units of these kinds with these attributes have that target, `first` to `last` day.

    `period` is a kind of period (year, half, quarter, month) or the code of one.
    """

    name: str
    label: str
    kinds: frozenset[str]
    where: tuple[Condition, ...]
    period: str
    target: Target  # of no unit yet (0) and no period ("")
    first: date
    last: date

    def applies(self, facts: Facts) -> bool:
        """Whether a unit that is so falls under the rule. An attribute nobody has recorded fits nothing."""
        return (
            not facts.ended
            and facts.kind in self.kinds
            and all(one.meets(facts.attributes.get(one.key)) for one in self.where)
        )

    def lacks(self, facts: Facts) -> list[str]:
        """The attributes the rule asks about that nobody has recorded of such a unit."""
        if facts.ended or facts.kind not in self.kinds:
            return []
        return [one.key for one in self.where if is_unknown(facts.attributes.get(one.key))]


def meet(one: TargetRule, other: TargetRule) -> bool:
    """Whether some unit can fall under both rules on one day."""
    return (
        bool(one.kinds & other.kinds)
        and not any(a.key == b.key and exclude(a, b) for a in one.where for b in other.where)
        and one.first <= other.last
        and other.first <= one.last
    )


KINDS = (YEAR, HALF, QUARTER, MONTH)


def periods_of(rule: TargetRule, today: date, terms: Mapping[str, tuple[date, date]]) -> list[Period]:
    """The periods the rule has set targets for by `today`: those begun by then in which it holds on some day."""
    last = min(rule.last, today)
    if rule.period in KINDS:
        found = periods_of_years(rule.period, rule.first.year, last.year)
    else:
        found = [parse_period(rule.period, terms)]
    return [p for p in found if rule.first <= today and p.first <= last and rule.first <= p.last]


def steps_of(
    unit_id: int, versions: Sequence[Facts], rules: Iterable[tuple[TargetRule, Sequence[Period]]]
) -> dict[Key, list[Step]]:
    """What the rules want of one unit: per indicator and period, from which day on which target.

    A rule holds from its first day, the period's or the unit's attributes', whichever comes last.
    """
    stretches: dict[Key, list[_Stretch]] = {}
    for rule, periods in rules:
        for place, version in enumerate(versions):
            if not rule.applies(version):
                continue
            after = versions[place + 1].from_on - _A_DAY if place + 1 < len(versions) else date.max
            for period in periods:
                first = max(version.from_on, rule.first, period.first)
                last = min(after, rule.last, period.last)
                if first <= last:
                    key = (unit_id, rule.target.indicator, period.code)
                    stretches.setdefault(key, []).append(_Stretch(first, last, rule, period))
    return {key: _steps(key, sorted(found, key=lambda one: one.first)) for key, found in stretches.items()}


_A_DAY = timedelta(days=1)


class _Stretch(NamedTuple):
    """The days on which one version of a unit falls under a rule within a period."""

    first: date
    last: date
    rule: TargetRule
    period: Period


def _steps(key: Key, stretches: Sequence[_Stretch]) -> list[Step]:
    unit_id, _indicator, code = key
    steps: list[Step] = []
    before: _Stretch | None = None
    for one in stretches:
        gap = before is not None and before.last + _A_DAY < one.first
        if before is not None and gap:
            steps.append((before.last + _A_DAY, None))
        if before is None or gap or one.rule is not before.rule:
            target = one.rule.target._replace(unit_id=unit_id, period=code, rule=one.rule.name, from_on=one.first)
            steps.append((one.first, target))
        before = one
    if before is not None and before.last < before.period.last:
        steps.append((before.last + _A_DAY, None))
    return steps


@dataclass(frozen=True, slots=True)
class Change:
    """One target to be recorded so that what stands becomes what the rules want, and what that is to the unit."""

    change: str  # new, changed, gone
    target: Target  # a withdrawn one where it is gone
    before: Target | None


def changes(key: Key, wanted: Sequence[Step], standing: Iterable[Target]) -> list[Change]:
    """What is to be recorded for one unit, indicator and period; nothing when all stands. Recorded rows stay.

    `standing` = the targets by rule recorded so far, one for a day. A day that says something else is recorded anew.
    """
    recorded = {target.since: target for target in standing}
    days = dict(wanted)
    found: list[Change] = []
    now: Target | None = None  # what the rules want from the day looked at
    stood: Target | None = None  # what is recorded for it
    for day in sorted({*recorded, *days}):
        there = recorded.get(day)
        yesterday, now = now, days.get(day, now)
        stood = stood if there is None else None if there.is_withdrawn else there
        if there is not None and _same(now, there):
            continue
        before = stood or yesterday
        if now is not None:
            found.append(Change(NEW if before is None else CHANGED, now._replace(from_on=day), before))
        elif before is not None:
            found.append(Change(GONE, Target(*key, rule=before.rule, from_on=day), before))
    return found


def _same(wanted: Target | None, there: Target) -> bool:
    if wanted is None:
        return there.is_withdrawn
    return wanted._replace(from_on=there.from_on) == there
