"""The part of verify that compares the seals with each other, with their file and with the journal."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from states.proof import MISSING, REWRITTEN
from states.wording import Text
from store import chains, closings_raw, seal_file, seals
from store.base import Connection

FILE_MISSING = Text("Mất tệp niêm phong {file}.", "The seal file {file} is missing.")
FILE_LACKS = Text("Tệp niêm phong {file} thiếu niêm phong số {seal}.", "The seal file {file} lacks seal {seal}.")
FILE_EDITED = Text(
    "Niêm phong số {seal} trong tệp {file} đã bị sửa hoặc mất dòng.",
    "Seal {seal} in the file {file} was edited or has lost lines.",
)
FILE_STRANGE = Text(
    "Dòng {line} của tệp {file} không thuộc niêm phong nào.", "Line {line} of {file} belongs to no seal."
)
FILE_UNKNOWN = Text(
    "Tệp niêm phong {file} có niêm phong số {seal} mà cơ sở dữ liệu không có.",
    "The seal file {file} has seal {seal}, which the database has not.",
)
DIFFERENT = Text(
    "Niêm phong số {seal} trong cơ sở dữ liệu và trong tệp {file} khác nhau.",
    "Seal {seal} in the database and in the file {file} differ.",
)
TABLE_EDITED = Text(
    "Bảng niêm phong đã bị sửa: số {seal} không khớp.", "The table of seals was edited: seal {seal} does not match."
)
TABLE_LACKS = Text("Bảng niêm phong mất số {seal}.", "The table of seals lacks seal {seal}.")
HEADS_EDITED = Text(
    "Bảng đầu chuỗi đã niêm phong bị sửa hoặc mất dòng.", "The table of sealed heads was edited or has lost rows."
)
CHUNK = 400


class SealCheck:
    """Goes through the table of seals and their file once; `add(code, sequence, text, **values)` takes what it finds.

    `add_act` likewise, with the period between, for acts of closing.
    """

    def __init__(
        self, connection: Connection, file: Path, add: Callable[..., None], add_act: Callable[..., None]
    ) -> None:
        self.connection, self.file, self._add, self._add_act = connection, file, add, add_act
        # Heads of the seal being read that the journal denies, and acts that are not what was sealed.
        self._doubtful: list[tuple[seal_file.Head | seal_file.SealedAct, Text]] = []
        self._acts = closings_raw.load_hashes(connection)
        self.rows = {row.id: row for row in seals.load_seals(connection)}

    def run(self) -> None:
        """Check the table, then the file."""
        self._check_table()
        if self.file.exists():
            self._check_file()
        elif self.rows:
            self._note(FILE_MISSING)

    def _note(self, text: Text, **values: object) -> None:
        self._add(None, None, text, file=self.file.name, **values)

    def _check_table(self) -> None:
        previous, expected = seals.FIRST, 1
        for number, row in self.rows.items():
            for lost in range(expected, min(number, expected + 100)):
                self._note(TABLE_LACKS, seal=lost)
            if number == expected and row.previous_digest != previous:
                self._note(TABLE_EDITED, seal=number)
            previous, expected = row.digest, number + 1
        if not self.rows:
            if seals.totals(self.connection)[0]:
                self._note(HEADS_EDITED)
            return
        last = self.rows[max(self.rows)]
        digest = sha256(seals.seal_form(dict(last._mapping)))
        for line in seals.head_lines(self.connection, last.id):
            digest.update(line)
        if digest.hexdigest() != last.digest or seals.totals(self.connection) != (last.candidates, last.entries):
            self._note(HEADS_EDITED)

    def _check_file(self) -> None:
        seen: set[int] = set()
        heads: list[seal_file.Head] = []
        for part in seal_file.read(self.file):
            match part:
                case seal_file.Head():
                    heads.append(part)
                    if len(heads) == CHUNK:
                        self._check_heads(heads)
                        heads = []
                case seal_file.SealedAct():
                    self._check_act(part)
                case seal_file.Strange():
                    self._note(FILE_STRANGE, line=part.line)
                case seal_file.FiledSeal():
                    self._check_heads(heads)
                    heads = []
                    self._check_filed(part)
                    seen.add(part.number)
        for number in self.rows.keys() - seen:
            self._note(FILE_LACKS, seal=number)

    def _check_filed(self, part: seal_file.FiledSeal) -> None:
        doubtful, self._doubtful = self._doubtful, []
        row = self.rows.get(part.number)
        if not part.whole:
            self._note(FILE_EDITED, seal=part.number)
            return  # its heads prove nothing
        if row is None:
            self._note(FILE_UNKNOWN, seal=part.number)
        elif (row.digest, row.previous_digest) != (part.digest, part.previous):
            self._note(DIFFERENT, seal=part.number)
        for one, text in doubtful:
            if isinstance(one, seal_file.Head):
                self._add(one.code, one.sequence, text)
            else:
                self._add_act(one.unit, one.period, one.sequence, text)

    def _check_act(self, sealed: seal_file.SealedAct) -> None:
        """An act ever sealed must still stand, hash for hash."""
        hash_ = self._acts.get((sealed.unit, sealed.period, sealed.sequence))
        if hash_ != sealed.hash:
            self._doubtful.append((sealed, MISSING if hash_ is None else REWRITTEN))

    def _check_heads(self, heads: list[seal_file.Head]) -> None:
        """Every head ever sealed must still stand in the journal, hash for hash."""
        standing: dict[Any, str] = chains.hashes(self.connection, {head.candidate_id for head in heads})
        for head in heads:
            hash_ = standing.get((head.candidate_id, head.sequence))
            if hash_ != head.hash:
                self._doubtful.append((head, MISSING if hash_ is None else REWRITTEN))
