"""The charts of a report: target against pace, by indicator and by unit; the funnel by step; eight quarters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlsxwriter.chart import Chart

from procedures.printing.page import FONT, WHOLE, Book, Page
from procedures.printing.percents import read_percent
from procedures.printing.sections import Row
from states.wording import Text

MOST_UNITS = 15  # units of one chart that can be read on a sheet of paper
MOST_CHARTS = 4  # indicators shown by unit
DONE, DUE, TARGET = "#1F4E79", "#C55A11", "#BDD7EE"
LINES = ("#1F4E79", "#C55A11", "#548235", "#7F6000", "#7030A0", "#7F7F7F")
WIDE, HIGH = 980, 460  # pixels: one sheet of A4 lying
TITLE, FOOT = 52, 78  # pixels above and below the bars
ROW, SHEET = 20, 34  # pixels of a row of the wall; rows of a sheet of paper


@dataclass
class Easel:
    """The sheet the charts hang on and the sheet their numbers stand on."""

    book: Book
    wall: Page
    data: Page
    hung: int = 0  # rows of the wall in use
    breaks: list[int] = field(default_factory=list)

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
        """Put numbers down; the first row and the last."""
        page = self.data
        page.sheet.write_string(page.row, 0, title, self.book.words_style(title, bold=True))
        page.row += 1
        page.heading(heads)
        first = page.row
        for label, *values in rows:
            page.words(0, str(label), text_wrap=True)
            for column, value in enumerate(values, 1):
                page.number(column, value)
            page.next()
        last = page.row - 1
        page.row += 1
        return first, last

    def series(self, column: int, first: int, last: int, **more: Any) -> dict[str, Any]:
        """A column of a table as a series; its name is the column's heading."""
        name = self.data.sheet.get_name()
        return {
            "name": [name, first - 1, column],
            "categories": [name, first, 0, last, 0],
            "values": [name, first, column, last, column],
            **more,
        }

    def hang(self, chart: Chart, title: str, height: int = HIGH, *, names: bool = True) -> None:
        """The next chart, under the one before; none is cut by the paper's edge. `names`: long ones left of bars."""
        if names:
            part = {"x": 0.34, "y": TITLE / height, "width": 0.62, "height": 1 - (TITLE + FOOT) / height}
            chart.set_plotarea({"layout": part})
        font = {"name": FONT, "size": 11}
        size = 14 if len(title) <= 70 else 11  # one line across
        said = f" {title}" if title.startswith("=") else title  # else it were taken for a cell
        chart.set_title({"name": said, "name_font": {"name": FONT, "size": size, "bold": True}, "overlay": False})
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_size({"width": WIDE, "height": height})
        rows = -(-height // ROW) + 1
        top = self.breaks[-1] if self.breaks else 0
        if self.hung > top and self.hung + rows - 1 > top + SHEET:
            self.hung = top + SHEET
            self.breaks.append(self.hung)
        self.wall.sheet.insert_chart(self.hung, 0, chart, {"object_position": 2, "description": title, "y_offset": 4})
        self.hung += rows


def draw_charts(book: Book, result: Mapping[str, Any]) -> None:
    """Whatever there are numbers for; no sheet where there are none."""
    lang = book.lang
    parts = [*_attained(result, lang), *_units(result, lang)]
    series = result.get("series") or {}
    funnel = series.get("funnel") or []
    quarters = series.get("quarters") or {}
    lines = quarters.get("lines") or []
    if not (parts or funnel or lines):
        return
    wall = book.page(Text("Biểu đồ", "Charts").say(lang), centred=False)  # pictures alone are not centred alike
    wall.sheet.set_default_row(15)
    wall.sheet.set_column_pixels(0, 0, WIDE + 20)
    data = book.page(Text("Số liệu biểu đồ", "Chart data").say(lang), portrait=True)
    easel = Easel(book, wall, data)
    data.widths([60, 16, 16, 16, 16, 16, 16])
    data.sheet.fit_to_pages(1, 0)
    for title, heads, rows, percent in parts:
        _compare(easel, title, heads, rows, percent=percent)
    if funnel:
        _funnel(easel, funnel, lang)
    if lines:
        _quarters(easel, quarters, lang)
    wall.sheet.set_h_pagebreaks(easel.breaks)


def _attained(result: Mapping[str, Any], lang: str) -> list[tuple[str, list[str], list[list[Any]], bool]]:
    """The unit's own indicators: percent of the target done, and what the pace asks for by the day."""
    rows = [
        [row["label"], read_percent(row["percent_text"]), _percent(row, "expected"), row["percent_text"]]
        for row in result["rows"]
        if row.get("floor") and row.get("percent_text") and "numerator" not in row
    ]
    if not rows:
        return []
    title = Text("Kết quả so với tiến độ, % chỉ tiêu", "Done and due, % of the target").say(lang)
    heads = [
        Text("Chỉ số", "Indicator").say(lang),
        Text("Đã đạt (% chỉ tiêu)", "Done (% of target)").say(lang),
        Text("Theo tiến độ phải đạt (%)", "Due by pace (%)").say(lang),
    ]
    return [(title, heads, rows, True)]


def _units(result: Mapping[str, Any], lang: str) -> list[tuple[str, list[str], list[list[Any]], bool]]:
    """For the indicators most units have a target for: target, pace and result of each unit, the furthest behind first."""
    found: dict[str, list[tuple[Mapping[str, Any], Row]]] = {}
    for child in result.get("children") or ():
        for row in child["rows"]:
            if row.get("floor") and row.get("actual") is not None and "numerator" not in row and not row.get("part_of"):
                found.setdefault(row["indicator"], []).append((child, row))
    places = {row["indicator"]: place for place, row in enumerate(result["rows"])}
    chosen = sorted(found, key=lambda name: (-len(found[name]), places.get(name, 0)))[:MOST_CHARTS]
    parts = []
    for name in sorted(chosen, key=lambda name: places.get(name, 0)):
        units = sorted(found[name], key=lambda one: (_percent(one[1], "actual"), one[0]["unit"]))
        label = str(units[0][1]["label"])
        title = Text("{label}: chỉ tiêu, tiến độ và kết quả từng đơn vị", "{label}: target, pace and result by unit")
        said = title.say(lang, label=label)
        if len(units) > MOST_UNITS:
            rest = Text(" ({n} đơn vị đạt thấp nhất trong {all})", " (the lowest {n} of {all})")
            said += rest.say(lang, n=MOST_UNITS, all=len(units))
        heads = [
            Text("Đơn vị", "Unit").say(lang),
            Text("Chỉ tiêu", "Target").say(lang),
            Text("Theo tiến độ phải đạt", "Due by pace").say(lang),
            Text("Thực hiện", "Done").say(lang),
        ]
        rows = [
            [one["name"], row["floor"], row.get("expected") or 0, row["actual"] or 0] for one, row in units[:MOST_UNITS]
        ]
        parts.append((said, heads, rows, False))
    return parts


def _percent(row: Row, name: str) -> Decimal:
    """A figure in percent of the target, to one decimal: for bars, not for reading."""
    value = Fraction(Decimal(str(row.get(name) or 0))) * 1000 / Fraction(Decimal(str(row["floor"])))
    return Decimal(value.numerator // value.denominator).scaleb(-1)


def _compare(easel: Easel, title: str, heads: Sequence[str], rows: list[list[Any]], *, percent: bool) -> None:
    """Lying bars, so that long names can be read; the first line of the table on top."""
    first, last = easel.table(title, heads, [row[: len(heads)] for row in rows])
    chart = easel.book.workbook.add_chart({"type": "bar"})
    font = {"name": FONT, "size": 10}
    colours = (DONE, DUE) if percent else (TARGET, DUE, DONE)
    for column, colour in enumerate(colours, 1):
        label: dict[str, Any] = {"value": True, "font": {"name": FONT, "size": 9}}
        if percent:  # as the report prints it
            label["custom"] = [{"value": row[-1]} for row in rows]
        shown = {"data_labels": label} if colour == DONE else {}
        chart.add_series(easel.series(column, first, last, fill={"color": colour}, gap=60, overlap=-5, **shown))
    chart.set_y_axis({"reverse": True, "num_font": font, "interval_unit": 1, "line": {"color": "#7F7F7F"}})
    grid = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
    chart.set_x_axis(
        {"num_font": font, "major_gridlines": grid, "num_format": WHOLE, "min": 0, "label_position": "high"}
    )
    easel.hang(chart, title, max(310, 150 + len(rows) * 34))


def _funnel(easel: Easel, funnel: Sequence[Mapping[str, Any]], lang: str) -> None:
    """How many people stand at each step, from the first to the last."""
    title = Text("Số người đang ở từng bước", "How many stand at each step").say(lang)
    heads = [Text("Bước", "Step").say(lang), Text("Số người", "People").say(lang)]
    first, last = easel.table(title, heads, [[one["label"], one["count"]] for one in funnel])
    chart = easel.book.workbook.add_chart({"type": "bar"})
    font = {"name": FONT, "size": 10}
    label = {"value": True, "font": font}
    chart.add_series(easel.series(1, first, last, fill={"color": DONE}, gap=30, data_labels=label))
    chart.set_y_axis({"reverse": True, "num_font": font, "interval_unit": 1})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    easel.hang(chart, title)
    chart.set_legend({"none": True})


def _quarters(easel: Easel, quarters: Mapping[str, Any], lang: str) -> None:
    """A line an indicator over eight quarters."""
    lines = quarters["lines"][: len(LINES)]
    title = Text("Tám quý gần nhất", "The last eight quarters").say(lang)
    rows = [[label, *(line["values"][place] for line in lines)] for place, label in enumerate(quarters["labels"])]
    first, last = easel.table(title, [Text("Quý", "Quarter").say(lang), *(str(line["label"]) for line in lines)], rows)
    chart = easel.book.workbook.add_chart({"type": "line"})
    font = {"name": FONT, "size": 10}
    for column, colour in enumerate(LINES[: len(lines)], 1):
        line = {"color": colour, "width": 2.25}
        marker = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
        chart.add_series(easel.series(column, first, last, line=line, marker=marker))
    grid = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}
    chart.set_y_axis({"num_font": font, "major_gridlines": grid, "min": 0, "num_format": WHOLE})
    chart.set_x_axis({"num_font": font})
    easel.hang(chart, title, HIGH + 60, names=False)
