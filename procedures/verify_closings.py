"""The part of verify that looks over closed periods: their acts, what these froze, and the files issued with them."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from states.closing import STEPS, act_hash, genesis
from states.proof import DOUBLED, MISSING, NAMED, REWRITTEN, UNREADABLE
from states.wording import Text
from store import closings_raw
from store.base import Connection
from store.closings import digest

EDITED = Text(
    "Bản chốt đã bị sửa sau khi ghi: nội dung không khớp mã băm.",
    "The act of closing was edited after it was recorded: its content does not match its hash.",
)
FILE_MISSING = Text("Mất tệp .{kind} của bản chốt.", "The closing's file .{kind} is missing.")
FILE_EDITED = Text("Tệp .{kind} của bản chốt đã bị sửa.", "The closing's file .{kind} was edited.")
FILE_STRANGE = Text(
    "Bản chốt có tệp .{kind} không phải do chương trình ghi.",
    "The closing has a file .{kind} the program did not write.",
)
STRAY = Text(
    "Có tệp của một bản chốt không còn (số {act}): bản chốt đã bị xóa.",
    "There are files of a closing that is gone (number {act}): it was deleted.",
)


class ClosingCheck:
    """Goes through all acts once; `add(unit, period, sequence, text, **values)` takes what it finds."""

    def __init__(self, connection: Connection, add: Callable[..., None]) -> None:
        self.connection, self._add = connection, add

    def run(self) -> None:
        """Check every chain of acts, then the files that belong to none."""
        acts = closings_raw.read_acts(self.connection)
        for (_, period), chain in groupby(acts, key=lambda act: (act.fields["unit_id"], act.fields["period"])):
            self._check_chain(period, list(chain))
        for act in closings_raw.find_strays(self.connection):
            self._add(None, None, None, STRAY, act=act)

    def _check_chain(self, period: Any, chain: list[closings_raw.RawAct]) -> None:
        first = chain[0].fields
        expected, previous = 1, genesis(first["unit_id"], str(period))
        for act in chain:
            fields, sequence = act.fields, act.fields["sequence"]
            if type(sequence) is not int:
                self._add(act.unit, period, None, UNREADABLE)
                continue
            if sequence < expected:
                self._add(act.unit, period, sequence, DOUBLED)
                continue
            for lost in range(expected, min(sequence, expected + NAMED)):
                self._add(act.unit, period, lost, MISSING)
            sound = self._check_act(act, period, sequence)
            if sound and sequence == expected and fields["previous_hash"] != previous:
                self._add(act.unit, period, max(sequence - 1, 1), REWRITTEN)
            expected, previous = sequence + 1, fields["hash"]

    def _check_act(self, act: closings_raw.RawAct, period: Any, sequence: int) -> bool:
        fields = act.fields
        try:
            own = act_hash(fields["previous_hash"], fields)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            self._add(act.unit, period, sequence, UNREADABLE)
            return False
        if own != fields["hash"] or fields["event"] not in STEPS:
            self._add(act.unit, period, sequence, EDITED)
            return False
        content = fields["content"] if isinstance(fields["content"], dict) else {}
        self._check_files(act, period, sequence, content.get("files") or {})
        return True

    def _check_files(self, act: closings_raw.RawAct, period: Any, sequence: int, digests: Mapping[str, str]) -> None:
        found = {file.kind: file for file in closings_raw.read_files(self.connection, act.id)}
        for kind, wanted in digests.items():
            if kind not in found:
                self._add(act.unit, period, sequence, FILE_MISSING, kind=kind)
            elif _digest(found[kind].content) != wanted or found[kind].digest != wanted:
                self._add(act.unit, period, sequence, FILE_EDITED, kind=kind)
        for kind in found.keys() - digests.keys():
            self._add(act.unit, period, sequence, FILE_STRANGE, kind=kind)


def _digest(content: Any) -> str | None:
    try:
        return digest(b64decode(content, validate=True))
    except (ValueError, TypeError):
        return None
