"""Signing in and out of the desk: one answer for every failure, names and addresses held up, sessions that run out."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import pendulum

from procedures import access_log, passwords
from procedures.office import ZONE, Office
from states.errors import BadInput, Conflict, Installation, KetnapError
from states.roles import Actor
from states.wording import Text
from store import attempts, sessions
from store.accounts import KnownAccount, find_account, renew_hash, update_account
from store.base import Connection

ADDRESS_WINDOW = timedelta(minutes=15)
NAME_WINDOW = timedelta(hours=24)  # failures under a name count together for a day
SEEN_EVERY = timedelta(minutes=1)  # how exactly a session's last use is kept
KEEP = timedelta(days=90)  # of sessions that are over
NOBODY = Actor("–", "–")  # who typed a name there is not; what they typed may be a password, and is kept nowhere

WRONG = Text(
    "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang khóa. Sai nhiều lần thì phải đợi; quên mật khẩu "
    "thì nhờ người quản trị đặt lại.",
    "Wrong username or password, or the account is disabled. After several failures you have to wait; if you forgot "
    "the password, ask the administrator to set a new one.",
)
EXPIRED = Text(
    "Mật khẩu dùng một lần này đã hết hạn từ {on}. Xin nhờ người quản trị cấp mật khẩu mới: trang Người dùng, hoặc trên "
    "máy chủ gõ `ketnap user password {username}`.",
    "This one-time password ran out on {on}. Please ask the administrator for a new one: the page Accounts, or "
    "`ketnap user password {username}` on the server.",
)
NAME_HELD = Text(
    "Tên đăng nhập này đã nhập sai nhiều lần nên tạm khóa. Xin thử lại từ {at}, hoặc nhờ người quản trị đặt lại mật khẩu.",
    "This username is locked after several failures. Please try again from {at}, or ask the administrator for a new password.",
)
ADDRESS_HELD = Text(
    "Từ máy hoặc mạng này đã đăng nhập sai quá nhiều lần. Xin thử lại từ {at}.",
    "Too many failures to sign in came from this machine or network. Please try again from {at}.",
)
WRONG_CURRENT = Text("Mật khẩu đang dùng không đúng.", "The current password is not right.")
SAME = Text("Mật khẩu mới phải khác mật khẩu đang dùng.", "The new password must differ from the current one.")
MOVED = Text(
    "Mật khẩu vừa được đổi ở nơi khác. Xin đăng nhập lại.",
    "The password was just changed elsewhere. Please sign in again.",
)


class HeldUp(KetnapError):
    """Too many failures: no password is looked at before `until`, the right one included."""

    kind = "held_up"
    exit_code = 2

    def __init__(self, text: Text, until: datetime, now: datetime) -> None:
        self.seconds = max(1, int((until - now).total_seconds()) + 1)
        at = pendulum.instance(until + timedelta(seconds=59)).in_timezone(ZONE).format("HH:mm")
        super().__init__(text, at=at, details={"until": until.isoformat()})


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody signed in, as their account is now."""

    session_id: int
    account_id: int
    username: str
    name: str | None
    role: str
    unit: str | None
    must_change: bool

    @property
    def actor(self) -> Actor:
        """Who they are to the procedures."""
        return Actor(self.username, self.role, self.unit)


def fold_username(typed: str) -> str:
    """A username as accounts keep it: whichever case and width it was typed in."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def sign_in(office: Office, username: str, password: str, *, address: str, old_token: str | None = None) -> str:
    """The token of a new session; the one the browser had before ends. BadInput or HeldUp, the same for every name.

    Whether the name is unknown, the password wrong or the account disabled: one password is hashed, the same is
    written, the same is said. A name that is held up says until when, whether there is such an account or not.
    Only who knows a one-time password is told that it ran out.
    """
    name = fold_username(username)
    spare = passwords.decoy()
    account = _begin(office, name, address)
    right, renewed = passwords.matches(password, account.password_hash if account else spare)
    said = BadInput(WRONG)
    if account is not None and right and account.disabled_at is None:
        until = one_time_until(office, account)
        if until is not None and until <= office.now():
            said = BadInput(EXPIRED, on=pendulum.instance(until).in_timezone(ZONE).date(), username=account.username)
        elif (token := _seat(office, account, renewed, address, old_token)) is not None:
            return token
    by = Actor(account.username, account.role, account.unit) if account else NOBODY
    access_log.record(office, "sign_in_failed", by=by, detail={"address": address})
    raise said


def one_time_until(office: Office, account: KnownAccount) -> datetime | None:
    """When the password that was given to them runs out; None for one they chose."""
    days = timedelta(days=office.settings.desk.one_time_password_days)
    return account.password_at + days if account.must_change else None


def find_seat(office: Office, token: str | None) -> Seat | None:
    """Who holds this token now; None once it ended, ran out, lay idle too long or the account was disabled."""
    if not token:
        return None
    now, idle = office.now(), timedelta(minutes=office.settings.desk.idle_minutes)
    with office.database.reading() as connection:
        found = sessions.find_running(connection, digest(token), now, now - idle)
    if found is None:
        return None
    if now - found.last_seen_at >= min(SEEN_EVERY, idle / 2):
        try:
            with office.database.writing(wait=False) as connection:
                sessions.touch_session(connection, found.id, now)
        except (Conflict, Installation):
            pass  # somebody writes just now, or there is no room to: the next request notes it
    return Seat(found.id, found.account_id, found.username, found.name, found.role, found.unit, found.must_change)


def sign_out(office: Office, token: str) -> None:
    """End the session; nothing happens to one that has ended."""
    seat = find_seat(office, token)
    with office.database.writing() as connection:
        if sessions.end_session(connection, digest(token), office.now()) and seat is not None:
            access_log.record(office, "sign_out", by=seat.actor, connection=connection)


def change_password(office: Office, seat: Seat, current: str | None, new: str, *, address: str) -> str:
    """The account's new password, chosen by its owner; all its sessions end, and the token of a new one comes back.

    `current` is asked unless the password was given to them: they have just typed that one. BadInput, HeldUp.
    """
    with office.database.reading() as connection:
        account = find_account(connection, seat.username)
    if account is None:
        raise Conflict(MOVED)
    passwords.check_password(new, office.settings.desk.password_length, account.username, account.name)
    if not account.must_change:
        _begin(office, account.username, address)
        if not passwords.matches(current or "", account.password_hash)[0]:
            raise BadInput(WRONG_CURRENT)
    if passwords.matches(new, account.password_hash)[0]:
        raise BadInput(SAME)
    kept = passwords.hashed(new)
    now = office.now()
    with office.database.writing() as connection:
        latest = find_account(connection, seat.username)
        if latest is None or latest.password_hash != account.password_hash or latest.disabled_at is not None:
            raise Conflict(MOVED)
        update_account(connection, account.id, {"password_hash": kept, "must_change": False}, now, seat.username)
        sessions.end_sessions(connection, account.id, now)
        if not account.must_change:
            _forgive(connection, account.username, address)
        access_log.record(office, "password", subject=seat.username, by=seat.actor, connection=connection)
        return _open(office, connection, account.id, now)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def name_key(username: str) -> str:
    """Under what failures of a name are counted."""
    return hashlib.sha256(f"name:{username}".encode()).hexdigest()


def address_key(address: str) -> str:
    """Under what failures from an address are counted."""
    return hashlib.sha256(f"address:{address}".encode()).hexdigest()


def _begin(office: Office, name: str, address: str) -> KnownAccount | None:
    """Count the attempt before the password is looked at, so that many at once are no way around the lock."""
    now, desk = office.now(), office.settings.desk
    with office.database.writing() as connection:
        account = find_account(connection, name)
        key = address_key(address)
        tried = attempts.count_attempt(connection, key, now, now - ADDRESS_WINDOW)
        if tried is None:
            raise HeldUp(ADDRESS_HELD, attempts.find_blocks(connection, [key], now)[key], now)
        if tried.failures >= desk.address_failures:
            attempts.block(connection, key, tried.first_at + ADDRESS_WINDOW)
        key = name_key(name)
        tried = attempts.count_attempt(connection, key, now, now - NAME_WINDOW)
        if tried is None:
            raise HeldUp(NAME_HELD, attempts.find_blocks(connection, [key], now)[key], now)
        if tried.failures >= desk.lock_after:
            doubled = desk.lock_minutes * 2 ** min(tried.failures - desk.lock_after, 20)
            attempts.block(connection, key, now + timedelta(minutes=min(doubled, desk.lock_minutes_most)))
            by = Actor(account.username, account.role, account.unit) if account else NOBODY
            detail = {"address": address, "failures": tried.failures}
            access_log.record(office, "locked_out", by=by, detail=detail, connection=connection)
    return account


def _seat(
    office: Office, account: KnownAccount, renewed: str | None, address: str, old_token: str | None
) -> str | None:  # fmt: skip
    """Begin a session of the account whose password was right; None where it is disabled or was changed meanwhile."""
    now = office.now()
    with office.database.writing() as connection:
        latest = find_account(connection, account.username)
        if latest is None or latest.disabled_at is not None or latest.password_hash != account.password_hash:
            return None
        if renewed is not None:
            renew_hash(connection, account.id, account.password_hash, renewed)
        if old_token:
            sessions.end_session(connection, digest(old_token), now)
        _forgive(connection, account.username, address)
        attempts.forget_old(connection, now - 2 * NAME_WINDOW, now)
        sessions.forget_sessions(connection, now - KEEP)
        by = Actor(latest.username, latest.role, latest.unit)
        access_log.record(office, "sign_in", by=by, detail={"address": address}, connection=connection)
        return _open(office, connection, account.id, now)


def _open(office: Office, connection: Connection, account_id: int, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=office.settings.desk.session_hours)
    sessions.insert_session(connection, digest(token), account_id, now, expires_at)
    return token


def _forgive(connection: Connection, username: str, address: str) -> None:
    attempts.forgive(connection, address_key(address))
    attempts.forget(connection, name_key(username))
