"""Why something stands behind a figure now and did not when it was closed, or the other way round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from procedures.behind import Added, Behind, Counted
from procedures.closings import Closed
from procedures.reported import Credit
from states.figures import Number, Tree
from states.wording import Text
from store.changes import (
    EntryMark,
    PersonMark,
    UnitMark,
    load_entry_marks,
    load_figure_marks,
    load_person_marks,
    load_unit_marks,
)

if TYPE_CHECKING:
    from store.base import Connection

LATE, CORRECTED, VOIDED, DAY_REACHED, REPORTED, UNIT, PERSON, DERIVED = (
    "late",
    "corrected",
    "voided",
    "day_reached",
    "reported",
    "unit",
    "person",
    "derived",
)
LABELS: Mapping[str, Text] = {
    LATE: Text("ghi sau khi chốt", "recorded after the closing"),
    CORRECTED: Text("sửa sau khi chốt", "corrected after the closing"),
    VOIDED: Text("hủy sau khi chốt", "made void after the closing"),
    DAY_REACHED: Text("đã ghi, đến ngày sau khi chốt", "recorded before, its day came after the closing"),
    REPORTED: Text("số báo cáo ghi hoặc sửa sau khi chốt", "a number reported or changed after the closing"),
    UNIT: Text("đơn vị thay đổi sau khi chốt", "a unit changed after the closing"),
    PERSON: Text("thông tin của người này ghi hoặc sửa sau khi chốt", "what is known of the person changed since"),
    DERIVED: Text("tính từ các chỉ số đã đổi", "follows from the figures that moved"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """What moved a figure: an entry CODE:sequence, a number UNIT:indicator:period, or a unit with the day it changed."""

    what: str
    entry: str | None
    trigger: str | None = None
    on: date | None = None
    recorded_at: datetime | None = None
    of: str | None = None  # the entry this one corrects or voids


Effects = dict[str, dict[Cause, Number]]


@dataclass
class Finder:
    """Says of everything that stands behind a figure on one side only why it does."""

    connection: Connection
    closed: Closed
    as_of: date  # the closing's business day
    until: date  # the last day of the period that is looked at now
    now: Behind
    tree: Tree
    about_people: Collection[str]  # indicators that ask what is known of a person
    _found: Effects = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    _units: dict[int, UnitMark] = field(default_factory=dict)

    @property
    def known_at(self) -> datetime:
        """The instant up to which the closing knew."""
        return self.closed.prepared.recorded_at

    def effects(self, then: Behind, now: Behind) -> Effects:
        """Indicator -> cause -> what it adds to the figure; causes that cancel out are left out."""
        self._units = load_unit_marks(self.connection, self.known_at)
        for name in {**then.counted, **now.counted}:
            self._counted(name, then.counted.get(name, {}), now.counted.get(name, {}), then)
        for name in {**then.standing, **now.standing}:
            self._standing(name, then.standing.get(name, {}), now.standing.get(name, {}), then)
        for name in {**then.amounts, **now.amounts}:
            self._amounts(name, then.amounts.get(name, {}), now.amounts.get(name, {}))
        for name in {**then.reported, **now.reported}:
            self._reported(name, then.reported.get(name, {}), now.reported.get(name, {}), then)
        return {
            name: {cause: effect for cause, effect in causes.items() if effect} for name, causes in self._found.items()
        }

    def _counted(self, name: str, before: Mapping[str, Counted], after: Mapping[str, Counted], then: Behind) -> None:
        gone, come = before.keys() - after.keys(), after.keys() - before.keys()
        codes = {_code(entry) for entry in gone | come}
        marks, people = load_entry_marks(self.connection, codes), self._people(name, codes)
        for entry in sorted(gone):
            cause = self._superseded(entry, marks) or self._other(_code(entry), before[entry], people, then)
            self._note(name, cause, -1)
        for entry in sorted(come):
            cause = self._recorded(entry, marks) or self._other(_code(entry), after[entry], people, then)
            self._note(name, cause, 1)

    def _standing(self, name: str, before: Mapping[str, Counted], after: Mapping[str, Counted], then: Behind) -> None:
        """People who stand, or no longer stand, where the figure is measured: by the last entry recorded since."""
        gone, come = before.keys() - after.keys(), after.keys() - before.keys()
        marks, people = load_entry_marks(self.connection, gone | come), self._people(name, gone | come)
        last: dict[str, EntryMark] = {}
        for mark in sorted(marks.values(), key=lambda mark: (mark.recorded_at, int(mark.entry.rpartition(":")[2]))):
            if mark.recorded_at > self.known_at and mark.on is not None and mark.on <= self.until:
                last[_code(mark.entry)] = mark
        for code in sorted(gone | come):
            one = before[code] if code in gone else after[code]
            cause = _cause(_what(last[code]), last[code]) if code in last else self._other(code, one, people, then)
            self._note(name, cause, -1 if code in gone else 1)

    def _amounts(self, name: str, before: Mapping[int, Number], after: Mapping[int, Number]) -> None:
        """Numbers units have: a change belongs to the unit that changed, else to one it is reckoned from."""
        for unit_id in sorted({**before, **after}):
            by = after.get(unit_id, 0) - before.get(unit_id, 0)
            if by:
                changed = [one for one in self.tree.subtree(unit_id) if one in self._units]
                self._note(name, self._unit_cause(changed[0] if changed else unit_id), by)

    def _superseded(self, entry: str, marks: Mapping[str, EntryMark]) -> Cause | None:
        """The correction that took this entry's place in the end."""
        last = mark = marks.get(entry)
        while last is not None and last.followed_by is not None:
            last = marks[last.followed_by]
        return _cause(_what(last), last) if last is not None and last is not mark else None

    def _recorded(self, entry: str, marks: Mapping[str, EntryMark]) -> Cause | None:
        """This entry itself, recorded since or come of age since."""
        mark = marks.get(entry)
        if mark is not None and mark.recorded_at > self.known_at:
            return _cause(_what(mark), mark)
        if mark is not None and mark.on is not None and mark.on > self.as_of:
            return _cause(DAY_REACHED, mark)
        return None

    def _other(self, code: str, one: Counted, people: Mapping[str, PersonMark], then: Behind) -> Cause | None:
        """Why an entry counts or not though nothing was recorded of it: its unit moved, or its person or unit changed."""
        if (one.unit_id in then.units) == (one.unit_id in self.now.units) and (mark := people.get(code)) is not None:
            return Cause(PERSON, code, None, mark.from_on, mark.recorded_at)
        return self._unit_cause(one.unit_id)

    def _people(self, name: str, codes: Collection[str]) -> Mapping[str, PersonMark]:
        return load_person_marks(self.connection, codes, self.known_at) if name in self.about_people else {}

    def _unit_cause(self, unit_id: int) -> Cause | None:
        """The change of this unit or of the nearest one above it; the closing did not know of it."""
        above: int | None = unit_id
        for _ in range(len(self.tree.parents)):
            if above is None:
                break
            if (mark := self._units.get(above)) is not None:
                return Cause(UNIT, mark.code, None, mark.from_on, mark.recorded_at)
            above = self.tree.parents.get(above)
        return None

    def _reported(self, name: str, before: Mapping[Credit, Added], after: Mapping[Credit, Added], then: Behind) -> None:
        moved = [key for key in {**before, **after} if _value(before.get(key)) != _value(after.get(key))]
        if not moved:
            return
        marks = load_figure_marks(self.connection, name, self.known_at)
        for key in moved:
            credited_id = key[1]
            by = _value(after.get(key)) - _value(before.get(key))
            if (credited_id in then.units) != (credited_id in self.now.units):
                self._note(name, self._unit_cause(credited_id), by)
                continue
            mark = marks.get(key)
            if mark is not None:
                self._note(
                    name,
                    Cause(REPORTED, f"{mark.code}:{name}:{mark.period}", None, mark.reported_on, mark.recorded_at),
                    by,
                )
            else:
                self._note(name, None, by)

    def _note(self, name: str, cause: Cause | None, by: Number) -> None:
        if cause is not None:  # else it is part of the remainder
            self._found[name][cause] += by


def _code(entry: str) -> str:
    return entry.rpartition(":")[0]


def _what(mark: EntryMark) -> str:
    return VOIDED if mark.voids else CORRECTED if mark.corrects else LATE


def _cause(what: str, mark: EntryMark) -> Cause:
    of = mark.corrects or mark.voids
    return Cause(
        what,
        mark.entry,
        mark.trigger,
        mark.on,
        mark.recorded_at,
        f"{_code(mark.entry)}:{of}" if of else None,
    )


def _value(added: Added | None) -> Number:
    return 0 if added is None else added.value
