"""What the sheets and headings of somebody's own workbook mean, where they are not called as ours are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from procedures.workbook import SHEETS, Column, Sheet, find_sheet
from states.wording import fold

SKIP = ""  # a sheet or column that is not to be read


@dataclass(frozen=True)
class Headings:
    """Answers by the file's own words; what it does not name is looked up as ever.

    `sheets`: the file's name of a sheet -> ours, or SKIP. `columns`: (the file's sheet, its heading) -> ours, or SKIP.
    """

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def skips_sheet(self, name: str) -> bool:
        """Whether a sheet is not to be read."""
        return self.sheets.get(name) == SKIP

    def sheet(self, name: str) -> Sheet | None:
        """Which of our sheets it is; None where nobody knows."""
        said = self.sheets.get(name)
        return find_sheet(name) if said is None else next((one for one in SHEETS if one.name == said), None)

    def skips_column(self, sheet: str, heading: str) -> bool:
        """Whether a column is not to be read."""
        return self.columns.get((sheet, fold(heading))) == SKIP

    def column(self, sheet: str, heading: str, ours: Sheet) -> Column | None:
        """Which of our columns a heading means; None where nobody knows."""
        said = self.columns.get((sheet, fold(heading)))
        if said is None:
            return ours.find_column(heading)
        return next((one for one in ours.columns if one.name == said), None)
