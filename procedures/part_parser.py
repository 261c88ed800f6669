"""A part of a workbook taken piece by piece: its texts bounded, no document type, whatever prefix its tags carry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from xml.parsers import expat

LONGEST = 1 << 17  # characters of a cell; Excel takes 32,767


class Overflow(Exception):
    """More than any spreadsheet holds: a file made to fill the memory."""


class PartParser(ABC):
    """Feeds tags to `_start` and `_end`; letters are gathered in `_value` while `_keep` is set."""

    def __init__(self) -> None:
        self._value: list[str] = []
        self._length = 0
        self._keep = False
        self._phonetic = 0  # within reading aids (furigana), which are not kept
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    @abstractmethod
    def _start(self, name: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def _end(self, name: str) -> None: ...

    def _doctype(self, *_: object) -> None:
        raise KeyError("doctype")  # no workbook has one; entities could blow it up

    def _begin(self) -> None:
        """A new text."""
        self._value.clear()
        self._length = 0

    def _characters(self, data: str) -> None:
        if self._keep:
            self._length += len(data)
            if self._length > LONGEST:
                raise Overflow
            self._value.append(data)
