"""Read the rows of `advance --from FILE.xlsx`: a workbook with the sheet su_kien alone."""

from __future__ import annotations

from pathlib import Path

from procedures.advance import AdvanceRow
from procedures.import_events import read_events
from procedures.sheet_rows import Issues, Row, read_workbook
from procedures.workbook import EVENTS
from states.errors import BadInput
from states.events import BY_COLUMN
from states.wording import Text

MISTAKES = Text(
    "Tệp {path} có {count} chỗ cần sửa; chưa ghi gì vào sổ.",
    "The file {path} has {count} mistakes; nothing was written.",
)


def read_advance_rows(path: Path | str, *, lang: str = "vi") -> list[AdvanceRow]:
    """Every row as a step to take; BadInput lists all mistakes with sheet, row and column.

    A decide row with ngay_nhan gives a receive_decision besides.
    """
    path = Path(path)
    issues = Issues()
    tables = read_workbook(path, issues, EVENTS)
    found: list[AdvanceRow] = []
    for code, row, events in read_events(tables[EVENTS.name].rows if EVENTS.name in tables else []):
        for place, event in enumerate(events):
            found.append(_as_read(code, row) if place == 0 else AdvanceRow(code, event.trigger, row.get("ngay_nhan")))
    if issues:
        errors = issues.listed(lang)
        raise BadInput(MISTAKES, details={"errors": errors}, path=path.name, count=len(errors))
    return found


def _as_read(code: str, row: Row) -> AdvanceRow:
    return AdvanceRow(
        code,
        row.get("su_kien"),
        row.get("ngay"),
        row.get("so_van_ban"),
        row.get("ngay_van_ban"),
        {name: value for name, value in row.values.items() if name in BY_COLUMN},
        row.get("ghi_chu"),
        row.get("ly_do_ngoai_le"),
        tag=row.number,
    )
