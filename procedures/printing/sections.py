"""What a report says, as headings, lines and tables of words: the screen, the text and the Markdown all print these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from states.closing import closed_line
from states.pace import print_number
from states.wording import Text, said

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading; numbers stand to the right, long words wrap on a screen."""

    heading: str
    right: bool = False
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a heading, a table, lines under it."""

    heading: str | None = None
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = field(default=())


def sections(result: Mapping[str, Any], lang: str = "vi") -> list[Section]:
    """Everything a report holds, in order; a part that says nothing is left out."""
    found = [_head(result, lang), _own(result, lang), _explained(result, lang), _chain(result, lang)]
    found += [_breakdown(one, lang) for one in result.get("breakdowns") or () if one.get("total") != 0]
    found += [_movement(result["movement"], lang)] if result.get("movement") else []
    if result.get("people") is not None:
        found.append(_people(result["people"], lang))
    else:
        found += [_below(child, lang) for child in result.get("children") or ()]
    return [one for one in found if one is not None]


def tells_something(row: Row | None) -> bool:
    """A row with a figure or a target."""
    if row is None:
        return False
    if row.get("suppressed"):
        return True
    return bool(row.get("actual")) or row.get("floor") is not None or row.get("ceiling") is not None


def telling(result: Mapping[str, Any]) -> list[Row]:
    """The rows that tell something in this period or in one beside it."""
    beside = all_beside(result)
    return [
        row
        for row in result["rows"]
        if tells_something(row) or any(tells_something(rows.get(row["indicator"])) for _, rows in beside)
    ]


def all_beside(result: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], dict[str, Row]]]:
    """Every period beside with its rows by indicator, in the order asked for."""
    besides = result.get("besides") or ([result["beside"]] if result.get("beside") else [])
    return [(one, {row["indicator"]: row for row in one["rows"]}) for one in besides]


def label_of(row: Row, indent: str = "  ") -> str:
    """A row's label; what is a part of the row above stands a little to the right."""
    return f"{indent}{row['label']}" if row.get("part_of") else str(row["label"])


def status_of(row: Row, lang: str) -> str:
    """A row's status, with what it rests on where that is more than the row's own figure."""
    status, so_far = str(row.get("status_label") or ""), row.get("done_text")
    if not status or not so_far:
        return status
    return Text("{status}, lũy kế {done}", "{status}, {done} so far").say(lang, status=status, done=so_far)


def day_of(value: Any, lang: str = "vi") -> str:
    """A day as people read it, whether it comes as a date or (out of a frozen report) as ISO text."""
    if not value:
        return ""
    return str(said(value if isinstance(value, date) else date.fromisoformat(str(value)[:10]), lang))


def number_of(value: Any) -> str:
    """A figure as people read it: 3.957 · 12,5."""
    return "" if value is None else print_number(value if isinstance(value, int) else Decimal(str(value)))


def _head(result: Mapping[str, Any], lang: str) -> Section:
    lines = [Text("Tính đến {day}", "As of {day}").say(lang, day=day_of(result["as_of"], lang))]
    lines += qualified(result, lang)
    if closed := result.get("closed"):
        lines.append(f"{closed_line(closed, lang)} {HASH.say(lang, hash=str(closed.get('hash') or '')[:16])}")
    return Section(f"{result['name']} · {result.get('period_label') or result['period']}", lines=lines)


def qualified(result: Mapping[str, Any], lang: str) -> list[str]:
    """How the figures were looked at, where it was not in the plain way."""
    said = []
    if known := result.get("as_known"):
        said.append(AS_KNOWN.say(lang, instant=_instant_of(known)))
    if result.get("structure") == "now":
        said.append(Text("Theo cơ cấu tổ chức hiện nay", "In the structure of today").say(lang))
    return said


AS_KNOWN = Text("Theo những gì đã ghi đến {instant}", "As recorded by {instant}")
_HERE = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh knows no summer time


def _instant_of(value: Any) -> str:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return f"{instant.astimezone(_HERE):%H:%M %d/%m/%Y}"


HASH = Text("Mã kiểm: {hash}", "Hash: {hash}")


def _own(result: Mapping[str, Any], lang: str) -> Section:
    beside, shown = all_beside(result), telling(result)
    columns = [
        Column(Text("Chỉ số", "Indicator").say(lang), wrap=True),
        Column(Text("Kết quả", "Result").say(lang), right=True),
        *(Column(str(one["period"]), right=True) for one, _ in beside),
    ]
    columns.append(Column(Text("Trạng thái", "Status").say(lang)))
    rows = []
    for row in shown:
        other = [of_one[row["indicator"]]["text"] if row["indicator"] in of_one else "" for _, of_one in beside]
        rows.append([label_of(row), row["text"], *other, status_of(row, lang)])
    lines = []
    if not shown:
        lines.append(Text("Chưa có số liệu.", "No figures yet.").say(lang))
    elif len(shown) < len(result["rows"]):
        more = Text("Chưa có số liệu: {count} chỉ số khác.", "No figures: {count} other indicators.")
        lines.append(more.say(lang, count=len(result["rows"]) - len(shown)))
    return Section(None, columns, rows, lines)


def _explained(result: Mapping[str, Any], lang: str) -> Section | None:
    lines = [f"{row['label']}: {row['explanation']}" for row in telling(result) if row.get("explanation")]
    return Section(Text("Diễn giải", "Explanations").say(lang), lines=lines) if lines else None


def _chain(result: Mapping[str, Any], lang: str) -> Section | None:
    links = [one for one in result.get("chain") or () if one.get("denominator") or one.get("numerator")]
    if not links:
        return None
    labels = {row["indicator"]: row["label"] for row in result["rows"]}
    columns = [
        Column(Text("Từ", "From").say(lang), wrap=True),
        Column(Text("Đến", "To").say(lang), wrap=True),
        Column(Text("Số người", "People").say(lang), right=True),
        Column(Text("Tỷ lệ", "Share").say(lang), right=True),
    ]
    rows = [
        [
            labels.get(one["from"], one["from"]),
            labels.get(one["to"], one["to"]),
            f"{number_of(one['numerator'])}/{number_of(one['denominator'])}",
            one.get("percent_text") or "–",
        ]
        for one in links
    ]
    return Section(Text("Chuyển hóa từng bước", "Conversion, step by step").say(lang), columns, rows)


def breakdown_title(one: Mapping[str, Any], lang: str) -> str:
    """ "Kết nạp đảng viên theo giới tính"."""
    label, by = one.get("label") or one["indicator"], one.get("by_label") or one["by"]
    return Text("{label}, chia theo: {by}", "{label}, by {by}").say(lang, label=label, by=by)


def _breakdown(one: Mapping[str, Any], lang: str) -> Section:
    columns = [
        Column(Text("Nhóm", "Group").say(lang), wrap=True),
        Column(Text("Số lượng", "Count").say(lang), right=True),
    ]
    rows = [[str(cell["label"]), str(cell.get("text") or number_of(cell.get("count")))] for cell in one["cells"]]
    hidden = any(cell.get("suppressed") for cell in one["cells"])
    return Section(breakdown_title(one, lang), columns, rows, [SUPPRESSED.say(lang)] if hidden else [])


SUPPRESSED = Text(
    "Số quá nhỏ được che để không lộ từng người.", "Small counts are hidden so that nobody is known by them."
)


def _movement(movement: Mapping[str, Any], lang: str) -> Section:
    columns = [
        Column(Text("Biến động", "Movement").say(lang), wrap=True),
        Column(Text("Số người", "People").say(lang), right=True),
    ]
    rows = [[label, number_of(count)] for label, count in movement_lines(movement, lang)]
    lines = []
    if not movement.get("reconciles", True):
        lines.append(NOT_RECONCILED.say(lang))
        lines += _entries(movement["unexplained"], lang)
    if movement.get("undated"):
        lines.append(UNDATED.say(lang, count=movement["undated"]))
    if before := movement.get("before_opening"):
        lines += [TOLD_BEFORE.say(lang), *_entries(before, lang)]
    return Section(Text("Biến động đảng viên", "Movement of members").say(lang), columns, rows, lines)


def _entries(entries: Sequence[Row], lang: str) -> list[str]:
    return [f"{one['entry'] or '…'} · {day_of(one.get('on'), lang)} · {one['what']}" for one in entries]


UNDATED = Text(
    "Trong số đầu kỳ có {count} người mở sổ không rõ ngày, tính là có từ trước.",
    "Of the opening, {count} were opened without a day and count as there since ever.",
)
TOLD_BEFORE = Text("Đã ghi nhưng không tính vào biến động:", "Recorded, but no part of the movement:")
NOT_RECONCILED = Text("Chưa khớp; những mục chưa giải thích được:", "Does not reconcile; entries without explanation:")


def movement_lines(movement: Mapping[str, Any], lang: str) -> list[tuple[str, Any]]:
    """(label, count): what there was, what came and went, what there is."""
    lines = [(str(line["label"]), line["count"]) for line in movement["lines"]]
    first = (Text("Đầu kỳ", "Opening").say(lang), movement["opening"])
    return [first, *lines, (Text("Cuối kỳ", "Closing").say(lang), movement["closing"])]


def _people(people: Sequence[Row], lang: str) -> Section:
    heading = Text("Những người đứng sau con số: {count}", "The people behind the figure: {count}")
    words = (("Người", "Person"), ("Đơn vị", "Unit"), ("Mục", "Entry"), ("Ngày", "Day"))
    columns = [Column(Text(*word).say(lang)) for word in words]
    rows = [[one["code"], one["unit"], one["entry"], day_of(one["on"], lang)] for one in people]
    return Section(heading.say(lang, count=len(people)), columns, rows)


def _below(child: Mapping[str, Any], lang: str) -> Section | None:
    rows = [[label_of(row), str(row["text"]), status_of(row, lang)] for row in child["rows"] if tells_something(row)]
    columns = [
        Column(Text("Chỉ số", "Indicator").say(lang), wrap=True),
        Column(Text("Kết quả", "Result").say(lang), right=True),
        Column(Text("Trạng thái", "Status").say(lang)),
    ]
    return Section(f"{child['unit']} · {child['name']}", columns, rows) if rows else None


def widths(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> list[int]:
    """How wide each column must be for its longest word."""
    return [max(map(len, each)) for each in zip(*([c.heading for c in columns], *rows), strict=True)]
