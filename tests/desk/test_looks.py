"""Every page in a real browser: an accessibility scan, nothing fetched from elsewhere, nothing wider than a phone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from starlette_admin.views import BaseModelView, CustomView

from console.desk.app import load_views, make_app
from procedures.office import Office
from procedures.show import show_candidate
from procedures.tick import tick
from procedures.units import list_units
from tests.desk.conftest import PREFECT, Served, desk_of
from tests.example_offices import SIX

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
SIZES = {"screen": (1280, 720), "phone": (390, 844)}
MENU = sorted(
    f"/{view.key}/list" if isinstance(view, BaseModelView) else view.path
    for view in load_views()
    if isinstance(view, BaseModelView) or (isinstance(view, CustomView) and view.add_to_menu)
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
    "/nhieu-nguoi/chon?viec=cell_vote",
    "/don-vi/sua?ma=CB-01",
    "/chi-tieu/giao",
    "/thieu-du-lieu",
    "/nguoi/xoa?ma=PL-01",
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
def served(_six_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Office]]:
    """The desk of the six people after a day's work, an administrator at it, and its office."""
    with SIX.copied(_six_file, tmp_path_factory.mktemp("looks")) as office:
        tick(office)
        server = Served(desk_of(office).app)
        yield server.url, office
        server.stop()


@pytest.fixture(scope="module")
def windows(chromium: Any, served: tuple[str, Office]) -> Iterator[dict[str, Window]]:
    """One window of each size."""
    opened = {size: Window(chromium, served[0], size) for size in SIZES}
    yield opened
    for window in opened.values():
        window.context.close()


def against(page: Any) -> list[str]:
    """What an accessibility scan has against a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_keeps_to_itself(path: str, size: str, windows: dict[str, Window]) -> None:
    window = windows[size]
    page = window.open(path)
    assert against(page) == []
    assert window.elsewhere == []
    assert [one for one in window.wrong if "the server responded with a status of 4" not in one] == []
    assert page.locator("h1").count() == 1
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} is {wide} px wider than its window"


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
        assert (window.elsewhere, page.locator("h1").count()) == ([], 1)
    finally:
        window.context.close()
        server.stop()


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_reached_by_keyboard_with_a_visible_focus(path: str, windows: dict[str, Window]) -> None:
    page = windows["screen"].open(path)
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
def in_english(served: tuple[str, Office]) -> tuple[TestClient, list[str]]:
    """The same desk in English, without a browser; and the names that are Vietnamese because people and units are."""
    office = served[1]
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
def test_english_leaves_no_vietnamese_in_the_frame(path: str, in_english: tuple[TestClient, list[str]]) -> None:
    client, names = in_english
    page = client.get(path).text
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
