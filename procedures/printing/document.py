"""The report as a document: the figures in sentences, then the tables, between the head and the foot of its office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures.printing import words
from procedures.printing.letterhead import letterhead
from procedures.printing.paper import Paper
from procedures.printing.sections import (
    NOT_RECONCILED,
    SUPPRESSED,
    TOLD_BEFORE,
    UNDATED,
    all_beside,
    breakdown_title,
    day_of,
    label_of,
    movement_lines,
    number_of,
    status_of,
    telling,
)
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def write_document(office: Office, result: Mapping[str, Any], path: Path) -> None:
    """Write a report; the same report in the same office is the same bytes."""
    _Report(office, result).paper.save(path)


class _Report:
    def __init__(self, office: Office, result: Mapping[str, Any]) -> None:
        self.office, self.result, self.lang = office, result, office.lang
        as_of = date.fromisoformat(str(result["as_of"])[:10])
        closed = result.get("closed") or {}
        day = date.fromisoformat(str(closed["closed_on"])[:10]) if closed.get("closed_on") else as_of
        about = Text("Kết quả thực hiện chỉ tiêu", "Results against targets").say(self.lang)
        period = words.period_in_words(result, self.lang)
        self.paper = Paper(f"{about} {period}", day, self.lang)
        self.parts = 0
        head = letterhead(office, str(result["unit"]), as_of)
        self.paper.head(head, "BC", day)
        self.paper.title(Text("BÁO CÁO", "REPORT").say(self.lang), [about, period])
        self._results()
        self._below()
        self._chain()
        self._breakdowns()
        self._movement()
        self._people()
        if closed:
            self._closed(closed)
        self.paper.foot(head, closed.get("signer"))

    def _part(self, heading: Text) -> None:
        """The next part of the body, numbered as Party documents are."""
        self.paper.heading(f"{NUMERALS[self.parts]}. {heading.say(self.lang).upper()}")
        self.parts += 1

    def _results(self) -> None:
        paper, result, lang = self.paper, self.result, self.lang
        self._part(Text("Kết quả thực hiện", "Results"))
        paper.body(words.opening(result, lang))
        for sentence in words.sentences(self.office, result):
            paper.body(f"- {sentence}")
        shown, beside = telling(result), all_beside(result)
        if not shown:
            paper.body(Text("Chưa có số liệu.", "No figures yet.").say(lang))
            return
        paper.line(Text("Biểu tổng hợp", "Table").say(lang), 1, bold=True, before=6, after=4)
        heads = [Text("TT", "No"), Text("Chỉ số", "Indicator"), Text("Kết quả", "Result")]
        heads += [Text(str(one["period"]), str(one["period"])) for one, _ in beside]
        judged = any(row.get("status_label") for row in shown)
        heads += [Text("Trạng thái", "Status")] if judged else []
        rows, count = [], 0
        for row in shown:
            count += not row.get("part_of")
            other = [
                str(of_one[row["indicator"]]["text"]) if row["indicator"] in of_one else "" for _, of_one in beside
            ]
            number = "" if row.get("part_of") else str(count)
            status = [status_of(row, lang)] if judged else []
            rows.append([number, label_of(row), str(row["text"]), *other, *status])
        widths: list[float] = [10, 52, 37, *[36 / len(beside)] * len(beside), 30] if beside else [10, 77, 43, 35]
        if not judged:
            widths[1] += widths.pop()
        centre = [0, *range(2, len(heads))]
        paper.table([head.say(lang) for head in heads], widths, rows, centre=centre)
        standing = words.standing(self.office, result)
        if standing:
            self._part(Text("Đánh giá tiến độ", "Where the targets stand"))
            for sentence in standing:
                paper.body(f"- {sentence}")

    def _below(self) -> None:
        said = words.below(self.office, self.result)
        if said:
            self._part(Text("Các đơn vị trực thuộc", "The units below"))
            for sentence in said:
                self.paper.body(f"- {sentence}")

    def _chain(self) -> None:
        links = [one for one in self.result.get("chain") or () if one.get("denominator") or one.get("numerator")]
        if not links:
            return
        labels = {row["indicator"]: str(row["label"]) for row in self.result["rows"]}
        self._part(Text("Chuyển hóa từng bước", "Conversion, step by step"))
        heads = (Text("Từ", "From"), Text("Đến", "To"), Text("Số người", "People"), Text("Tỷ lệ", "Share"))
        rows = [
            [
                labels.get(one["from"], str(one["from"])),
                labels.get(one["to"], str(one["to"])),
                f"{number_of(one['numerator'])}/{number_of(one['denominator'])}",
                one.get("percent_text") or "–",
            ]
            for one in links
        ]
        self.paper.table([head.say(self.lang) for head in heads], [58, 58, 25, 24], rows, centre=[2, 3])

    def _breakdowns(self) -> None:
        found = [one for one in self.result.get("breakdowns") or () if one.get("total") != 0]
        if not found:
            return
        self._part(Text("Cơ cấu", "Breakdowns"))
        heads = [Text("Nhóm", "Group").say(self.lang), Text("Số lượng", "Count").say(self.lang)]
        for one in found:
            self.paper.line(
                breakdown_title(one, self.lang), bold=True, before=4, after=4
            ).paragraph_format.keep_with_next = True
            rows = [
                [str(cell["label"]), str(cell.get("text") or number_of(cell.get("count")))] for cell in one["cells"]
            ]
            self.paper.table(heads, [125, 40], rows, centre=[1])
            if any(cell.get("suppressed") for cell in one["cells"]):
                self.paper.body(SUPPRESSED.say(self.lang), italic=True)

    def _movement(self) -> None:
        movement = self.result.get("movement")
        if not movement:
            return
        self._part(Text("Biến động đảng viên", "Movement of members"))
        heads = [Text("Nội dung", "Item").say(self.lang), Text("Số người", "People").say(self.lang)]
        rows = [[label, number_of(count)] for label, count in movement_lines(movement, self.lang)]
        self.paper.table(heads, [125, 40], rows, centre=[1])
        if not movement.get("reconciles", True):
            self.paper.body(NOT_RECONCILED.say(self.lang))
            self._entries(movement["unexplained"])
        if movement.get("undated"):
            self.paper.body(UNDATED.say(self.lang, count=movement["undated"]))
        if before := movement.get("before_opening"):
            self.paper.body(TOLD_BEFORE.say(self.lang))
            self._entries(before)

    def _entries(self, entries: Sequence[Mapping[str, Any]]) -> None:
        for one in entries:
            self.paper.body(f"- {one.get('entry') or '…'} · {day_of(one.get('on'), self.lang)} · {one['what']}")

    def _people(self) -> None:
        people = self.result.get("people")
        if people is None:
            return
        self._part(Text("Những người đứng sau con số", "The people behind the figure"))
        heads = (Text("Người", "Person"), Text("Đơn vị", "Unit"), Text("Mục", "Entry"), Text("Ngày", "Day"))
        rows = [[str(one["code"]), str(one["unit"]), str(one["entry"]), day_of(one["on"], self.lang)] for one in people]
        self.paper.table([head.say(self.lang) for head in heads], [45, 40, 50, 30], rows, centre=[3])

    def _closed(self, closed: Mapping[str, Any]) -> None:
        text = Text(
            "Số liệu đã chốt ngày {day}, bản {version}; mã kiểm {hash}.",
            "Figures closed on {day}, version {version}; hash {hash}.",
        )
        values = {"day": day_of(closed.get("closed_on"), self.lang), "version": closed.get("version")}
        self.paper.body(text.say(self.lang, **values, hash=str(closed.get("hash") or "")[:16]), italic=True)
