"""A report as plain text, the same words as on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from procedures.printing.sections import Column, Section, sections, widths

if TYPE_CHECKING:
    from procedures.office import Office


def print_text(office: Office, result: Mapping[str, Any]) -> str:
    """The whole report; it depends on `result` and the office's language alone."""
    return "\n\n".join(_said(section) for section in sections(result, office.lang)) + "\n"


def _said(section: Section) -> str:
    lines = [section.heading] if section.heading else []
    if section.rows:
        wide = widths(section.columns, section.rows)
        lines += [_row([c.heading for c in section.columns], section.columns, wide)]
        lines += [_row(row, section.columns, wide) for row in section.rows]
    return "\n".join([*lines, *section.lines])


def _row(cells: Sequence[str], columns: Sequence[Column], wide: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if column.right else cell.ljust(width)
        for cell, column, width in zip(cells, columns, wide, strict=True)
    )
    return "  ".join(padded).rstrip()
