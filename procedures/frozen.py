"""A report as a closing keeps it: one text, its keys in their order and every number exact, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from states.wording import Text

DECIMAL, FRACTION, DAY, INSTANT = "$decimal", "$fraction", "$day", "$instant"
_READ: dict[str, Callable[[str], Any]] = {
    DECIMAL: Decimal,
    FRACTION: Fraction,
    DAY: date.fromisoformat,
    INSTANT: datetime.fromisoformat,
}


def freeze(result: Any, lang: str) -> str:
    """The text of a result. TypeError for what has no exact spelling (a float) and what no result holds."""
    return json.dumps(_plain(result, lang), ensure_ascii=False, separators=(",", ":"))


def thaw(text: str) -> Any:
    """What `freeze` was given; sentences stay in the language they were frozen in."""
    return json.loads(text, object_hook=_read)


def _plain(value: Any, lang: str) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    if isinstance(value, Fraction):
        return {FRACTION: str(value)}
    if isinstance(value, datetime):
        return {INSTANT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, Text):
        return value.say(lang)
    if isinstance(value, Mapping):
        return {str(key): _plain(one, lang) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, lang) for one in value]
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def _read(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        ((key, value),) = found.items()
        if key in _READ:
            return _READ[key](value)
    return found
