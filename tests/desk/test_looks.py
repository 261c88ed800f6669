"""Every page in a real browser: an accessibility scan, nothing fetched from elsewhere, nothing wider than a phone."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from starlette_admin.views import BaseModelView, CustomView

from console.desk.app import load_views, make_app
from procedures.accounts import add_account
from procedures.close_period import close_period
from procedures.confirm_limit import confirm_limit, read_proposal
from procedures.office import Office
from procedures.recipients import add_recipient
from procedures.show import show_candidate
from procedures.targets import set_target
from procedures.tick import tick
from procedures.units import list_units
from procedures.waiting_file import keep_file
from tests.desk.conftest import PREFECT, Desk, Served, desk_of
from tests.desk.looking import against
from tests.desk.test_access_matrix import pages
from tests.example_offices import SIX
from tests.procedures.books import content

TARGET_ON = date(2025, 1, 6)
SIZES = {"screen": (1280, 720), "phone": (390, 844)}
MENU = sorted(
    f"/{view.key}/list" if isinstance(view, BaseModelView) else view.path
    for view in load_views()
    if isinstance(view, BaseModelView) or (isinstance(view, CustomView) and view.add_to_menu)
)
# In the order of the menu; {tep} is the file that waits to be looked at.
MORE = [
    "/thieu-du-lieu",
    "/nguoi/ho-so?ma=PL-04",
    "/nguoi/ho-so?ma=PL-04&ngay=2025-06-01",
    "/nguoi/ho-so/buoc?ma=PL-02&viec=cell_vote",
    "/nguoi/ho-so/dinh-chinh?muc=PL-04:1",
    "/nguoi/du-lieu?ma=PL-01",
    "/nguoi/xoa",
    "/nguoi/xoa?ma=PL-01",
    "/nhieu-nguoi/chon?viec=cell_vote",
    "/nhap/xem?tep={tep}",
    "/nhap/xong?so=1",
    "/nhap/hoan-tac?so=1",
    "/don-vi?ma=CB-01",
    "/don-vi?ma=DU-HTX&ky=2025",
    "/don-vi?ma=CB-01&phan=to-chuc",
    "/don-vi?ma=CB-01&phan=nguoi-nhan",
    "/don-vi/them?cap_tren=DU-HTX",
    "/don-vi/sua?ma=CB-01",
    "/don-vi/ket-thuc?ma=CB-01",
    "/don-vi/im-lang",
    "/chi-tieu/giao",
    "/chi-tieu/phan-bo?don_vi=DU-HTX&chi_so=admitted&ky=2025",
    "/chi-tieu/quy-tac",
    "/chi-tieu/khen-thuong",
    "/ky-bao-cao?don_vi=DU-HTX&ky=2025&phan_to=all&bien_dong=1&so_voi=cung_ky",
    "/ky-bao-cao/nguoi?don_vi=DU-HTX&ky=2025&chi_so=admitted",
    "/ky-bao-cao/ban?don_vi=DU-HTX&ky=2025-Q1&ban=1",
    "/ky-bao-cao/cau-noi?don_vi=DU-HTX&ky=2025-Q1",
    "/leo-thang/vu-viec?so=1",
    "/thong-bao/thu",
    "/thong-bao/vi-sao?so=1",
    "/quy-dinh/muc?khoa=ceremony_wd",
    "/quy-dinh/xac-nhan?khoa=ceremony_wd",
    "/quy-dinh/rut-lai?khoa=declaration_wd&so=1",
    "/quy-dinh/tra-cuu?khoa=ceremony_wd&tu=2025-10-22",
    "/quy-dinh/thay-doi",
    "/quy-dinh/lich",
    "/nguoi-dung/them",
    "/nguoi-dung/tai-khoan?ten=hoa",
    "/khong-co-trang-nay",
    "/nguoi/ho-so?ma=KHONG-CO",
]
DOWNLOADS = {"/ky-bao-cao/tai", "/nhap/mau"}
PAGES = list(dict.fromkeys([*MENU, *MORE]))
VIETNAMESE = re.compile("[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


class Window:
    """A browser's window at the desk: what it fetched, and what went wrong in it."""

    def __init__(self, chromium: Any, url: str, size: str) -> None:
        width, height = SIZES[size]
        self.url = url
        self.context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.route("**/*", self._guard)

    def _guard(self, route: Any) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(self.url).netloc or route.request.url.startswith("data:"):
            route.continue_()
        else:
            self.elsewhere.append(route.request.url)
            route.abort()

    def open(self, path: str) -> Any:
        """The page of an address, with nothing left of the one before."""
        self.wrong.clear()
        self.elsewhere.clear()
        self.page.goto(self.url + path, wait_until="load")
        return self.page


@dataclass(frozen=True)
class Shown:
    """A desk that is served, with something on every page."""

    url: str
    desk: Desk
    waiting: str  # the file that waits to be looked at

    def address(self, path: str) -> str:
        return path.format(tep=self.waiting)


@pytest.fixture(scope="module")
def shown(_six_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The desk of the six people after a day's work, an administrator at it."""
    with SIX.copied(_six_file, tmp_path_factory.mktemp("looks")) as office:
        desk = desk_of(office)
        set_target(office, "DU-HTX", "admitted", "2025", floor="6", decision_number="1-QĐ/ĐU", decision_date=TARGET_ON)
        tick(office)
        for step in ({"prepare": True}, {"accept": True, "signer": "Lan"}):
            close_period(office, "DU-HTX", "2025-Q1", **step)
        confirm_limit(
            office, read_proposal(office, "declaration_wd", "30", "01/07/2025", "verified", "294", "đối chiếu")
        )
        add_account(office, "hoa", role="can_bo", unit="CB-01")
        add_recipient(office, "CB-01", "bi_thu", "sen@example.vn", "Bùi Thị Sen")
        rows = [["ma", "ho_ten", "don_vi"], ["N-1", "Lò Thị Pa", "CB-01"], ["N-2", "Giàng A Sử", "KHONG-CO"]]
        file = keep_file(office, "nguoi-moi.xlsx", io.BytesIO(content({"ung_vien": rows})))
        server = Served(desk.app)
        yield Shown(server.url, desk, file.token)
        server.stop()


@pytest.fixture(scope="module")
def windows(chromium: Any, shown: Shown) -> Iterator[dict[str, Window]]:
    """One window of each size."""
    opened = {size: Window(chromium, shown.url, size) for size in SIZES}
    yield opened
    for window in opened.values():
        window.context.close()


def test_no_page_is_forgotten(shown: Shown) -> None:
    """Every address that is read is looked at here; what a form leads to, in test_jobs.py where its picture is taken."""
    read = {asked.path for asked in pages(shown.desk.app) if asked.method == "GET"}
    assert read - DOWNLOADS - {urlsplit(path).path for path in PAGES} == set()


@pytest.mark.parametrize("path", [path for path in PAGES if "KHONG-CO" not in path and "khong-co" not in path])
def test_a_page_has_something_on_it(path: str, shown: Shown) -> None:
    """What is scanned is the page itself, no refusal of it."""
    assert shown.desk.get(shown.address(path)).status_code == (422 if path.startswith("/nguoi/xoa?") else 200)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_keeps_to_itself(
    path: str, size: str, windows: dict[str, Window], shown: Shown
) -> None:
    window = windows[size]
    page = window.open(shown.address(path))
    assert against(page) == []
    assert window.elsewhere == []
    assert [one for one in window.wrong if "the server responded with a status of 4" not in one] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/dang-nhap", "/dang-nhap?lan=1"])
def test_the_door_is_accessible(path: str, size: str, chromium: Any, six_on_sqlite: Office) -> None:
    six_on_sqlite.lang = "vi"
    server = Served(make_app(lambda: six_on_sqlite, PREFECT))
    window = Window(chromium, server.url, size)
    try:
        page = window.open(path)
        if "lan" in path:  # what a wrong password leaves on the page
            page.fill("input[type=password]", "sai mật khẩu")
            page.locator("input[type=text]").first.fill("khong-co")
            page.locator("button[type=submit]").first.click()
            page.wait_for_load_state()
        assert against(page) == []
        assert window.elsewhere == []
    finally:
        window.context.close()
        server.stop()


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_reached_by_keyboard_with_a_visible_focus(
    path: str, windows: dict[str, Window], shown: Shown
) -> None:
    page = windows["screen"].open(shown.address(path))
    unseen, here, rounds = [], {"left": ["?"]}, 0
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(STEP)
        if not here["seen"]:
            unseen.append(here["what"])
        rounds += here["what"] is None  # past the last element; a page may begin in its search field
        if not here["left"] or rounds == 2:
            break
    assert unseen == []
    assert here["left"] == []


# Where the focus is now, whether it shows, and what it has not come to yet.
STEP = """() => {
  const one = document.activeElement;
  const at = one && one !== document.body;
  if (at) one.dataset.tried = "1";
  const style = at ? getComputedStyle(one) : null;
  const box = at ? one.getBoundingClientRect() : null;
  const left = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => !one.disabled && one.type !== "hidden" && !one.dataset.tried)
    .filter((one) => !one.matches("[tabindex='-1']:is([aria-hidden=true], [aria-disabled=true])") && one.checkVisibility({visibilityProperty: true}))
    .filter((one) => !(one.type === "radio" && document.querySelector(`input[name="${one.name}"][data-tried]`)));
  return {
    what: at ? one.outerHTML.slice(0, 120) : null,
    seen: !at || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0),
    left: left.map((one) => one.outerHTML.slice(0, 120)),
  };
}"""

FRAME = re.compile(
    r"<(aside|label|legend|button|caption|h2|dt|summary|title|th)\b(?![^>]*scope=.row)[^>]*>(.*?)</\1>", re.DOTALL
)


def _strings(written: Any) -> list[str]:
    """Every word of a part of config.yaml, which is written in one language."""
    if isinstance(written, dict):
        written = list(written.values())
    if isinstance(written, list):
        return [word for one in written for word in _strings(one)]
    return [written] if isinstance(written, str) else []


@pytest.fixture(scope="module")
def in_english(shown: Shown) -> tuple[TestClient, list[str]]:
    """The same desk in English, without a browser; and the names that are Vietnamese because people and units are."""
    office = shown.desk.office
    desk = desk_of(office)
    desk.client.cookies.set("language", "en")
    units = [unit["name"] for unit in list_units(office)["items"]]
    people = [show_candidate(office, f"PL-0{n}")["name"] for n in range(1, 7)]
    settings = office.settings
    labels = (
        _strings(settings.breakdowns.model_dump())
        + [one.label for one in settings.indicators.values()]
        + [
            *settings.unit_kinds.values(),
            *settings.roles.values(),
        ]
    )
    return desk.client, sorted(filter(None, [*units, *people, *labels, "Tiếng Việt"]), key=len, reverse=True)


@pytest.mark.parametrize("path", PAGES)
def test_english_leaves_no_vietnamese_in_the_frame(
    path: str, in_english: tuple[TestClient, list[str]], shown: Shown
) -> None:
    client, names = in_english
    page = client.get(shown.address(path)).text
    assert '<html lang="en"' in page
    left, found = [], FRAME.findall(page)
    assert len(found) > 5
    for _, words in found:
        said = html.unescape(re.sub(r"<[^>]+>", " ", words))
        for name in names:
            said = said.replace(name, "")
        if VIETNAMESE.search(said):
            left.append(" ".join(said.split()))
    assert left == []
