"""The address of the list of people with one filter set."""

from __future__ import annotations

from console.desk.words import to

LIST = "/nguoi/list"


def people_where(field: str, test: str, value: str | None = None) -> str:
    """The list of those of whom `test` holds for `field`, as the list's own filter builder would write it."""
    return to(LIST, filter=f"{field}__{test}" + ("" if value is None else f"={value}"))
