"""The address of the list of people with filters set."""

from __future__ import annotations

from collections.abc import Sequence

from starlette_admin.views import BaseModelView

from console.desk.words import to

LIST = "/nguoi/list"


def people_where(*rules: tuple[str, str, str | Sequence[str]]) -> str:
    """The list of those who meet all rules (field, test, value or values), as the list's own filter builder writes it."""
    quoted = BaseModelView._quote_filter_value
    said = (
        f"{field}__{test}={','.join(map(quoted, [value] if isinstance(value, str) else value))}"
        for field, test, value in rules
    )
    return to(LIST, filter=" AND ".join(said))
