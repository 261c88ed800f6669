"""A percentage in a cell: which formula over two cells is seen as the very text the report prints."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

AS_IT_IS, CUT, NUMBER = "as_it_is", "cut", "number"


class Shown(NamedTuple):
    """How to put a percentage: by the quotient, by the quotient cut off, or by the number printed; with its decimals."""

    how: str
    value: float
    decimals: int


@lru_cache(maxsize=16_384)
def shown_as(actual: Any, whole: Any, text: str) -> Shown:
    """How `actual` ÷ `whole` is seen as `text` (29,17% · 488,8%) by a program that rounds half up."""
    decimals = len(text.partition(",")[2].rstrip("%"))
    printed = int(text.rstrip("%").replace(".", "").replace(",", ""))
    scale = 10 ** (decimals + 2)
    if actual is not None and whole:
        (over, over_one), (under, under_one) = _ratio(actual), _ratio(whole)
        top, bottom = abs(over * under_one) * scale, abs(under * over_one)
        sign = -1 if (over < 0) != (under < 0) else 1
        if sign * ((2 * top + bottom) // (2 * bottom)) == printed:
            return Shown(AS_IT_IS, sign * top / bottom / scale, decimals)
        if sign * (top // bottom) == printed:
            return Shown(CUT, printed / scale, decimals)
    return Shown(NUMBER, printed / scale, decimals)


def _ratio(value: Any) -> tuple[int, int]:
    return (value, 1) if isinstance(value, int) else Decimal(str(value)).as_integer_ratio()


def read_percent(text: str) -> Decimal:
    """29,17% -> 29.17."""
    return Decimal(text.rstrip("%").replace(".", "").replace(",", "."))
