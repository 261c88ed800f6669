"""Hand the access log out as a workbook; that is written into it too."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from procedures.access_log import MOST, list_access, record
from procedures.sheet_writer import HEADING, SHADE, put
from procedures.workbook import Column
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

LINES = 100_000  # the latest; more than a workbook can usefully show
WORDS = Column("words", "words", Text("", ""))
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
    first = list_access(office, **asked, size=MOST)
    book = Workbook(write_only=True)
    page = book.create_sheet(Text("Nhật ký truy cập", "Access log").say(office.lang))
    page.freeze_panes = "A2"
    titles = []
    for number, (_, heading) in enumerate(COLUMNS):
        cell = put(WriteOnlyCell(page), WORDS, heading.say(office.lang))
        cell.font, cell.fill = HEADING, SHADE
        titles.append(cell)
        page.column_dimensions[chr(ord("A") + number)].width = 22
    page.append(titles)
    count = 0
    for number in range(1, min(first["pages"], LINES // MOST) + 1):
        for line in (first if number == 1 else list_access(office, **asked, size=MOST, page=number))["items"]:
            said = line | {"at": f"{line['at']:%d/%m/%Y %H:%M:%S}", "told": "; ".join(line["told"]) or None}
            page.append(
                [None if said[key] is None else put(WriteOnlyCell(page), WORDS, said[key]) for key, _ in COLUMNS]
            )
            count += 1
    made = io.BytesIO()
    book.save(made)
    given = {
        key: str(value) for key, value in asked.items() if value and key in ("account", "action", "since", "until")
    }
    record(office, "export", subject="access_log", unit=unit, detail={"rows": count, **given})
    return f"nhat-ky-truy-cap-{office.today:%Y%m%d}.xlsx", made.getvalue()
