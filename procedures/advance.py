"""Advance one person by one step, or many by one meeting or decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from procedures import access
from procedures.gate import Gate
from procedures.office import Office
from procedures.plans import Loaded, Plan
from procedures.step_moves import refused_moves, step_moves
from states.errors import Refused, Unknown
from states.events import Event
from states.guards import OFFICER, Verdict
from states.membership import read_event
from states.wording import Text
from store.base import Connection

NO_SUCH_PERSON = Text("Không có người mang mã «{code}».", "There is nobody with the code “{code}”.")


@dataclass(frozen=True, slots=True)
class AdvanceRow:
    """One step of one person, as typed or as a row of a workbook (`tag` says where it stands)."""

    code: str
    trigger: str
    on: date
    document_number: str | None = None
    document_date: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    irregular: str | None = None
    tag: Any = None

    def event(self) -> Event:
        """The event it tells of; BadInput names what cannot be read."""
        return read_event(
            self.trigger, self.on, self.data, document_number=self.document_number, document_date=self.document_date,
            note=self.note, irregular=self.irregular,
        )  # fmt: skip


def advance(
    office: Office, code: str, trigger: str, on: date, *, document_number: str | None = None,
    document_date: date | None = None, data: Mapping[str, Any] | None = None, note: str | None = None,
    irregular: str | None = None, expect_version: int | None = None, preview: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Take one person one step: {code, step, entry, …}.

    Refused carries every verdict; Conflict says who moved the person meanwhile; Unknown names the code or unit.
    `expect_version`: the version the officer was looking at. `preview` writes nothing: {allowed, step, clocks, notices,
    figures, …} of step_moves, or {allowed: False, verdicts, overridable}.
    """
    access.require(office, "advance")
    event = AdvanceRow(code, trigger, on, document_number, document_date, data or {}, note, irregular).event()
    if preview:
        return _preview(office, code, event, expect_version)
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code], entries=False).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        if expect_version is not None and loaded.version != expect_version:
            raise gate.moved_since(connection, loaded)
        plan = _plan(gate, connection, loaded, [(0, event)])
        if plan.unchanged:
            raise gate.moved_by(connection, loaded, _same_entry(loaded, event))
    if any(verdict.code == "no_such_unit" for verdict in plan.verdicts):
        raise Unknown(access.NO_SUCH_UNIT, code=event.data.get("to_unit"))
    if plan.problems:
        raise Refused(plan.verdicts)
    with office.database.writing() as connection:
        gate.write(connection, [plan])
    draft = next(draft for draft in plan.drafts if draft.tag == 0)
    return {
        "code": code, "step": plan.way.step, "since": plan.way.since, "entry": loaded.entry_id(draft.sequence),
        "history": draft.source is None, "irregular": draft.data.get("irregular", []),
    }  # fmt: skip


def _preview(office: Office, code: str, event: Event, expect_version: int | None) -> dict[str, Any]:
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code]).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        if expect_version is not None and loaded.version != expect_version:
            raise gate.moved_since(connection, loaded)
        before, step = dict(loaded.way.clocks.latest), loaded.way.step
        plan = gate.plan(loaded, [(0, event)])
        if plan.unchanged:
            raise gate.moved_by(connection, loaded, _same_entry(loaded, event))
        if any(verdict.code == "no_such_unit" for verdict in plan.verdicts):
            raise Unknown(access.NO_SUCH_UNIT, code=event.data.get("to_unit"))
        if plan.problems:
            return refused_moves(loaded, plan.verdicts, office.lang)
        overridden: Sequence[Verdict] = ()
        if event.irregular:  # what would stand against it without its reason
            again = gate.load(connection, [code])[code]
            overridden = gate.plan(again, [(0, replace(event, irregular=None))]).verdicts
        return step_moves(office, connection, loaded, plan, before, step, gate.units(connection), overridden)


def advance_many(office: Office, rows: Iterable[AdvanceRow], *, dry_run: bool = False) -> dict[str, Any]:
    """Take many people a step each: the lawful ones are written in one transaction, the others named with verdicts.

    {committed: [code], refused: [{code, verdicts}], steps: {code: where they come to}}. Several rows of one person stand
    or fall together. A dry run judges alike and writes nothing.
    """
    access.require(office, "act_for_many")
    by_code: dict[str, list[tuple[Any, Event]]] = {}
    for row, event in _read(rows):
        theirs = by_code.setdefault(row.code, [])
        theirs.append((row.tag or len(theirs), event))
    gate = Gate(office)
    plans: list[Plan] = []
    refused: list[dict[str, Any]] = []
    with office.database.reading() as connection:
        people = gate.load(connection, list(by_code), entries=False)
        for code, theirs in by_code.items():
            loaded = people.get(code)
            if loaded is None:
                refused.append(_refused(code, [_nobody(code)], office))
                continue
            plan = _plan(gate, connection, loaded, theirs)
            if plan.problems:
                refused.append(_refused(code, plan.verdicts, office))
            elif all(draft.tag is None for draft in plan.drafts):
                refused.append(_refused(code, [_stands(office)], office))
            else:
                plans.append(plan)
    if not dry_run:
        with office.database.writing() as connection:
            gate.write(connection, plans)
    steps = {plan.loaded.code: plan.way.step for plan in plans}
    return {"committed": [] if dry_run else list(steps), "refused": refused, "steps": steps}


def _read(rows: Iterable[AdvanceRow]) -> Iterable[tuple[AdvanceRow, Event]]:
    """Rows with their events; what one meeting says of many is read once."""
    last: tuple[Any, ...] = ()
    event: Event | None = None
    for row in rows:
        said = (row.trigger, row.on, row.document_number, row.document_date, row.data, row.note, row.irregular)
        if event is None or said != last:
            last, event = said, row.event()
        yield row, event


def _plan(gate: Gate, connection: Connection, loaded: Loaded, events: Sequence[tuple[Any, Event]]) -> Plan:
    """Plan on the projection alone where every day lies after the last entry, else with the whole way."""
    last = loaded.way.latest_on
    if last is not None and any(event.on is not None and event.on <= last for _, event in events):
        gate.read_entries(connection, [loaded])
    return gate.plan(loaded, events)


def _same_entry(loaded: Loaded, event: Event) -> int | None:
    return next(
        (
            one.entry.sequence for one in loaded.live
            if (one.entry.trigger, one.entry.effective_on, one.entry.document_number)
            == (event.trigger, event.on, event.document_number)
        ),
        None,
    )  # fmt: skip


def _refused(code: str, verdicts: Sequence[Verdict], office: Office) -> dict[str, Any]:
    return {"code": code, "verdicts": [verdict.as_dict(office.lang) for verdict in verdicts]}


def _nobody(code: str) -> Verdict:
    return Verdict("unknown", NO_SUCH_PERSON, "", OFFICER, None, {"code": code}, hard=True)


def _stands(office: Office) -> Verdict:
    return Verdict("already", Text("Sự kiện này đã được ghi.", "This event stands already."), "", OFFICER, hard=True)
