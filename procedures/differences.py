"""What a workbook would change: for each person and unit what stands now and what the file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from procedures.sheet_rows import Row

MOST = 2_000  # kept one by one; of more, the number alone


class Difference(NamedTuple):
    """One thing that changes; `before` None where nothing stood, `what` a column of the sheet or "" for a new one."""

    sheet: str
    row: int
    code: str
    what: str
    before: Any
    after: Any


@dataclass
class Differences:
    """All of them, in the order in which they are found."""

    found: list[Difference] = field(default_factory=list)
    left_out: int = 0

    def add(self, row: Row | None, code: str, what: str, before: Any, after: Any) -> None:
        """Note one; beyond MOST only their number."""
        if row is None:
            return
        if len(self.found) < MOST:
            self.found.append(Difference(row.table.sheet.name, row.number, code, what, before, after))
        else:
            self.left_out += 1
