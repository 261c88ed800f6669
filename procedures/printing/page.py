"""A workbook's page: fonts and borders, cells that are what they seem, headings that come again on every sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from procedures.printing.percents import AS_IT_IS, NUMBER, shown_as
from procedures.workbook import BEGIN_A_FORMULA
from states.pace import CHAM, CHUA_CO_NGUON, DAT, NGUY_CO, VUOT

FONT = "Times New Roman"
SIZE = 12
LINE = 15.75  # points a line of that size takes
LETTERS = 1.15  # letters of a sentence in the room of one figure, by which columns are measured
FILLS = {VUOT: "#A9D08E", DAT: "#D9EAD3", CHAM: "#FFE699", NGUY_CO: "#F4B183", CHUA_CO_NGUON: "#D0CECE"}
LOCALE = "[$-42A]"  # Vietnamese: decimal comma and thousands dot where the program follows a cell's own language
WHOLE, BROKEN = f"{LOCALE}#,##0", f"{LOCALE}#,##0.##"
PERCENTS = [f"{WHOLE}{'.' if decimals else ''}{'0' * decimals}%" for decimals in range(7)]
CHANGE = f"{LOCALE}+#,##0.####;{LOCALE}-#,##0.####;0"
A4 = 9
SHEET = 1010  # pixels across a sheet of A4 lying, between the margins
READABLE = 70  # percent; type is no smaller on paper where it can be helped
INCH = 1 / 25.4  # of a millimetre


class Sheet(Worksheet):  # type: ignore[misc]
    """Formulas here are sums and quotients: none of the functions that have to be spelled in another way in the file.

    To look for thirty of them in each of thousands of formulas takes longer than all the rest of the writing.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


@dataclass
class Book:
    """An open workbook and the formats it has made so far."""

    workbook: Workbook
    lang: str
    footer: str
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def style(self, **properties: Any) -> Format:
        """A format; the same properties are the same format."""
        key = tuple(properties.items())
        found = self.formats.get(key)
        if found is None:
            shared = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
            found = self.formats[key] = self.workbook.add_format(shared | properties)
        return found

    def words_style(self, words: str, **properties: Any) -> Format:
        """A format for words: what begins like a formula stays text even when its cell is edited."""
        if words.startswith(BEGIN_A_FORMULA):
            properties["quote_prefix"] = True
        return self.style(**properties)

    def page(self, name: str, *, portrait: bool = False, centred: bool = True) -> Page:
        """A new sheet, set up for A4 with its page number and what it is at the foot."""
        sheet = self.workbook.add_worksheet(name, Sheet)
        if not portrait:
            sheet.set_landscape()
        if centred:
            sheet.center_horizontally()
        sheet.set_paper(A4)
        sheet.set_margins(left=15 * INCH, right=10 * INCH, top=12 * INCH, bottom=15 * INCH)
        sheet.set_footer(f'&L&"{FONT}"&9{self.footer}&R&"{FONT}"&9{name} · &P/&N', {"margin": 7 * INCH})
        sheet.hide_gridlines(2)
        return Page(self, sheet)


@dataclass
class Page:
    """One sheet, written from top to bottom."""

    book: Book
    sheet: Worksheet
    row: int = 0
    wide: dict[int, float] = field(default_factory=dict)
    lines: int = 1  # of the tallest cell in the present row

    def title(self, words: str, width: int, **properties: Any) -> None:
        """A line across the columns in use."""
        style = self.book.words_style(words, **{"align": "center", "text_wrap": True} | properties)
        if width > 1:
            self.sheet.merge_range(self.row, 0, self.row, width - 1, "", style)
        self.sheet.write_string(self.row, 0, words, style)
        size = properties.get("font_size", SIZE)
        room = sum(self.wide.get(column, 10) for column in range(width)) * SIZE / size
        self.sheet.set_row(self.row, size * (0.3 + 1.3 * count_lines(words, room)))
        self.row += 1

    def words(self, column: int, text: str, **properties: Any) -> None:
        """Words and nothing but words: what begins like a formula stays text even when the cell is edited."""
        if properties.get("text_wrap"):
            room = self.wide.get(column, 10) * LETTERS - 2 * properties.get("indent", 0)
            if len(text) > room:
                self.lines = max(self.lines, count_lines(text, room))
        self.sheet.write_string(self.row, column, text, self.book.words_style(text, border=1, **properties))

    def next(self) -> None:
        """To the next row. The height is said, since not every program finds that of wrapped words by itself."""
        self.sheet.set_row(self.row, LINE * self.lines + 3)
        self.row, self.lines = self.row + 1, 1

    def number(self, column: int, value: Any, **properties: Any) -> None:
        """A figure as a number; nothing for none."""
        style = self.book.style(border=1, num_format=number_format(value), **properties)
        if value is None or value == "":
            self.sheet.write_blank(self.row, column, None, self.book.style(border=1, **properties))
        else:
            self.sheet.write_number(self.row, column, float(value), style)

    def change(self, column: int, value: Any) -> None:
        """A number that was added or taken away, with its sign."""
        self.sheet.write_number(self.row, column, float(value), self.book.style(border=1, num_format=CHANGE))

    def day(self, column: int, value: Any) -> None:
        """A day as a day."""
        at = datetime.fromisoformat(str(value)[:10])
        self.sheet.write_datetime(
            self.row, column, at, self.book.style(border=1, num_format="dd/mm/yyyy", align="center")
        )

    def formula(self, column: int, formula: str, value: Any, **properties: Any) -> None:
        """A formula with the value it has now, so that a reader that does not calculate shows the same."""
        properties = {"num_format": number_format(value)} | properties
        self.sheet.write_formula(self.row, column, formula, self.book.style(border=1, **properties), float(value))

    def percent(
        self, column: int, above: int, below: int, text: str | None, row: Mapping[str, Any], **properties: Any
    ) -> None:
        """The share of two cells of this line, printed as `text` (percent_text) says; blank when it says nothing."""
        if not text:
            self.sheet.write_blank(self.row, column, None, self.book.style(border=1, **properties))
            return
        ratio = f"{cell(self.row, above)}/{cell(self.row, below)}"
        self.share(column, ratio, row.get("actual"), row.get("floor"), text, **properties)

    def share(self, column: int, ratio: str, actual: Any, whole: Any, text: str, **properties: Any) -> None:
        """`ratio` as a percentage that is seen as `text`: as it is, cut by a formula, or as the very number printed."""
        shown = shown_as(actual, whole, text)
        style = self.book.style(border=1, num_format=PERCENTS[shown.decimals], **properties)
        if shown.how == NUMBER:
            self.sheet.write_number(self.row, column, shown.value, style)
        else:
            formula = ratio if shown.how == AS_IT_IS else f"ROUNDDOWN({ratio},{shown.decimals + 2})"
            self.sheet.write_formula(self.row, column, f"={formula}", style, shown.value)

    def printed(self, column: int, text: str | None, **properties: Any) -> None:
        """A percentage as the number that is printed."""
        if not text:
            self.sheet.write_blank(self.row, column, None, self.book.style(border=1, **properties))
            return
        shown = shown_as(None, None, text)
        style = self.book.style(border=1, num_format=PERCENTS[shown.decimals], **properties)
        self.sheet.write_number(self.row, column, shown.value, style)

    def heading(self, words: Sequence[str]) -> None:
        """A row of column headings, as high as its words need."""
        for column, word in enumerate(words):
            self.sheet.write_string(self.row, column, word, self.book.words_style(word, **HEADING))
            self.lines = max(self.lines, count_lines(word, self.wide.get(column, 10)))
        self.next()

    def widths(self, widths: list[float], start: int = 0) -> None:
        """The widths of columns, in characters."""
        for column, width in enumerate(widths, start):
            self.sheet.set_column(column, column, width)
            self.wide[column] = width

    def on_paper(self, widths: Sequence[float], words_from: int) -> bool:
        """One sheet across where that can be read; else (True) the columns from `words_from` on go to a second sheet."""
        if pixels(widths) * READABLE <= SHEET * 100:
            self.sheet.fit_to_pages(1, 0)
            return False
        first, second = widths[:words_from], [*widths[:2], *widths[words_from:]]
        self.sheet.repeat_columns(0, 1)
        self.sheet.set_v_pagebreaks([words_from])
        self.sheet.set_print_scale(min(100, int(SHEET * 100 / max(pixels(first), pixels(second)))))
        return True

    def freeze(self, first_heading: int, columns: int = 0) -> None:
        """Everything above the next line stays in sight; the headings from `first_heading` come again on paper."""
        self.sheet.freeze_panes(self.row, columns)
        self.sheet.repeat_rows(first_heading, self.row - 1)


HEADING = {"bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#DDE6F0"}


def pixels(widths: Sequence[float]) -> float:
    """How wide these columns are together."""
    return sum(8 * width + 5 for width in widths)


@lru_cache(maxsize=4096)
def count_lines(text: str, room: float) -> int:
    """How many lines words take in a column so many characters wide."""
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0.0
        used += len(word) + (1 if used else 0)
        while used > room:
            lines, used = lines + 1, used - room
    return lines


def cell(row: int, column: int) -> str:
    """A1 for (0, 0)."""
    return str(xl_rowcol_to_cell(row, column))


def number_format(value: Any) -> str:
    """Thousands with a dot, decimals only where there are any."""
    if type(value) is int or value is None or value == "":
        return WHOLE
    exact = Decimal(str(value)) if isinstance(value, str | float) else Fraction(value)
    return WHOLE if exact == int(exact) else BROKEN
