"""What a closing kept under the code of somebody who was erased since, under their pseudonym.

Nobody writes down whose pseudonym it is. The closing has the number, unit and day of every entry it counted; the journal
still has them: whoever of those erased has all of them is meant. Where two have the very same, either will do for a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from procedures.behind import Behind, Counted
from store import erasure
from store.candidates import load_candidates
from store.journal import EntryRow, load_entries

if TYPE_CHECKING:
    from store.base import Connection

Mark = tuple[int | None, int, date | None]  # the entry's number where it is known, its unit, the day it counts


def follow_erased(connection: Connection, then: Behind) -> Behind:
    """The same with pseudonyms for codes that are nobody's any more."""
    erased = erasure.list_erased(connection)
    if not erased:
        return then
    marks = _marks(then)
    known = {row.code for row in load_candidates(connection, sorted(marks))}
    gone = {code: wanted for code, wanted in marks.items() if code not in known}
    if not gone:
        return then
    left = {erased[one]: _recorded(entries) for one, entries in load_entries(connection, sorted(erased)).items()}
    names: dict[str, str] = {}
    for code, wanted in sorted(gone.items(), key=lambda one: (-len(one[1]), one[0])):
        found = next((pseudonym for pseudonym, has in left.items() if wanted <= has), None)
        if found is not None:
            names[code] = found
            del left[found]
    return replace(then, counted=_renamed(then.counted, names), standing=_renamed(then.standing, names))


def _marks(then: Behind) -> dict[str, set[Mark]]:
    found: dict[str, set[Mark]] = {}
    for entries in then.counted.values():
        for key, one in entries.items():
            code, _, number = key.rpartition(":")
            found.setdefault(code, set()).add((int(number), one.unit_id, one.on))
    for people in then.standing.values():
        for code, one in people.items():
            found.setdefault(code, set()).add((None, one.unit_id, one.on))
    return found


def _recorded(entries: Iterable[EntryRow]) -> set[Mark]:
    """Every way a closing may have kept these entries: by number and either day, or by the day somebody came to stand."""
    found: set[Mark] = set()
    for entry in entries:
        days = {entry.effective_on, entry.document_date or entry.effective_on}
        units = {entry.unit_id, entry.data.get("to_unit", entry.unit_id)}
        found |= {(number, unit, day) for number in (entry.sequence, None) for unit in units for day in days}
    return found


def _renamed(kept: Mapping[str, Mapping[str, Counted]], names: Mapping[str, str]) -> dict[str, dict[str, Counted]]:
    def renamed(key: str) -> str:
        if key in names:
            return names[key]
        code, colon, number = key.rpartition(":")
        return f"{names[code]}:{number}" if colon and code in names else key

    return {name: {renamed(key): one for key, one in of.items()} for name, of in kept.items()}
