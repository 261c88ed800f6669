"""A Word document on A4 in the offices' form: margins, type, head, foot, tables; the same words are the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from procedures.printing.letterhead import PARTY, Letterhead
from procedures.sheet_writer import written
from states.wording import Text

FONT = "Times New Roman"
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
WIDTH = 165  # millimetres between the margins: 210 - 30 - 15
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # zip knows no earlier time


class Paper:
    """A document being written, top to bottom."""

    def __init__(self, title: str, made_on: date, lang: str = "vi") -> None:
        self.lang = lang
        self.document: DocxDocument = Document()
        self._set_up(title, made_on)

    def _set_up(self, title: str, made_on: date) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.top_margin = section.bottom_margin = Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True  # the first page has no number
        _field(section.header.paragraphs[0], "PAGE")
        section.header.paragraphs[0].alignment = CENTER
        style: Any = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(14)
        fonts = style.element.rPr.rFonts
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(name), FONT)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        if self.lang == "vi":
            language = OxmlElement("w:lang")
            language.set(qn("w:val"), "vi-VN")
            style.element.rPr.append(language)
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "ketnap", ""
        properties.last_modified_by, properties.revision = "ketnap", 1
        properties.created = properties.modified = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001

    def head(self, head: Letterhead, kind: str, day: date) -> None:
        """The two corners: who writes and the number; the motto, the place and the day."""
        table = self._bare_table([64, 101])
        left, right = table.rows[0].cells
        lines = [(head.above.upper(), False)] if head.above else []
        lines.append((head.issuer.upper(), True))
        for place, (words, bold) in enumerate(lines):
            _into(left, words, first=place == 0, bold=bold, size=13 if max(len(w) for w, _ in lines) > 26 else 14)
        if head.form == PARTY:
            _into(left, "*")
        else:
            _into(left, "――――――", size=7, bold=True)
        for place, words in enumerate(head.motto):
            last = place == len(head.motto) - 1
            underline = last and (head.form == PARTY or place > 0)
            size = 15 if len(head.motto) == 1 else (13 if place == 0 else 14)
            _into(right, words, first=place == 0, bold=True, size=size, underline=underline)
        lower = table.add_row().cells  # type: ignore[no-untyped-call]
        _into(lower[0], head.number(kind), first=True, size=14)
        _into(lower[1], head.dated(day, self.lang), first=True, size=14, italic=True)
        for cell in lower:
            cell.paragraphs[0].paragraph_format.space_before = Pt(4)

    def title(self, kind: str, about: Sequence[str]) -> None:
        """The kind of document and what it is about, with the short stroke under it."""
        self.line(kind, CENTER, bold=True, size=15, before=18)
        for words in about:
            self.line(words, CENTER, bold=True)
        self.line("-----", CENTER, after=8)

    def line(
        self, words: str, align: Any = LEFT, *, before: int = 0, after: int = 0, size: int = 14, **look: bool
    ) -> Paragraph:
        """A line that is no paragraph of the body."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
        _run(paragraph, words, size=size, **look)
        return paragraph

    def heading(self, words: str) -> None:
        """A heading of the body; it stays with what follows."""
        paragraph = self.body(words, bold=True)
        paragraph.paragraph_format.keep_with_next = True

    def body(self, words: str, **look: bool) -> Paragraph:
        """A paragraph: first line set in, lines 18 points apart, both edges straight."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = JUSTIFY
        shape = paragraph.paragraph_format
        shape.first_line_indent = Mm(10)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(18)
        shape.space_after = Pt(6)
        _run(paragraph, words, **look)
        return paragraph

    def table(
        self,
        headings: Sequence[str],
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        right: Sequence[int] = (),
        centre: Sequence[int] = (),
    ) -> None:
        """A table with lines; its headings come again on every page, no row is cut by a page's edge."""
        table = self.document.add_table(rows=0, cols=len(headings))
        table.style = "Table Grid"
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        _widths(table, widths)
        self._row(table, headings, widths, {}, bold=True)
        _repeat(table.rows[0])
        aligned = {**dict.fromkeys(right, RIGHT), **dict.fromkeys(centre, CENTER)}
        for row in rows:
            self._row(table, row, widths, aligned)
        self.line("", size=6)

    def _row(
        self,
        table: Table,
        words: Sequence[str],
        widths: Sequence[float],
        aligned: dict[int, Any],
        *,
        bold: bool = False,
    ) -> None:
        row = table.add_row()  # type: ignore[no-untyped-call]
        _whole(row)
        for place, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = Mm(widths[place])
            paragraph = cell.paragraphs[0]
            paragraph.alignment = CENTER if bold else aligned.get(place, LEFT)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            indented = text.startswith("  ")
            if indented:
                paragraph.paragraph_format.left_indent = Mm(4)
            _run(paragraph, text.strip(), size=12, bold=bold, italic=indented)

    def foot(self, head: Letterhead, signer: str | None = None) -> None:
        """Whom it goes to, and who signs; never alone on a page."""
        for paragraph in self.document.paragraphs[-1:]:
            paragraph.paragraph_format.keep_with_next = True
        table = self._bare_table([80, 85])
        _whole(table.rows[0])
        left, right = table.rows[0].cells
        words = Text("Nơi nhận:", "To:").say(self.lang)
        party = head.form == PARTY
        _into(
            left,
            words,
            first=True,
            align=LEFT,
            size=14 if party else 12,
            underline=party,
            bold=not party,
            italic=not party,
        )
        for place in head.copies:
            _into(
                left,
                f"- {place.rstrip('.;')};" if place != head.copies[-1] else f"- {place.rstrip('.;')}.",
                align=LEFT,
                size=12,
            )
        if head.on_behalf:
            _into(right, head.on_behalf, first=True, bold=True)
        _into(right, head.signer_title, first=not head.on_behalf, bold=not party)
        for _ in range(4):
            _into(right, "")
        _into(right, signer or "", bold=True)

    def _bare_table(self, widths: Sequence[float]) -> Table:
        table: Table = self.document.add_table(rows=1, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        _widths(table, widths)
        for cell, width in zip(table.rows[0].cells, widths, strict=True):
            cell.width = Mm(width)
        return table

    def save(self, path: Path) -> None:
        """Write it, whole or not at all."""
        with written(path, ".docx") as place:
            place.write_bytes(self.content())

    def content(self) -> bytes:
        """The document's bytes, without the moment of writing in them."""
        loose, packed = io.BytesIO(), io.BytesIO()
        self.document.save(loose)
        with ZipFile(loose) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
            for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
                part = ZipInfo(name, _EARLIEST)
                part.compress_type = ZIP_DEFLATED
                part.create_system = 0
                target.writestr(part, source.read(name))
        return packed.getvalue()


def _run(
    paragraph: Paragraph,
    words: str,
    *,
    size: int = 14,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> None:
    run = paragraph.add_run(_harmless(words))
    run.font.size, run.bold, run.italic, run.underline = Pt(size), bold, italic, underline


def _harmless(words: str) -> str:
    """Without the marks that XML does not take."""
    return "".join(
        c for c in words if c in "\t\n" or (ord(c) >= 32 and c not in "\ufffe\uffff" and not 0xD800 <= ord(c) <= 0xDFFF)
    )


def _into(cell: _Cell, words: str, *, first: bool = False, align: Any = CENTER, **look: Any) -> None:
    """A line in a cell without borders."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = align
    _run(paragraph, words, **look)


def _widths(table: Table, widths: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_mark("w:tblHeader"))


def _whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_mark("w:cantSplit"))


def _mark(name: str) -> Any:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    return mark


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that the reader's program fills in, such as the page's number."""
    for kind, words in (("begin", None), (None, name), ("separate", None), (None, None), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif words:
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = f" {words} "
            run._r.append(told)
        else:
            run.text = "2"
