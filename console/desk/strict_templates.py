"""starlette-admin's own templates under our content policy: every script and style carries the page's nonce.

The nonce is put in where the template is read, never into what was rendered: a script that came in with somebody's
words gets none and does not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jinja2 import BaseLoader, Environment, PackageLoader

# What its templates do that our policy forbids or our readers cannot read: the words there, and ours.
_CLOSE = """<button type="button" class="btn-close" data-bs-dismiss="alert" aria-label="{{ _('Close') }}"></button>"""
REPLACED: tuple[tuple[str, str], ...] = (
    ("@import url('https://rsms.me/inter/inter.css');", ""),
    ('onclick="applyColumnVisibility()"', 'data-does="apply-columns"'),
    ('onchange="window.location = this.value"', 'data-does="go-to-value"'),
    ('style="display: none"', "hidden"),
    ('<h1 class="navbar-brand navbar-brand-autodark">', '<div class="navbar-brand navbar-brand-autodark">'),
    ("</a>\n                    </h1>", "</a>\n                    </div>"),  # a page has one h1, and it is its own
    ('<a class="btn-close" data-bs-dismiss="alert" aria-label="close"></a>', _CLOSE),  # one that the keyboard reaches
    ('aria-label="close"', """aria-label="{{ _('Close') }}\""""),
    ('data-placeholder="Select {{', 'data-placeholder="{{'),
    ('aria-label="Toggle navigation"', """aria-label="{{ t('Mở danh mục', 'Toggle navigation') }}\""""),
    ('aria-label="Open user menu"', """aria-label="{{ t('Tài khoản', 'Account') }}" role="button\""""),
    ('aria-label="Search in table"', """aria-label="{{ t('Tìm trong bảng', 'Search in table') }}\""""),
    (">-null-<", ">–<"),
    (">-empty-<", ">–<"),
)
_NONCED = re.compile(r"<(script|style)\b(?![^>]*\bnonce=)")
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="[^"{]*"')


def strict(source: str) -> str:
    """A template's source as our policy lets it run."""
    for theirs, ours in REPLACED:
        source = source.replace(theirs, ours)
    source = _STYLE_ATTRIBUTE.sub("", source)
    return _NONCED.sub(r'<\1 nonce="{{ request.state.nonce }}"', source)


class StrictTemplates(BaseLoader):
    """starlette-admin's templates, made strict as they are read."""

    def __init__(self) -> None:
        self._theirs = PackageLoader("starlette_admin", "templates")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, fresh = self._theirs.get_source(environment, template)
        return strict(source), name, fresh

    def list_templates(self) -> list[str]:
        return self._theirs.list_templates()
