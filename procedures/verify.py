"""Verify: find every edited, missing, reordered or truncated entry, every edited projection, and what guards them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from procedures.gate import Gate
from procedures.office import Office
from procedures.verify_seals import SealCheck
from states.chain import private_digest
from states.clocks import ClockRun
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
PROJECTION = Text(
    "Hồ sơ đã bị sửa: {column} là {found}, theo nhật ký phải là {expected}.",
    "The candidate's row was edited: {column} is {found}, by the journal it has to be {expected}.",
)
FACTS = Text(
    "Hồ sơ đã bị sửa: dữ kiện «{column}» không khớp nhật ký.",
    "The candidate's facts were edited: “{column}” does not match the journal.",
)
CLOCK = Text(
    "Thời hạn {key} (lần {run}) đã bị sửa: {column} là {found}, theo nhật ký phải là {expected}.",
    "The clock {key} (run {run}) was edited: {column} is {found}, by the journal it has to be {expected}.",
)
CLOCK_MISSING = Text("Thời hạn {key} (lần {run}) bị mất.", "The clock {key} (run {run}) is missing.")
CLOCK_STRANGE = Text(
    "Thời hạn {key} (lần {run}) không có trong nhật ký.", "The journal knows no clock {key} (run {run})."
)
NOT_REPLAYED = Text(
    "Không dựng lại được hồ sơ từ nhật ký: dữ liệu hồ sơ hỏng hoặc thiếu.",
    "The candidate cannot be rebuilt from the journal: its data is damaged or missing.",
)
CHUNK = 500


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
        SealCheck(connection, file, report.add).run()
        entries = chains.count_entries(connection)
    return {"ok": not report.broken, "entries": entries, "broken": report.broken}


def _check_chains(office: Office, connection: Connection, report: Report) -> None:
    gate = Gate(office)
    sound: dict[str, Any] = {}  # code -> id of those whose chain holds: only their journal says what they have to be
    for chain in chains.read_chains(connection):
        found = check_chain(chain.candidate_id, (entry.fields for entry in chain.entries), chain.head, chain.sealed)
        for finding in found:
            report.add(chain.code, finding.sequence, finding.text, **finding.values)
        for sequence in _edited_texts(chain.entries, found):
            report.add(chain.code, sequence, TEXT_EDITED)
        if chain.sealed is not None and chain.sealed_code != chain.code:
            report.add(chain.code, None, RECODED, sealed=chain.sealed_code)
        if not found:
            sound[chain.code] = chain.candidate_id
        if len(sound) == CHUNK:
            _check_projections(gate, connection, sound, report)
            sound = {}
    _check_projections(gate, connection, sound, report)


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


def _check_projections(gate: Gate, connection: Connection, sound: dict[str, Any], report: Report) -> None:
    """Replay the ways of these people and compare; one that cannot be replayed does not hide the others."""
    if not sound:
        return
    try:
        expected = gate.replay_rows(connection, list(sound))
        stored = chains.read_projections(connection, sound.values())
    except Exception:  # whatever somebody wrote into the row: it is named below
        if len(sound) > 1:
            for code, candidate_id in sound.items():
                _check_projections(gate, connection, {code: candidate_id}, report)
            return
        expected, stored = {}, {}
    for code in sound:
        if not isinstance(code, str) or code not in expected or code not in stored:
            if code not in report.codes:  # a damaged text that is named already is reason enough
                report.add(code, None, NOT_REPLAYED)
        else:
            _compare(code, expected[code], stored[code], report)


def _compare(code: str, expected: dict[str, Any], stored: chains.RawProjection, report: Report) -> None:
    for column, found in stored.columns.items():
        if found != _plain(expected[column]):
            report.add(code, None, PROJECTION, column=column, found=found, expected=_plain(expected[column]))
    facts = stored.facts if isinstance(stored.facts, dict) else {}
    for key in sorted({*facts, *expected["facts"]} - {"clocks", "gaps", *stored.columns}):
        if facts.get(key) != expected["facts"].get(key):
            report.add(code, None, FACTS, column=key)
    runs: dict[tuple[str, int], ClockRun] = expected["clocks"]
    for key, row in stored.clocks.items():
        if key in runs:
            _compare_clock(code, runs[key], row, report)
        elif row["state"] != "void":  # void: lost its beginning by a correction
            report.add(code, None, CLOCK_STRANGE, key=key[0], run=key[1])
    for key in runs.keys() - stored.clocks.keys():
        report.add(code, None, CLOCK_MISSING, key=key[0], run=key[1])
    for kept in _rows(facts.get("clocks")):
        standing = stored.clocks.get((kept[0], kept[1]))
        if standing is not None and kept != list(standing.values()):
            report.add(code, None, FACTS, column=f"clocks.{kept[0]}")


# What a due day was reckoned from. It may have changed with config.yaml since the clock was reckoned; then only its days
# of beginning and end can be judged.
BASIS = ("limit_value", "limit_unit", "extension", "profile", "status", "citation", "calendar")


def _compare_clock(code: str, run: ClockRun, row: dict[str, Any], report: Report) -> None:
    def differs(column: str, expected: Any) -> None:
        if row[column] != expected:
            report.add(code, None, CLOCK, key=run.key, run=run.run, column=column, found=row[column], expected=expected)

    differs("starts_on", _plain(run.starts_on))
    differs("stopped_on", _plain(run.stopped_on))
    if all(row[column] == getattr(run, column) for column in BASIS):
        differs("due_on", _plain(run.due_on))
        differs("state", run.state)
    elif run.state in ("met", "late"):
        differs("state", "late" if str(row["stopped_on"]) > str(row["due_on"]) else "met")
    else:
        differs("state", run.state)


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, list) and len(row) > 1 and isinstance(row[1], int)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
