"""Reports on paper: plain text, Markdown, workbook (.xlsx) and document (.docx), each from a report's content alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures.sheet_writer import check_place, written

if TYPE_CHECKING:
    from procedures.office import Office

SUFFIXES = (".xlsx", ".docx", ".md", ".txt")


def check_output(path: Path | str) -> None:
    """BadInput when a report cannot be written there: wrong ending, a folder, or no such folder."""
    check_place(Path(path), *SUFFIXES)


def print_report(office: Office, result: Mapping[str, Any], path: Path | str) -> None:
    """Write a report in the form its ending asks for, whole or not at all."""
    path = Path(path)
    check_output(path)
    if (result.get("closed") or {}).get("as_closed"):
        _issue_again(office, result, path)
        return
    _FORMS[path.suffix.lower()](office, result, path)


def print_text(office: Office, result: Mapping[str, Any]) -> str:
    """The report as plain text."""
    from procedures.printing.text import print_text

    return print_text(office, result)


def print_markdown(office: Office, result: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    from procedures.printing.markdown import print_markdown

    return print_markdown(office, result)


def write_book(office: Office, result: Mapping[str, Any], path: Path | str) -> None:
    """The report as a workbook with formulas and charts."""
    from procedures.printing.book import write_book  # loads XlsxWriter

    write_book(office, result, Path(path))


def write_document(office: Office, result: Mapping[str, Any], path: Path | str) -> None:
    """The report in the form of the office's own documents."""
    from procedures.printing.document import write_document  # loads python-docx

    write_document(office, result, Path(path))


def _write_text(office: Office, result: Mapping[str, Any], path: Path) -> None:
    _write(print_text(office, result), path)


def _write_markdown(office: Office, result: Mapping[str, Any], path: Path) -> None:
    _write(print_markdown(office, result), path)


def _issue_again(office: Office, result: Mapping[str, Any], path: Path) -> None:
    """Write the very file that was issued when the report was closed."""
    from procedures.closings import issue

    content = issue(office, result["unit"], result["period"], path.suffix[1:].lower(), result["closed"]["version"])
    with written(path, *SUFFIXES) as place:
        place.write_bytes(content)


def _write(words: str, path: Path) -> None:
    with written(path, *SUFFIXES) as place:
        place.write_bytes(words.encode())


_FORMS: dict[str, Callable[[Office, Mapping[str, Any], Path], None]] = {
    ".xlsx": write_book,
    ".docx": write_document,
    ".md": _write_markdown,
    ".txt": _write_text,
}
