"""Accounts of the desk: who has one, adding and changing them, giving a new password, taking them out of use."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from procedures import access, access_log, passwords
from procedures.cells import clean
from procedures.sign_in import fold_username, name_key, one_time_until
from states.errors import BadInput, Conflict, Refused, Unknown
from states.roles import ROLES
from states.wording import Text, fold
from store import accounts, attempts, sessions
from store.accounts import KnownAccount
from store.base import Connection
from store.units import Units

if TYPE_CHECKING:
    from procedures.office import Office

FIRST = "quan_tri"
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]")
NAME_AT_MOST = 120

NO_SUCH_ACCOUNT = Text("Không có tài khoản {username}.", "There is no account {username}.")
THERE_ALREADY = Text(
    "Đã có tài khoản {username}. Xin chọn tên khác.",
    "There is an account {username} already. Please choose another name.",
)
NOT_A_USERNAME = Text(
    "Tên đăng nhập gồm 3 đến 32 chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới; ví dụ lan.nguyen.",
    "A username is 3 to 32 small letters without accents, digits, dots, hyphens, underscores; such as lan.nguyen.",
)
NO_SUCH_ROLE = Text(
    "Không có vai trò «{role}». Chọn một trong: {known}.", "There is no role {role!r}. One of: {known}."
)
LONG_NAME = Text("Họ tên dài nhất {most} ký tự.", "A name has at most {most} characters.")
ONLY_BELOW = Text(
    "Bạn chỉ quản lý tài khoản thuộc đơn vị {unit}. Xin chọn đơn vị ấy hoặc một đơn vị trực thuộc.",
    "You manage accounts of unit {unit} only. Please choose it or a unit below it.",
)
LAST = Text(
    "Đây là người quản trị cuối cùng của toàn cơ quan. Xin thêm một người quản trị khác trước.",
    "This is the last administrator of the whole office. Please add another one first.",
)
OWN = Text(
    "Không tự khóa, tự đổi vai trò hay đơn vị của chính mình; xin nhờ một người quản trị khác.",
    "Nobody disables, or changes the role or unit of, their own account; please ask another administrator.",
)
KEPT: Any = object()  # a part of an account that is not to be changed


def list_accounts(office: Office) -> dict[str, Any]:
    """{items: [account …]} of those the actor manages, by name; see `show_account` for what each carries."""
    access.require(office, "manage_accounts")
    with office.database.reading() as connection:
        units = office.units(connection)
        known = [one for one in accounts.load_accounts(connection) if _is_theirs(office, units, one)]
        return {"items": _shown(office, connection, units, known)}


def show_account(office: Office, username: str) -> dict[str, Any]:
    """{username, name, role, role_label, unit, unit_name, state, state_label, must_change, one_time_until, disabled_at,
    held_until, last_seen_at, sessions, own}.

    state: active, waiting (has to choose a password by `one_time_until`), expired (did not), held, disabled.
    """
    access.require(office, "manage_accounts")
    with office.database.reading() as connection:
        units = office.units(connection)
        return _shown(office, connection, units, [_get(office, connection, units, username)])[0]


def add_account(
    office: Office, username: str, *, role: str, unit: str | None = None, name: str | None = None
) -> dict[str, Any]:  # fmt: skip
    """Add an account: {username, name, role, unit, password}; the password is told this once and must be changed."""
    access.require(office, "manage_accounts")
    username = fold_username(username)
    if not USERNAME.fullmatch(username):
        raise BadInput(NOT_A_USERNAME)
    values = {"username": username, "role": _role(role), "name": _name(name)}
    password = passwords.make_one_time()
    kept = passwords.hashed(password)
    with office.database.writing() as connection:
        values["unit"] = _unit(office, office.units(connection), unit)
        if accounts.find_account(connection, username) is not None:
            raise BadInput(THERE_ALREADY, username=username)
        new = {**values, "password_hash": kept, "must_change": True}
        accounts.insert_account(connection, new, office.now(), office.user)
        _record(office, connection, "add_account", username, values["unit"], {"role": values["role"]})
    return {**values, "password": password}


def change_account(
    office: Office, username: str, *, role: str = KEPT, unit: str | None = KEPT, name: str | None = KEPT
) -> dict[str, Any]:  # fmt: skip
    """Change role, unit (None = the whole office) or name; holds from the next click on. The account as shown."""
    access.require(office, "manage_accounts")
    with office.database.writing() as connection:
        units = office.units(connection)
        account = _get(office, connection, units, username)
        wanted = {
            "role": account.role if role is KEPT else _role(role),
            "unit": account.unit if unit is KEPT else _unit(office, units, unit),
            "name": account.name if name is KEPT else _name(name),
        }
        changed = {part: value for part, value in wanted.items() if value != getattr(account, part)}
        if changed.keys() & {"role", "unit"}:
            _not_own(office, account)
            _keep_an_administrator(connection, account)
        if changed:
            accounts.update_account(connection, account.id, changed, office.now(), office.user)
            shown = {part: changed[part] for part in changed.keys() & {"role", "unit"}}
            _record(office, connection, "change_account", account.username, wanted["unit"], shown)
        return _shown(office, connection, units, [_get(office, connection, units, username)])[0]


def reset_password(office: Office, username: str) -> dict[str, Any]:
    """{username, role, unit, password}: a password told this once; every session ends and a lock is lifted."""
    access.require(office, "manage_accounts")
    password = passwords.make_one_time()
    kept = passwords.hashed(password)
    with office.database.writing() as connection:
        account = _get(office, connection, office.units(connection), username)
        now = office.now()
        accounts.update_account(
            connection, account.id, {"password_hash": kept, "must_change": True}, now, office.user
        )  # fmt: skip
        sessions.end_sessions(connection, account.id, now)
        attempts.forget(connection, name_key(account.username))
        _record(office, connection, "password", account.username, account.unit, None)
    return {"username": account.username, "role": account.role, "unit": account.unit, "password": password}


def disable_account(office: Office, username: str) -> dict[str, Any]:
    """The account may no longer sign in, and whoever is at the desk with it is out at once. As shown."""
    access.require(office, "manage_accounts")
    with office.database.writing() as connection:
        units = office.units(connection)
        account = _get(office, connection, units, username)
        _not_own(office, account)
        if account.disabled_at is None:
            _keep_an_administrator(connection, account)
            now = office.now()
            accounts.update_account(connection, account.id, {"disabled_at": now}, now, office.user)
            sessions.end_sessions(connection, account.id, now)
            _record(office, connection, "disable_account", account.username, account.unit, None)
        return _shown(office, connection, units, [_get(office, connection, units, username)])[0]


def enable_account(office: Office, username: str) -> dict[str, Any]:
    """The account may sign in again with the password it had. As shown."""
    access.require(office, "manage_accounts")
    with office.database.writing() as connection:
        units = office.units(connection)
        account = _get(office, connection, units, username)
        if account.disabled_at is not None:
            accounts.update_account(connection, account.id, {"disabled_at": None}, office.now(), office.user)
            attempts.forget(connection, name_key(account.username))
            _record(office, connection, "enable_account", account.username, account.unit, None)
        return _shown(office, connection, units, [_get(office, connection, units, username)])[0]


def end_sessions(office: Office, username: str) -> dict[str, Any]:
    """Whoever is signed in with the account has to do so again. {username, ended}: how many sessions ran."""
    access.require(office, "manage_accounts")
    with office.database.writing() as connection:
        account = _get(office, connection, office.units(connection), username)
        now = office.now()
        running = sessions.running_sessions(connection, now, _idle_since(office)).get(account.id, 0)
        sessions.end_sessions(connection, account.id, now)
        _record(office, connection, "change_account", account.username, account.unit, {"sessions_ended": running})
    return {"username": account.username, "ended": running}


def first_admin(office: Office) -> tuple[str, str] | None:
    """The administrator of an office that has no account yet, (username, one-time password); None where there is one."""
    with office.database.reading() as connection:
        if accounts.is_any_account(connection):
            return None
    password = passwords.make_one_time()
    new = {"username": FIRST, "name": ROLES["quan_tri"].vi, "role": "quan_tri", "unit": None, "must_change": True}
    new["password_hash"] = passwords.hashed(password)
    try:
        with office.database.writing() as connection:
            if accounts.is_any_account(connection):
                return None
            accounts.insert_account(connection, new, office.now(), office.user)
            _record(office, connection, "add_account", FIRST, None, {"role": "quan_tri"})
    except Conflict:
        return None  # another one started at the same moment
    return FIRST, password


def _is_theirs(office: Office, units: Units, account: KnownAccount) -> bool:
    """Whether the actor manages it: the whole office's administrator all, others those of their subtree."""
    if office.actor.unit is None:
        return True
    unit_id = units.by_code.get(account.unit) if account.unit is not None else None
    return unit_id is not None and access.may_see_unit(office, units, unit_id)


def _get(office: Office, connection: Connection, units: Units, username: str) -> KnownAccount:
    """The account; one that is not the actor's to manage is as unknown as one there is not."""
    found = accounts.find_account(connection, fold_username(username))
    if found is None or not _is_theirs(office, units, found):
        raise Unknown(NO_SUCH_ACCOUNT, username=clean(username)[:40])
    return found


def _role(typed: str) -> str:
    for word, label in ROLES.items():
        if fold(typed) in (fold(word), fold(label.vi)):
            return word
    known = ", ".join(f"{word} ({label.vi})" for word, label in ROLES.items())
    raise BadInput(NO_SUCH_ROLE, role=clean(typed)[:40], known=known)


def _name(typed: str | None) -> str | None:
    name = clean(typed or "")
    if len(name) > NAME_AT_MOST:
        raise BadInput(LONG_NAME, most=NAME_AT_MOST)
    return name or None


def _unit(office: Office, units: Units, typed: str | None) -> str | None:
    """The unit an account is to have: within the actor's own, so that nobody is raised above whoever raises them."""
    code = clean(typed or "")
    if code:
        return units.code(access.require_unit(office, units, code))
    if office.actor.unit is not None:
        raise BadInput(ONLY_BELOW, unit=office.actor.unit)
    return None


def _not_own(office: Office, account: KnownAccount) -> None:
    if not office.at_command_line and office.actor.user == account.username:
        raise Refused(text=OWN)


def _keep_an_administrator(connection: Connection, account: KnownAccount) -> None:
    """Refused when nobody would be left to manage the whole office."""
    if accounts.hold_administrators(connection) == [account.username]:
        raise Refused(text=LAST)


def _record(
    office: Office, connection: Connection, action: str, username: str, unit: str | None, detail: dict[str, Any] | None
) -> None:
    access_log.record(office, action, subject=username, unit=unit, detail=detail or None, connection=connection)


STATES = {
    "active": Text("Đang dùng", "Active"),
    "waiting": Text("Chờ đặt mật khẩu", "Has to choose a password"),
    "expired": Text("Mật khẩu cấp đã hết hạn", "The given password ran out"),
    "held": Text("Tạm khóa do nhập sai", "Locked after failures"),
    "disabled": Text("Đã khóa", "Disabled"),
}


def _idle_since(office: Office) -> Any:
    return office.now() - timedelta(minutes=office.settings.desk.idle_minutes)


def _shown(
    office: Office, connection: Connection, units: Units, known: list[KnownAccount]
) -> list[dict[str, Any]]:  # fmt: skip
    now = office.now()
    seen = sessions.last_seen(connection)
    running = sessions.running_sessions(connection, now, _idle_since(office))
    held = attempts.find_blocks(connection, [name_key(one.username) for one in known], now)
    items = []
    for one in known:
        until = held.get(name_key(one.username))
        one_time = one_time_until(office, one)
        state = (
            "disabled" if one.disabled_at else "held" if until
            else "active" if one_time is None else "waiting" if one_time > now else "expired"
        )  # fmt: skip
        unit_id = units.by_code.get(one.unit) if one.unit is not None else None
        items.append(
            {
                "username": one.username,
                "name": one.name,
                "role": one.role,
                "role_label": ROLES[one.role].say(office.lang),
                "unit": one.unit,
                "unit_name": units.name(unit_id, office.today) if unit_id is not None else None,
                "state": state,
                "state_label": STATES[state].say(office.lang),
                "must_change": one.must_change,
                "one_time_until": one_time,
                "disabled_at": one.disabled_at,
                "held_until": until,
                "last_seen_at": seen.get(one.id),
                "sessions": running.get(one.id, 0),
                "own": not office.at_command_line and office.actor.user == one.username,
            }
        )
    return items


def has_own_passwords(office: Office) -> bool:
    """Whether somebody who may sign in has chosen a password; until then the desk stays on its own machine."""
    with office.database.reading() as connection:
        return any(not one.must_change and one.disabled_at is None for one in accounts.load_accounts(connection))
