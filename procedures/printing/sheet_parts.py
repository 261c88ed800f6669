"""The sheets that are there when they were asked for: conversion, breakdowns, movement, people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from procedures.printing.page import Book, Page, cell
from procedures.printing.sections import (
    NOT_RECONCILED,
    SUPPRESSED,
    TOLD_BEFORE,
    UNDATED,
    breakdown_title,
    day_of,
)
from states.wording import Text

ROWS = 38  # of a sheet of A4 standing


def write_chain(book: Book, result: Mapping[str, Any]) -> None:
    """From step to step: how many of those who came so far went on."""
    links = [one for one in result.get("chain") or () if one.get("denominator") or one.get("numerator")]
    if not links:
        return
    lang = book.lang
    labels = {row["indicator"]: str(row["label"]) for row in result["rows"]}
    page = _page(
        book, result, Text("Chuyển hóa", "Conversion"), Text("Chuyển hóa từng bước", "Conversion, step by step"), 5
    )
    page.widths([28, 28, 9, 9, 9])
    words = (
        Text("Từ", "From"),
        Text("Đến", "To"),
        Text("Số đến", "Came"),
        Text("Trên số", "Of"),
        Text("Tỷ lệ", "Share"),
    )
    page.heading([word.say(lang) for word in words])
    page.freeze(page.row - 1)
    for one in links:
        page.words(0, labels.get(one["from"], str(one["from"])), text_wrap=True)
        page.words(1, labels.get(one["to"], str(one["to"])), text_wrap=True)
        page.number(2, one["numerator"])
        page.number(3, one["denominator"])
        row = {"actual": one["numerator"], "floor": one["denominator"]}
        page.percent(4, 2, 3, one.get("percent_text"), row)
        page.next()


def write_breakdowns(book: Book, result: Mapping[str, Any]) -> None:
    """Every breakdown under the other; a sum where nothing is hidden."""
    found = [one for one in result.get("breakdowns") or () if one.get("total") != 0]
    if not found:
        return
    lang = book.lang
    page = _page(book, result, Text("Cơ cấu", "Breakdowns"), Text("Số liệu chia theo cơ cấu", "Breakdowns"), 2)
    page.widths([60, 20])
    breaks, top = [], 0
    for one in found:
        if page.row + len(one["cells"]) + 3 > top + ROWS:  # a table is not cut by the paper's edge
            breaks.append(page.row)
            top = page.row
        title = breakdown_title(one, lang)
        page.sheet.write_string(page.row, 0, title, book.words_style(title, bold=True))
        page.row += 1
        page.heading([Text("Nhóm", "Group").say(lang), Text("Số lượng", "Count").say(lang)])
        start = page.row
        for one_cell in one["cells"]:
            page.words(0, str(one_cell["label"]), text_wrap=True)
            if one_cell.get("suppressed") or one_cell.get("count") is None:
                page.words(1, str(one_cell.get("text") or ""), align="right")
            else:
                page.number(1, one_cell["count"])
            page.next()
        if any(one_cell.get("suppressed") for one_cell in one["cells"]):
            page.sheet.write_string(page.row, 0, SUPPRESSED.say(lang), book.style(italic=True, font_size=10))
            page.row += 1
        elif one["cells"] and (total := sum(one_cell["count"] for one_cell in one["cells"])) == one.get("total"):
            page.words(0, Text("Cộng", "Sum").say(lang), bold=True)
            page.formula(1, f"=SUM({cell(start, 1)}:{cell(page.row - 1, 1)})", total, bold=True)
            page.row += 1
        page.row += 1
    page.sheet.set_h_pagebreaks(breaks)


def write_movement(book: Book, result: Mapping[str, Any]) -> None:
    """Opening, what came and went, closing as a formula where it reconciles; else the entries that do not."""
    movement = result.get("movement")
    if not movement:
        return
    lang = book.lang
    page = _page(book, result, Text("Biến động", "Movement"), Text("Biến động đảng viên", "Movement of members"), 2)
    page.widths([60, 20])
    page.heading([Text("Nội dung", "Item").say(lang), Text("Số người", "People").say(lang)])
    page.freeze(page.row - 1)
    start = page.row
    moves = [(str(line["label"]), line["count"] * line.get("sign", 1)) for line in movement["lines"]]
    page.words(0, Text("Đầu kỳ", "Opening").say(lang), bold=True)
    page.number(1, movement["opening"], bold=True)
    page.next()
    for label, count in moves:
        page.words(0, label, text_wrap=True)
        page.change(1, count)
        page.next()
    page.words(0, Text("Cuối kỳ", "Closing").say(lang), bold=True)
    total = movement["opening"] + sum(count for _, count in moves)
    if total == movement["closing"]:
        page.formula(1, f"=SUM({cell(start, 1)}:{cell(page.row - 1, 1)})", total, bold=True)
    else:
        page.number(1, movement["closing"], bold=True)
    page.row += 2
    if not movement.get("reconciles", True):
        page.sheet.write_string(page.row, 0, NOT_RECONCILED.say(lang), book.style(bold=True))
        page.row += 1
        _entries(page, movement["unexplained"])
    if movement.get("undated"):
        undated = UNDATED.say(lang, count=movement["undated"])
        page.sheet.write_string(page.row, 0, undated, book.style(italic=True, font_size=10))
        page.row += 1
    if before := movement.get("before_opening"):
        page.sheet.write_string(page.row, 0, TOLD_BEFORE.say(lang), book.style(bold=True))
        page.row += 1
        _entries(page, before)


def _entries(page: Page, entries: Sequence[Mapping[str, Any]]) -> None:
    for one in entries:
        page.words(0, f"{one.get('entry') or '…'} · {one['what']}", text_wrap=True)
        page.words(1, day_of(one.get("on"), page.book.lang), align="center")
        page.next()


def write_people(book: Book, result: Mapping[str, Any]) -> None:
    """The people behind a figure: only where they were asked for."""
    people = result.get("people")
    if people is None:
        return
    lang = book.lang
    heading = Text("Những người đứng sau con số", "The people behind the figure")
    page = _page(book, result, Text("Người", "People"), heading, 4)
    page.widths([24, 20, 28, 14])
    words = (Text("Người", "Person"), Text("Đơn vị", "Unit"), Text("Mục", "Entry"), Text("Ngày", "Day"))
    page.heading([word.say(lang) for word in words])
    page.freeze(page.row - 1)
    for one in people:
        for column, name in enumerate(("code", "unit", "entry")):
            page.words(column, str(one[name]))
        page.day(3, one["on"])
        page.row += 1


def _page(book: Book, result: Mapping[str, Any], name: Text, heading: Text, width: int) -> Page:
    page = book.page(name.say(book.lang), portrait=True)
    page.title(heading.say(book.lang).upper(), width, bold=True, font_size=14)
    page.title(f"{result['name']} · {result.get('period_label') or result['period']}", width, bold=True)
    page.row += 1
    return page
