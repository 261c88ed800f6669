"""The first sheet: the unit's own rows, a line an indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from procedures.printing.page import CHANGE, FILLS, Book, Page, cell
from procedures.printing.sections import Row, all_beside, day_of, qualified, status_of, telling
from procedures.printing.words import comparable
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office


def write_report(book: Book, office: Office, result: Mapping[str, Any], title: str) -> None:
    """Actual, target, percentage as a formula, status and explanation; the period beside where there is one."""
    lang, rows, beside = book.lang, telling(result), all_beside(result)
    page = book.page(Text("Báo cáo", "Report").say(lang))
    columns = _columns(office, rows, result)
    place = {name: number for number, (name, _, _) in enumerate(columns)}
    widths, second = [width for _, _, width in columns], place.get("explanation", place.get("decision", len(columns)))
    split = page.on_paper(widths, second)
    page.widths(widths)
    write_title(page, result, title, second if split else len(columns), lang)
    first = page.row
    page.heading([heading for _, heading, _ in columns])
    page.freeze(first, 2)
    at = {row["indicator"]: page.row + number for number, row in enumerate(rows)}
    count = 0
    for row in rows:
        count += not row.get("part_of")
        page.number(0, None if row.get("part_of") else count, align="center")
        label = {"text_wrap": True, "indent": 2, "italic": True} if row.get("part_of") else {"text_wrap": True}
        page.words(1, str(row["label"]), **label)
        indicator = office.settings.indicators.get(row["indicator"])
        page.words(2, (indicator.unit_of_measure if indicator else "") or "", text_wrap=True, align="center")
        _figures(page, row, place, names_of_ratio(office, row), at)
        fill = {"bg_color": FILLS[row["status"]]} if row.get("status") in FILLS else {}
        if "status" in place:
            page.words(place["status"], status_of(row, lang), text_wrap=True, align="center", **fill)
        for name, value in _more(row, lang).items():
            if name in place:
                page.words(place[name], value, text_wrap=True)
        for number, (_, of_one) in enumerate(beside):
            _beside(page, row, of_one.get(row["indicator"]), place, number)
        page.next()
    if not rows:
        page.title(Text("Chưa có số liệu.", "No figures yet.").say(lang), len(columns), italic=True)


def write_title(page: Page, result: Mapping[str, Any], title: str, width: int, lang: str) -> None:
    """Who reports what, of which period, as of which day, and whether it is closed."""
    page.title(str(result["name"]).upper(), width, bold=True, font_size=13)
    page.title(title.upper(), width, bold=True, font_size=14)
    page.title(str(result.get("period_label") or result["period"]), width, bold=True, font_size=13)
    line = Text("Tính đến ngày {day}", "As of {day}").say(lang, day=day_of(result["as_of"], lang))
    for more in qualified(result, lang):
        line += f" · {more[:1].lower()}{more[1:]}"
    if closed := result.get("closed"):
        line += Text(" · đã chốt, bản {n}, ngày {day}", " · closed, version {n}, on {day}").say(
            lang, n=closed.get("version"), day=day_of(closed.get("closed_on"), lang)
        )
    page.title(line, width, italic=True)
    page.row += 1


def _columns(office: Office, rows: Sequence[Row], result: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """(name, heading, width) of the columns this report needs; more or less is said of periods of one kind only."""

    def any_of(name: str) -> bool:
        return any(row.get(name) not in (None, "") for row in rows)

    wanted: list[tuple[str, Text, float, bool]] = [
        ("number", Text("TT", "No"), 5, True),
        ("label", Text("Chỉ số", "Indicator"), 40, True),
        ("measure", Text("Đơn vị tính", "Unit"), 12, True),
        ("actual", Text("Thực hiện", "Actual"), 10, True),
        ("floor", Text("Chỉ tiêu", "Target"), 10, any_of("floor") or any_of("ceiling")),
        ("ceiling", Text("Chỉ tiêu tối đa", "Ceiling"), 10, any_of("ceiling")),
        ("percent", Text("Tỷ lệ đạt", "Attained"), 10, any_of("floor")),
        ("expected", Text("Theo tiến độ phải đạt", "Due by pace"), 10, any_of("floor")),
        ("status", Text("Trạng thái", "Status"), 14, any_of("status")),
    ]
    for number, (one, of_one) in enumerate(all_beside(result)):
        period = str(one["period"])
        targets = any(row.get("floor") is not None for row in of_one.values())
        wanted += [
            (f"beside{number}", Text(f"Thực hiện {period}", f"Actual {period}"), 10, True),
            (f"beside_percent{number}", Text(f"Tỷ lệ đạt {period}", f"Attained {period}"), 10, targets),
            (
                f"change{number}",
                Text(f"Tăng (+), giảm (–) so với {period}", f"Change from {period}"),
                11,
                comparable(office, str(result["period"]), period),
            ),
        ]
    wanted += [
        ("explanation", Text("Diễn giải", "Explanation"), 44, any_of("explanation")),
        ("decision", Text("Chỉ tiêu giao cho kỳ, theo văn bản", "Target of, decision"), 22, any_of("target_period")),
        ("responsible", Text("Phụ trách", "Responsible"), 22, any_of("responsible")),
    ]
    return [(name, heading.say(office.lang), width) for name, heading, width, there in wanted if there]


def _figures(
    page: Page, row: Row, place: Mapping[str, int], names: tuple[str | None, str | None], at: Mapping[str, int]
) -> None:
    """The numbers of a line; a ratio is the quotient of its two lines where both are on the sheet."""
    actual = place["actual"]
    if row.get("suppressed"):
        for name in ("floor", "ceiling", "percent", "expected"):
            if name in place:
                page.number(place[name], None if name == "percent" or "numerator" in row else row.get(name))
        page.words(actual, str(row["text"]), align="right")
        return
    if "numerator" not in row:
        page.number(actual, row.get("actual"))
        for name in ("floor", "ceiling", "expected"):
            if name in place:
                page.number(place[name], row.get(name))
        if "percent" in place:
            page.percent(place["percent"], actual, place["floor"], row.get("percent_text"), row)
        return
    text = row.get("percent_text")
    if text:
        ratio = ratio_of(row, names, {name: cell(line, actual) for name, line in at.items()})
        page.share(actual, ratio, row["numerator"], row["denominator"], text)
    else:
        page.number(actual, None)
    for name in ("floor", "ceiling", "expected"):
        if name in place:
            value = row.get(name)
            page.words(place[name], "" if value is None else f"{value}%".replace(".", ","), align="right")
    if "percent" in place:
        page.number(place["percent"], None)


def names_of_ratio(office: Office, row: Row) -> tuple[str | None, str | None]:
    """The indicators above and below the line of a ratio."""
    indicator = office.settings.indicators.get(row["indicator"])
    return (indicator.numerator, indicator.denominator) if indicator else (None, None)


def ratio_of(row: Row, names: tuple[str | None, str | None], cells: Mapping[str, str]) -> str:
    """A ratio's numerator over its denominator, by their cells where they have any."""
    return "/".join(
        cells.get(str(name), str(row[part])) for name, part in zip(names, ("numerator", "denominator"), strict=True)
    )


def _beside(page: Page, row: Row, other: Row | None, place: Mapping[str, int], number: int) -> None:
    there, change = place[f"beside{number}"], place.get(f"change{number}")
    for name in ("beside", "beside_percent", "change"):
        if f"{name}{number}" in place:
            page.number(place[f"{name}{number}"], None)
    if other is not None and other.get("suppressed"):
        page.words(there, str(other["text"]), align="right")
        return
    if other is None or other.get("actual") is None:
        return
    text = other.get("percent_text")
    if "numerator" in other:
        if text:
            ratio = f"{other['numerator']}/{other['denominator']}"
            page.share(there, ratio, other["numerator"], other["denominator"], text)
        return
    page.number(there, other["actual"])
    if text and f"beside_percent{number}" in place:
        page.share(
            place[f"beside_percent{number}"],
            f"{cell(page.row, there)}/{other['floor']}",
            other["actual"],
            other["floor"],
            text,
        )
    if row.get("actual") is not None and change is not None:
        difference = Decimal(str(row["actual"])) - Decimal(str(other["actual"]))
        page.formula(
            change, f"={cell(page.row, place['actual'])}-{cell(page.row, there)}", difference, num_format=CHANGE
        )


def _more(row: Row, lang: str) -> dict[str, str]:
    parts = (row.get("target_period"), row.get("decision_number"), day_of(row.get("decision_date"), lang))
    return {
        "explanation": str(row.get("explanation") or ""),
        "decision": ", ".join(str(part) for part in parts if part),
        "responsible": str(row.get("responsible") or ""),
    }
