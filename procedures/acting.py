"""Whose turn it is: the units for whose people a body has to act, by who acts before a limit runs out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from states.membership import BASE, DECIDING, PERMITTING, TABLE
from states.reminders import actor
from states.steps import GOING
from store.units import Units

BASE_KIND = "dang_uy_co_so"
OWN, OF_BASE, OF_DECIDING, OF_PERMITTING = "own", "base", "deciding", "permitting"
# Whoever else acts (cell, union, member, applicant, class) does so at the person's own unit.
_BODY = {BASE: OF_BASE, DECIDING: OF_DECIDING, PERMITTING: OF_PERMITTING}
KEYS = tuple(dict.fromkeys(key for row in TABLE for key in row.starts))

Turn = tuple[tuple[str, ...], tuple[str, ...], frozenset[int]]  # limits, steps, units of the people


def turns_of(units: Units, unit_id: int, today: date) -> list[Turn]:
    """For which limits, at which steps and for the people of which units this body is the one that acts today."""
    concerned = {
        OWN: frozenset({unit_id}),
        OF_BASE: frozenset(_voting(units, unit_id, today)),
        OF_DECIDING: frozenset(_decided(units, unit_id, today)),
    }
    concerned[OF_PERMITTING] = frozenset([*_below_base(units, unit_id, today), *_directly_under(units, unit_id, today)])
    steps_of: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key in KEYS:
        for step in GOING:
            steps_of[_BODY.get(actor(key, step), OWN), key].append(step)
    keys_of: defaultdict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (body, key), steps in steps_of.items():
        keys_of[body, tuple(steps)].append(key)
    return [(tuple(keys), steps, concerned[body]) for (body, steps), keys in keys_of.items() if concerned[body]]


def _below_base(units: Units, unit_id: int, today: date) -> Iterator[int]:
    """The base committee itself and everything whose nearest base committee it is."""
    if units.kind(unit_id, today) != BASE_KIND:
        return
    found = [unit_id]
    for one in found:
        yield one
        found += [below for below in units.children(one, today) if units.kind(below, today) != BASE_KIND]


def _voting(units: Units, unit_id: int, today: date) -> Iterator[int]:
    for one in _below_base(units, unit_id, today):
        if units.chain(one, today) == "co_so":
            yield one


def _decided(units: Units, unit_id: int, today: date) -> Iterator[int]:
    """By chain: the committee above the base, the base itself where it may decide, the one above where there is no base."""
    for one in _below_base(units, unit_id, today):
        if units.chain(one, today) == "uy_quyen":
            yield one
    for base in units.children(unit_id, today):
        yield from _voting(units, base, today)
    yield from _directly_under(units, unit_id, today)


def _directly_under(units: Units, unit_id: int, today: date) -> Iterator[int]:
    for one in units.children(unit_id, today):
        if units.chain(one, today) == "truc_tiep":
            yield one
