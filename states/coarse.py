"""What stays of an erased person's attributes: for each the coarsest value that falls into the same cells. Pure.

A figure asks an attribute only whether it meets the conditions of breakdowns and filters; a value that meets the very
same ones is as good for every figure and says nothing more of the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from states.breakdowns import AGE, ATTRIBUTES, CODE, NUMBER, YES_NO, Condition, is_unknown
from states.calendar import SINCE_EVER
from states.wording import fold

REST = ("khác", "ngoài các nhóm", "không thuộc nhóm nào")  # for words that no condition asks for by name


def coarse(key: str, value: str | None, conditions: Iterable[Condition]) -> str | None:
    """The coarsest value of this attribute that meets exactly the conditions the value meets; itself if there is none."""
    asked = [one for one in conditions if one.key == key]
    if is_unknown(value) or not asked:
        return None

    def meets(given: str | None) -> tuple[bool, ...]:
        return tuple(one.meets(given) for one in asked)

    wanted = meets(value)
    return next((word for word in _words(key, str(value), asked) if meets(word) == wanted), value)


def _words(key: str, value: str, asked: Sequence[Condition]) -> Iterable[str]:
    """Values to try, the least telling first."""
    kind = ATTRIBUTES[key].kind
    if kind == YES_NO:
        return ("0", "1")
    if kind == CODE:
        return ATTRIBUTES[key].codes
    if kind == NUMBER:
        return map(str, _edges(asked))
    starts = sorted({start for one in asked for start in one.starts if fold(value).startswith(start)}, key=len)
    words = [word for one in asked for word in sorted(one.words) if word == fold(value)]
    return (*REST, *(f"{start} {REST[0]}" for start in starts), *starts, *words)


def _edges(conditions: Iterable[Condition]) -> list[int]:
    """The numbers at which some condition begins or ceases to be met, smallest first."""
    found = {0}
    for one in conditions:
        for first, last in one.ranges:
            found |= {first} if last is None else {first, last + 1}
    return sorted(found)


def age_bands(birth: str, conditions: Iterable[Condition], first: date, last: date) -> list[tuple[date, str]]:
    """(from day, age) for every band of age that a person born then was in between two days; the age is its band's first.

    The band of the first day holds since ever: it says no more than it has to.
    """
    edges = _edges([one for one in conditions if one.key == AGE])
    born = int(birth[:4]) * 12 + int(birth[5:7] or 12)

    def band(on: date) -> int:
        age = (on.year * 12 + on.month - born) // 12
        return max((edge for edge in edges if edge <= age), default=0)

    bands = [(SINCE_EVER, str(band(first)))]
    for edge in edges:
        month = born + edge * 12
        year, number = divmod(month - 1, 12)
        if not 1 <= year <= 9999:
            continue
        reached = date(year, number + 1, 1)
        if first < reached <= last and str(edge) != bands[-1][1]:
            bands.append((reached, str(edge)))
    return bands
