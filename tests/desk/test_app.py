"""The application as a whole: its headers, its policy, its limits, and starlette-admin's templates made strict."""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from console.desk import words
from console.desk.app import make_app
from console.desk.page import Page, page
from console.desk.security import BROWSERS, HEADERS, MEGABYTE, PLAIN_FORM_MB, Guard, Visits
from console.desk.strict_templates import StrictTemplates
from procedures.office import Office
from states.roles import Actor
from tests.desk.conftest import Desk, Somebody, desk_of

AN_ADMIN = Actor("lan", "quan_tri")


def test_it_is_healthy_without_an_account(desk_on_sqlite: Desk) -> None:
    assert desk_on_sqlite.get("/health").json() == {"status": "ok"}


def _answers(desk: Desk) -> dict[str, Response]:
    """An answer of every kind, by what it is."""
    get, much = desk.client.get, b"x" * (PLAIN_FORM_MB * MEGABYTE + 1)
    seen = {
        "page": get("/"),
        "data": get("/health"),
        "a static file": get("/static/desk.css"),
        "no such static file": get("/static/khong-co.css"),
        "no such page": get("/khong-co-trang-nay"),
        "an error of ours": get("/nguoi/ho-so", params={"ma": "KHONG-CO"}),
        "a method there is not": get("/dang-xuat"),
        "a file": get("/nhap/mau"),
        "where to go on": desk.post("/chi-tieu/quy-tac", {"ky": "2025"}),
        "a forged form": desk.client.post("/nguoi-dung/them"),
        "too much": desk.client.post("/", content=much),
        "a foreign name": get("/health", headers={"Host": "ketnap.example"}),
        "forbidden": desk.sit("theo_doi").get("/nguoi-dung"),
    }
    desk.app.middleware_stack = None
    for layer in desk.app.user_middleware:
        if layer.cls is Guard:
            layer.kwargs["requests_a_minute"] = 0
    return seen | {"too often": TestClient(desk.app, base_url="http://127.0.0.1").get("/health")}


def test_every_kind_of_answer_carries_every_header(desk_on_sqlite: Desk) -> None:
    kinds = {
        "page": 200, "data": 200, "a static file": 200, "no such static file": 404, "no such page": 404,
        "an error of ours": 404, "a method there is not": 405, "a file": 200, "where to go on": 303,
        "a forged form": 403, "too much": 413, "a foreign name": 400, "forbidden": 403, "too often": 429,
    }  # fmt: skip
    seen = _answers(desk_on_sqlite)
    assert {kind: answer.status_code for kind, answer in seen.items()} == kinds
    for kind, answer in seen.items():
        wanted = HEADERS | ({"Cache-Control": "private, max-age=3600"} if kind.endswith("static file") else {})
        assert {name: answer.headers.get(name) for name in wanted} == wanted, kind
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'nonce-"), kind
        assert "unsafe" not in policy
        assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))


def test_a_nonce_is_used_once(desk_on_sqlite: Desk) -> None:
    seen = {desk_on_sqlite.get("/health").headers["content-security-policy"] for _ in range(3)}
    assert len(seen) == 3


def test_a_foreign_name_is_not_answered(desk_on_sqlite: Desk) -> None:
    assert desk_on_sqlite.client.get("/health", headers={"Host": "ketnap.example"}).status_code == 400


def test_too_much_is_refused_by_what_is_said_and_by_what_comes(desk_on_sqlite: Desk) -> None:
    much = b"x" * (PLAIN_FORM_MB * MEGABYTE + 1)
    assert desk_on_sqlite.client.post("/", content=much).status_code == 413

    def pieces():
        for start in range(0, len(much), 65536):
            yield much[start : start + 65536]

    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk_on_sqlite.client.post("/", content=pieces(), headers=sent).status_code == 413


def test_too_often_is_refused(desk_on_sqlite: Desk) -> None:
    allowed = desk_on_sqlite.office.settings.desk.requests_a_minute
    codes = [desk_on_sqlite.get("/health").status_code for _ in range(allowed + 1)]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {200}


def test_a_new_cookie_each_time_does_not_make_a_new_visitor(desk_on_sqlite: Desk) -> None:
    allowed = desk_on_sqlite.office.settings.desk.requests_a_minute * BROWSERS
    guard = Guard(desk_on_sqlite.app, upload_mb=1, uploads=(), requests_a_minute=allowed // BROWSERS)

    def asks(host: str, cookie: str) -> bool:
        headers = [(b"cookie", cookie.encode())]
        return not guard._too_often({"type": "http", "client": (host, 1), "headers": headers})

    assert all(asks("10.0.0.7", f"ketnap_session={secrets.token_hex(32)}") for _ in range(allowed))
    assert not asks("10.0.0.7", f"ketnap_session={secrets.token_hex(32)}")
    assert asks("10.0.0.8", "ketnap_session=another")
    assert asks("2001:db8:1:2::1", "")
    assert sum(asks(f"2001:db8:1:2::{n:x}", f"a={n}") for n in range(2, allowed + 10)) == allowed - 1


def test_a_browser_that_asks_too_often_does_not_use_up_its_neighbours_share() -> None:
    async def nothing(*_: object) -> None: ...

    guard = Guard(nothing, upload_mb=1, uploads=(), requests_a_minute=3)
    scopes = [
        {"type": "http", "client": ("10.0.0.7", 1), "headers": [(b"cookie", cookie)]} for cookie in (b"a=1", b"a=2")
    ]
    assert [guard._too_often(scopes[0]) for _ in range(100)] == [False] * 3 + [True] * 97
    assert not guard._too_often(scopes[1])


def test_a_minute_later_one_may_ask_again() -> None:
    visits = Visits(2)
    for at in (0.0, 30.0):
        assert not visits.full("lan", at)
        visits.add("lan", at)
    assert visits.full("lan", 59.9)
    assert not visits.full("lan", 60.0)
    visits.add("lan", 60.0)
    assert visits.full("lan", 89.9)


def test_what_nobody_expected_is_told_kindly_and_leaves_its_place(
    six_on_sqlite: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "Nguyễn Văn Bí Mật"

    class Breaks(Page):
        path = "/hong"

        @page()
        def show(self, request: Request, office: Office) -> Response:
            raise RuntimeError(name)

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KETNAP_LOG", raising=False)
    app = make_app(lambda: six_on_sqlite, "http://127.0.0.1:4200", provider=Somebody(AN_ADMIN), views=[Breaks()])
    answer = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False).get("/hong")
    assert answer.status_code == 500
    assert answer.text.startswith("Chương trình gặp lỗi ngoài dự kiến; chưa ghi gì dở dang.")
    assert answer.headers["x-frame-options"] == "DENY"
    log = (tmp_path / "var" / "crash.log").read_text()
    assert "RuntimeError" in log
    assert name not in log + answer.text


@pytest.mark.parametrize("token", [None, "", "x", "eyJ4Ijoi.forged"])
def test_a_forged_form_is_refused_in_our_words(token: str | None, desk_on_sqlite: Desk) -> None:
    desk_on_sqlite.get("/")
    answer = desk_on_sqlite.client.post("/nguoi-dung/them", data={} if token is None else {"csrftoken": token})
    assert answer.status_code == 403
    assert answer.text.startswith("Trang này mở đã lâu")


def test_a_full_disk_is_told_as_one(six_on_sqlite: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(Page):
        path = "/day"

        @page()
        def show(self, request: Request, office: Office) -> Response:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.delenv("KETNAP_LOG", raising=False)
    app = make_app(lambda: six_on_sqlite, "http://127.0.0.1:4200", provider=Somebody(AN_ADMIN), views=[Full()])
    answer = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False).get("/day")
    assert answer.status_code == 507
    assert answer.text.startswith("Ổ đĩa của máy chủ đã đầy; chưa ghi gì.")


@pytest.mark.parametrize("name", sorted(StrictTemplates().list_templates()))
def test_a_template_of_theirs_runs_under_our_policy(name: str) -> None:
    source, _, _ = StrictTemplates().get_source(Environment(), name)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)  # would silently do nothing
    assert "<script>" not in source
    assert "<style>" not in source
    assert "https://" not in source.replace("https://github.com/jowilf", "")


def test_an_address_there_is_not_is_told_in_our_words(desk_on_sqlite: Desk) -> None:
    answer = desk_on_sqlite.get("/khong-co-trang-nay")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1234567, "1.234.567", "1,234,567"),
        (Decimal("1234.50"), "1.234,5", "1,234.5"),
        (0.1, "0,1", "0.1"),
        (Decimal(200), "200", "200"),
        (Fraction(5, 4), "1,25", "1.25"),
        (-1234.5, "-1.234,5", "-1,234.5"),
        (0, "0", "0"),
        (None, "–", "–"),
        ("", "–", "–"),
    ],
)
def test_a_number_has_a_decimal_comma(value: object, vi: str, en: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for lang, said in (("vi", vi), ("en", en)):
        monkeypatch.setattr(words, "lang", lambda lang=lang: lang)
        assert words.number(value) == said


@pytest.mark.browser
def test_the_switch_changes_the_language_and_it_stays(
    six_on_sqlite: Office, serve: Callable[[object], str], window: Callable[..., Any]
) -> None:
    address = serve(desk_of(six_on_sqlite).app)
    page = window()
    page.goto(f"{address}/don-vi")
    assert page.locator("html").get_attribute("lang") == "vi"
    page.get_by_role("button", name="Tiếng Việt").click()
    page.locator("a:visible", has_text="English").click()
    page.get_by_role("heading", level=1, name="Units").wait_for()
    assert page.url == f"{address}/don-vi"
    page.goto(f"{address}/quy-dinh")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Calendar and rules" in page.locator("h1").inner_text()


@pytest.mark.parametrize(("path", "query"), [
    ("/nhap/xong", {}), ("/nhap/hoan-tac", {}), ("/leo-thang/vu-viec", {}),
    ("/quy-dinh/rut-lai", {"khoa": "admission_decision_wd"}),
])  # fmt: skip
def test_a_number_larger_than_any_row_has_is_told_as_such(desk: Desk, path: str, query: dict[str, str]) -> None:
    for number in (2**31 - 1, 2**31, 10**17 - 1):
        assert desk.get(path, so=str(number), **query).status_code in (400, 404)
