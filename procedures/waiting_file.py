"""A file that was uploaded and waits to be imported: in a private folder beside the database, its sender's alone."""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from procedures.access import require
from states.errors import BadInput, Installation, Unknown
from states.events import one_line
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

FOLDER = "uploads"
KINDS = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")
HOURS = 24  # what nobody came back for is removed
CHUNK = 1 << 20
LONGEST_NAME = 120
_TOKEN = re.compile(r"[0-9a-f]{32}")

GONE = Text(
    "Tệp này không còn chờ ở đây (đã nhập, đã bỏ hoặc quá 24 giờ). Xin tải lên lại.",
    "This file waits here no more (imported, discarded or after 24 hours). Please upload it again.",
)
WRONG_KIND = Text(
    "Tệp «{name}» không phải dạng đọc được. Xin lưu lại dạng .xlsx (hoặc .csv, .tsv cho một bảng) rồi tải lên.",
    "The file “{name}” is of no kind that is read. Save it as .xlsx (or .csv, .tsv for one table) and upload it again.",
)
TOO_LARGE = Text(
    "Tệp «{name}» lớn hơn {limit} MB. Xin chia nhỏ tệp rồi tải lên từng phần.",
    "The file “{name}” is larger than {limit} MB. Split it and upload the parts.",
)
EMPTY = Text("Tệp «{name}» trống.", "The file “{name}” is empty.")
DISK_FULL = Text(
    "Ổ đĩa của máy chủ đã đầy nên chưa nhận được tệp; chưa ghi gì. Xin báo người quản trị rồi tải lại.",
    "The server's disk is full, so the file was not taken; nothing was written. Tell the administrator and try again.",
)
NO_PLACE = Text(
    "Máy chủ không ghi được tệp tải lên ({why}); chưa ghi gì. Xin báo người quản trị.",
    "The server cannot keep the upload ({why}); nothing was written. Please tell the administrator.",
)


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """One such file. `sheet`: which of our sheets a table of text is, by its sender."""

    token: str
    name: str
    user: str
    path: Path
    sheet: str | None = None


def keep_file(office: Office, name: str, content: IO[bytes], *, sheet: str | None = None) -> WaitingFile:
    """Take a file in, piece by piece; BadInput for a kind that is not read, an empty or too long one.

    Installation where the disk is full or cannot be written; nothing is left then.
    """
    require(office, "import")
    remove_old(office)
    shown = (one_line(Path(name.replace("\\", "/")).name[-LONGEST_NAME:]) or "?").strip()
    kind = Path(shown).suffix.lower()
    if kind not in KINDS:
        raise BadInput(WRONG_KIND, name=shown)
    limit = office.settings.desk.upload_mb
    token = secrets.token_hex(16)
    path = _folder(office) / f"{token}{kind}"
    note = path.with_suffix(".json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        size = 0
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while piece := content.read(CHUNK):
                size += len(piece)
                if size > limit << 20:
                    raise BadInput(TOO_LARGE, name=shown, limit=limit)
                file.write(piece)
        if not size:
            raise BadInput(EMPTY, name=shown)
        told = {"name": shown, "user": office.actor.user, "sheet": sheet}
        with open(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(told, file)
    except BaseException as failure:
        for one in (path, note):
            one.unlink(missing_ok=True)
        if isinstance(failure, OSError):
            raise refused_by_disk(failure) from None
        raise
    return WaitingFile(token, shown, office.actor.user, path, sheet)


def refused_by_disk(failure: OSError) -> Installation:
    """What to say where the machine cannot keep a file."""
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return Installation(DISK_FULL)
    return Installation(NO_PLACE, why=failure.strerror or type(failure).__name__)


def get_file(office: Office, token: str) -> WaitingFile:
    """The file of that token; Unknown for one that is gone or somebody else's."""
    require(office, "import")
    if _TOKEN.fullmatch(token):
        for one in _waiting(office):
            if one.token == token and one.user == office.actor.user:
                return one
    raise Unknown(GONE)


def list_files(office: Office) -> list[WaitingFile]:
    """What the one who asks has left waiting, the latest first."""
    require(office, "import")
    remove_old(office)
    theirs = [one for one in _waiting(office) if one.user == office.actor.user]
    return sorted(theirs, key=lambda one: one.path.stat().st_mtime, reverse=True)


def drop_file(office: Office, token: str) -> None:
    """Remove a file that is done with; one that is gone already is fine."""
    require(office, "import")
    for one in _waiting(office):
        if one.token == token and one.user == office.actor.user:
            _remove(one.path)


def remove_old(office: Office) -> int:
    """Remove what nobody came back for within a day, and halves of files; how many."""
    folder, removed = _folder(office), 0
    if not folder.is_dir():
        return 0
    before = time.time() - HOURS * 3600
    for path in folder.iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < before:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # another was quicker
            continue
    return removed


def _remove(path: Path) -> None:
    path.with_suffix(".json").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _waiting(office: Office) -> Iterator[WaitingFile]:
    folder = _folder(office)
    for note in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        path = next((p for kind in KINDS if (p := note.with_suffix(kind)).is_file()), None)
        try:
            told = json.loads(note.read_text("utf-8"))
            if path is not None:
                yield WaitingFile(note.stem, told["name"], told["user"], path, told["sheet"])
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _folder(office: Office) -> Path:
    return office.database.beside(FOLDER)
