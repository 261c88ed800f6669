"""The workbook of a report: numbers as numbers, sums and percentages as formulas, charts, ready for the printer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsxwriter.workbook import Workbook

from procedures.printing.charts import draw_charts
from procedures.printing.page import FONT, SIZE, Book
from procedures.printing.sections import day_of
from procedures.printing.sheet_notable import write_notable
from procedures.printing.sheet_parts import write_breakdowns, write_chain, write_movement, write_people
from procedures.printing.sheet_report import write_report
from procedures.printing.sheet_units import write_units
from procedures.series import add_series
from procedures.sheet_writer import written
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Columns are measured in figures of this font, on every machine alike; no theme puts another in its place.
LETTERS = {"font_name": FONT, "font_size": SIZE, "font_scheme": "none"}


def write_book(office: Office, result: Mapping[str, Any], path: Path) -> None:
    """Write a report; the same report (with its `series`) is the same bytes.

    A report without `series` gets those of the office's database for the charts.
    """
    result = add_series(office, result)
    lang = office.lang
    with written(path, ".xlsx") as place:
        workbook = Workbook(str(place), OPTIONS | {"default_format_properties": dict(LETTERS)})
        title = Text("Báo cáo kết quả thực hiện chỉ tiêu", "Report on targets").say(lang)
        made_on = date.fromisoformat(str(result["as_of"])[:10])
        created = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001  (a day, not an instant)
        workbook.set_properties(
            {"title": title, "subject": f"{result['unit']} {result['period']}", "author": "ketnap", "created": created}
        )
        workbook.set_calc_mode("auto")
        foot = f"{result['name']} · {result.get('period_label') or result['period']} · {day_of(made_on, lang)}"
        book = Book(workbook, lang, foot.replace("&", "&&")[:180])
        write_report(book, office, result, title)
        write_units(book, office, result)
        write_notable(book, result)
        write_chain(book, result)
        write_breakdowns(book, result)
        write_movement(book, result)
        write_people(book, result)
        draw_charts(book, result)
        workbook.close()
