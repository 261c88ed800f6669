"""Breakdowns and filters: the dated attributes figures are told apart by, the cell a value falls into, what is hidden.

A filter (`where:` of an indicator) and a cell of a breakdown are the same thing: a condition on one attribute as it
was on the day that counts. What is not known meets no condition; a breakdown shows it as a cell of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from states.errors import BadInput
from states.figures import Number
from states.wording import Text, fold

PERSON, UNIT = "person", "unit"
YES_NO, CODE, WORDS, NUMBER = "yes_no", "code", "words", "number"
AGE, KIND = "tuoi", "loai"
EDUCATION = ("mu_chu", "tieu_hoc", "thcs", "thpt", "trung_cap", "cao_dang", "dai_hoc", "thac_si", "tien_si")


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is recorded of a person or a unit from a day on, by the workbook's column."""

    of: str  # person, unit
    kind: str  # yes_no, code, words, number
    codes: tuple[str, ...] = ()


ATTRIBUTES: Mapping[str, Attribute] = {
    "gioi_tinh": Attribute(PERSON, CODE, ("nu", "nam")),
    AGE: Attribute(PERSON, NUMBER),  # completed years on the day that counts, by calendar months (294-QĐ/TW 1.1)
    "dan_toc": Attribute(PERSON, WORDS),
    "ton_giao": Attribute(PERSON, WORDS),
    "nghe_nghiep": Attribute(PERSON, WORDS),
    "doan_vien": Attribute(PERSON, YES_NO),
    "cong_doan_vien": Attribute(PERSON, YES_NO),
    "truc_tiep_san_xuat": Attribute(PERSON, YES_NO),
    "hoc_van": Attribute(PERSON, CODE, EDUCATION),
    KIND: Attribute(UNIT, CODE),
    "co_to_chuc_dang": Attribute(UNIT, YES_NO),
    "co_doan": Attribute(UNIT, YES_NO),
    "co_cong_doan": Attribute(UNIT, YES_NO),
    "khu_vuc": Attribute(UNIT, WORDS),
    "so_dang_vien": Attribute(UNIT, NUMBER),
    "so_lao_dong": Attribute(UNIT, NUMBER),
}
STOCKS = ("so_dang_vien", "so_lao_dong")  # numbers units have that can be added up

UNKNOWN, OTHER = "chua_ro", "khac"
UNKNOWN_LABEL = Text("Chưa rõ", "Not known")
OTHER_LABEL = Text("Khác", "Other")
HIDDEN = "…"

_RANGE = re.compile(r"(\d{1,7})(?:-(\d{1,7})|(\+))?")
NOT_RANGE = Text(
    "«{key}» ghi khoảng như 18-30, 61+ hoặc một số, không phải «{given}».",
    "{key!r} takes a range such as 18-30, 61+ or a number, not {given!r}.",
)
NOT_YES_NO = Text("«{key}» ghi true hoặc false, không phải «{given}».", "{key!r} takes true or false, not {given!r}.")
NOT_CODE = Text("«{key}» không có «{given}»; được dùng: {known}.", "{key!r} knows no {given!r}; allowed: {known}.")
NOT_WORD = Text("«{key}» phải ghi chữ, không phải «{given}».", "{key!r} takes words, not {given!r}.")
NOTHING = Text("«{key}» để trống; xin điền.", "{key!r} is empty; fill it in.")
ONLY_NOT = Text(
    "«{key}» ghi giá trị, danh sách hoặc {{not: …}}.", "{key!r} takes a value, a list of values or {{not: …}}."
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What an attribute must be: one of these words (folded), words that start so, or within one of these ranges."""

    key: str
    words: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int | None], ...] = ()
    negated: bool = False

    @property
    def of(self) -> str:
        """Whether the attribute is a person's or a unit's."""
        return ATTRIBUTES[self.key].of

    def meets(self, value: str | int | None) -> bool:
        """Whether a value meets it; what is not known meets nothing, not even a `not`."""
        if is_unknown(value):
            return False
        if ATTRIBUTES[self.key].kind == NUMBER:
            number = int(value or 0)
            found = any(first <= number and (last is None or number <= last) for first, last in self.ranges)
        else:
            word = fold(str(value))
            found = word in self.words or (bool(self.starts) and word.startswith(self.starts))
        return found is not self.negated


def exclude(one: Condition, other: Condition) -> bool:
    """Whether no value meets both conditions on one attribute. Two negated ones of words or numbers never do that."""
    kind = ATTRIBUTES[one.key].kind
    if kind == YES_NO:
        return not any(one.meets(value) and other.meets(value) for value in ("0", "1"))
    if one.negated:
        one, other = other, one
    if one.negated:
        return False
    if kind == NUMBER:
        if other.negated:
            return all(any(_within(a, b) for b in other.ranges) for a in one.ranges)
        return not any(_overlap(a, b) for a in one.ranges for b in other.ranges)
    if other.negated:
        return not any(map(other.meets, one.words)) and all(a.startswith(other.starts or ("\0",)) for a in one.starts)
    return not (
        any(map(other.meets, one.words))
        or any(map(one.meets, other.words))
        or any(a.startswith(b) or b.startswith(a) for a in one.starts for b in other.starts)
    )


def _within(inner: tuple[int, int | None], outer: tuple[int, int | None]) -> bool:
    return outer[0] <= inner[0] and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def _overlap(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])


def is_unknown(value: str | int | None) -> bool:
    """Whether nothing is known: no value, an empty one, or a number that is none."""
    return value is None or value in {"", "?"}


def read_condition(key: str, given: Any, kinds: Collection[str] = ()) -> Condition:
    """A condition as config.yaml writes it: a value, a list of values or {not: …}; BadInput says what is wrong.

    Words are compared without case and accents; one that ends in * is the beginning of a word. `kinds`: the unit kinds.
    """
    if isinstance(given, dict):
        if set(given) != {"not"}:
            raise BadInput(ONLY_NOT, key=key)
        return _read(key, given["not"], kinds, negated=True)
    return _read(key, given, kinds)


def _read(key: str, given: Any, kinds: Collection[str], *, negated: bool = False) -> Condition:
    attribute = ATTRIBUTES[key]
    values = given if isinstance(given, list) else [given]
    if not values or any(value is None or value == "" for value in values):
        raise BadInput(NOTHING, key=key)
    if attribute.kind == NUMBER:
        return Condition(key, ranges=tuple(_range(key, value) for value in values), negated=negated)
    if attribute.kind == YES_NO:
        return Condition(key, words=frozenset(_yes_no(key, value) for value in values), negated=negated)
    words: set[str] = set()
    starts: list[str] = []
    known = {fold(code): code for code in (attribute.codes or kinds)} if attribute.kind == CODE else {}
    for value in values:
        if not isinstance(value, str) or not fold(value):
            raise BadInput(NOT_WORD, key=key, given=_spoken(value))
        if attribute.kind == CODE and fold(value) not in known:
            raise BadInput(NOT_CODE, key=key, given=value, known=", ".join(known.values()))
        if value.endswith("*"):
            starts.append(fold(value))
        else:
            words.add(fold(value))
    return Condition(key, frozenset(words), tuple(starts), negated=negated)


def _range(key: str, value: Any) -> tuple[int, int | None]:
    found = None if isinstance(value, bool) else _RANGE.fullmatch("".join(str(value).split()))
    if found is None:
        raise BadInput(NOT_RANGE, key=key, given=_spoken(value))
    first, last, open_ended = found.groups()
    end = None if open_ended else int(last or first)
    if end is not None and end < int(first):
        raise BadInput(NOT_RANGE, key=key, given=value)
    return int(first), end


def _yes_no(key: str, value: Any) -> str:
    if not isinstance(value, bool) and str(value) not in ("0", "1"):
        raise BadInput(NOT_YES_NO, key=key, given=_spoken(value))
    return str(int(value))


def _spoken(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


# ---------------------------------------------------------------------- breakdowns


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; without a condition it takes every known value that falls into no other cell."""

    value: str
    label: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How figures are told apart by one attribute."""

    name: str
    label: str
    key: str
    cells: tuple[Cell, ...]

    def cell_of(self, value: str | int | None) -> str:
        """The cell a value falls into: a declared one, `khac` (known, but none of them) or `chua_ro`."""
        if is_unknown(value):
            return UNKNOWN
        for cell in self.cells:
            if cell.condition is not None and cell.condition.meets(value):
                return cell.value
        return next((cell.value for cell in self.cells if cell.condition is None), OTHER)

    def tally(
        self, counts: Iterable[tuple[str | int | None, Number]], total: Number, lang: str = "vi"
    ) -> list[tuple[str, str, Number]]:
        """(cell, label, count) of every cell in order; they sum to `total`: what `counts` leaves open is not known."""
        found: dict[str, Number] = {}
        for value, count in counts:
            cell = self.cell_of(value)
            found[cell] = found.get(cell, 0) + count
        found[UNKNOWN] = found.get(UNKNOWN, 0) + total - sum(found.values(), start=0)
        cells = [(cell.value, cell.label, found.get(cell.value, 0)) for cell in self.cells]
        if found.get(OTHER):
            cells.append((OTHER, OTHER_LABEL.say(lang), found[OTHER]))
        return [*cells, (UNKNOWN, UNKNOWN_LABEL.say(lang), found[UNKNOWN])]


def hidden(counts: Sequence[Number], smallest: int) -> frozenset[int]:
    """The places of the cells that are not shown to who may not see people: counts from 1 to `smallest` - 1.

    One hidden cell could be had by subtracting the others from the total, so the least of the rest is hidden with it
    (all that are equally small: which of two equals was hidden would give it away). Where nothing but small cells adds
    up to the total, or the total itself is small, every cell is hidden.
    """
    small = frozenset(place for place, count in enumerate(counts) if 0 < count < smallest)
    rest = [count for count in counts if count >= smallest]
    if not small:
        return small
    if not rest or sum(counts, start=0) < smallest:
        return frozenset(range(len(counts)))
    return small | {place for place, count in enumerate(counts) if count == min(rest)}
