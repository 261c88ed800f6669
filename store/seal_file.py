"""The seal file: JSON lines outside the database, only ever added to: a seal's line, its heads, the next seal.

The table comes first, the file after the commit; a seal cut off in between is completed from the table by whoever looks
next. What stands in the file is never taken away: a strange tail stays, and verify names it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from states.chain import canonical
from states.errors import Installation
from states.wording import Text
from store import seals

NOT_WRITABLE = Text(
    "Không ghi được tệp niêm phong {path}: hết chỗ trên đĩa hoặc thiếu quyền.",
    "The seal file {path} cannot be written: the disk is full or the permission is missing.",
)
NOT_READABLE = Text("Không đọc được tệp niêm phong {path}.", "The seal file {path} cannot be read.")


def complete(connection: Connection, path: Path) -> None:
    """Write to the file every seal it does not have yet; inside a writing block, so that nobody else does it too."""
    seals.lock(connection)
    while (seal := seals.find_unfiled(connection)) is not None:
        try:
            size = _add(connection, path, seal, seals.filed_to(connection))
        except OSError:
            raise Installation(NOT_WRITABLE, path=path) from None
        seals.mark_filed(connection, seal.id, size)


def _add(connection: Connection, path: Path, seal: Row[Any], end: int) -> int:
    """Append a seal behind `end`, where the one before it ends; the file's new size."""

    def lines() -> Iterator[bytes]:
        return chain([seals.seal_line(dict(seal._mapping))], seals.head_lines(connection, seal.id))

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = not path.exists()
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        done = _standing(file, end, size, lines())
        if done is None and size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.seek(0, os.SEEK_END)
        skip = done or 0
        for line in lines():
            if skip < len(line):
                file.write(line[skip:])
            skip = max(0, skip - len(line))
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    if new:
        _sync_folder(path.parent)
    return size


def _standing(file: Any, end: int, size: int, lines: Iterator[bytes]) -> int | None:
    """How many bytes of `lines` already stand behind `end`; None where the file's tail is something else."""
    if size < end:
        return None
    file.seek(end)
    left = size - end
    for line in lines:
        if not left:
            break
        here = file.read(len(line))
        if here != line[: len(here)]:
            return None
        left -= len(here)
    return None if left else size - end


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable, where the system knows how."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(slots=True)
class Head:
    """A candidate's head as the file has it."""

    candidate_id: int
    code: str
    sequence: int
    hash: str


@dataclass(slots=True)
class SealedAct:
    """An act of closing as the file has it."""

    id: int
    unit: str
    period: str
    sequence: int
    hash: str


@dataclass(slots=True)
class FiledSeal:
    """A seal as the file has it; `whole` is False when its lines are not what its digest says."""

    number: int
    digest: str
    previous: str
    whole: bool


@dataclass(slots=True)
class Strange:
    """A line that belongs to no seal."""

    line: int


@dataclass(slots=True)
class _Open:
    """The seal whose lines are being read."""

    content: dict[str, Any]
    left: int
    digest: Any = field(default=None)


def read(path: Path) -> Iterator[Head | SealedAct | FiledSeal | Strange]:
    """The file from the start, line by line: a seal's heads and acts, then the seal. Nothing in it makes this raise."""
    current: _Open | None = None
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed below; its absence is the caller's to judge
    except OSError:
        raise Installation(NOT_READABLE, path=path) from None
    with file:
        for number, line in enumerate(file, start=1):
            content = _parse(line)
            if content is not None and "seal" in content:
                if current is not None:
                    yield _closed(current)
                current = _opened(content)
                if current is None:
                    yield Strange(number)
            elif current is None or current.left == 0 or content is None:
                if current is not None and current.left:
                    current.left -= 1  # a spoilt line of a seal: the digest says so
                    current.digest.update(line)
                else:
                    yield Strange(number)
            else:
                current.left -= 1
                current.digest.update(line)
                if "closing" in content:
                    yield SealedAct(*(content[key] for key in _SHAPES["closing"]))
                else:
                    yield Head(*(content[key] for key in _SHAPES["candidate"]))
            if current is not None and current.left == 0:
                yield _closed(current)
                current = None
    if current is not None:
        yield _closed(current)


_SHAPES: dict[str, dict[str, type]] = {  # by the key that tells a line's kind
    "seal": {"seal": int, "heads": int, "digest": str, "previous": str},
    "closing": {"closing": int, "unit": str, "period": str, "sequence": int, "hash": str},
    "candidate": {"candidate": int, "code": str, "sequence": int, "hash": str},
}


def _parse(line: bytes) -> dict[str, Any] | None:
    """A line's content when it has the shape of one of ours."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not line.endswith(b"\n"):
        return None
    shape = next((shape for key, shape in _SHAPES.items() if key in content), _SHAPES["candidate"])
    return content if all(type(content.get(key)) is kind for key, kind in shape.items()) else None


def _opened(content: dict[str, Any]) -> _Open | None:
    covered = {key: value for key, value in content.items() if key != "digest"}
    try:
        form = canonical(covered).encode() + b"\n"
    except (TypeError, ValueError, RecursionError):
        return None
    return _Open(content, content["heads"], sha256(form))


def _closed(seal: _Open) -> FiledSeal:
    whole = seal.left == 0 and seal.digest.hexdigest() == seal.content["digest"]
    return FiledSeal(seal.content["seal"], seal.content["digest"], seal.content["previous"], whole)
