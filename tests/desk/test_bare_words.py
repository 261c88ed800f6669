"""Whatever a reader meets at the desk is said in both languages: no bare words in its templates, none in its modules.

The rule: text between tags, in the attributes that are read out, and sentences in strings stand inside t(vi, en) or
Text(vi, en). A string is a sentence where it has a Vietnamese letter, or begins with a capital and goes on with a word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

DESK = Path(__file__).parents[2] / "console" / "desk"
TEMPLATES = sorted((DESK / "templates").rglob("*.html"))
MODULES = sorted(set(DESK.glob("*.py")) - {DESK / "__main__.py"})  # a command's help is in Vietnamese
# What says a sentence in two languages; the catalog of _ and lazy_gettext is read in test_translations.py.
BOTH = {"t", "Text", "_label", "_", "lazy_gettext"}
READ_OUT = r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"'
VIETNAMESE = re.compile("[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)
ENGLISH = re.compile(r"[A-Z][a-z]+ [a-z]")
WORD = re.compile(r"[^\W\d_]{2,}")
# Names that are the same in every language, and what is no sentence to a reader.
NAMES = {"ketnap", "Markdown", "Prefect", "Excel", "Word"}
EXCEPT = {"words.py": {"Tiếng Việt"}, "door.html": {"Tiếng Việt"}}  # a language is called by its own name
ATTRIBUTES = r"\{%-? set told -?%\}.*?\{%-? endset -?%\}"  # attributes that are put together outside of a tag


def sentence(said: str) -> bool:
    return bool(VIETNAMESE.search(said) or ENGLISH.match(said))


def bare(found: str) -> list[str]:
    return [word for word in WORD.findall(found) if word not in NAMES]


def in_template(source: str) -> Iterator[str]:
    """Bare words of a template."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(source)
    within = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in BOTH
        for argument in call.find_all(nodes.Const)
    }
    for one in tree.find_all(nodes.Const):
        if isinstance(one.value, str) and id(one) not in within and sentence(one.value):
            yield one.value
    for taken_out in (
        ATTRIBUTES,
        r"\{#.*?#\}",
        r"<(script|style)\b.*?</\1>",
        r"<!--.*?-->",
        r"\{\{.*?\}\}",
        r"\{%.*?%\}",
    ):
        source = re.sub(taken_out, "", source, flags=re.DOTALL)
    for attribute in re.findall(READ_OUT, source):
        yield from bare(attribute)
    yield from bare(re.sub(r"&\w+;|<[^<>]*>", " ", source))


def in_module(source: str) -> Iterator[str]:
    """Bare sentences of a module; what documents it, and what an assertion says to us, is for nobody at the desk."""
    tree = ast.parse(source)
    within: set[int] = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in BOTH:
            within |= {id(part) for argument in [*one.args, *one.keywords] for part in ast.walk(argument)}
        elif isinstance(one, ast.Call) and ast.unparse(one.func) == "re.compile":
            within |= {id(part) for part in ast.walk(one)}
        elif isinstance(one, ast.Assert) and one.msg is not None:
            within |= {id(part) for part in ast.walk(one.msg)}
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            within.add(id(one.value))
    for one in ast.walk(tree):
        if not isinstance(one, ast.Constant) or not isinstance(one.value, str) or id(one) in within:
            continue
        if sentence(re.sub(r"\{\{.*?\}\}", "", one.value)):  # an expression in a piece of a template says itself
            yield one.value


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_says_everything_in_both_languages(file: Path) -> None:
    assert sorted(set(in_template(file.read_text())) - EXCEPT.get(file.name, set())) == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_a_module_says_everything_in_both_languages(file: Path) -> None:
    assert sorted(set(in_module(file.read_text())) - EXCEPT.get(file.name, set())) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Save</p>",
        "<p>Lưu</p>",
        '<a title="Lưu">{{ x }}</a>',
        '{{ parts.field({"label": "Tên"}) }}',
        '{{ f("Save it") }}',
    ],
)
def test_bare_words_of_a_template_are_found(source: str) -> None:
    assert list(in_template(source))
    assert not list(in_template('<p class="mb-0">{{ t("Lưu", "Save") }}</p>{{ f(t("Lưu {n}", "Save {n}", n=1)) }}'))


@pytest.mark.parametrize("source", ['said = "Đã ghi"', 'raise X("Not found there")', 'f(label=f"Từ {x}")'])
def test_bare_words_of_a_module_are_found(source: str) -> None:
    assert list(in_module(source))
    assert not list(
        in_module('"""Đơn vị: a page."""\nsaid = t("Đã ghi", "Was recorded")\nX = Text("Đã ghi", "Done it")')
    )
