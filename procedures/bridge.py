"""The bridge from the closed figures to those of today: every entry recorded since that moves one, with its effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures.behind import Added, Behind, Counted, Credit, look_behind
from procedures.closings import Closed, frozen_behind, frozen_report, get_closed
from procedures.figures import Figures
from procedures.report import report
from states.figures import Number, Tree
from states.indicators import Indicator
from states.pace import as_number, print_number, print_percent
from states.periods import parse_period
from states.wording import Text
from store.changes import EntryMark, load_entry_marks, load_figure_marks, load_unit_marks
from store.unit_names import get_unit_id

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

LATE, CORRECTED, VOIDED, DAY_REACHED, REPORTED, UNIT, DERIVED = (
    "late",
    "corrected",
    "voided",
    "day_reached",
    "reported",
    "unit",
    "derived",
)
LABELS: Mapping[str, Text] = {
    LATE: Text("ghi sau khi chốt", "recorded after the closing"),
    CORRECTED: Text("sửa sau khi chốt", "corrected after the closing"),
    VOIDED: Text("hủy sau khi chốt", "made void after the closing"),
    DAY_REACHED: Text("đã ghi, đến ngày sau khi chốt", "recorded before, its day came after the closing"),
    REPORTED: Text("số báo cáo ghi hoặc sửa sau khi chốt", "a number reported or changed after the closing"),
    UNIT: Text("đơn vị thay đổi sau khi chốt", "a unit changed after the closing"),
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


def bridge(office: Office, unit: str, period: str) -> dict[str, Any]:
    """From the last closed version to today: {unit, period, version, rows: [{indicator, closed, now, entries}], reconciles}.

    In every row closed + the entries' effects = now, or the rest stands in `remainder` and `reconciles` is false.
    Unknown for the unit, BadInput for what was never closed.
    """
    asked = parse_period(period, office.terms)
    with office.database.reading() as connection:
        closed = get_closed(connection, unit, asked.code)
        frozen = frozen_report(connection, closed, office.lang)
        then = frozen_behind(connection, closed)
        day = max(office.today, frozen["as_of"])
        figures = Figures(office, connection, day)
        now = look_behind(office, connection, figures, asked, get_unit_id(connection, unit))
        finder = Finder(connection, closed, frozen["as_of"], now, figures.of(asked).tree)
        effects = finder.effects(then, now) if then is not None else {}
    live = report(office, unit, asked.code, as_of=day)
    rows = _rows(office, frozen, live, effects, figures.indicators)
    return {
        "unit": unit,
        "name": live["name"],
        "period": asked.code,
        "period_label": asked.label(office.lang),
        "as_of": day,
        "known_at": closed.prepared.recorded_at,
        **{key: told for key, told in closed.told().items() if key != "as_closed"},
        "rows": rows,
        "reconciles": all(row["reconciles"] for row in rows),
    }


def _rows(
    office: Office,
    frozen: Mapping[str, Any],
    live: Mapping[str, Any],
    effects: Mapping[str, Mapping[Cause, Number]],
    indicators: Mapping[str, Indicator],
) -> list[dict[str, Any]]:
    closed_rows = {row["indicator"]: row for row in frozen["rows"]}
    live_rows = {row["indicator"]: row for row in live["rows"]}
    moved = {name: _exact(live_rows.get(name)) - _exact(closed_rows.get(name)) for name in {**closed_rows, **live_rows}}
    rows = []
    for name in {**closed_rows, **live_rows}:
        before, after = closed_rows.get(name), live_rows.get(name)
        named = dict(effects.get(name, {}))
        indicator = indicators.get(name)
        if indicator is not None and indicator.is_ratio and moved[name]:
            parts = (str(indicator.numerator), str(indicator.denominator))
            if any(moved.get(part) for part in parts):
                named = {Cause(DERIVED, None, None): moved[name]}  # type: ignore[dict-item]
        rest = moved[name] - sum((Fraction(effect) for effect in named.values()), Fraction(0))
        shown = after or before or {}
        rows.append(
            {
                "indicator": name,
                "label": shown.get("label"),
                "closed": before["actual"] if before else None,
                "now": after["actual"] if after else None,
                "difference": as_number(moved[name]),
                "difference_text": _signed(office, moved[name], bool(indicator and indicator.is_ratio)),
                "closed_text": before["text"] if before else None,
                "now_text": after["text"] if after else None,
                "entries": [_told(office, cause, effect) for cause, effect in sorted(named.items(), key=_order)],
                "remainder": as_number(rest),
                "reconciles": not rest,
            }
        )
    return rows


def _exact(row: Mapping[str, Any] | None) -> Fraction:
    """A row's figure; a ratio from its two parts, since its own has been rounded to ten decimals."""
    if row is None:
        return Fraction(0)
    if row.get("denominator"):
        return Fraction(row["numerator"]) * 100 / Fraction(row["denominator"])
    return Fraction(row["actual"] or 0)


def _told(office: Office, cause: Cause, effect: Number | Fraction) -> dict[str, Any]:
    return {
        "entry": cause.entry,
        "of": cause.of,
        "what": cause.what,
        "label": LABELS[cause.what].say(office.lang),
        "trigger": cause.trigger,
        "on": cause.on,
        "recorded_at": cause.recorded_at,
        "effect": as_number(effect),
        "effect_text": _signed(office, effect, cause.what == DERIVED),
    }


def _signed(office: Office, moved: Number | Fraction, percent: bool) -> str:
    """A change as people read it, with its sign."""
    printing = office.settings.percent
    size = abs(Fraction(moved))
    said = print_percent(size, printing.decimals, printing.rounding) if percent else print_number(as_number(size) or 0)
    return f"{'+' if moved > 0 else '-' if moved < 0 else ''}{said}"


def _order(pair: tuple[Cause, Any]) -> tuple[Any, ...]:
    cause = pair[0]
    return cause.recorded_at is None, str(cause.recorded_at), cause.what, str(cause.entry)


Effects = dict[str, dict[Cause, Number]]


@dataclass
class Finder:
    """Says of everything that stands behind a figure on one side only why it does."""

    connection: Connection
    closed: Closed
    as_of: date  # the closing's business day
    now: Behind
    tree: Tree
    _found: Effects = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    @property
    def known_at(self) -> datetime:
        """The instant up to which the closing knew."""
        return self.closed.prepared.recorded_at

    def effects(self, then: Behind, now: Behind) -> Effects:
        """Indicator -> cause -> what it adds to the figure; causes that cancel out are left out."""
        self.units = load_unit_marks(self.connection, self.known_at)
        for name in {**then.counted, **now.counted}:
            self._counted(name, then.counted.get(name, {}), now.counted.get(name, {}), then)
        for name in {**then.reported, **now.reported}:
            self._reported(name, then.reported.get(name, {}), now.reported.get(name, {}), then)
        return {
            name: {cause: effect for cause, effect in causes.items() if effect} for name, causes in self._found.items()
        }

    def _counted(self, name: str, before: Mapping[str, Counted], after: Mapping[str, Counted], then: Behind) -> None:
        gone, come = before.keys() - after.keys(), after.keys() - before.keys()
        marks = load_entry_marks(self.connection, {entry.rpartition(":")[0] for entry in gone | come})
        for entry in sorted(gone):
            self._note(name, self._why_gone(entry, before[entry], marks, then), -1)
        for entry in sorted(come):
            self._note(name, self._why_come(entry, after[entry], marks, then), 1)

    def _why_gone(self, entry: str, one: Counted, marks: Mapping[str, EntryMark], then: Behind) -> Cause | None:
        last = mark = marks.get(entry)
        while last is not None and last.followed_by is not None:
            last = marks[last.followed_by]
        if last is not None and last is not mark:
            return _cause(VOIDED if last.voids else CORRECTED, last)
        return self._unit_cause(one.unit_id, then)

    def _why_come(self, entry: str, one: Counted, marks: Mapping[str, EntryMark], then: Behind) -> Cause | None:
        mark = marks.get(entry)
        if mark is None:
            return None
        if mark.recorded_at > self.known_at:
            return _cause(CORRECTED if mark.corrects else LATE, mark)
        if mark.on is not None and mark.on > self.as_of:
            return _cause(DAY_REACHED, mark)
        return self._unit_cause(one.unit_id, then)

    def _unit_cause(self, unit_id: int, then: Behind) -> Cause | None:
        """The change of this unit or of the nearest one above it; the closing did not know of it."""
        above: int | None = unit_id
        for _ in range(len(self.tree.parents)):
            if above is None:
                break
            if (mark := self.units.get(above)) is not None:
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
                self._note(name, self._unit_cause(credited_id, then), by)
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


def _cause(what: str, mark: EntryMark) -> Cause:
    of = mark.corrects or mark.voids
    return Cause(
        what,
        mark.entry,
        mark.trigger,
        mark.on,
        mark.recorded_at,
        f"{mark.entry.rpartition(':')[0]}:{of}" if of else None,
    )


def _value(added: Added | None) -> Number:
    return 0 if added is None else added.value
