"""The units behind and those above their targets: a line each, with its figures and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procedures.printing.page import FILLS, Book
from procedures.printing.sections import Row, status_of
from procedures.printing.sheet_units import name_of
from states.pace import BEHIND, VUOT
from states.wording import Text

MOST_NOTABLE = 1000  # lines behind, and as many ahead


def write_notable(book: Book, result: Mapping[str, Any]) -> None:
    """The units behind and those above their targets, a line each with its reason."""
    behind = [
        (child, row) for child in result.get("children") or () for row in child["rows"] if row.get("status") in BEHIND
    ]
    ahead = [
        (child, row) for child in result.get("children") or () for row in child["rows"] if row.get("status") == VUOT
    ]
    found = [*_furthest(behind), *_furthest(ahead, last=True)]
    left_out = len(behind) + len(ahead) - len(found)
    if not found:
        return
    lang = book.lang
    page = book.page(Text("Chậm và vượt", "Behind and ahead").say(lang))
    page.title(
        Text("Đơn vị chậm và đơn vị vượt chỉ tiêu", "Units behind and above target").say(lang).upper(),
        10,
        bold=True,
        font_size=14,
    )
    page.title(f"{result['name']} · {result.get('period_label') or result['period']}", 10, bold=True)
    page.row += 1
    words = [
        (Text("TT", "No"), 5), (Text("Mã", "Code"), 12), (Text("Đơn vị", "Unit"), 32), (Text("Chỉ số", "Indicator"), 36),
        (Text("Thực hiện", "Actual"), 10), (Text("Chỉ tiêu", "Target"), 10), (Text("Tỷ lệ", "Attained"), 10),
        (Text("Phải đạt", "Due by pace"), 10), (Text("Trạng thái", "Status"), 15),
    ]  # fmt: skip
    explained = any(row.get("explanation") for _, row in found)
    words += [(Text("Diễn giải", "Explanation"), 44)] if explained else []
    page.widths([width for _, width in words])
    page.heading([word.say(lang) for word, _ in words])
    page.freeze(page.row - 1, 3)
    start = page.row
    for number, (child, row) in enumerate(found, 1):
        page.number(0, number, align="center")
        page.words(1, str(child["unit"]))
        page.words(2, name_of(child, lang), text_wrap=True)
        page.words(3, str(row["label"]), text_wrap=True)
        page.number(4, row.get("actual"))
        page.number(5, row.get("floor") if row.get("floor") is not None else row.get("ceiling"))
        page.printed(6, row.get("percent_text"))
        page.number(7, row.get("expected"))
        page.words(8, status_of(row, lang), text_wrap=True, align="center", bg_color=FILLS[row["status"]])
        if explained:
            page.words(9, str(row.get("explanation") or ""), text_wrap=True)
        page.next()
    page.sheet.autofilter(start - 1, 0, page.row - 1, len(words) - 1)
    if left_out:
        more = Text(
            "Còn {n} dòng khác gần chỉ tiêu hơn; xem màu ở trang «Đơn vị».",
            "{n} more lines, nearer to their targets: see the colours on the sheet of units.",
        )
        page.sheet.write_string(page.row, 0, more.say(lang, n=left_out), book.style(italic=True))
    page.sheet.fit_to_pages(1, 0)


def _furthest(found: list[tuple[Mapping[str, Any], Row]], *, last: bool = False) -> list[tuple[Mapping[str, Any], Row]]:
    """As many as anybody reads, those furthest from their targets, in the order they came."""
    if len(found) <= MOST_NOTABLE:
        return found
    by_share = sorted(range(len(found)), key=lambda place: float(found[place][1].get("percent") or 0), reverse=last)
    return [found[place] for place in sorted(by_share[:MOST_NOTABLE])]
