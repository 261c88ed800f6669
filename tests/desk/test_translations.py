"""starlette-admin's own words: every one has its Vietnamese, with the same places; none of its English is left unsaid."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
import starlette_admin
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from starlette_admin import i18n

from console.desk import translations
from console.desk.strict_templates import StrictTemplates

HOME = Path(starlette_admin.__file__).parent
PLACES = re.compile(r"%\(\w+\)[sd]|(?<!%)\{\w+\}")


def _theirs() -> dict[object, object]:
    with (HOME / "translations/en/LC_MESSAGES/admin.po").open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


OURS = {message.id: message for message in translations.read_catalog() if message.id}


def test_every_message_of_its_catalogs_is_there() -> None:
    assert set(_theirs()) - set(OURS) == set()


@pytest.mark.parametrize("message", OURS.values(), ids=lambda one: str(one.id)[:40])
def test_a_message_is_said_with_its_places(message) -> None:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    for words in said:
        assert words.strip()
        assert unicodedata.is_normalized("NFC", words)
        assert sorted(PLACES.findall(words)) == sorted(PLACES.findall(ids[-1]))


def test_what_the_program_says_stands_in_the_catalog() -> None:
    """Whatever templates and modules hand to _() is a message of the catalog."""
    said: set[str] = set()
    for file in HOME.rglob("*.py"):
        said |= set(re.findall(r"""\b(?:_|gettext)\(\s*"((?:[^"\\]|\\.)+)"\s*[,)]""", file.read_text()))
    environment = Environment(extensions=["jinja2.ext.i18n"])
    for file in (HOME / "templates").rglob("*.html"):
        for call in environment.parse(file.read_text()).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const):
                said.add(call.args[0].value)
    known = {part for one in OURS for part in (one if isinstance(one, tuple) else (one,))}
    assert said - known == set()


def test_its_templates_say_nothing_in_english_by_themselves() -> None:
    """Every word a reader or a screen reader meets goes through _() or t()."""
    loader = StrictTemplates()
    found = []
    for name in loader.list_templates():
        source = loader.get_source(Environment(), name)[0]
        source = re.sub(r"\{#.*?#\}|<script\b.*?</script>|<style\b.*?</style>", "", source, flags=re.DOTALL)
        bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", source, flags=re.DOTALL)
        for words in re.findall(r'\b(?:aria-label|title|alt|placeholder)="([^"]*[A-Za-z][^"]*)"', bare):
            found.append((name, words))
        bare = re.sub(r"""[\w-]+=("[^"]*"|'[^']*')""", "", bare)  # attributes that macros put together outside of a tag
        text = re.sub(r"&\w+;", "", re.sub(r"<[^<>]*>", " ", bare))
        found += [(name, words) for words in re.findall(r"[A-Za-z]{4,}(?: [A-Za-z]+)*", text)]
    assert found == []


def test_it_is_one_of_the_languages_once_registered() -> None:
    translations.register()
    translations.register()
    assert i18n.SUPPORTED_LOCALES.count("vi") == 1
    i18n.set_locale("vi")
    try:
        assert i18n.gettext("Sign in") == "Đăng nhập"
        assert i18n.get_locale() == "vi"
    finally:
        i18n.set_locale("en")
