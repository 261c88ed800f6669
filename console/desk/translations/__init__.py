"""starlette-admin's own words in Vietnamese: vi.po, compiled in memory before the application is built."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette_admin import i18n

LOCALE = "vi"
CATALOG = Path(__file__).with_name("vi.po")


def read_catalog() -> Catalog:
    """vi.po as written."""
    with CATALOG.open("rb") as file:
        return read_po(file, LOCALE)


def register() -> None:
    """Make Vietnamese one of starlette-admin's languages; a second call changes nothing.

    Its list and its dictionary are changed in place: other modules hold them by the names they imported.
    """
    if LOCALE in i18n.SUPPORTED_LOCALES and LOCALE in i18n.translations:
        return
    compiled = io.BytesIO()
    write_mo(compiled, read_catalog())
    compiled.seek(0)
    i18n.translations[LOCALE] = Translations(compiled, domain="admin")
    if LOCALE not in i18n.SUPPORTED_LOCALES:
        i18n.SUPPORTED_LOCALES.append(LOCALE)
