"""How answers look: one JSON document for scripts, plain tables in Vietnamese for people."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from states.wording import Text

if TYPE_CHECKING:
    from rich.console import Console

    from console.run import Run


VIETNAM = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh knows no summer time


def plain(value: Any, lang: str = "vi") -> Any:
    """A result as JSON knows it: ISO days, a whole Decimal as an int and any other as a float, sentences spoken."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal | Fraction):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Text):
        return value.say(lang)
    if isinstance(value, Mapping):
        return {str(key): plain(one, lang) for key, one in value.items()}
    if hasattr(value, "as_dict"):
        return plain(value.as_dict(lang), lang)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name), lang) for one in fields(value)}
    if isinstance(value, Iterable):
        return [plain(one, lang) for one in value]
    return str(value)


def print_json(result: Any, lang: str = "vi") -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(plain(result, lang), ensure_ascii=False, indent=2) + "\n")


def day(value: Any, lang: str = "vi") -> str:
    """A day as people read it: dd/mm/yyyy, ISO in English; of an instant the day in Vietnam; nothing for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = (value.astimezone(VIETNAM) if value.tzinfo else value).date()
    return value.isoformat() if lang == "en" else f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def moment(value: datetime | None, lang: str = "vi") -> str:
    """An instant as people read it: 07:30 20/03/2026 in Vietnam; nothing for none."""
    return "" if value is None else f"{value.astimezone(VIETNAM):%H:%M} {day(value, lang)}"


def number(value: Any, lang: str = "vi") -> str:
    """A number as people read it: 1.200 and 29,70 in Vietnamese, 1,200 and 29.70 in English; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, Decimal | Fraction | float) and value == int(value):
        value = int(value)
    written = f"{value:,}" if isinstance(value, int) else f"{Decimal(str(value)):,}"
    return written if lang == "en" else written.translate(str.maketrans(",.", ".,"))


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, right-justified for numbers, wrapping where text is long."""

    heading: Text
    right: bool = False
    wrap: bool = False


def column(vi: str, en: str, *, right: bool = False, wrap: bool = False) -> Column:
    """A column of a table."""
    return Column(Text(vi, en), right, wrap)


class Screen:
    """Human answers on stdout: colours only on a terminal, no line broken when piped."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.lang = run.language

    @property
    def console(self) -> Console:
        return make_console(sys.stdout)

    @property
    def width(self) -> int:
        """Columns of the terminal; endless when piped."""
        return self.console.width

    def line(self, text: Text | str = "", **values: object) -> None:
        """One line; a Text is spoken."""
        said = text.say(self.lang, **values) if isinstance(text, Text) else text
        self.console.print(said, markup=False, highlight=False, soft_wrap=not self.console.is_terminal)

    def heading(self, text: Text | str, **values: object) -> None:
        """A line that stands out."""
        said = text.say(self.lang, **values) if isinstance(text, Text) else text
        self.console.print(said, style="bold", markup=False, highlight=False, soft_wrap=not self.console.is_terminal)

    def business_day(self) -> None:
        """Say the business day when it is not the machine's date."""
        machine = datetime.now(VIETNAM).date()
        if self.run.office.today != machine:
            self.line(Text("Ngày làm việc: {day}", "Business day: {day}"), day=self.run.office.today)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, empty: Text | None = None) -> None:
        """Rows under headings; days and numbers are put as people read them."""
        from rich.table import Table

        drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for one in columns:
            drawn.add_column(
                one.heading.say(self.lang),
                justify="right" if one.right else "left",
                no_wrap=not one.wrap,
                overflow="fold",
            )
        for row in rows:
            drawn.add_row(*(self.cell(value) for value in row))
        if drawn.row_count:
            console = self.console
            with console.capture() as captured:
                console.print(drawn)
            for line in captured.get().splitlines():
                console.out(line.rstrip(), highlight=False)
        else:
            self.line(empty or Text("Không có gì.", "Nothing."))

    def cell(self, value: Any) -> Any:
        """A value as the text of a cell."""
        from rich.text import Text as Rich

        if value is None:
            said = ""
        elif isinstance(value, bool):
            said = (Text("có", "yes") if value else Text("không", "no")).say(self.lang)
        elif isinstance(value, Text):
            said = value.say(self.lang)
        elif isinstance(value, date):
            said = day(value, self.lang)
        elif isinstance(value, int | float | Decimal | Fraction):
            said = number(value, self.lang)
        else:
            said = str(value)
        return Rich(said)


def make_console(file: Any) -> Console:
    """A rich console: as wide as the terminal, and as wide as the answer when piped."""
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # the command line ends quietly (console.cli), where rich would end with 1

    if file.isatty():
        plain_only = {"color_system": None} if "NO_COLOR" in os.environ else {}
        return Quiet(file=file, highlight=False, emoji=False, **plain_only)
    return Quiet(file=file, highlight=False, emoji=False, width=10_000, no_color=True, force_terminal=False)


def speak_utf8() -> None:
    """Vietnamese needs UTF-8 whatever the console's code page is (an office PC with Windows, a bare container)."""
    for stream in (sys.stdout, sys.stderr):
        if (getattr(stream, "encoding", None) or "").lower().replace("-", "") != "utf8" and hasattr(
            stream, "reconfigure"
        ):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if os.name == "nt" and sys.stdout.isatty():  # the classic console shows UTF-8 only under this code page
        import ctypes

        ctypes.windll.kernel32.SetConsoleOutputCP(65001)  # type: ignore[attr-defined]
