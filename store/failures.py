"""What a database says when something is wrong, as the errors people can act on. No parameters, no personal data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from states.errors import BadInput, Conflict, Installation, KetnapError
from states.wording import Text

if TYPE_CHECKING:
    from store.database import Database

HELD = Text(
    "Cơ sở dữ liệu đang được tiến trình khác ghi. Xin thử lại sau ít giây.",
    "Another process is writing to the database. Please try again in a few seconds.",
)
MET = Text(
    "Vừa có người ghi cùng nội dung này ({what}). Xin xem lại rồi làm lại.",
    "Somebody has just recorded the same thing ({what}). Please look again, then repeat.",
)
TOO_LARGE = Text("Số đã cho quá lớn; không có gì mang số như vậy.", "The number given is too large; nothing has it.")
NOT_INITIALISED = Text(
    "Cơ sở dữ liệu {database} chưa được khởi tạo. Xin chạy: ketnap init",
    "The database {database} is not initialised. Please run: ketnap init",
)
UNREACHABLE = Text(
    "Không kết nối được cơ sở dữ liệu {database}. Xin kiểm tra địa chỉ, tài khoản và máy chủ.",
    "The database {database} cannot be reached. Please check its address, the account and the server.",
)
NOT_A_DATABASE = Text(
    "Tệp {database} không phải là cơ sở dữ liệu SQLite hoặc đã hỏng.",
    "The file {database} is no SQLite database or is damaged.",
)
NOT_WRITABLE = Text(
    "Không ghi được vào cơ sở dữ liệu {database}: thiếu quyền hoặc đĩa có lỗi. Chưa ghi gì. Xin báo người quản trị.",
    "The database {database} cannot be written: the permission is missing or the disk is failing. Nothing was written. "
    "Please tell the administrator.",
)
FULL = Text(
    "Hết chỗ trên đĩa cho cơ sở dữ liệu {database}. Chưa ghi gì của việc này, sổ vẫn nguyên như trước. "
    "Xin dọn bớt đĩa của máy chủ (hoặc báo người quản trị) rồi làm lại.",
    "The disk has no room left for the database {database}. Nothing of this was written, the book is as it was. "
    "Please make room on the server's disk (or tell the administrator), then do it again.",
)
NO_PLACE = Text(
    "Không tạo được tệp {database}: thư mục chứa nó không phải là thư mục hoặc không cho ghi.",
    "The file {database} cannot be made: where it should lie is no folder or cannot be written.",
)


@contextmanager
def told(database: Database) -> Iterator[None]:
    """Inside, a database's own error leaves as BadInput, Conflict or Installation where the user can act on it."""
    try:
        yield
    except DBAPIError as failure:
        if (error := _translate(failure.orig, database)) is None:
            raise
        raise error from None
    except OverflowError as failure:  # SQLite's driver refuses by itself what its integers cannot hold
        if "SQLite INTEGER" not in str(failure):
            raise
        raise BadInput(TOO_LARGE) from None
    except sqlite3.Error as failure:
        if (error := _translate(failure, database)) is None:
            raise
        raise error from None


def _translate(failure: BaseException | None, database: Database) -> KetnapError | None:
    if isinstance(failure, sqlite3.Error):
        return _sqlite(failure, database)
    return _postgresql(failure, database)


def _sqlite(failure: sqlite3.Error, database: Database) -> KetnapError | None:
    extended = getattr(failure, "sqlite_errorcode", None) or 0
    match extended & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Conflict(HELD)
        case sqlite3.SQLITE_CANTOPEN:
            missing = database.path is None or not database.path.exists()
            return Installation(NOT_INITIALISED if missing else UNREACHABLE, database=database.name)
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return Installation(NOT_A_DATABASE, database=database.name)
        case sqlite3.SQLITE_FULL:
            return Installation(FULL, database=database.name)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return Installation(NOT_WRITABLE, database=database.name)
    if extended in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return Conflict(MET, what=str(failure).rpartition(": ")[2])
    if extended == sqlite3.SQLITE_CONSTRAINT_TRIGGER and str(failure) == "journal has this entry already":
        return Conflict(MET, what="journal.candidate_id, journal.sequence")
    if str(failure).startswith("no such table"):
        return Installation(NOT_INITIALISED, database=database.name)
    return None


def _postgresql(failure: BaseException | None, database: Database) -> KetnapError | None:
    state = getattr(failure, "sqlstate", None)
    match state:
        case "40001" | "40P01" | "55P03":  # serialisation, deadlock, lock not available
            return Conflict(HELD)
        case "22003":  # beyond what the column holds
            return BadInput(TOO_LARGE)
        case "23505":  # unique violation
            return Conflict(MET, what=getattr(getattr(failure, "diag", None), "constraint_name", None) or "")
        case "42P01":  # no such table
            return Installation(NOT_INITIALISED, database=database.name)
        case "53100":  # disk full
            return Installation(FULL, database=database.name)
        case "25006" | "42501":  # read only, no privilege
            return Installation(NOT_WRITABLE, database=database.name)
    # A connection that never stood up or broke has no state, or one of these classes.
    if type(failure).__name__ == "OperationalError" and (state is None or state[:2] in ("08", "28", "3D", "53", "57")):
        return Installation(UNREACHABLE, database=database.name)
    return None
