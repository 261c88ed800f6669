"""Every page in a real browser: an accessibility scan, nothing fetched from elsewhere, nothing wider than a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from console.desk.app import load_views
from console.desk.page import Page
from procedures.tick import tick
from states.roles import Actor
from tests.desk.conftest import PREFECT, Served, Somebody
from tests.six import open_example

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
SIZES = {"screen": (1280, 720), "phone": (390, 844)}
MENU = sorted(
    view.path + ("/list" if not isinstance(view, Page) else "")
    for view in load_views()
    if getattr(view, "path", None) and getattr(view, "add_to_menu", True)
)
MORE = [
    "/nguoi/ho-so?ma=PL-04",
    "/nguoi/ho-so/buoc?ma=PL-02&viec=cell_vote",
    "/don-vi?ma=CB-01",
    "/leo-thang/vu-viec?so=1",
    "/quy-dinh/muc?khoa=ceremony_wd",
    "/quy-dinh/xac-nhan?khoa=ceremony_wd",
    "/quy-dinh/tra-cuu?khoa=ceremony_wd&tu=2025-10-22",
    "/quy-dinh/thay-doi",
    "/quy-dinh/lich",
    "/thong-bao/thu",
    "/thong-bao/vi-sao?so=1",
    "/nguoi-dung/them",
    "/khong-co-trang-nay",
    "/nguoi/ho-so?ma=KHONG-CO",
]
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


@pytest.fixture(scope="module")
def served(_six_on_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The desk of the six people after a day's work, an administrator at it."""
    from console.desk.app import make_app

    file = tmp_path_factory.mktemp("looks") / "six.db"
    shutil.copyfile(_six_on_sqlite, file)
    office = open_example(f"sqlite:///{file}")
    office.lang = "vi"
    tick(office)
    server = Served(make_app(lambda: office, PREFECT, provider=Somebody(Actor("lan", "quan_tri"))))
    yield server.url
    server.stop()
    office.database.close()


@pytest.fixture(scope="module")
def windows(chromium: Any, served: str) -> Iterator[dict[str, Window]]:
    """One window of each size."""
    opened = {size: Window(chromium, served, size) for size in SIZES}
    yield opened
    for window in opened.values():
        window.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_keeps_to_itself(path: str, size: str, windows: dict[str, Window]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    window = windows[size]
    page = window.open(path)
    found = Axe().run(page, options=RULES).response["violations"]
    told = [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]
    assert told == []
    assert window.elsewhere == []
    assert [one for one in window.wrong if "the server responded with a status of 404" not in one] == []
    assert page.locator("h1").count() == 1
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px wider than its window"


REACHED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  one.dataset.tried = "1";
  return {what: one.outerHTML.slice(0, 120), seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          there: box.width > 0 && box.height > 0};
}"""
LEFT = """() => [...document.querySelectorAll("a[href], button, input, select, textarea")]
  .filter((one) => !one.disabled && one.type !== "hidden" && one.checkVisibility({visibilityProperty: true}) && !one.dataset.tried)
  .filter((one) => !(one.type === "radio" && document.querySelector(`input[name="${one.name}"][data-tried]`)))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_reached_by_keyboard_with_a_visible_focus(path: str, windows: dict[str, Window]) -> None:
    page = windows["screen"].open(path)
    unseen = []
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(REACHED)
        if here is None:
            break
        if not here["seen"] or not here["there"]:
            unseen.append(here["what"])
        if not page.evaluate(LEFT):
            break
    assert unseen == []
    assert page.evaluate(LEFT) == []


CHROME = """() => [...document.querySelectorAll(
    "aside, header, label, legend, button, th[scope=col], caption, h2, .nav-tabs, .kn-facts dt, .alert, .kn-empty, title")]
  .filter((one) => !one.closest("[lang=vi], .language-switcher-item"))
  .map((one) => one.innerText || "")"""


@pytest.mark.parametrize("path", PAGES)
def test_english_leaves_no_vietnamese_in_the_frame(path: str, windows: dict[str, Window]) -> None:
    window = windows["screen"]
    window.context.add_cookies([{"name": "language", "value": "en", "url": window.url}])
    try:
        page = window.open(path)
        assert page.locator("html").get_attribute("lang") == "en"
        said = [one for one in page.evaluate(CHROME) if VIETNAMESE.search(one.replace("Tiếng Việt", ""))]
    finally:
        window.context.clear_cookies(name="language")
    assert said == []
