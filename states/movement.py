"""Movement of members over a period: who was there, who came, who left, who is there; what does not add up by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from states.way import MEMBER_STEPS
from states.wording import Text

# what -> whether it adds or takes away, and what people call it, in the order of the sheet
LINES: Mapping[str, tuple[int, Text]] = {
    "admitted": (1, Text("Kết nạp", "Admitted")),
    "transferred_in": (1, Text("Chuyển đến", "Transferred in")),
    "restored": (1, Text("Khôi phục", "Restored")),
    "opened": (1, Text("Mở sổ trong kỳ khi đã là đảng viên", "Already members when their book was opened")),
    "died": (-1, Text("Từ trần", "Died")),
    "expelled": (-1, Text("Khai trừ", "Expelled")),
    "removed": (-1, Text("Xóa tên", "Removed")),
    "left": (-1, Text("Xin ra, hủy quyết định kết nạp", "Withdrawn, admission cancelled")),
    "transferred_out": (-1, Text("Chuyển đi", "Transferred out")),
}
_COMES = {
    "hold_ceremony": "admitted",
    "transfer": "transferred_in",
    "restore": "restored",
    "open_at": "opened",
}
_GOES = {
    "die": "died",
    "expel": "expelled",
    "remove": "removed",
    "withdraw": "left",
    "cancel_admission": "left",
    "transfer": "transferred_out",
    "transfer_out": "transferred_out",
}
TRIGGERS = tuple(dict.fromkeys([*_COMES, *_GOES]))
NO_LINE = Text("không thuộc mục biến động nào", "belongs to no line of the sheet")
NO_FIT = Text("không khớp với số đầu kỳ và cuối kỳ", "does not fit how the person stood before and after")
BEFORE_OPENING = Text("xảy ra trước ngày mở sổ của người này", "happened before the person's book was opened")


class Move(NamedTuple):
    """One entry that can bring a member or take one away. `unit_after` differs from `unit_id` for a transfer."""

    person: int
    sequence: int
    trigger: str
    source: str | None
    destination: str | None
    on: date | None
    unit_id: int
    unit_after: int | None

    def change(self, inside: Callable[[int | None], bool]) -> int:
        """1 when it brings a member into the units, -1 when it takes one out of them, else 0."""
        was = self.source in MEMBER_STEPS and inside(self.unit_id)
        is_now = self.destination in MEMBER_STEPS and inside(self.unit_after)
        return int(is_now) - int(was)


class Doubt(NamedTuple):
    """An entry that does not add up, and why."""

    person: int
    sequence: int
    on: date | None
    what: Text


@dataclass(slots=True)
class Sheet:
    """The sheet of one period and one set of units."""

    opening: int = 0
    closing: int = 0
    lines: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LINES, 0))
    unexplained: list[Doubt] = field(default_factory=list)

    @property
    def difference(self) -> int:
        """What the lines leave open between opening and closing."""
        moved = sum(LINES[what][0] * count for what, count in self.lines.items())
        return self.closing - self.opening - moved

    @property
    def reconciles(self) -> bool:
        """Whether everything adds up, for all together and for each person."""
        return self.difference == 0 and not self.unexplained


Place = tuple[int, date | None]  # the last entry that says where somebody stands: its sequence and day


def draw_sheet(
    before: Mapping[int, Place], after: Mapping[int, Place], moves: Iterable[Move], inside: Callable[[int | None], bool]
) -> Sheet:
    """The sheet from the members of the units before and after, by person, and every entry between.

    A transfer between two of the units changes nothing. Each person must add up by themselves: two mistakes do not
    make a sheet right.
    """
    sheet = Sheet(len(before), len(after))
    sums: dict[int, int] = {}
    entries: dict[int, list[Move]] = {}
    for move in moves:
        change = move.change(inside)
        if not change:
            continue
        sums[move.person] = sums.get(move.person, 0) + change
        entries.setdefault(move.person, []).append(move)
        line = (_COMES if change > 0 else _GOES).get(move.trigger)
        if line is None:
            sheet.unexplained.append(Doubt(move.person, move.sequence, move.on, NO_LINE))
        else:
            sheet.lines[line] += 1
    for person in sorted(before.keys() | after.keys() | sums.keys()):
        if int(person in before) + sums.get(person, 0) == int(person in after):
            continue
        if person in entries:
            sheet.unexplained += [Doubt(person, move.sequence, move.on, NO_FIT) for move in entries[person]]
        else:
            sequence, on = after.get(person) or before[person]
            sheet.unexplained.append(Doubt(person, sequence, on, NO_FIT))
    return sheet
