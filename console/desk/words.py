"""What templates may say and show: words in the reader's language, days, instants and numbers as people here read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

import pendulum
from starlette_admin.i18n import get_locale

from console.desk.badges import status_words
from console.labels import step_label, trigger_label
from states.wording import Text, said

ZONE = "Asia/Ho_Chi_Minh"
NOTHING = "–"
COLUMN = re.compile(r" \[[a-z_]+\]( \(ghi «đủ» khi đã đủ\))?")


def lang() -> str:
    """The language this request is answered in: vi or en."""
    return "en" if get_locale() == "en" else "vi"


def t(vi: str, en: str, **values: object) -> str:
    """A sentence in the reader's language, standing once where it is meant."""
    return Text(vi, en).say(lang(), **values)


def say(text: Text | str | None) -> str:
    """A Text in the reader's language; a string as it is."""
    return text.say(lang()) if isinstance(text, Text) else (text or "")


_COMMAND = re.compile(r"(?:\s*(?:Xem|Để chốt|To close it|First))?:\s*ketnap (?!verify|init|restore|backup)[a-z][^\n]*$")


def without_command(sentence: str) -> str:
    """A message without the command it ends with: at the desk the page itself has the button."""
    cut = _COMMAND.sub("", sentence)
    return cut if cut == sentence or cut.endswith((".", "!", "?")) else f"{cut}."


def day(value: date | str | None) -> str:
    """A day as people read it: 20/03/2026."""
    if isinstance(value, str) and value:
        value = date.fromisoformat(value[:10])
    return str(said(value, lang())) if isinstance(value, date) else NOTHING


def typed_day(value: date | str | None) -> str:
    """A day as it stands in a field; what was typed and is no day stays as it was typed."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    return day(value) if value else ""


def moment(value: datetime | str | None) -> str:
    """An instant in Vietnam's time: 07:30 20/03/2026."""
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    return pendulum.instance(value).in_timezone(ZONE).format("HH:mm DD/MM/YYYY") if value else NOTHING


def number(value: Any) -> str:
    """A number with dots by thousands and a decimal comma (English the other way round); nothing as a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    plain = f"{Decimal(str(value)).normalize():,f}" if not isinstance(value, int) else f"{value:,}"
    return plain if lang() == "en" else plain.replace(",", " ").replace(".", ",").replace(" ", ".")


def reason(said_: str) -> str:
    """A verdict's reason without the workbook's column names ([tan_thanh]) that help at the command line alone."""
    return COLUMN.sub("", said_)


def to(path: str, **query: object) -> str:
    """The address of a page with what it is asked: to("/nguoi/ho-so", ma="LB-1"); what is None is left out."""
    asked = {name: value for name, value in query.items() if value is not None and value != ""}
    return f"{path}?{urlencode(asked)}" if asked else path


GLOBALS: dict[str, Any] = {
    "t": t,
    "say": say,
    "to": to,
    "step_label": lambda step: step_label(step, lang()),
    "status_words": lambda status: status_words(status, lang()),
    "get_locale_display_name": {"vi": "Tiếng Việt", "en": "English"}.get,  # its own writes «Tiếng việt»
    "trigger_label": lambda trigger: trigger_label(trigger, lang()),
}
FILTERS: dict[str, Any] = {
    "day": day,
    "typed_day": typed_day,
    "moment": moment,
    "number": number,
    "reason": reason,
    "say": say,
}
