"""Walks a person's whole way again from its events, judging each by the law of its day; pure.

Events go by day; on one day first those already recorded, in their sequence, then new ones in the order of the process.
`mature` is never taken from the record: it is derived anew, on the day the ceremony's twelve months are over.
What is recorded led where it led: when a unit's chain or a rule is put right for days gone by, the way stands, and only
what the table now answers otherwise *because the way itself changed* leads elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from states.aftermath import allowed_failures, mature_day, open_way
from states.calendar import Calendar
from states.events import Event
from states.guards import Scene, Verdict
from states.membership import (
    PROCESS,
    RANK,
    RECOGNITION_VOTES,
    impossible_verdict,
    leads_to,
    possible,
    recall,
    take,
    verdicts,
    would_have_led_to,
)
from states.regulations import Law
from states.way import PersonFacts, UnitFacts, Way

UNASKED = "?"


@dataclass(slots=True)
class Item:
    """An event on its way into a replay. `sequence` is its place in the journal, 0 while it is new.

    `led`: recorded source, destination and unit. `answer`: what the table said when it was first asked in this replay.
    """

    event: Event
    sequence: int = 0
    tag: Any = None
    led: tuple[str | None, str | None, int] | None = None
    answer: str | None = UNASKED

    def led_to(self, source: str | None, unit_id: int, answer: str | None) -> str | None:
        """Where it leads from here: where it led, unless it stands elsewhere now or the table's answer changed."""
        if self.led is None:
            return answer
        if self.answer == UNASKED:
            self.answer = answer
        return self.led[1] if (self.led[0], self.led[2], self.answer) == (source, unit_id, answer) else answer


@dataclass(slots=True)
class Taken:
    """What became of an item: where it led, the unit then, and what the law said."""

    item: Item
    source: str | None
    destination: str | None
    unit_id: int
    profile: str
    verdicts: list[Verdict] = field(default_factory=list)
    stopped: bool = False
    marks: dict[str, bool] = field(default_factory=dict)

    @property
    def open_verdicts(self) -> list[Verdict]:
        """What stands against it: everything, or for an irregular event only what cannot be left out."""
        return [v for v in self.verdicts if v.hard or not self.item.event.irregular]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a replay stands on: the person, the units, the law, the calendar."""

    person: PersonFacts
    units: UnitFacts
    law: Law
    calendar: Calendar

    def scene(self, way: Way, event: Event, *, asking: bool = False) -> Scene:
        """The event before the guards."""
        assert event.on is not None
        return Scene(way, event, event.on, self.person, self.units, self.law, self.calendar, asking)


def begin(opening: Item, history: Iterable[Item], unit_id: int, ground: Ground) -> tuple[Way, list[Taken]]:
    """Open a way, history before the opening taken in first."""
    way = Way(unit_id)
    taken = []
    for item in sorted(history, key=lambda i: (i.event.on, RANK[i.event.trigger], i.sequence or sys.maxsize)):
        scene = ground.scene(way, item.event)
        destination = item.led_to(None, unit_id, would_have_led_to(scene))
        recall(scene, destination)
        taken.append(Taken(item, None, destination, unit_id, ground.law.profile(scene.on).code))
    event = opening.event
    scene = Scene(way, event, event.on or date.min, ground.person, ground.units, ground.law, ground.calendar)
    open_way(scene)
    first = Taken(opening, None, way.step, unit_id, ground.law.profile(scene.on).code)
    return way, [first, *taken]


def _mature(way: Way, ground: Ground, day: date) -> Taken:
    event = Event("mature", day)
    destination = take(ground.scene(way, event))
    return Taken(Item(event), "du_bi", destination, way.unit_id, ground.law.profile(day).code)


def _next(group: list[Item], step: str) -> Item:
    """Recorded items in their sequence; among new ones the first of the process that can leave from this step."""
    if group[0].sequence:
        return group.pop(0)
    for place, item in enumerate(group):
        if possible(item.event.trigger, step):
            return group.pop(place)
    return group.pop(0)


def _by_day(items: Sequence[Item]) -> Iterable[list[Item]]:
    ordered = sorted(items, key=lambda i: (i.event.on, 0 if i.sequence else 1, i.sequence or RANK[i.event.trigger]))
    group: list[Item] = []
    for item in ordered:
        if group and group[0].event.on != item.event.on:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def go_on(way: Way, items: Sequence[Item], ground: Ground, horizon: date) -> list[Taken]:
    """Take the items in order, changing `way`; stops at an order that cannot be (that Taken says `stopped`).

    `horizon`: up to which day `mature` is derived after the last item.
    """
    taken: list[Taken] = []
    for group in _by_day(items):
        while group:
            day = group[0].event.on
            assert day is not None
            if (due := mature_day(way)) is not None and due <= day:
                taken.append(_mature(way, ground, due))
            item = _next(group, way.step)
            one = judge(way, item, ground)
            taken.append(one)
            if one.stopped:
                return taken
    if (due := mature_day(way)) is not None and due <= horizon:
        taken.append(_mature(way, ground, due))
    return taken


def judge(way: Way, item: Item, ground: Ground) -> Taken:
    """Judge one event and, unless its order cannot be, take it. The way is then changed, even against a rule."""
    scene = ground.scene(way, item.event)
    step, unit_id = way.step, way.unit_id
    profile = ground.law.profile(scene.on).code
    against, answer = _ask(scene)
    destination = item.led_to(step, unit_id, answer)
    if destination is None:
        return Taken(item, step, None, unit_id, profile, against, stopped=True)
    third = item.event.trigger == "propose_removal" and _fails_last(scene)
    take(scene, destination)
    goes_up = third or (item.event.trigger in RECOGNITION_VOTES and destination != step)
    return Taken(item, step, destination, unit_id, profile, against, marks=_marks(scene, goes_up))


def _ask(scene: Scene) -> tuple[list[Verdict], str | None]:
    """What the law says against it, and where the table leads; None where its order cannot be."""
    trigger, step = scene.event.trigger, scene.way.step
    if not possible(trigger, step):
        return [impossible_verdict(trigger, step)], None
    against = verdicts(scene)
    if any(verdict.hard for verdict in against):
        return against, None
    answer = leads_to(scene)
    return against if answer is not None else [*against, impossible_verdict(trigger, step)], answer


def _fails_last(scene: Scene) -> bool:
    """One more failed proposal of this body and the superior decides."""
    return scene.way.proposals.get(str(scene.event.data.get("body")), 0) == allowed_failures(scene) - 1


def _marks(scene: Scene, goes_up: bool) -> dict[str, bool]:
    """A vote says whether it reached its ratio; recognition and removal that go up after the third failure are flagged."""
    if scene.votes() is None:
        return {}
    marks = {"carried": scene.carried()}
    if not marks["carried"] and goes_up:
        marks["third_failure"] = True
    return marks


def next_steps(way: Way, ground: Ground, today: date) -> list[tuple[str, list[Verdict]]]:
    """Every trigger that leaves from this step, with what stands against it today apart from what is still to be said."""
    return [
        (row.trigger, verdicts(ground.scene(way, Event(row.trigger, today), asking=True)))
        for row in PROCESS.values()
        if not row.automatic and way.step in row.sources
    ]
