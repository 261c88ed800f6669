"""The texts a workbook keeps in one place, taken piece by piece: what is held is the texts and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from openpyxl.utils.escape import unescape

from procedures.sheet_reader import LONGEST, Overflow

MOST = 4_000_000  # texts; a sheet of Excel has a million rows


def read_strings(pieces: Iterable[bytes]) -> list[str]:
    """The texts in their order, runs joined, reading aids (furigana) left out; Overflow for more than is ever honest."""
    reader = _Reader()
    for piece in pieces:
        reader.parser.Parse(piece, False)
    reader.parser.Parse(b"", True)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._length = 0
        self._keep = False
        self._phonetic = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise KeyError("doctype")  # no workbook has one; entities could blow it up

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "t":
            self._keep = self._phonetic == 0
        elif name == "si":
            self._pieces.clear()
            self._length = 0
        elif name == "rPh":
            self._phonetic += 1

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "t":
            self._keep = False
        elif name == "si":
            text = "".join(self._pieces)
            self.found.append(unescape(text) if "_x" in text else text)
            if len(self.found) > MOST:
                raise Overflow
        elif name == "rPh":
            self._phonetic -= 1

    def _characters(self, data: str) -> None:
        if self._keep:
            self._length += len(data)
            if self._length > LONGEST:
                raise Overflow
            self._pieces.append(data)
