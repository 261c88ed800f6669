"""What a page's HTML says to its reader: its words, its tables, its fields' values."""

from __future__ import annotations

import re
from html import unescape


def words(html: str) -> str:
    """The words between tags, one blank between them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def main_words(page: str) -> str:
    """The words of the page's main part; of the whole where it has none."""
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    return words(main.group() if main else page)


def rows_of(page: str) -> list[list[str]]:
    """The words of every table row, cell by cell."""
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def row_of(page: str, said: str) -> list[str]:
    """The first row whose first cell has these words."""
    return next(row for row in rows_of(page) if row and said in row[0])


def table_of(page: str, caption: str) -> str:
    """The first table whose caption has these words."""
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    return next(table for table in tables if caption in words(table.partition("</caption>")[0]))


def value_of(page: str, name: str) -> str:
    """What the first field of this name holds."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found is not None, f"no field {name}"
    return unescape(found[1])
