"""Which periods stand beside the one asked for: by code, the same period a year before, the term so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from states.errors import BadInput
from states.periods import TERM, Period, parse_period
from states.wording import Text, fold, listed

SAME_PERIOD, TERM_SO_FAR = "cung_ky", "nhiem_ky"

Terms = Mapping[str, tuple[date, date]]

NO_TERM = Text(
    "Chưa khai báo nhiệm kỳ nào có ngày {day}. Xin thêm vào mục terms của config.yaml.",
    "No term with the day {day} is declared. Add it to terms in config.yaml.",
)
NO_TERM_BEFORE = Text(
    "Chưa khai báo nhiệm kỳ nào trước {code}. Xin thêm vào mục terms của config.yaml.",
    "No term before {code} is declared. Add it to terms in config.yaml.",
)
SO_FAR = Text("{period} (đến {day})", "{period} (until {day})")


class Beside(NamedTuple):
    """A period to compare with, and until when it is looked at (None: as the report itself)."""

    period: Period
    until: date | None = None

    def label(self, lang: str) -> str:
        """ "Nhiệm kỳ 2015–2020 (đến 31/12/2017)"."""
        said = self.period.label(lang)
        return said if self.until is None else SO_FAR.say(lang, period=said, day=self.until)


def read_beside(written: str | Sequence[str] | None, asked: Period, as_of: date, terms: Terms) -> list[Beside]:
    """The periods as people write them, several separated by commas or listed; each once."""
    found: dict[Beside, None] = {}
    for word in listed(written):
        if fold(word) == fold(SAME_PERIOD):
            found[Beside(same_period_before(asked, terms))] = None
        elif fold(word) == fold(TERM_SO_FAR):
            day = min(asked.last, as_of)
            found[Beside(term_of(asked, day, terms), day)] = None
        else:
            found[Beside(parse_period(word, terms))] = None
    return list(found)


def same_period_before(asked: Period, terms: Terms) -> Period:
    """The same period of the year before; of a term the term before."""
    if asked.kind != TERM:
        return parse_period(re.sub(r"^\d{4}", f"{asked.first.year - 1:04d}", asked.code), terms)
    earlier = [(last, code) for code, (_, last) in terms.items() if last < asked.first]
    if not earlier:
        raise BadInput(NO_TERM_BEFORE, code=asked.code)
    return parse_period(max(earlier)[1], terms)


def term_of(asked: Period, day: date, terms: Terms) -> Period:
    """The term the period lies in; of a period across two terms, the one that holds the day."""
    whole = [code for code, (first, last) in terms.items() if first <= asked.first and asked.last <= last]
    holding = [code for code, (first, last) in terms.items() if first <= day <= last]
    found = [parse_period(code, terms) for code in (whole or holding)]
    if not found:
        raise BadInput(NO_TERM, day=min(day, asked.last))
    return min(found, key=lambda term: (term.days, term.first))
