"""The access log: who opened whose page, what was revealed, exported, erased; who signed in. Written as it happens."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from procedures import access
from procedures.access_words import detail_words, subject_words
from procedures.office import ZONE, Office
from states.errors import BadInput
from states.roles import ROLES, Actor
from states.wording import Text
from store import access_log
from store.base import Connection
from store.candidates import find_candidate
from store.units import Units

ACTIONS: dict[str, Text] = {
    "open_person": Text("Mở hồ sơ", "Opened a person's page"),
    "reveal": Text("Xem thông tin nhạy cảm", "Revealed sensitive fields"),
    "export": Text("Xuất dữ liệu", "Exported"),
    "open_figure": Text("Mở danh sách người sau con số", "Opened the people behind a figure"),
    "person_data": Text("Xuất dữ liệu của một người", "Exported one person's data"),
    "erase": Text("Xóa dữ liệu cá nhân", "Erased personal data"),
    "import": Text("Nhập Excel", "Imported a workbook"),
    "undo_import": Text("Hủy lần nhập", "Took an import back"),
    "sign_in": Text("Đăng nhập", "Signed in"),
    "sign_in_failed": Text("Đăng nhập không được", "Failed to sign in"),
    "sign_out": Text("Đăng xuất", "Signed out"),
    "locked_out": Text("Khóa tạm do nhập sai nhiều lần", "Locked out after repeated failures"),
    "password": Text("Đổi mật khẩu", "Changed a password"),
    "add_account": Text("Thêm tài khoản", "Added an account"),
    "change_account": Text("Sửa tài khoản", "Changed an account"),
    "disable_account": Text("Khóa tài khoản", "Disabled an account"),
    "enable_account": Text("Mở lại tài khoản", "Enabled an account"),
    "confirm_law": Text("Xác nhận quy định", "Confirmed a limit"),
}
ABOUT_PEOPLE = frozenset({"open_person", "reveal", "person_data", "erase"})
AT_COMMAND_LINE = Text("Dòng lệnh", "Command line")
PAGE = 50
MOST = 500  # lines of one page
REASON_AT_MOST = 500  # characters
NO_SUCH_ACTION = Text("Không có hành động {action}; có: {known}.", "There is no action {action}; there are: {known}.")


def record(
    office: Office,
    action: str,
    *,
    subject: str | None = None,
    unit: str | None = None,
    why: str | None = None,
    detail: dict[str, Any] | None = None,
    by: Actor | None = None,
    connection: Connection | None = None,
) -> None:
    """Write one line, by itself or within a writing `connection`.

    `subject`: a person's code (kept as their internal id), else the account or thing it was about. `unit`: the unit
    asked; a person's own and else the actor's by default. `why`: the actor's words. `detail`: counts and keys of
    filters, no names. `by`: who, where that is not the office's actor (a sign-in).
    """
    if action not in ACTIONS:
        raise KeyError(action)
    if connection is None:
        with office.database.writing() as own:
            record(office, action, subject=subject, unit=unit, why=why, detail=detail, by=by, connection=own)
        return
    actor = by or office.actor
    person = find_candidate(connection, subject) if subject and action in ABOUT_PEOPLE else None
    asked = person.unit_id if person is not None else None
    if asked is None and (code := unit or actor.unit) is not None:
        asked = office.units(connection).by_code.get(code)
    row = {
        "happened_at": office.now(),
        "account": actor.user,
        "role": None if by is None and office.at_command_line else actor.role,
        "action": action,
        "candidate_id": person.id if person is not None else None,
        "subject": subject if person is None and action not in ABOUT_PEOPLE else None,
        "unit_id": asked,
        "detail": detail,
    }
    access_log.add_access(connection, row, (why or "").strip()[:REASON_AT_MOST] or None)


def list_access(
    office: Office,
    *,
    account: str | None = None,
    subject: str | None = None,
    action: str | None = None,
    unit: str | None = None,
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
    size: int = PAGE,
) -> dict[str, Any]:
    """{items: [{id, at, account, role, role_label, action, label, code, subject, about, unit, unit_name, why,
    detail, told}], total, page, pages}.

    Latest first. `subject`: a person's code or an account it was about; `about` and `told` are it and the detail in
    words. `unit`: it and what stands below it; days in Vietnam's time, both within.
    """
    size = max(1, min(size, MOST))
    with office.database.reading() as connection:
        filters = _filters(
            office, connection, account=account, subject=subject, action=action, unit=unit, since=since, until=until
        )
        total = access_log.count_access(connection, **filters)
        pages = max(1, -(-total // size))
        page = max(1, min(page, pages))
        rows = access_log.list_access_rows(connection, limit=size, offset=(page - 1) * size, **filters)
        items = _items(office, connection, rows)
    return {"items": items, "total": total, "page": page, "pages": pages}


def latest_access(office: Office, most: int, **asked: Any) -> list[dict[str, Any]]:
    """The latest lines to `list_access`'s filters, at `most` so many, as they stood at one moment."""
    with office.database.reading() as connection:
        rows = access_log.list_access_rows(connection, limit=most, **_filters(office, connection, **asked))
        return _items(office, connection, rows)


def _filters(
    office: Office, connection: Connection, *, account: str | None = None, subject: str | None = None,
    action: str | None = None, unit: str | None = None, since: date | None = None, until: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the table is asked for, within the actor's own units."""
    access.require(office, "see_access_log")
    if action and action not in ACTIONS:
        raise BadInput(NO_SUCH_ACTION, action=action, known=", ".join(ACTIONS))
    return {
        "accounts": [account] if account else None,
        "actions": [action] if action else None,
        "unit_ids": _units(office, office.units(connection), unit),
        "since": _midnight(since),
        "before": _midnight(until, 1),
        **_whose(connection, subject),
    }


def _units(office: Office, units: Units, unit: str | None) -> list[int] | None:
    if unit:
        return sorted(units.subtree(access.require_unit(office, units, unit), office.today, with_ended=True))
    seen = access.visible_units(office, units)
    return None if seen is None else sorted(seen)


def _whose(connection: Connection, subject: str | None) -> dict[str, Any]:
    if not subject:
        return {}
    person = find_candidate(connection, subject)
    return {"subject": subject, "candidate_id": person.id if person is not None else None}


def _midnight(day: date | None, later: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(later), time(), ZoneInfo(ZONE)) if day is not None else None


def _items(office: Office, connection: Connection, rows: list[access_log.AccessRow]) -> list[dict[str, Any]]:
    units = office.units(connection)
    return [_item(office, units, row) for row in rows]


def _item(office: Office, units: Units, row: access_log.AccessRow) -> dict[str, Any]:
    lang = office.lang
    label = ROLES.get(row.role) if row.role else AT_COMMAND_LINE
    return {
        "id": row.id,
        "at": row.at,
        "account": row.account,
        "role": row.role,
        "role_label": label.say(lang) if label else row.role,
        "action": row.action,
        "label": ACTIONS[row.action].say(lang) if row.action in ACTIONS else row.action,
        "code": row.code,
        "subject": row.subject,
        "about": subject_words(row.subject, lang),
        "unit": units.code(row.unit_id) if row.unit_id is not None else None,
        "unit_name": units.name(row.unit_id, office.today) if row.unit_id is not None else None,
        "why": row.why,
        "detail": row.detail,
        "told": detail_words(row.detail, office.settings, lang),
    }
