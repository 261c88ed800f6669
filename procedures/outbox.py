"""Letters that lie in folders: telling those that name a person, and taking the person out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from procedures.channels import write_whole

if TYPE_CHECKING:
    from procedures.office import Office

ERASED = "(đã xóa)"


def take_out(office: Office, code: str, name: str | None, pseudonym: str | None) -> int:
    """How many letters tell of this person; with a pseudonym it takes the place of their code, and their name goes.

    A letter is written anew whole or not at all, under its own name, so that it is not sent twice.
    """
    spoken = re.compile(rb"(?<![\w-])(?:%s)(?![\w-])" % b"|".join({_plain(code), _plain(escape(code))}))
    named = re.compile(b"|".join({_plain(name), _plain(escape(name))})) if name else None
    found = 0
    for file in _letters(office):
        content = file.read_bytes()
        if not spoken.search(content):
            continue
        found += 1
        if pseudonym is not None:
            content = spoken.sub(pseudonym.encode(), content)
            write_whole(file, named.sub(ERASED.encode(), content) if named else content)
    return found


def _letters(office: Office) -> Iterator[Path]:
    for name, channel in office.settings.channels.items():
        if channel.kind == "folder":
            yield from sorted(office.database.beside(name).glob("*.eml"))


def _plain(word: str) -> bytes:
    return re.escape(word).encode()
