"""Script at the desk: put into every value an address is asked for, and stored by every form that takes words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.datastructures import QueryParams

from tests.desk.conftest import Desk
from tests.desk.forms import fill
from tests.desk.furnished import OWN, _furnished, _furnished_file  # noqa: F401
from tests.desk.test_access_forms import WAYS, Way, lead, press
from tests.desk.test_access_matrix import READS, asking, model_views, pages

HOSTILE = """"'></textarea></script><script>alert(7)</script><img src=x onerror=alert(8)>"""
RAW = ("<script>alert(", "<img src=x")


def raw_in(answer) -> list[str]:
    """What of it would run: none of the page's own has these words."""
    return [word for word in RAW if word in answer.text]


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names the desk looked for in the addresses since it was last emptied."""
    names: set[str] = set()
    for method in ("get", "getlist", "__getitem__", "__contains__"):
        does = getattr(QueryParams, method)

        def look(self, key, *more, _does=does):
            names.add(key)
            return _does(self, key, *more)

        monkeypatch.setattr(QueryParams, method, look, raising=False)
    return names


def test_script_in_any_value_of_any_address_comes_back_escaped_or_not_at_all(
    furnished: Desk, asked_for: set[str]
) -> None:
    furnished.sit("quan_tri", user="quan_tri")
    gets = [asked.path for asked in pages(furnished.app) if asked.method == "GET"]
    gets += [path.replace("{key}", view.key) for view in model_views(furnished.app) for path in sorted(READS)]
    escaped, tried, wrong = set(), 0, []
    for path in gets:
        asked_for.clear()
        usual = asking(furnished, path, "PL-01" if path.startswith("/nguoi") else OWN)
        furnished.client.get(path, params=usual)
        furnished.client.get(path)  # what is looked for where nothing is asked
        for name in sorted(asked_for):
            for query in (usual | {name: HOSTILE}, {name: HOSTILE}):
                answer = furnished.client.get(path, params=query)
                tried += 1
                wrong += [f"{path} {name}: {word}" for word in raw_in(answer)]
                if answer.status_code >= 500 and answer.status_code != 503:
                    wrong.append(f"{path} {name}: {answer.status_code}")
                if "&lt;script&gt;alert(7)" in answer.text:
                    escaped.add(f"{path} {name}")
    assert wrong == []
    assert tried > 150
    assert {"/nguoi/ho-so ma", "/nhat-ky-truy-cap cua", "/don-vi tim", "/ky-bao-cao ky"} <= escaped  # it does come back


def marked(field: str) -> str:
    """Script that says in which field it was typed."""
    return f"<script>alert('{field}')</script>"


def with_script(how: Way, field: str) -> Way:
    """The way to a form with script in this field: of the form itself, or of the one before that asks for it."""
    hostile = {field: marked(field)}
    if field in how.typed or not how.before:
        return replace(how, typed=how.typed | hostile)
    at = next((n for n, (_, typed) in enumerate(how.before) if field in typed), 0)
    step, typed = how.before[at]
    return replace(how, before=(*how.before[:at], (step, typed | hostile), *how.before[at + 1 :]))


# Where words are typed: the form, the field, and the pages that show them again.
PERSON, LOG = "/nguoi/ho-so?ma=PL-01", "/nhat-ky-truy-cap"
TYPED = [
    ("/leo-thang/cam-ket", "text", "/leo-thang/vu-viec?so={case}"),
    ("/leo-thang/tam-dung", "text", "/leo-thang/vu-viec?so={case}"),
    ("/leo-thang/dong", "text", "/leo-thang/vu-viec?so={case}"),
    ("/nguoi/ho-so/xem-rieng", "ly_do", LOG),
    ("/nguoi/du-lieu", "ly_do", LOG),
    ("/nguoi/xoa", "ly_do", LOG),
    ("/nhap/hoan-tac", "ly_do", "/nhap/xong?so={imported}"),
    ("/don-vi/them", "name", "/don-vi?goc={unit}"),
    ("/don-vi/sua", "name", "/don-vi?ma={child}&phan=to-chuc"),
    ("/don-vi/nguoi-nhan", "name", "/don-vi?ma={unit}&phan=nguoi-nhan"),
    ("/don-vi/nguoi-nhan", "address", "/don-vi?ma={unit}&phan=nguoi-nhan"),
    ("/chi-tieu/giao", "decision_number", "/chi-tieu?don_vi={unit}"),
    ("/chi-tieu/giao", "responsible", "/chi-tieu?don_vi={unit}"),
    ("/nguoi-dung/tai-khoan", "name", "/nguoi-dung"),
    ("/quy-dinh/xac-nhan", "cite", "/quy-dinh/muc?khoa=ceremony_wd"),
    ("/quy-dinh/xac-nhan", "reason", "/quy-dinh/muc?khoa=ceremony_wd"),
    ("/quy-dinh/rut-lai", "reason", "/quy-dinh/muc?khoa=ceremony_wd"),
    ("/nguoi/ho-so/buoc", "document_number", PERSON),
    ("/nguoi/ho-so/buoc", "note", None),  # masked there: shown where it is revealed
    ("/nguoi/ho-so/dinh-chinh", "ly_do_sua", None),
    ("/nhieu-nguoi/ghi", "note", None),
]


@pytest.mark.parametrize(("path", "field", "page"), TYPED, ids=lambda one: one and one.strip("/"))
def test_script_typed_in_a_form_is_shown_escaped(furnished: Desk, path: str, field: str, page: str | None) -> None:
    place = furnished.places[OWN]
    answer = press(furnished, lead(furnished, path, with_script(WAYS[path], field), place))
    assert answer.status_code in (200, 303)
    assert raw_in(answer) == []
    furnished.sit("quan_tri", user="quan_tri")
    if page is None:
        seen = furnished.post("/nguoi/ho-so/xem-rieng", {"ma": place.person, "ly_do": "đối chiếu"})
    else:
        seen = furnished.client.get(page.format(**vars(place)))
    assert raw_in(seen) == []
    assert f"&lt;script&gt;alert(&#39;{field}&#39;)" in seen.text


def test_script_in_what_is_said_at_a_closing_is_shown_escaped(furnished: Desk) -> None:
    page, act = f"/ky-bao-cao?don_vi={OWN}&ky=2025-Q3", "/ky-bao-cao/chot"
    furnished.sit("quan_tri", user="quan_tri")
    for typed in (
        {"act": "prepare"}, {"act": "accept", "signer": marked("signer")}, {"act": "reopen", "reason": marked("reason")},
    ):  # fmt: skip
        press(furnished, fill(furnished.client.get(page).text, act, **typed))
    seen = furnished.client.get(page)
    assert raw_in(seen) == []
    for field in ("signer", "reason"):
        assert f"&lt;script&gt;alert(&#39;{field}&#39;)" in seen.text
