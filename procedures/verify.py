"""Verify: find every edited, missing, reordered or truncated entry, every edited projection, and what guards them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from procedures import access
from procedures.office import Office
from procedures.verify_closings import ClosingCheck
from procedures.verify_projections import ProjectionCheck
from procedures.verify_seals import SealCheck
from states.chain import private_digest
from states.proof import Findings, check_chain
from states.wording import Text
from store import chains, protection, seal_file, seals
from store.base import Connection

PROTECTION = Text(
    "Thiếu hoặc sai bộ bảo vệ {name} của nhật ký.", "The journal's protection {name} is missing or changed."
)
TEXT_EDITED = Text(
    "Phần chữ kèm mục (ghi chú, họ tên) đã bị sửa: không khớp dấu trong nhật ký.",
    "The entry's erasable text was edited: it does not match its digest in the journal.",
)
TEXT_STRANGE = Text("Có phần chữ không thuộc mục nào.", "A text belongs to no entry.")
DELETED = Text(
    "Hồ sơ đã bị xóa: nhật ký hoặc niêm phong còn biết đến hồ sơ này.",
    "The candidate was deleted: the journal or a seal still knows it.",
)
RECODED = Text("Mã hồ sơ đã bị sửa; khi niêm phong là {sealed}.", "The code was edited; it was {sealed} when sealed.")


@dataclass
class Report:
    """What was found, each entry named once."""

    lang: str
    broken: list[dict[str, Any]] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def add_deleted(self, code: str) -> None:
        """Note a candidate whose row is gone; what of theirs is missing needs no further word."""
        self.add(code, None, DELETED)
        self.gone.add(code)

    def add_act(self, unit: Any, period: Any, sequence: int | None, text: Text, **values: object) -> None:
        """Note a finding about an act of closing: the unit's code, period:sequence."""
        name = None if unit is None else str(unit).encode("utf-8", "replace").decode()
        entry = f"{period}:{sequence}" if name is not None and sequence is not None else None
        if entry is not None:
            if (key := f"{name}/{entry}") in self.named:
                return
            self.named.add(key)
        self.broken.append({"code": name, "entry": entry, "reason": text.say(self.lang, **values)})

    def add(self, code: Any, sequence: int | None, text: Text, **values: object) -> None:
        """Note a finding; a second one about the same entry is left out."""
        name = None if code is None else str(code).encode("utf-8", "replace").decode()
        entry = f"{name}:{sequence}" if name is not None and sequence is not None else None
        if entry is not None:
            if entry in self.named or name in self.gone:
                return
            self.named.add(entry)
        if name is not None:
            self.codes.add(name)
        self.broken.append({"code": name, "entry": entry, "reason": text.say(self.lang, **values)})


def verify(office: Office) -> dict[str, Any]:
    """Look over everything in one snapshot: {ok, entries, broken: [{code, entry, reason}]}. Changes nothing wrong."""
    access.require_whole(office, "run_jobs")
    database, file = office.database, office.database.beside("seals.jsonl")
    database.check()
    with database.reading() as connection:
        unfiled = seals.find_unfiled(connection) is not None
    if unfiled:  # a seal whose process was cut off before it reached the file
        with database.writing() as connection:
            seal_file.complete(connection, file)
    report = Report(office.lang)
    with database.reading() as connection, chains.lenient(connection):
        for name in protection.missing(connection):
            report.add(None, None, PROTECTION, name=name)
        _check_chains(office, connection, report)
        for orphan in chains.find_orphans(connection):
            report.add_deleted(orphan.code or f"#{orphan.candidate_id}")
        for code, sequence in chains.find_strange_texts(connection):
            report.add(code, sequence, TEXT_STRANGE)
        ClosingCheck(connection, report.add_act).run()
        SealCheck(connection, file, report.add, report.add_act).run()
        entries = chains.count_entries(connection)
    return {"ok": not report.broken, "entries": entries, "broken": report.broken}


def _check_chains(office: Office, connection: Connection, report: Report) -> None:
    projections = ProjectionCheck(office, connection, report.add, report.codes)
    for chain in chains.read_chains(connection):
        found = check_chain(chain.candidate_id, (entry.fields for entry in chain.entries), chain.head, chain.sealed)
        for finding in found:
            report.add(chain.code, finding.sequence, finding.text, **finding.values)
        for sequence in _edited_texts(chain.entries, found):
            report.add(chain.code, sequence, TEXT_EDITED)
        if chain.sealed is not None and chain.sealed_code != chain.code:
            report.add(chain.code, None, RECODED, sealed=chain.sealed_code)
        if not found:  # else the journal does not say what the row has to be
            projections.take(chain.code, chain.candidate_id)
    projections.run()


def _edited_texts(entries: list[chains.RawEntry], found: Findings) -> Iterator[int]:
    for entry in entries:
        sequence = entry.fields["sequence"]
        if entry.salt is None or sequence in found:
            continue
        try:
            same = private_digest(entry.salt, entry.content) == entry.fields.get("private_digest")
        except (TypeError, ValueError, RecursionError):
            same = False
        if not same:
            yield sequence
