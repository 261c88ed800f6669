"""Restore: a backup into a database in which nothing has been recorded yet, whatever the kind of either."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from procedures import access
from procedures.backup import FORMAT, MANIFEST, SEALS, TABLE
from procedures.office import Office
from states.errors import BadInput, Installation, Refused
from states.wording import Text
from store import backup as tables
from store import migrations

DAMAGE = (BadZipFile, ZlibError, EOFError, OSError, RuntimeError, NotImplementedError)
WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
NO_BACKUP = Text(
    "Tệp {path} không phải bản sao lưu của ketnap hoặc đã hỏng; chưa ghi gì.",
    "The file {path} is no backup of ketnap or is damaged; nothing was written.",
)
SPOILT = Text(
    "Bản sao lưu {path} hỏng ở phần {part}; chưa ghi gì.",
    "The backup {path} is damaged in {part}; nothing was written.",
)
NOT_THERE = Text("Không có tệp {path}.", "There is no file {path}.")
NOT_EMPTY = Text(
    "Cơ sở dữ liệu {database} đã có dữ liệu. Chỉ phục hồi vào cơ sở dữ liệu mới; xin chọn địa chỉ khác.",
    "The database {database} holds data already. A backup goes only into a new database; please choose another address.",
)
OTHER_REVISION = Text(
    "Bản sao lưu ở phiên bản dữ liệu {found}, chương trình này ở {needed}. Xin phục hồi bằng đúng bản chương trình đã "
    "sao lưu, rồi chạy ketnap init bằng bản mới.",
    "The backup stands at revision {found}, this program at {needed}. Please restore with the program that made it, then "
    "run ketnap init with the new one.",
)


def restore(office: Office, path: Path | str) -> dict[str, Any]:
    """Load a backup: {path, rows, tables: {name: rows}}. All or nothing; the seal file is put beside the database."""
    access.require_whole(office, "run_jobs")
    source, database = Path(path), office.database
    seals: Path | None = None
    with _opened(source) as backup:
        backup.check()
        database.init()
        try:
            with database.writing() as connection:
                if not tables.is_empty(connection):
                    raise Refused(text=NOT_EMPTY, database=database.name)
                counts: dict[str, int] = {}
                for name in tables.names():
                    with backup.member(TABLE.format(name)) as lines:
                        counts[name] = tables.load(connection, name, lines)
                    backup.expect(counts[name] == backup.rows.get(name), name)
                tables.go_on_counting(connection)
                seals = _put_seals(backup, database.beside(SEALS))
        except BaseException:
            if seals is not None:  # placed, and then the commit failed
                seals.unlink(missing_ok=True)
            raise
    return {"path": str(source), "rows": sum(counts.values()), "tables": counts}


class Backup:
    """A backup file being read; every part is measured against the digest it was written with."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self.path, self.archive = path, archive
        manifest = json.loads(archive.read(MANIFEST))
        self.revision: str = manifest["revision"]
        self.rows: dict[str, int] = manifest["rows"]
        self._digests: dict[str, str] = manifest["sha256"]
        if manifest["format"] != FORMAT:
            raise ValueError("another format")

    def holds(self, member: str) -> bool:
        """Whether the backup was made with this part."""
        return member in self._digests

    def check(self) -> None:
        """BadInput unless every part is there and is what was written."""
        self.expect(self.rows.keys() == set(tables.names()), MANIFEST)
        for name in dict.fromkeys([*(TABLE.format(table) for table in tables.names()), *self._digests]):
            with self.member(name) as lines:
                deque(lines, maxlen=0)

    def expect(self, holds: bool, part: str) -> None:
        """BadInput that names the part unless `holds`."""
        if not holds:
            raise BadInput(SPOILT, path=self.path, part=part)

    @contextmanager
    def member(self, name: str) -> Iterator[Iterator[bytes]]:
        """The lines of a part; at the end of the block it must have been read whole and be what was written."""
        digest = sha256()

        def lines(file: IO[bytes]) -> Iterator[bytes]:
            for line in file:
                digest.update(line)
                yield line

        try:
            with self.archive.open(name) as file:
                yield lines(file)
        except (*DAMAGE, KeyError, ValueError):
            raise BadInput(SPOILT, path=self.path, part=name) from None
        self.expect(digest.hexdigest() == self._digests.get(name), name)


@contextmanager
def _opened(path: Path) -> Iterator[Backup]:
    if not path.is_file():
        raise BadInput(NOT_THERE, path=path)
    try:
        archive = ZipFile(path)
        backup = Backup(path, archive)
    except (*DAMAGE, KeyError, ValueError, TypeError):
        raise BadInput(NO_BACKUP, path=path) from None
    with archive:
        if backup.revision != migrations.HEAD:
            raise Installation(OTHER_REVISION, found=backup.revision, needed=migrations.HEAD)
        yield backup


def _put_seals(backup: Backup, target: Path) -> Path | None:
    """Write the seal file whole and durable; one that lies there already is set aside, never overwritten."""
    if not backup.holds(SEALS):
        return None
    if target.exists():
        target.rename(target.with_name(f"{target.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%f}.old"))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.part")
    try:
        with backup.member(SEALS) as lines, open(os.open(partial, WRITE_NEW, 0o600), "wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
