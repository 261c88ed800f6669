"""The desk's door with its real provider: cookies, forged forms, where one is led, and who is put out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from console.desk.app import make_app
from console.desk.security import address_of
from console.desk.sign_in import safe_next
from procedures import accounts
from procedures.office import Office
from tests.desk.conftest import PREFECT

GOOD = "mưa rơi trên mái ngói"
BETTER = "nắng lên đồng lúa chín"


pytestmark = pytest.mark.usefixtures("cheap_hashes")


class Browser:
    """A browser in front of the app: it keeps cookies, fills the forms of a page, and follows nowhere by itself."""

    def __init__(self, app, https=False):
        scheme = "https" if https else "http"
        self.client = TestClient(app, base_url=f"{scheme}://127.0.0.1", follow_redirects=False)
        self.session = "__Host-ketnap_session" if https else "ketnap_session"

    def get(self, path, **more):
        return self.client.get(path, **more)

    def send(self, path, page=None, **fields):
        """Fill in the form of `page` (the same address) and send it."""
        shown = self.client.get(page or path)
        token = re.search(r'name="csrftoken" value="([^"]+)"', shown.text)
        return self.client.post(path, data={"csrftoken": token.group(1) if token else ""} | fields)

    def sign_in(self, username, password, where=""):
        return self.send(f"/dang-nhap{where}", username=username, password=password)

    def put(self, token):
        """A session's cookie from elsewhere."""
        self.client.cookies.set(self.session, token, domain="127.0.0.1", path="/")

    @property
    def token(self):
        return self.client.cookies.get(self.session)

    def is_in(self):
        return self.get("/doi-mat-khau").status_code == 200


@pytest.fixture
def office(six):
    six.lang = "vi"
    return six


@pytest.fixture
def app(office):
    return make_app(lambda: office, PREFECT)


@pytest.fixture
def browser(app):
    return Browser(app)


@pytest.fixture
def lan(office, app):
    """An administrator who chose her password."""
    one_time = accounts.add_account(office, "lan", role="quan_tri", name="Nguyễn Thị Lan")["password"]
    theirs = Browser(app)
    theirs.sign_in("lan", one_time)
    assert theirs.send("/doi-mat-khau", new=GOOD, again=GOOD).status_code == 303
    return theirs


def test_the_first_sign_in_leads_to_choosing_a_password_and_on_to_the_first_page(office, browser):
    username, one_time = accounts.first_admin(office)
    assert browser.get("/").headers["location"] == "/dang-nhap"
    entered = browser.sign_in(username, one_time)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert browser.get("/").headers["location"] == "/doi-mat-khau"
    chosen = browser.send("/doi-mat-khau", new=GOOD, again=GOOD)
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    assert browser.get("/").status_code == 200
    assert "Quản trị" in browser.get("/").text
    other = Browser(browser.client.app)
    assert other.sign_in(username, one_time).status_code == 400
    assert other.sign_in(username, GOOD).status_code == 303


def test_until_a_password_is_chosen_every_page_leads_there(office, browser):
    browser.sign_in(*accounts.first_admin(office))
    for path in ("/", "/nguoi/list", "/nguoi-dung", "/khong-co", "/nguoi/ho-so?ma=PL-01"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/doi-mat-khau"), path
    posted = browser.send("/nguoi-dung/them", page="/doi-mat-khau", username="moi.vao", role="quan_tri")
    assert posted.headers["location"].startswith("/doi-mat-khau")
    assert [one["username"] for one in accounts.list_accounts(office)["items"]] == ["quan_tri"]
    assert browser.send("/dang-xuat", page="/doi-mat-khau").headers["location"] == "/dang-nhap"


def test_a_password_that_is_none_is_told_and_nothing_changes(office, browser):
    browser.sign_in(*accounts.first_admin(office))
    for new, again, told in (
        ("rất tủn", "rất tủn", "ít nhất 12"),
        (GOOD, BETTER, "không giống nhau"),
        ("quan_tri 123456", "quan_tri 123456", "tên đăng nhập"),
    ):
        answer = browser.send("/doi-mat-khau", new=new, again=again)
        assert answer.status_code == 400
        assert told in answer.text
        assert new not in answer.text
    assert browser.get("/").headers["location"] == "/doi-mat-khau"


def test_the_session_is_a_new_one_at_every_sign_in(lan, app):
    theirs = Browser(app)
    theirs.put("gai-san")
    theirs.sign_in("lan", GOOD)
    first = theirs.token
    assert first not in (None, "gai-san")
    form = {"csrftoken": theirs.client.cookies["starlette_admin_csrftoken"], "username": "lan", "password": GOOD}
    assert theirs.client.post("/dang-nhap", data=form).status_code == 303  # from another tab, while signed in
    assert theirs.token != first
    for token in ("gai-san", first):
        stolen = Browser(app)
        stolen.put(token)
        assert not stolen.is_in()


def test_a_session_that_another_planted_never_becomes_ones_own(office, lan, app):
    """Session fixation: somebody signs in, puts their own cookie into another's browser and waits."""
    one_time = accounts.add_account(office, "minh", role="theo_doi")["password"]
    attacker = Browser(app)
    attacker.sign_in("minh", one_time)
    assert attacker.send("/doi-mat-khau", new=BETTER, again=BETTER).status_code == 303
    planted = attacker.token
    victim = Browser(app)
    victim.put(planted)
    form = {"csrftoken": attacker.client.cookies["starlette_admin_csrftoken"], "username": "lan", "password": GOOD}
    victim.client.cookies.set("starlette_admin_csrftoken", form["csrftoken"], domain="127.0.0.1", path="/")
    assert victim.client.post("/dang-nhap", data=form).status_code == 303
    assert victim.token != planted
    assert "Nguyễn Thị Lan" in victim.get("/").text
    assert not attacker.is_in()  # the planted one ended, it did not turn into the other's
    stolen = Browser(app)
    stolen.put(planted)
    assert not stolen.is_in()


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_for_this_desk_and_no_script(office, app, https):
    accounts.first_admin(office)
    one_time = accounts.reset_password(office, "quan_tri")["password"]
    theirs = Browser(app, https)
    set_cookie = [
        one
        for one in theirs.sign_in("quan_tri", one_time).headers.get_list("set-cookie")
        if one.startswith(theirs.session)
    ]
    (cookie,) = set_cookie
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert ("secure" in parts) is https
    assert not any(part.startswith(("domain", "max-age", "expires")) for part in parts)
    assert theirs.is_in()


def test_signing_out_ends_the_session_and_takes_the_cookie(lan):
    token = lan.token
    out = lan.send("/dang-xuat", page="/doi-mat-khau")
    assert (out.status_code, out.headers["location"]) == (303, "/dang-nhap")
    assert lan.token is None
    lan.put(token)
    assert not lan.is_in()
    assert lan.get("/dang-xuat").status_code in (303, 405)


def test_idle_and_old_sessions_are_out(lan, monkeypatch):
    now = datetime.now(UTC)
    monkeypatch.setattr(Office, "now", lambda self: now + timedelta(minutes=29))
    assert lan.is_in()
    monkeypatch.setattr(Office, "now", lambda self: now + timedelta(minutes=60))
    assert not lan.is_in()
    lan.sign_in("lan", GOOD)
    for hours in range(1, 25):
        monkeypatch.setattr(Office, "now", lambda self, hours=hours: now + timedelta(minutes=60 + 29 * hours))
        assert lan.is_in()
    monkeypatch.setattr(Office, "now", lambda self: now + timedelta(minutes=60 + 12 * 60))
    assert not lan.is_in()


def test_failures_are_answered_alike_and_then_held_up(office, lan, app):
    theirs = Browser(app)
    told = set()
    for username in ("lan", "khong.co"):
        answer = theirs.sign_in(username, "không phải")
        assert answer.status_code == 400
        told.add(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text))
    assert len(told) == 1
    assert "không phải" not in told.pop()
    for _ in range(4):
        theirs.sign_in("lan", "không phải")
    held = theirs.sign_in("lan", GOOD)
    assert held.status_code == 429
    assert 1 <= int(held.headers["retry-after"]) <= 61
    assert "tạm khóa" in held.text
    assert theirs.token is None
    assert lan.is_in()  # who is in stays in


def test_a_disabled_account_is_out_at_the_next_click(office, lan, app):
    accounts.add_account(office, "minh", role="quan_tri")
    accounts.disable_account(office, "lan")
    assert lan.get("/").headers["location"] == "/dang-nhap"


def test_a_changed_password_puts_the_others_out(lan, app):
    other = Browser(app)
    other.sign_in("lan", GOOD)
    before = lan.token
    assert lan.send("/doi-mat-khau", current="sai", new=BETTER, again=BETTER).status_code == 400
    assert lan.send("/doi-mat-khau", current=GOOD, new=BETTER, again=BETTER).status_code == 303
    assert lan.token != before
    assert lan.is_in()
    assert not other.is_in()


@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-xuat", "/doi-mat-khau", "/nguoi-dung/them"])
@pytest.mark.parametrize("token", [None, "", "gia-mao", "ImFiYyI.abc"])
def test_a_forged_form_is_refused(lan, path, token):
    lan.get("/")
    data = {
        "username": "moi.vao",
        "role": "quan_tri",
        "password": GOOD,
        "new": BETTER,
        "again": BETTER,
        "current": GOOD,
    }
    answer = lan.client.post(path, data=data | ({} if token is None else {"csrftoken": token}))
    assert answer.status_code == 403
    assert lan.is_in()


def test_another_visitors_token_is_refused(lan, app):
    other = Browser(app)
    other.get("/dang-nhap")
    foreign = other.client.cookies["starlette_admin_csrftoken"]
    assert lan.client.post("/dang-xuat", data={"csrftoken": foreign}).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/nguoi/ho-so?ma=PL-01", "/nguoi/ho-so?ma=PL-01"),
        ("/don-vi?ma=01&ky=2025", "/don-vi?ma=01&ky=2025"),
        ("", "/"),
        (None, "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        (" //evil.example", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("nguoi/list", "/"),
        ("@evil.example", "/"),
        ("/dang-nhap?next=/x", "/"),
        ("/dang-xuat", "/"),
        ("/" + "x" * 2001, "/"),
    ],
)
def test_nobody_is_led_elsewhere(wanted, led):
    assert safe_next(wanted) == led


def test_one_is_led_on_to_the_page_that_was_asked(lan, app):
    theirs = Browser(app)
    asked = theirs.get("/nguoi-dung?loc=a")
    assert asked.headers["location"] == "/dang-nhap?next=%2Fnguoi-dung%3Floc%3Da"
    assert theirs.sign_in("lan", GOOD, "?next=%2Fnguoi-dung%3Floc%3Da").headers["location"] == "/nguoi-dung?loc=a"
    assert theirs.get("/dang-nhap?next=/nguoi-dung").headers["location"] == "/nguoi-dung"
    assert theirs.get("/dang-nhap?next=//evil.example").headers["location"] == "/"
    assert Browser(app).sign_in("lan", GOOD, "?next=https://evil.example/").headers["location"] == "/"


def test_what_was_typed_after_the_session_ended_can_be_sent_again(lan, office):
    lan.get("/")
    accounts.end_sessions(office, "lan")
    data = {"csrftoken": lan.client.cookies["starlette_admin_csrftoken"], "username": "moi.vao", "role": "can_bo"}
    answer = lan.client.post("/nguoi-dung/them", data=data)
    assert answer.status_code == 401
    assert "Chưa có gì được ghi" in answer.text
    lan.sign_in("lan", GOOD)
    assert lan.client.post("/nguoi-dung/them", data=data).status_code == 200


def test_the_door_speaks_english_too(app):
    theirs = Browser(app)
    assert "Đăng nhập" in theirs.get("/dang-nhap").text
    cookie = re.search(r'data-sa-cookie-name="([^"]+)"', theirs.get("/dang-nhap").text).group(1)
    theirs.client.cookies.set(cookie, "en")
    assert "Sign in" in theirs.get("/dang-nhap").text
    assert "Wrong username" in theirs.sign_in("lan", "x").text


def test_a_typed_name_is_shown_as_text(app):
    answer = Browser(app).sign_in('"><script>alert(1)</script>', "x")
    assert "<script>alert" not in answer.text


def test_static_files_need_nobody_and_nothing_else_hides_behind_them(app):
    theirs = Browser(app)
    assert theirs.get("/static/desk.css").status_code == 200
    for path in ("/static/../nguoi-dung", "/static/%2e%2e/nguoi-dung", "/Static/x", "//static/x", "/static"):
        assert theirs.get(path).status_code in (303, 307, 404), path


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_one_network_counts_as_one_address(host, counted):
    class Asked:
        client = type("Client", (), {"host": host})()

    assert address_of(Asked()) == counted


@pytest.mark.browser
def test_in_a_real_browser_from_the_first_password_to_the_first_page(six_on_sqlite, serve, window):
    from axe_playwright_python.sync_playwright import Axe

    six_on_sqlite.lang = "vi"
    username, one_time = accounts.first_admin(six_on_sqlite)
    address = serve(make_app(lambda: six_on_sqlite, PREFECT))
    page = window(width=390, height=800)

    def scanned():
        faults = [
            one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")
        ]
        assert faults == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto(f"{address}/nguoi-dung")
    scanned()
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(one_time)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Chọn mật khẩu của bạn").wait_for()
    scanned()
    page.get_by_label("Mật khẩu mới").first.fill(GOOD)
    page.get_by_label("Gõ lại").fill(GOOD)
    page.get_by_role("button", name="Lưu mật khẩu").click()
    page.get_by_role("heading", name="Người dùng").wait_for()
    assert page.url == f"{address}/nguoi-dung"
    scanned()
    page.get_by_role("link", name="Thêm người dùng").click()
    page.get_by_label("Tên đăng nhập").fill("lan.nguyen")
    page.get_by_label("Vai trò").select_option("can_bo")
    page.get_by_label("Mã đơn vị").fill("CB-01")
    scanned()
    page.get_by_role("button", name="Thêm và cấp mật khẩu").click()
    page.get_by_role("heading", name="Mật khẩu dùng lần đầu").wait_for()
    scanned()
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "ketnap_session"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "ketnap_session" not in page.evaluate("document.cookie")
