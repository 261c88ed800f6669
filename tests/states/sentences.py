"""Runs sentence cases (tests/cases/*.yaml): a person, what happened before, one thing that is to happen, what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

import config
from states.calendar import SINCE_EVER
from states.events import Event
from states.membership import read_event
from states.replay import Ground, Item, Taken, begin, go_on
from states.way import PersonFacts, Way

CASES = Path(__file__).parent.parent / "cases"
ALLOWED = {"name", "person", "unit", "units", "open", "before", "when", "today", "then", "limits"}
ALLOWED_THEN = {"step", "refused", "earliest", "clocks", "official_on", "since", "marks", "gaps", "unit", "mature_on", "who"}


@dataclass
class FewUnits:
    """Units by number with the same facts on every day."""

    facts: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def exists(self, unit_id: int, on: date) -> bool:
        return unit_id in self.facts

    def chain(self, unit_id: int, on: date) -> str:
        return str(self.facts.get(unit_id, {}).get("chain", "co_so"))

    def attribute(self, unit_id: int, key: str, on: date) -> str | None:
        value = self.facts.get(unit_id, {}).get(key)
        return None if value is None else str(value)


def ground(person: Mapping[str, Any] | None = None, units: Mapping[int, Mapping[str, Any]] | None = None) -> Ground:
    """A ground on the shipped law and calendar."""
    person = dict(person or {})
    birth = person.pop("birth", None)
    settings = config.load(config.SHIPPED)
    return Ground(
        PersonFacts(str(birth) if birth is not None else None, tuple((k, SINCE_EVER, str(v)) for k, v in person.items())),
        FewUnits(dict(units or {1: {}, 2: {}})),
        settings.law(),
        settings.make_calendar(),
    )


def event(row: list[Any]) -> Event:
    """[trigger, day, {data…, doc, doc_date, note, irregular}] as an event."""
    trigger, on, *more = row
    raw = dict(more[0]) if more else {}
    told = {
        "document_number": raw.pop("doc", None),
        "document_date": raw.pop("doc_date", None),
        "note": raw.pop("note", None),
        "irregular": raw.pop("irregular", None),
    }
    unit = raw.pop("to_unit", None)
    happened = read_event(trigger, on, raw, **told)
    return happened if unit is None else Event(happened.trigger, on, data={**happened.data, "to_unit": unit})


def walk(case: Mapping[str, Any]) -> tuple[Way, list[Taken]]:
    """Everything before, then what is to happen."""
    stands_on = ground(case.get("person"), case.get("units") or {1: case.get("unit", {}), 2: {}})
    opening = case.get("open", {})
    start = Event("open_at", opening.get("on"), data={"step": opening.get("step", "quan_chung")})
    items = [Item(event(row), tag=place) for place, row in enumerate(case.get("before", []))]
    day = start.on
    history = [one for one in items if day is not None and one.event.on is not None and one.event.on <= day]
    way, _ = begin(Item(start), history, 1, stands_on)
    taken = go_on(way, [one for one in items if one not in history], stands_on, date.min)
    against = [(t.item.event.trigger, v.code) for t in taken for v in t.open_verdicts]
    assert not against, f"what happened before is itself refused: {against}"
    now = [Item(event(case["when"]), tag="when")] if "when" in case else []
    today = case.get("today") or (now[0].event.on if now else date.min)
    return way, go_on(way, now, stands_on, today)


def load() -> list[dict[str, Any]]:
    """All cases, their keys checked."""
    cases = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert set(case) <= ALLOWED, f"{path.name}: {set(case) - ALLOWED}"
            assert set(case["then"]) <= ALLOWED_THEN, f"{path.name}: {set(case['then']) - ALLOWED_THEN}"
            cases.append(case | {"file": path.name})
    return cases
