"""One sentence for people, in Vietnamese and in English, standing once where it is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with named places ({name}); Vietnamese is the language, English the switch."""

    vi: str
    en: str

    def say(self, lang: str = "vi", **values: object) -> str:
        """The sentence in `lang` ("vi" or "en"), its places filled in; a Text or a date in a place is said in it too."""
        sentence = self.en if lang == "en" else self.vi
        return sentence.format(**{name: said(value, lang) for name, value in values.items()}) if values else sentence


def said(value: object, lang: str = "vi") -> object:
    """A value as people read it: a Text in their language, a date as dd/mm/yyyy (ISO in English)."""
    if isinstance(value, Text):
        return value.say(lang)
    if isinstance(value, date):
        return value.isoformat()[:10] if lang == "en" else f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return value


def listed(written: str | Iterable[str] | None) -> list[str]:
    """Words as people list them, separated by commas or given one by one; blanks left out."""
    parts = [written] if isinstance(written, str) else written or ()
    return [word for part in parts for one in part.split(",") if (word := one.strip())]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The word without case, accents, spaces and marks, for comparing headings and words people type (đ becomes d)."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d"))
    return "".join(c for c in plain.casefold() if c.isalnum())


def slug(text: str) -> str:
    """The word without accents, lower case, its parts joined by underscores: "Đảng ủy xã" becomes "dang_uy_xa"."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d")).casefold()
    kept = "".join("" if unicodedata.combining(c) else c if c.isalnum() else " " for c in plain)
    return "_".join(kept.split())
