"""What was built upon an import since: everything that keeps it from being undone, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from procedures.closings import in_force
from procedures.plans import Loaded
from states.guards import OFFICER, Verdict
from states.membership import label_of
from states.periods import Period, parse_period
from states.wording import Text
from store import undoing
from store.candidates import load_candidates_by_id
from store.closings import Act, load_acts
from store.imports import ImportRow, PersonMark, RowMark, later_imports

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

ENTRY = Text(
    "{code}: sau lần nhập đã ghi «{label}» ngày {day} ({entry}). Xin hủy mục ấy trước, rồi hoàn tác.",
    "{code}: “{label}” on {day} ({entry}) was recorded after the import. Void that entry first.",
)
LATER_IMPORT = Text(
    "{code}: lần nhập số {later} đã ghi tiếp. Xin hoàn tác lần nhập số {later} trước.",
    "{code}: import {later} wrote about them since. Undo import {later} first.",
)
CLOSED = Text(
    "Kỳ {period} của {unit} đã chốt (bản {version}) sau lần nhập và có tính số liệu của lần nhập này. "
    "Xin mở lại kỳ ấy trước khi hoàn tác.",
    "{period} of {unit} was closed (version {version}) after the import and counts what it wrote. Reopen it first.",
)
UNIT_CHANGED = Text(
    "Đơn vị {unit} đã được sửa sau lần nhập. Xin sửa tay những gì cần sửa; lần nhập này không hoàn tác trọn được nữa.",
    "The unit {unit} was changed after the import. Put right by hand what is wrong; it cannot be undone as a whole.",
)
TENANT = {
    "person": Text(
        "Đơn vị {unit} do lần nhập lập ra, nay có người của nơi khác: {what}. Xin chuyển họ sang đơn vị khác hoặc hoàn tác "
        "việc đã đưa họ vào.",
        "The unit {unit} came with the import and has other people by now: {what}. Transfer them or take back what brought "
        "them.",
    ),
    "unit": Text(
        "Đơn vị {unit} do lần nhập lập ra, nay có đơn vị {what} trực thuộc. Xin chuyển đơn vị ấy sang cấp trên khác.",
        "The unit {unit} came with the import and has the unit {what} below it by now. Move that unit elsewhere.",
    ),
    "target": Text(
        "Đơn vị {unit} do lần nhập lập ra, nay đã có chỉ tiêu khác: {what}.",
        "The unit {unit} came with the import and has another target by now: {what}.",
    ),
    "figure": Text(
        "Đơn vị {unit} do lần nhập lập ra, nay đã có số liệu khác: {what}.",
        "The unit {unit} came with the import and has another figure by now: {what}.",
    ),
    "recipient": Text(
        "Đơn vị {unit} do lần nhập lập ra, nay đã có người nhận khác ({what}). Xin bỏ người nhận ấy trước.",
        "The unit {unit} came with the import and has another recipient by now ({what}). Remove that one first.",
    ),
}
REVISED = {
    "target": Text(
        "Chỉ tiêu {indicator} kỳ {period} của {unit} đã được giao lại sau lần nhập.",
        "The target {indicator} {period} of {unit} was revised after the import.",
    ),
    "figure": Text(
        "Số liệu {indicator} kỳ {period} của {unit} đã được báo cáo lại sau lần nhập.",
        "The figure {indicator} {period} of {unit} was reported again after the import.",
    ),
}
Days = dict[int, list[tuple[date, date]]]  # unit -> spans of days in which the import wrote something of it


def _verdict(kind: str, text: Text, /, **values: object) -> Verdict:
    return Verdict(kind, text, "", OFFICER, None, values, hard=True)


class Hindrances:
    """Looks for them; `loaded` are the people the import wrote about, with their whole ways."""

    def __init__(
        self,
        office: Office,
        connection: Connection,
        row: ImportRow,
        people: Sequence[PersonMark],
        rows: Mapping[str, Sequence[RowMark]],
    ) -> None:
        from procedures.gate import Gate

        self._office, self._connection, self._row, self._people = office, connection, row, people
        self._ids = {noun: [one.row_id for one in marks if not one.renamed] for noun, marks in rows.items()}
        self._gate = Gate(office)
        found = load_candidates_by_id(connection, [mark.candidate_id for mark in people])
        self.loaded: dict[int, Loaded] = {one.id: one for one in self._gate.take(connection, found)}

    def find(self) -> list[Verdict]:
        """All of them, people first."""
        found = [*self._entries(), *self._units(), *self._numbers()]
        return [*found, *self._closings()]

    def _entries(self) -> Iterator[Verdict]:
        later = later_imports(self._connection, self._row.id, [mark.candidate_id for mark in self._people])
        for mark in self._people:
            one = self.loaded[mark.candidate_id]
            if mark.candidate_id in later:
                yield _verdict("later_import", LATER_IMPORT, code=one.code, later=later[mark.candidate_id])
                continue
            for live in one.live:
                entry = live.entry
                if mark.last_sequence is None or entry.sequence <= mark.last_sequence or entry.trigger == "mature":
                    continue
                label = label_of(entry.trigger)
                yield _verdict(
                    "entry_after",
                    ENTRY,
                    code=one.code,
                    label=label,
                    day=entry.effective_on,
                    entry=one.entry_id(entry.sequence),
                )

    def _units(self) -> Iterator[Verdict]:
        versions = undoing.load_versions(self._connection, self._ids.get("version", ()))
        for unit in undoing.versions_after(self._connection, versions):
            yield _verdict("unit_changed", UNIT_CHANGED, unit=unit)
        own = {noun: set(self._ids.get(noun, ())) for noun in ("version", "target", "figure", "recipient")}
        people = {mark.candidate_id for mark in self._people if mark.opened}
        there: dict[tuple[str, str], list[str]] = {}
        for one in undoing.tenants(self._connection, self._ids.get("unit", ()), people, own):
            there.setdefault((one.unit, one.kind), []).append(one.what)
        for (unit, kind), what in there.items():
            yield _verdict(f"unit_has_{kind}", TENANT[kind], unit=unit, what=", ".join(what))

    def _numbers(self) -> Iterator[Verdict]:
        for noun, text in REVISED.items():
            rows = undoing.load_numbers(self._connection, noun, self._ids.get(noun, ()))
            for one in undoing.revised(self._connection, noun, rows):
                yield _verdict(f"{noun}_revised", text, unit=one.code, indicator=one.indicator, period=one.period)

    # Closed periods ----------------------------------------------------------------------------------------------

    def _closings(self) -> Iterator[Verdict]:
        acts: dict[tuple[int, str], list[Act]] = {}
        for act in load_acts(self._connection):
            acts.setdefault((act.unit_id, act.period), []).append(act)
        closed = [
            (unit_id, parse_period(code, self._office.terms), standing.accepted)
            for (unit_id, code), theirs in acts.items()
            if (standing := in_force(theirs)) is not None and standing.prepared.recorded_at > self._row.recorded_at
        ]
        if not closed:
            return
        units = self._gate.units(self._connection)
        written = self._written()
        for unit_id, period, act in closed:
            below = units.subtree(unit_id, period.last, with_ended=True)
            if any(_meets(span, period) for unit in below for span in written.get(unit, ())):
                yield _verdict("closed", CLOSED, period=period.code, unit=units.code(unit_id), version=act.version)

    def _written(self) -> Days:
        """In which days of which unit the import wrote: whom it opened counts from the opening on."""
        days: Days = {}
        for mark in self._people:
            one = self.loaded[mark.candidate_id]
            if mark.opened:
                days.setdefault(one.unit_id, []).append((one.way.opened_on or date.min, date.max))
            for entry in one.entries or ():
                if mark.first_sequence is not None and mark.first_sequence <= entry.sequence <= (
                    mark.last_sequence or 0
                ):
                    on = entry.effective_on or date.min
                    days.setdefault(entry.unit_id, []).append((on, on))
                    if entry.document_date is not None:
                        days.setdefault(entry.unit_id, []).append((entry.document_date, entry.document_date))
            if mark.first_sequence is None:  # attributes alone: figures told apart by them
                days.setdefault(one.unit_id, []).append((date.min, date.max))
        for version in undoing.load_versions(self._connection, self._ids.get("version", ())):
            days.setdefault(version.unit_id, []).append((version.from_on or date.min, date.max))
        for noun in ("target", "figure"):
            for number in undoing.load_numbers(self._connection, noun, self._ids.get(noun, ())):
                period = parse_period(number.period, self._office.terms)
                for unit_id in {number.unit_id, number.credited_unit_id or number.unit_id}:
                    days.setdefault(unit_id, []).append((period.first, period.last))
        return days


def _meets(span: tuple[date, date], period: Period) -> bool:
    return span[0] <= period.last and span[1] >= period.first
