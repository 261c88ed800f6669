"""Backup: everything the database holds, the seal file and config.yaml in one file, whatever the database's kind."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from procedures import access
from procedures.office import Office
from states.errors import BadInput, Installation
from states.wording import Text
from store import backup as tables
from store import migrations, seal_file, seals

FORMAT = 1
MANIFEST = "manifest.json"
TABLE = "tables/{}.jsonl"
SEALS = "seals.jsonl"
CONFIG = "config.yaml"
EXISTS = Text("Tệp {path} đã có; xin chọn tên khác.", "The file {path} exists already; please choose another name.")
NOT_WRITABLE = Text(
    "Không ghi được bản sao lưu {path}: hết chỗ trên đĩa hoặc thiếu quyền.",
    "The backup {path} cannot be written: the disk is full or the permission is missing.",
)
DAMAGED = Text(
    "Dữ liệu trong bảng {table} hỏng nên không sao lưu được. Xin chạy: ketnap verify",
    "The table {table} holds damaged data and cannot be backed up. Please run: ketnap verify",
)


def backup(office: Office, path: Path | str | None = None) -> dict[str, Any]:
    """Write a backup: {path, rows, tables: {name: rows}}. It appears under its name only when it is whole."""
    access.require_whole(office, "run_jobs")
    database = office.database
    database.check()
    target = _target(office, path)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, mode=0o700)
        try:
            counts = _write(office, partial)
            _give_name(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError:
        if target.exists():  # somebody was quicker
            raise BadInput(EXISTS, path=target) from None
        raise Installation(NOT_WRITABLE, path=target) from None
    return {"path": str(target), "rows": sum(counts.values()), "tables": counts}


def _give_name(partial: Path, target: Path) -> None:
    """Rename without ever writing over another file."""
    try:
        os.link(partial, target)
    except (AttributeError, PermissionError, NotImplementedError):  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        partial.rename(target)


def _target(office: Office, path: Path | str | None) -> Path:
    name = f"ketnap-{office.now():%Y%m%dT%H%M%S.%fZ}.zip"
    if path is None:
        return office.database.beside("backups") / name
    target = Path(path).absolute()
    if target.is_dir():
        return target / name
    if target.exists():
        raise BadInput(EXISTS, path=target)
    return target


def _write(office: Office, path: Path) -> dict[str, int]:
    database, seal_lines = office.database, office.database.beside(SEALS)
    with database.writing() as connection:
        seal_file.complete(connection, seal_lines)
    counts: dict[str, int] = {}
    digests: dict[str, str] = {}
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=5) as archive, database.reading() as connection:
            for name in tables.names():
                try:
                    member = TABLE.format(name)
                    counts[name], digests[member] = _put(archive, member, tables.dump(connection, name))
                except (ValueError, TypeError):
                    raise Installation(DAMAGED, table=name) from None
            # No further than this snapshot knows: the file may have grown meanwhile.
            if seal_lines.exists():
                digests[SEALS] = _put(archive, SEALS, _head(seal_lines, seals.filed_to(connection)))[1]
            digests[CONFIG] = _put(archive, CONFIG, [office.settings.path.read_bytes()])[1]
            manifest = {
                "format": FORMAT,
                "revision": migrations.HEAD,
                "database": database.database_id,
                "made_at": office.now().isoformat(),
                "rows": counts,
                "sha256": digests,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())
    return counts


def _put(archive: ZipFile, member: str, parts: Iterable[bytes]) -> tuple[int, str]:
    """Write a member part by part; how many parts, and their digest."""
    digest, count = sha256(), 0
    with archive.open(member, "w", force_zip64=True) as out:
        for part in parts:
            out.write(part)
            digest.update(part)
            count += 1
    return count, digest.hexdigest()


def _head(path: Path, size: int) -> Iterable[bytes]:
    with path.open("rb") as file:
        while size > 0 and (part := file.read(min(size, 1 << 20))):
            size -= len(part)
            yield part
