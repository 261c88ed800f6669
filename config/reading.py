"""YAML as people write it: read strictly, with the line of every value, and one file laid over another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from states.calendar import parse_day
from states.errors import BadInput, Installation
from states.wording import Text

Keys = tuple[Any, ...]  # the keys and list places that lead to a value
Place = tuple[Path, int]  # file and line


@dataclass
class Written:
    """What a file says, and for every value the file and line that says it."""

    data: dict[Any, Any]
    places: dict[Keys, Place] = field(default_factory=dict)

    def wrong(self, path: Keys, text: Text, **values: object) -> Installation:
        """The error about the value at `path`, naming the nearest line that is known."""
        while path not in self.places and path:
            path = path[:-1]
        file, line = self.places[path]
        return _wrong(file, line, text, **values)


def _wrong(file: Path, line: int, text: Text, **values: object) -> Installation:
    return Installation(
        Text("{file}, dòng {line}: " + text.vi, "{file}, line {line}: " + text.en),
        details={"file": str(file), "line": line},
        file=file,
        line=line,
        **values,
    )


def read_yaml(file: Path) -> Written:
    """The mapping in `file`. Doubled keys and everything YAML would silently read as something else are refused."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Installation(Text("Không có tệp {file}.", "There is no file {file}."), file=file) from None
    except UnicodeDecodeError:
        raise Installation(Text("Tệp {file} phải lưu dạng UTF-8.", "{file} is not UTF-8."), file=file) from None
    except OSError as error:
        raise Installation(
            Text("Không đọc được {file}: {why}.", "{file} cannot be read: {why}."), file=file, why=error.strerror
        ) from None
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        if any(row.lstrip(" ").startswith("\t") for row in text.splitlines()[line - 1 : line]):
            spaces = Text("đầu dòng dùng dấu cách, không dùng phím Tab.", "indent with spaces, not with tabs.")
            raise _wrong(file, line, spaces) from None
        raise _wrong(
            file,
            line,
            Text(
                "không đọc được YAML ({why}). Xem lại khoảng cách đầu dòng, dấu hai chấm và dấu ngoặc.",
                "not YAML ({why}). Look at the indentation, colons and quotes.",
            ),
            why=getattr(error, "problem", None) or "YAML",
        ) from None
    written = Written({}, {(): (file, 1)})
    if node is None:
        return written
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(file, 1, Text("tệp phải gồm các dòng «khóa: giá trị».", "the file must be lines of key: value."))
    written.data = _Reader(file, written.places).read(node, ())
    return written


_TRUE_FALSE = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


class _Reader:
    """Turns YAML's nodes into plain data: words in NFC, numbers as int or Decimal, days as date."""

    def __init__(self, file: Path, places: dict[Keys, Place]) -> None:
        self.file = file
        self.places = places
        self.open: list[yaml.Node] = []

    def read(self, node: yaml.Node, path: Keys) -> Any:
        self.places.setdefault(path, (self.file, node.start_mark.line + 1))
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if node in self.open:
            raise _wrong(
                self.file, node.start_mark.line + 1, Text("mục này tự chứa chính nó.", "this contains itself.")
            )
        self.open.append(node)
        if isinstance(node, yaml.SequenceNode):
            items = [self.read(item, (*path, place)) for place, item in enumerate(node.value)]
            self.open.pop()
            return items
        read: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith((":merge", ":null")):
                raise _wrong(self.file, line, Text("khóa phải là một từ.", "a key must be one word."))
            key = self.scalar(key_node)
            if key in read:
                raise _wrong(
                    self.file,
                    line,
                    Text(
                        "khóa «{key}» viết hai lần, lần trước ở dòng {first}; bỏ một trong hai.",
                        "the key {key!r} is doubled, first on line {first}; remove one of the two.",
                    ),
                    key=key_node.value,
                    first=self.places[(*path, key)][1],
                )
            self.places[(*path, key)] = (self.file, line)
            read[key] = self.read(value_node, (*path, key))
        self.open.pop()
        return read

    def scalar(self, node: yaml.ScalarNode) -> Any:
        kind, text = node.tag.rpartition(":")[2], node.value
        if kind == "str":
            return unicodedata.normalize("NFC", text)
        if kind == "null":
            return None
        if kind == "bool" and text in _TRUE_FALSE:
            return _TRUE_FALSE[text]
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "float" and _DECIMAL.fullmatch(text):
            return Decimal(text)
        if kind == "timestamp" and _DAY.fullmatch(text):
            try:
                return parse_day(text)
            except BadInput as error:
                raise _wrong(self.file, node.start_mark.line + 1, error.sentence, **error.values) from None
        raise _wrong(
            self.file,
            node.start_mark.line + 1,
            Text(
                "YAML hiểu {given} khác với chữ viết ra. Nếu là chữ, đặt trong ngoặc kép; nếu là số, bỏ các số 0 "
                "đứng đầu; nếu là đúng sai, viết true hoặc false; nếu là ngày, viết như 2020-06-30.",
                "YAML reads {given} as something else. A word goes in quotes; a number has no leading zero; "
                "a switch is true or false; a day looks like 2020-06-30.",
            ),
            given=text,
        )


def lay_over(shipped: Written, own: Written) -> Written:
    """The installation's lines over the shipped ones: maps merge by key, lists and values replace, null removes."""
    data, places = dict(shipped.data), dict(shipped.places)

    def lay(base: dict[Any, Any], over: Mapping[Any, Any], path: Keys) -> None:
        for key, value in over.items():
            here = (*path, key)
            if isinstance(value, dict) and isinstance(base.get(key), dict):
                base[key] = dict(base[key])
                lay(base[key], value, here)
                continue
            for old in [p for p in places if p[: len(here)] == here]:
                del places[old]
            if value is None:
                base.pop(key, None)
            else:
                base[key] = value

    lay(data, own.data, ())
    return Written(data, places | own.places)
