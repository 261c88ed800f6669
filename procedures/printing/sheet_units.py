"""The units below: all of them by all indicators, with sums that can be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from procedures.printing.page import FILLS, HEADING, LINE, Book, Page, cell, count_lines
from procedures.printing.sections import Row, day_of, label_of, tells_something
from procedures.printing.sheet_report import names_of_ratio, ratio_of
from states.indicators import MEASURED
from states.pace import STATUSES
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

BEFORE = 3  # columns before the first indicator: number, code, name
FITS = 15  # columns of figures that one sheet of paper takes
TOTAL = {"bold": True, "bg_color": "#EEF3F8"}


@dataclass(frozen=True)
class Group:
    """The columns of one indicator: actual, and target and percentage where anybody has a target."""

    row: Row  # the unit's own row
    start: int
    targeted: bool
    ratio: tuple[str | None, str | None] | None
    stock: bool  # a measured stock is no sum

    @property
    def width(self) -> int:
        return 3 if self.targeted and self.ratio is None else 1


def write_units(book: Book, office: Office, result: Mapping[str, Any]) -> None:
    """A line a unit, a few columns an indicator, then the sums; nothing where no unit stands below."""
    children = result.get("children") or ()
    if not children:
        return
    lang = book.lang
    page = book.page(Text("Đơn vị", "Units").say(lang))
    groups = _groups(office, result)
    width = groups[-1].start + groups[-1].width if groups else BEFORE
    page.title(
        Text("Kết quả của các đơn vị trực thuộc", "The units below").say(lang).upper(), 8, bold=True, font_size=14
    )
    page.title(f"{result['name']} · {result.get('period_label') or result['period']}", 8, bold=True)
    page.title(Text("Tính đến ngày {day}", "As of {day}").say(lang, day=day_of(result["as_of"], lang)), 8, italic=True)
    page.widths([5, 11, 32])
    for group in groups:
        page.widths([9, 8, 9] if group.width > 1 else [14], group.start)
    _legend(page, width)
    first = page.row
    _headings(page, groups, lang)
    page.freeze(first, BEFORE)
    page.sheet.repeat_columns(1, BEFORE - 1)
    start = page.row
    for number, child in enumerate(children, 1):
        page.number(0, number, align="center")
        page.words(1, str(child["unit"]))
        page.words(2, name_of(child, lang), text_wrap=True)
        rows = {row["indicator"]: row for row in child["rows"]}
        cells = {group.row["indicator"]: cell(page.row, group.start) for group in groups}
        for group in groups:
            _figures(page, group, rows.get(group.row["indicator"]), cells)
        page.next()
    page.sheet.autofilter(start - 1, 0, page.row - 1, width - 1)
    _sums(page, result, groups, start, lang)
    _on_paper(page, groups, width)


def name_of(child: Mapping[str, Any], lang: str) -> str:
    """What a unit is called; of one that ended that it did."""
    if child.get("active", True):
        return str(child["name"])
    return Text("{name} (không còn hoạt động)", "{name} (ended)").say(lang, name=child["name"])


def _groups(office: Office, result: Mapping[str, Any]) -> list[Group]:
    """The indicators that tell something of the unit or of one below it."""
    told: dict[str, bool] = {}
    for child in result["children"]:
        for row in child["rows"]:
            if tells_something(row):
                told[row["indicator"]] = told.get(row["indicator"], False) or row.get("floor") is not None
    groups, start = [], BEFORE
    for row in result["rows"]:
        name = row["indicator"]
        if name not in told and not tells_something(row):
            continue
        indicator = office.settings.indicators.get(name)
        targeted = told.get(name, False) or row.get("floor") is not None
        ratio = names_of_ratio(office, row) if "numerator" in row else None
        groups.append(Group(row, start, targeted, ratio, bool(indicator and indicator.source == MEASURED)))
        start += groups[-1].width
    return groups


def _legend(page: Page, width: int) -> None:
    """What the colours mean, over the figures where there is room."""
    column = BEFORE
    for status, colour in FILLS.items():
        style = page.book.style(border=1, bg_color=colour, font_size=10, align="center")
        if width - BEFORE >= 2 * len(FILLS):
            page.sheet.merge_range(page.row, column, page.row, column + 1, "", style)
            column += 1
        page.sheet.write_string(page.row, column - (width - BEFORE >= 2 * len(FILLS)), _word(status, page), style)
        column += 1
    page.row += 2


def _word(status: str, page: Page) -> str:
    return STATUSES[status].say(page.book.lang)


def _headings(page: Page, groups: Sequence[Group], lang: str) -> None:
    """Two lines: the indicators, and under each what its columns are."""
    style = page.book.style(**HEADING)
    words = (Text("TT", "No"), Text("Mã", "Code"), Text("Đơn vị", "Unit"))
    for column, word in enumerate(words):
        page.sheet.merge_range(page.row, column, page.row + 1, column, "", style)
        page.sheet.write_string(page.row, column, word.say(lang), style)
    under = [Text("TH", "Actual"), Text("CT", "Target"), Text("%", "%")]
    for group in groups:
        label = label_of(group.row, "– ")
        if group.width > 1:
            page.sheet.merge_range(page.row, group.start, page.row, group.start + group.width - 1, "", style)
            page.sheet.write_string(page.row, group.start, label, page.book.words_style(label, **HEADING))
            for place, word in enumerate(under):
                page.sheet.write_string(page.row + 1, group.start + place, word.say(lang), style)
        else:
            page.sheet.merge_range(page.row, group.start, page.row + 1, group.start, "", style)
            page.sheet.write_string(page.row, group.start, label, page.book.words_style(label, **HEADING))
    tallest = max((count_lines(label_of(group.row), 26 if group.width > 1 else 13) for group in groups), default=1)
    page.sheet.set_row(page.row, LINE * max(2, tallest) + 3)
    page.row += 2


def _figures(page: Page, group: Group, row: Row | None, cells: Mapping[str, str], **style: Any) -> None:
    """One unit's figures of one indicator; the last of its cells wears the colour of its status."""
    if row is None or not tells_something(row):
        for place in range(group.width):
            page.number(group.start + place, None, **style)
        return
    if row.get("suppressed"):
        page.words(group.start, str(row["text"]), align="right", **style)
        for place in range(1, group.width):
            page.number(group.start + place, row.get("floor") if place == 1 else None, **style)
        return
    fill = {"bg_color": FILLS[row["status"]]} if row.get("status") in FILLS else {}
    if group.ratio is not None:
        if text := row.get("percent_text"):
            ratio = ratio_of(row, group.ratio, cells)
            page.share(group.start, ratio, row["numerator"], row["denominator"], text, **style, **fill)
        else:
            page.number(group.start, None, **style)
        return
    page.number(group.start, row.get("actual"), **(style | ({} if group.width > 1 else fill)))
    if group.width > 1:
        page.number(group.start + 1, row.get("floor"), **style)
        page.percent(group.start + 2, group.start, group.start + 1, row.get("percent_text"), row, **(style | fill))


def _sums(page: Page, result: Mapping[str, Any], groups: Sequence[Group], start: int, lang: str) -> None:
    """The units together, what the unit did itself, what units did that are no more, and all of it: formulas."""
    last = page.row - 1
    sums, given = _together(result["children"])
    own = {group.row["indicator"]: _exact(group.row, "own") for group in groups}
    rest = {
        name: _exact(group.row) - sums.get(name, Decimal(0)) - own[name]
        for group in groups
        if (name := group.row["indicator"])
    }
    kept_back = {row["indicator"] for one in (result, *result["children"]) for row in one["rows"] if _is_kept_back(row)}
    adds_up = [
        group for group in groups if group.ratio is None and not group.stock and group.row["indicator"] not in kept_back
    ]
    lines: list[tuple[Text, Mapping[str, Decimal] | None]] = [
        (Text("Cộng các đơn vị", "The units together"), None),
        (Text("Do cơ quan cấp này thực hiện", "Done by the body itself"), own),
    ]
    if any(rest[group.row["indicator"]] for group in adds_up):
        lines.append((Text("Đơn vị không còn hoạt động", "Units that are no more"), rest))
    for label, values in lines:
        _label(page, label.say(lang), bold=True)
        for group in groups:
            for place in range(group.width):
                page.number(group.start + place, None)
        for group in adds_up:
            name = group.row["indicator"]
            if values is None:
                area = f"{cell(start, group.start)}:{cell(last, group.start)}"
                page.formula(group.start, f"=SUM({area})", sums.get(name, Decimal(0)), bold=True)
                if group.width > 1:
                    area = f"{cell(start, group.start + 1)}:{cell(last, group.start + 1)}"
                    page.formula(group.start + 1, f"=SUM({area})", given.get(name, Decimal(0)), bold=True)
            else:
                page.number(group.start, values[name] or None)
        page.next()
    _label(page, str(result["name"]), **TOTAL)
    cells = {group.row["indicator"]: cell(page.row, group.start) for group in groups}
    for group in groups:
        _figures(page, group, group.row, cells, **TOTAL)
    for group in adds_up:
        area = f"{cell(last + 1, group.start)}:{cell(page.row - 1, group.start)}"
        page.formula(group.start, f"=SUM({area})", _exact(group.row), **TOTAL)
    page.next()


def _together(children: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What the children did and what they were given, by indicator."""
    done: dict[str, Decimal] = {}
    given: dict[str, Decimal] = {}
    for child in children:
        for row in child["rows"]:
            for name, sums in (("actual", done), ("floor", given)):
                if row.get(name):
                    sums[row["indicator"]] = sums.get(row["indicator"], Decimal(0)) + _exact(row, name)
    return done, given


def _is_kept_back(row: Row) -> bool:
    """A figure too small to be shown, or one that would tell it by subtraction: then no sum is shown either."""
    return bool(row.get("suppressed")) or ("numerator" not in row and row.get("own") is None)


def _label(page: Page, words: str, **style: Any) -> None:
    page.number(0, None, **style)
    page.words(1, "", **style)
    page.words(2, words, text_wrap=True, **style)


def _exact(row: Row, name: str = "actual") -> Decimal:
    value = row.get(name)
    return Decimal(0) if value is None else Decimal(str(value))


def _on_paper(page: Page, groups: Sequence[Group], width: int) -> None:
    """One sheet wide where that can be read, else several, cut between indicators with the names on each."""
    if width - BEFORE <= FITS:
        page.sheet.fit_to_pages(1, 0)
        return
    page.sheet.set_print_scale(66)
    breaks, on_sheet = [], 0
    for group in groups:
        if on_sheet + group.width > FITS:
            breaks.append(group.start)
            on_sheet = 0
        on_sheet += group.width
    page.sheet.set_v_pagebreaks(breaks)
