"""Hand the access log out as a workbook; that is written into it too."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from procedures.access_log import latest_access, record
from procedures.sheet_writer import add_words
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

LINES = 100_000  # the latest; more than a workbook can usefully show
COLUMNS = (
    ("at", Text("Lúc (UTC)", "At (UTC)")),
    ("account", Text("Tài khoản", "Account")),
    ("role_label", Text("Vai trò", "Role")),
    ("label", Text("Việc", "What")),
    ("code", Text("Của người", "Whose")),
    ("about", Text("Đối tượng khác", "About")),
    ("unit", Text("Đơn vị", "Unit")),
    ("why", Text("Lý do", "Why")),
    ("told", Text("Chi tiết", "Detail")),
)


def issue_access_log(
    office: Office,
    *,
    account: str | None = None,
    subject: str | None = None,
    action: str | None = None,
    unit: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> tuple[str, bytes]:
    """(name, content) of an .xlsx with the lines `list_access` has to these filters, the latest LINES of them."""
    asked: dict[str, Any] = {
        "account": account, "subject": subject, "action": action, "unit": unit, "since": since, "until": until,
    }  # fmt: skip
    lines = latest_access(office, LINES, **asked)
    book = Workbook(write_only=True)
    headings = [heading.say(office.lang) for _, heading in COLUMNS]
    add_words(book, Text("Nhật ký truy cập", "Access log").say(office.lang), headings, map(_row, lines))
    made = io.BytesIO()
    book.save(made)
    given = {
        key: str(value) for key, value in asked.items() if value and key in ("account", "action", "since", "until")
    }
    record(office, "export", subject="access_log", unit=unit, detail={"rows": len(lines), **given})
    return f"nhat-ky-truy-cap-{office.today:%Y%m%d}.xlsx", made.getvalue()


def _row(line: dict[str, Any]) -> list[Any]:
    said = line | {"at": f"{line['at']:%d/%m/%Y %H:%M:%S}", "told": "; ".join(line["told"]) or None}
    return [said[key] for key, _ in COLUMNS]
