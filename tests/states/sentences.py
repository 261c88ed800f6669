"""Runs sentence cases (tests/cases/*.yaml): a person, what happened before, one thing that is to happen, what comes of it.

A fact of a person or a unit is a value, or a map of days to values: {1900-01-01: co_so, 2025-07-01: truc_tiep}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import config
from states.calendar import SINCE_EVER, Calendar
from states.events import Event
from states.membership import read_event
from states.regulations import Law
from states.replay import Ground, Item, Taken, begin, go_on
from states.way import PersonFacts, Way

CASES = Path(__file__).parent.parent / "cases"
ALLOWED = {"name", "person", "unit", "units", "open", "before", "when", "today", "then", "limits"}
ALLOWED_THEN = {
    "step",
    "refused",
    "earliest",
    "clocks",
    "official_on",
    "since",
    "marks",
    "gaps",
    "unit",
    "mature_on",
    "who",
}


@dataclass
class FewUnits:
    """Units by number; `since` is a unit's first day."""

    facts: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def exists(self, unit_id: int, on: date) -> bool:
        return unit_id in self.facts and self.facts[unit_id].get("since", SINCE_EVER) <= on

    def chain(self, unit_id: int, on: date) -> str:
        return self.attribute(unit_id, "chain", on) or "co_so"

    def attribute(self, unit_id: int, key: str, on: date) -> str | None:
        held = [value for start, value in dated(self.facts.get(unit_id, {}).get(key)) if start <= on]
        return str(held[-1]) if held else None


def dated(value: Any) -> list[tuple[date, Any]]:
    """The versions of a fact, each with its first day."""
    if isinstance(value, Mapping):
        return sorted(value.items())
    return [] if value is None else [(SINCE_EVER, value)]


def ground(person: Mapping[str, Any] | None = None, units: Mapping[int, Mapping[str, Any]] | None = None) -> Ground:
    """A ground on the shipped law and calendar."""
    person = dict(person or {})
    birth = person.pop("birth", None)
    law, calendar = shipped()
    return Ground(
        PersonFacts(
            str(birth) if birth is not None else None,
            tuple((k, start, str(v)) for k, told in person.items() for start, v in dated(told)),
        ),
        FewUnits(dict(units or {1: {}, 2: {}})),
        law,
        calendar,
    )


@cache
def shipped() -> tuple[Law, Calendar]:
    """The shipped law and calendar, read once."""
    settings = config.load(config.SHIPPED)
    return settings.law(), settings.make_calendar()


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
    assert set(opening) <= {"day", "step"}, opening
    start = Event("open_at", opening.get("day"), data={"step": opening.get("step", "quan_chung")})
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
