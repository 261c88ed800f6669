"""A district with figures of every kind, its report, and ways to look into what was printed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from docx import Document
from openpyxl import load_workbook

from procedures.report import report
from tests.procedures.district import District

DAY = date(2020, 6, 30)
DECISION = {"decision_number": "161/QĐ-LĐLĐ", "decision_date": date(2020, 3, 25)}


def make_district(database: Any = None) -> District:
    """LB over A and B: 7/24 unions founded, 366/1200 recruited, 3 introduced and 1 admitted; A is called like a formula."""
    made = District(database)
    made.unit("LB")
    made.unit("A", "LB")
    made.unit("B", "LB")
    for unit, founded, floor, recruited, target in (("A", 5, 9, 200, 700), ("B", 2, 15, 166, 500)):
        made.figure(unit, "unions_founded", "2020-H1", founded)
        made.figure(unit, "members_recruited", "2020-H1", recruited)
        made.target(unit, "unions_founded", "2020", floor, **DECISION)
        made.target(unit, "members_recruited", "2020", target, **DECISION)
    made.figure("LB", "officers_trained", "2020-H1", 300)
    made.target("LB", "unions_founded", "2020", 24, responsible="Ban Tổ chức", **DECISION)
    made.target("LB", "members_recruited", "2020", 1200, **DECISION)
    made.counted("nominate", date(2020, 2, 3), "A", 2)
    made.counted("nominate", date(2019, 2, 3), "B", 1)
    made.counted("nominate", date(2020, 5, 3), "B", 1)
    made.counted("hold_ceremony", date(2020, 5, 4), "B", 1)
    return made


def report_of(made: District, **asked: Any) -> tuple[Any, dict[str, Any]]:
    """The office on the day and LB's report of the half-year."""
    office = made.office(DAY)
    return office, report(office, "LB", "2020-H1", **asked)


def sheet(path: Path, name: str, *, values: bool = False) -> list[list[Any]]:
    """The rows of a sheet: formulas, or with `values` what they come to."""
    return [list(row) for row in load_workbook(path, data_only=values)[name].iter_rows(values_only=True)]


def line(rows: list[list[Any]], word: str) -> list[Any]:
    """The first row that has a cell of this word."""
    return next(row for row in rows if word in row)


def column(rows: list[list[Any]], heading: str) -> int:
    """Where the column of this heading is."""
    return next(row.index(heading) for row in rows if heading in row)


def words_of(path: Path) -> str:
    """All words of a document, its tables too."""
    document = Document(str(path))
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(found)


def parts_of(path: Path) -> dict[str, bytes]:
    """The parts of an Office file."""
    with ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
