"""The address of the list of people with filters set."""

from __future__ import annotations

from starlette_admin.views import BaseModelView

from console.desk.words import to

LIST = "/nguoi/list"


def people_where(*rules: tuple[str, str, str]) -> str:
    """The list of those who meet all rules (field, test, value), as the list's own filter builder would write it."""
    said = (f"{field}__{test}={BaseModelView._quote_filter_value(value)}" for field, test, value in rules)
    return to(LIST, filter=" AND ".join(said))
