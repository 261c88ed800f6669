"""What is wrong with one candidate's chain: edited, rewritten, missing, doubled or unknown entries. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from states.chain import entry_hash, genesis
from states.wording import Text

UNREADABLE = Text("Mục không đọc được: dữ liệu hỏng.", "The entry cannot be read: its data is damaged.")
EDITED = Text(
    "Mục đã bị sửa hoặc đổi thứ tự sau khi ghi: nội dung không khớp mã băm.",
    "The entry was edited or moved after it was recorded: its content does not match its hash.",
)
REWRITTEN = Text(
    "Mục đã bị viết lại: mã băm khác với mã mà mục sau, hồ sơ hoặc niêm phong đã ghi.",
    "The entry was rewritten: its hash is not the one its successor, the candidate or a seal recorded.",
)
MISSING = Text("Mục bị mất.", "The entry is missing.")
MISSING_MORE = Text("Mất thêm {count} mục, đến mục {last}.", "{count} more entries are missing, up to {last}.")
DOUBLED = Text("Hai mục mang cùng số thứ tự.", "Two entries carry one number.")
FORWARD = Text(
    "Mục sửa hoặc hủy một mục không đứng trước nó: không do chương trình ghi.",
    "The entry corrects or voids one that does not stand before it: the program did not write it.",
)
BEYOND_HEAD = Text(
    "Nhật ký có mục này nhưng hồ sơ dừng ở mục {head}: hồ sơ bị sửa, hoặc mục được ghi ngoài chương trình.",
    "The journal has this entry but the candidate stops at {head}: the candidate was edited, or the entry was "
    "written past the program.",
)
HEAD = Text(
    "Đầu chuỗi trong hồ sơ đã bị sửa: không khớp nhật ký đã niêm phong.",
    "The candidate's head was edited: it does not match the sealed journal.",
)
NAMED = 100  # missing entries named one by one before the rest is counted


class Anchor(NamedTuple):
    """A head somebody remembers: the candidate's row, or a seal."""

    sequence: Any
    hash: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something broken; `sequence` names the entry where there is one."""

    sequence: int | None
    text: Text
    values: Mapping[str, object]


class Findings:
    """Everything found about one candidate, each entry named once, the first reason standing."""

    def __init__(self) -> None:
        self._by_sequence: dict[int | None, list[Finding]] = {}

    def add(self, sequence: int | None, text: Text, **values: object) -> None:
        """Note a finding, unless its entry has one already."""
        if sequence is None or sequence not in self._by_sequence:
            self._by_sequence.setdefault(sequence, []).append(Finding(sequence, text, values))

    def add_missing(self, first: int, last: int) -> None:
        """Note the entries from `first` to `last` as missing."""
        for sequence in range(first, min(last, first + NAMED - 1) + 1):
            self.add(sequence, MISSING)
        if last >= first + NAMED:
            self.add(None, MISSING_MORE, count=last - first - NAMED + 1, last=last)

    def __contains__(self, sequence: int) -> bool:
        return sequence in self._by_sequence

    def __iter__(self) -> Any:
        """By sequence; what names no entry comes last."""
        numbers = sorted(number for number in self._by_sequence if number is not None)
        for key in (*numbers, None):
            yield from self._by_sequence.get(key, ())

    def __bool__(self) -> bool:
        return bool(self._by_sequence)


def check_chain(
    candidate_id: int, entries: Iterable[Mapping[str, Any]], head: Anchor, sealed: Anchor | None
) -> Findings:
    """Judge a candidate's entries, as they stand in order of sequence, against the heads remembered of it."""
    found = Findings()
    expected, previous, unread = 1, genesis(candidate_id), 0
    for entry in entries:
        sequence = entry["sequence"]
        if type(sequence) is not int:
            unread += 1
            continue
        if sequence < expected:
            found.add(sequence, DOUBLED)
            continue
        gap = sequence > expected
        if gap:
            found.add_missing(expected, sequence - 1)
        try:
            own = entry_hash(entry["previous_hash"], entry)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            found.add(sequence, UNREADABLE)
        else:
            if own != entry["hash"]:
                found.add(sequence, EDITED)
            elif not gap and entry["previous_hash"] != previous:
                # This one is as it was when it was hashed: the one before it is not what it then was.
                found.add(max(sequence - 1, 1), REWRITTEN)
            if not _looks_back(entry):
                found.add(sequence, FORWARD)
        if sealed is not None and sequence == sealed.sequence and entry["hash"] != sealed.hash:
            found.add(sequence, REWRITTEN)
        expected, previous = sequence + 1, entry["hash"]
    _check_heads(found, expected - 1, previous, head, sealed)
    for _ in range(unread):
        found.add(None, UNREADABLE)
    return found


def _looks_back(entry: Mapping[str, Any]) -> bool:
    """Else following what corrects what would never end."""
    targets = [target for target in (entry["corrects"], entry["voids"]) if target is not None]
    return all(type(target) is int and 0 < target < entry["sequence"] for target in targets)


def _check_heads(found: Findings, last: int, hash_: Any, head: Anchor, sealed: Anchor | None) -> None:
    sealed_to = sealed.sequence if sealed is not None and type(sealed.sequence) is int else 0
    if sealed_to > last:
        found.add_missing(last + 1, sealed_to)
    if type(head.sequence) is not int:
        found.add(None, HEAD)
    elif head.sequence > last:
        found.add_missing(last + 1, head.sequence)
    elif head.sequence < last:
        if head.sequence < sealed_to:
            found.add(None, HEAD)
        else:
            found.add(head.sequence + 1, BEYOND_HEAD, head=head.sequence)
    elif head.hash != hash_ and last and last not in found:
        if sealed is not None and sealed == (last, hash_):
            found.add(None, HEAD)
        else:
            found.add(last, REWRITTEN)
