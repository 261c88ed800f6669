"""A report as Markdown: headings and tables, nothing in it that a name could turn into markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from procedures.printing.sections import Section, sections

if TYPE_CHECKING:
    from procedures.office import Office

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!]|&(?=#?\w+;))")  # & only where it would begin an entity


def print_markdown(office: Office, result: Mapping[str, Any]) -> str:
    """The whole report; it depends on `result` and the office's language alone."""
    first, *rest = sections(result, office.lang)
    return "\n\n".join([_said(first, "#"), *(_said(section, "##") for section in rest)]) + "\n"


def _said(section: Section, mark: str) -> str:
    parts = [f"{mark} {escaped(section.heading)}"] if section.heading else []
    if section.rows:
        rule = "|".join(" --: " if column.right else " :-- " for column in section.columns)
        rows = [_row([column.heading for column in section.columns]), f"|{rule}|", *map(_row, section.rows)]
        parts.append("\n".join(rows))
    if section.lines:
        parts.append("\n".join(f"- {escaped(line)}" for line in section.lines))
    return "\n\n".join(parts)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """Markdown swallows the spaces that set in a part of the row above; a dash stays, wherever it is shown."""
    return ("– " if text.startswith("  ") else "") + escaped(text)


def escaped(text: str) -> str:
    """The words as they are, with every mark of Markdown or HTML made harmless and no line broken."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
