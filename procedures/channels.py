"""The ways out of the office: a folder of .eml files beside the database, and whatever apprise speaks."""

from __future__ import annotations

import contextlib
import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from procedures.letter import Digest, brief, message
from procedures.office import Office
from store.letters import WaitingLetter


class Failed(Exception):
    """A channel did not take a letter; the message is the kind of failure, without addresses and names."""


class Channel(ABC):
    """One way out, as config.yaml names it. `leaves_trace`: it can be seen afterwards whether a letter went."""

    leaves_trace: ClassVar[bool] = False

    def __init__(self, office: Office, name: str) -> None:
        self.office = office
        self.name = name

    @abstractmethod
    def send(self, letter: WaitingLetter, said: Digest) -> None:
        """Carry one letter; Failed when the channel does not take it."""

    def has_carried(self, letter: WaitingLetter) -> bool:
        """Whether the letter can be seen to have gone although nobody wrote it down (a crash in between)."""
        return False


class Folder(Channel):
    """Outbox of .eml files: the letter's message id is the file's name, so the same letter is always the same file."""

    leaves_trace = True

    def __init__(self, office: Office, name: str) -> None:
        super().__init__(office, name)
        self.folder = office.database.beside(name)

    def file(self, letter: WaitingLetter) -> Path:
        """Where the letter lies."""
        return self.folder / f"{letter.message_id}.eml"

    def has_carried(self, letter: WaitingLetter) -> bool:
        return self.file(letter).exists()

    def send(self, letter: WaitingLetter, said: Digest) -> None:
        file = self.file(letter)
        if file.exists():
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(file, message(letter, said).as_bytes())
        except OSError as error:
            raise Failed(f"{type(error).__name__} {error.errno}") from None


class Outside(Channel):
    """A channel that leaves the machine, through apprise; {address} in its url is the recipient's."""

    def send(self, letter: WaitingLetter, said: Digest) -> None:
        import apprise  # only where such a channel is on: it costs half a second

        title, body = brief(self.office, said)
        url = self.office.settings.channels[self.name].url
        way = apprise.Apprise()
        if not way.add(url.replace("{address}", quote(letter.recipient, safe="@"))):
            raise Failed("url")
        if not way.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            raise Failed("refused")


def open_channels(office: Office) -> list[Channel]:
    """The channels config.yaml has switched on, folders first."""
    kinds: dict[str, type[Channel]] = {"folder": Folder, "apprise": Outside}
    on = [(name, settings) for name, settings in office.settings.channels.items() if settings.enabled]
    on.sort(key=lambda one: one[1].kind != "folder")
    return [kinds[settings.kind](office, name) for name, settings in on]


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens meanwhile."""
    passing = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with passing.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        passing.replace(file)
    finally:
        passing.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not every system lets a folder be synced
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
