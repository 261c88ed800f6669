"""Undo a whole import: everything it wrote is taken back in one transaction, or nothing is and every hindrance is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from procedures.access import require, visible
from procedures.access_log import record
from procedures.gate import Gate
from procedures.plans import Loaded, Plan
from procedures.undo_hindrances import Hindrances
from states.errors import BadInput, Conflict, Refused, Unknown
from states.events import one_line
from states.wording import Text
from store import undoing
from store.candidates import load_candidates_by_id
from store.imports import (
    APPLIED,
    ImportRow,
    PersonMark,
    RowMark,
    find_import,
    list_imports,
    load_imported_people,
    load_imported_rows,
    mark_undone,
    units_of_imports,
)
from store.people_writing import update_people

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

CHUNK = 500  # people planned and written at one go
NO_SUCH_IMPORT = Text("Không có lần nhập số {number}.", "There is no import {number}.")
UNDONE_ALREADY = Text(
    "Lần nhập số {number} đã được {who} hoàn tác ngày {day}.", "Import {number} was undone by {who} on {day}."
)
NO_REASON = Text("Thiếu lý do hoàn tác.", "The undoing needs a reason.")
BUILT_UPON = Text(
    "Chưa hoàn tác được lần nhập số {number}: đã có việc ghi tiếp trên đó.",
    "Import {number} cannot be undone yet: something was built upon it.",
)


@dataclass
class _Work:
    """One undoing: what the import wrote, and what taking it back comes to."""

    office: Office
    connection: Connection
    row: ImportRow
    people: list[PersonMark]
    rows: dict[str, list[RowMark]]
    gate: Gate
    plans: list[Plan] = field(default_factory=list)

    def ids(self, noun: str, *, renamed: bool = False) -> list[int]:
        return [one.row_id for one in self.rows.get(noun, ()) if one.renamed == renamed]


def undo_import(office: Office, number: int, reason: str, *, preview: bool = False) -> dict[str, Any]:
    """Take import `number` back: {import, file, entries, people, changed, units, targets, figures, recipients, blocked}.

    Its entries are made void by further entries; people whose book it opened end with nothing standing, so that they are
    counted and shown nowhere and the code can be used again; attributes, names, units, targets, figures and recipients
    are as before. Refused names everything that was built upon it since. `preview` writes nothing and gives that as
    `blocked`. Unknown import; Conflict when it is undone already.
    """
    require(office, "import")
    why = one_line(reason)
    if not why and not preview:
        raise BadInput(NO_REASON)
    with office.database.reading() if preview else office.database.writing() as connection:
        work = _begin(office, connection, number, lock=not preview)
        hindrances = Hindrances(office, connection, work.row, work.people, work.rows)
        blocked = hindrances.find()
        for some in _chunks(work.people):
            _plan(work, some, hindrances.loaded, blocked)
        result = _told(work) | {"preview": preview, "blocked": [one.as_dict(office.lang) for one in blocked]}
        if preview:
            return result
        if blocked:
            raise Refused(blocked, BUILT_UPON, number=number)
        _take_back(work, why or "")
        if not office.at_command_line:
            counts = {key: result[key] for key in ("entries", "people", "units")}
            record(office, "undo_import", subject=str(number), why=why, detail=counts, connection=connection)
    return result


def show_imports(office: Office) -> dict[str, Any]:
    """{items: [{import, file, business_day, recorded_at, recorded_by, counts, state, undone_at, undone_by, reason}]}.

    An account sees those that concern its own units alone.
    """
    require(office, "import")
    with office.database.reading() as connection:
        seen = visible(office, connection)
        rows = list_imports(connection)
        touched = units_of_imports(connection) if seen is not None else {}
    return {
        "items": [
            _shown(row) for row in rows if seen is None or _is_theirs(office, row, touched.get(row.id, set()), seen)
        ]
    }


def show_import(office: Office, number: int) -> dict[str, Any]:
    """One of them; Unknown where there is none or it is another's."""
    require(office, "import")
    with office.database.reading() as connection:
        return _shown(_get(office, connection, number))


def _shown(row: ImportRow) -> dict[str, Any]:
    told = row._asdict()
    return {"import": told.pop("id"), "file": told.pop("file_name"), **told}


def _is_theirs(office: Office, row: ImportRow, touched: set[int], seen: frozenset[int]) -> bool:
    return touched <= seen if touched else row.recorded_by == office.user


def _get(office: Office, connection: Connection, number: int, *, lock: bool = False) -> ImportRow:
    row = find_import(connection, number, lock=lock)
    seen = visible(office, connection)
    if row is not None and seen is not None:
        touched = units_of_imports(connection, number).get(number, set())
        row = row if _is_theirs(office, row, touched, seen) else None
    if row is None:
        raise Unknown(NO_SUCH_IMPORT, number=number)
    return row


def _begin(office: Office, connection: Connection, number: int, *, lock: bool) -> _Work:
    row = _get(office, connection, number, lock=lock)
    if row.state != APPLIED:
        day = row.undone_at.date() if row.undone_at else None
        raise Conflict(UNDONE_ALREADY, number=number, who=row.undone_by, day=day)
    people, rows = load_imported_people(connection, number), load_imported_rows(connection, number)
    gate = Gate(office)
    gate.units(connection)
    return _Work(office, connection, row, people, rows, gate)


def _chunks(people: Sequence[PersonMark]) -> Iterable[list[PersonMark]]:
    for start in range(0, len(people), CHUNK):
        yield list(people[start : start + CHUNK])


def _plan(work: _Work, some: list[PersonMark], loaded: dict[int, Loaded], blocked: list[Any]) -> None:
    """What becomes of these people's entries; what the law says against it joins the hindrances."""
    for mark in some:
        one = loaded.get(mark.candidate_id)
        if one is None or mark.first_sequence is None or mark.last_sequence is None:
            continue
        plan = work.gate.take_back(one, mark.first_sequence, mark.last_sequence, work.row.id, opened=mark.opened)
        blocked += [verdict for verdict in plan.verdicts if verdict not in blocked]
        work.plans.append(plan)


def _told(work: _Work) -> dict[str, Any]:
    opened = sum(mark.opened for mark in work.people)
    return {
        "import": work.row.id,
        "file": work.row.file_name,
        "recorded_at": work.row.recorded_at,
        "recorded_by": work.row.recorded_by,
        "entries": sum(draft.voids is not None for plan in work.plans for draft in plan.drafts),
        "people": opened,
        "changed": len(work.people) - opened,
        "units": len(work.ids("unit")),
        "versions": len(work.ids("version")),
        "targets": len(work.ids("target")),
        "figures": len(work.ids("figure")),
        "recipients": len(work.rows.get("recipient", ())),
    }


def _take_back(work: _Work, reason: str) -> None:
    connection, now = work.connection, work.office.now()
    work.gate.write(connection, work.plans)
    _restore_people(work)
    for noun in ("recipient", "figure", "target", "succession", "version"):
        undoing.drop_rows(connection, noun, work.ids(noun))
    undoing.rename_recipients(connection, [one for one in work.rows.get("recipient", ()) if one.renamed])
    undoing.drop_rule_targets(connection, work.ids("unit"))
    if not mark_undone(connection, work.row.id, now, work.office.user, reason):
        raise Conflict(UNDONE_ALREADY, number=work.row.id, who="", day=None)


def _restore_people(work: _Work) -> None:
    """People it opened are nobody any more; of the others name, birth date and attributes are as they were."""
    connection = work.connection
    persons = {
        row.id: row.person_id for row in load_candidates_by_id(connection, [mark.candidate_id for mark in work.people])
    }
    opened = [mark.candidate_id for mark in work.people if mark.opened]
    undoing.blank_people(connection, opened, [persons[one] for one in opened])
    known = [mark for mark in work.people if not mark.opened]
    ids = [persons[mark.candidate_id] for mark in known]
    names = undoing.load_names(connection, ids)
    renamed = [
        (persons[mark.candidate_id], mark.name_before, mark.birth_before)
        for mark in known
        if mark.renamed and names[persons[mark.candidate_id]] is not None  # an erased person stays erased
    ]
    update_people(connection, renamed)
    undoing.drop_attributes(connection, ids, work.row.recorded_at)
