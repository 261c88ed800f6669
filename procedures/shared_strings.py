"""The texts a workbook keeps in one place, taken piece by piece: what is held is the texts and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.utils.escape import unescape

from procedures.part_parser import Overflow, PartParser

MOST = 4_000_000  # texts; a sheet of Excel has a million rows


def read_strings(pieces: Iterable[bytes]) -> list[str]:
    """The texts in their order, runs joined, reading aids (furigana) left out; Overflow for more than is ever honest."""
    reader = _Reader()
    for piece in pieces:
        reader.parser.Parse(piece, False)
    reader.parser.Parse(b"", True)
    return reader.found


class _Reader(PartParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "t":
            self._keep = self._phonetic == 0
        elif name == "si":
            self._begin()
        elif name == "rPh":
            self._phonetic += 1

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "t":
            self._keep = False
        elif name == "si":
            text = "".join(self._value)
            self.found.append(unescape(text) if "_x" in text else text)
            if len(self.found) > MOST:
                raise Overflow
        elif name == "rPh":
            self._phonetic -= 1
