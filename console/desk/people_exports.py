"""Files of the list: a workbook and a CSV that Excel opens as it should, in which no text is ever a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.cell import WriteOnlyCell
from starlette_admin.export.base import BaseExporter
from starlette_admin.export.helpers import escape_formula
from starlette_admin.fields import BaseField

from console.desk.words import day, t
from procedures.sheet_reader import column_letter
from procedures.sheet_writer import heading, put
from procedures.workbook import Column
from states.wording import Text

WIDTHS = {"name": 26, "unit_name": 38, "step": 28, "clock_label": 34, "left": 22}


class Workbook(BaseExporter):
    """An .xlsx with headings frozen, days as days."""

    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extension = "xlsx"

    async def generate(self, fields: list[BaseField], rows: list[dict[str, Any]]) -> bytes:
        """The file's bytes."""
        book = Book(write_only=True)
        page = book.create_sheet(t("Người", "People"))
        page.freeze_panes = "A2"
        columns = [
            Column(str(field.label), "code" if field.name == "code" else "words", Text("", "")) for field in fields
        ]
        for number, field in enumerate(fields, 1):
            page.column_dimensions[column_letter(number)].width = WIDTHS.get(field.name, 16)
        page.append([heading(WriteOnlyCell(page), column) for column in columns])
        for row in rows:
            page.append(
                [
                    put(WriteOnlyCell(page), column, value)
                    if (value := _plain(row.get(field.name))) is not None
                    else None
                    for field, column in zip(fields, columns, strict=True)
                ]
            )
        made = io.BytesIO()
        book.save(made)
        return made.getvalue()


class CsvForExcel(BaseExporter):
    """UTF-8 with its mark and semicolons, as Excel set to Vietnamese opens by itself."""

    content_type = "text/csv; charset=utf-8"
    extension = "csv"

    async def generate(self, fields: list[BaseField], rows: list[dict[str, Any]]) -> bytes:
        """The file's bytes."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow([str(field.label) for field in fields])
        for row in rows:
            values = (_plain(row.get(field.name)) for field in fields)
            writer.writerow([day(one) if isinstance(one, date) else escape_formula(str(one or "")) for one in values])
        return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return t("có", "yes") if value else None
    return None if value in (None, "", "-empty-", "-null-") else value
