"""Every route of the desk, from its own route table: without a session, and as each role for its own, another and the unit above.

What a route needs is declared with it (console/desk/page.py); one that declares nothing fails here.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

import pytest
from starlette.routing import Mount, Route
from starlette_admin.views import BaseModelView

from console.desk.app import make_app
from console.desk.page import SIGNED_IN, Page
from states.roles import PERMISSIONS, ROLES
from tests.desk.conftest import PREFECT, Desk
from tests.desk.furnished import (  # noqa: F401
    ABOVE,
    INDICATOR,
    NOWHERE,
    OTHER,
    OWN,
    PERIOD,
    _furnished,
    _furnished_file,
    visitor,
)
from tests.desk.reading import value_of

# Anybody may ask these; nothing of the office's people or units is in their answers.
OPEN = {("GET", "/health"), ("GET", "/status.json"), ("GET", "/dang-nhap"), ("POST", "/dang-nhap")}
# Every account; the door itself (console/desk/sign_in.py).
DOOR = {("POST", "/dang-xuat"), ("GET", "/doi-mat-khau"), ("POST", "/doi-mat-khau")}
# starlette-admin's own: reading goes by the view of that key, writing is done by nobody.
READS = {"/{key}/list", "/_api/{key}/relation-lookup", "/_api/{key}/inline-edit/row"}
ACTS = {"/_api/{key}/action", "/_api/{key}/row-action"}
WRITES = {
    "/{key}/create", "/{key}/edit", "/{key}/detail", "/_api/{key}/import", "/_api/{key}/inline-edit",
    "/_files/{storage}/{path:path}",
}  # fmt: skip

PERSON = "PL-01"  # of CB-01
OUTSIDE = ("PL-03", "PL-04", "PL-05", OTHER, "CB-03", ABOVE, "XA-PL")
HIDDEN_NAMES = ("Lương Thị Hoài An", "Tạ Minh Đức", "Bùi Thanh Trà")
WHOLE_OFFICE = {"confirm_law", "run_jobs"}  # for all units at once: an administrator of one unit may not either


@dataclass(frozen=True)
class Asked:
    """One method of one route and what it needs."""

    method: str
    path: str
    needs: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes(app) -> list[tuple[str, str]]:
    """(method, path) of everything the application answers, static files left out."""
    found: list[tuple[str, str]] = []

    def walk(some, above="") -> None:
        for route in some:
            if isinstance(route, Mount):
                if route.name != "static":
                    walk(route.routes, above + route.path.rstrip("/"))
            else:
                assert isinstance(route, Route), route
                found.extend((method, above + route.path) for method in (route.methods or ()) if method != "HEAD")

    walk(app.routes)
    return sorted(set(found))


def declared(app) -> dict[tuple[str, str], str]:
    """What each route of our pages says it needs: by itself or by its class; Page's own default is no word of theirs."""
    admin = app.state.admin
    said: dict[tuple[str, str], str] = {}
    for view in {id(one): one for one in (admin.index_view, *admin._views)}.values():
        if not isinstance(view, Page):
            continue
        by_class = next(
            (vars(one)["needs"] for one in type(view).__mro__ if "needs" in vars(one) and one is not Page), None
        )
        for name in dir(type(view)):
            handler = getattr(type(view), name, None)
            if not hasattr(handler, "_route_path"):
                continue
            needs = handler._needs if handler._needs is not None else by_class
            if needs is not None:
                path = view.path.rstrip("/") + handler._route_path or "/"
                said |= {(method, path): needs for method in handler._route_methods}
    return said


def undeclared(app) -> list[str]:
    known = set(declared(app)) | OPEN | DOOR
    theirs = READS | ACTS | WRITES
    return [f"{method} {path}" for method, path in routes(app) if (method, path) not in known and path not in theirs]


def pages(app) -> list[Asked]:
    """Every route of our pages."""
    said = declared(app)
    return [Asked(method, path, said[method, path]) for method, path in routes(app) if (method, path) in said]


def model_views(app) -> list[BaseModelView]:
    return list(app.state.admin._model_views)


def addresses(app) -> Iterator[tuple[str, str]]:
    """(method, address) of every route, with the keys there are put in."""
    keys = [view.key for view in model_views(app)] + ["khong-co"]
    for method, path in routes(app):
        for key in keys if "{key}" in path else [""]:
            yield method, path.replace("{key}", key or "").replace("{storage}", "x").replace("{path:path}", "y")


def asking(desk: Desk, path: str, code: str) -> dict[str, str]:
    """The same code wherever an address may ask for one, and what there is in that place for the rest: `so` is a case on
    the page of cases, a notice on that of notices, an import on that of imports."""
    place = desk.places.get(code) or next((one for one in desk.places.values() if one.person == code), None)
    known = vars(desk.places[NOWHERE]) | {part: one for part, one in (vars(place) if place else {}).items() if one}
    numbers = {"/leo-thang": known["case"], "/thong-bao": known["notice"], "/nhap": known["imported"]}
    return {
        "ma": code, "don_vi": code, "nguoi": code, "ten": known["account"], "ky": PERIOD, "chi_so": INDICATOR, "pk": code,
        "khoa": "ceremony_wd", "muc": known["entry"] if place else f"{code}:1", "tep": known["clear"], "viec": "delist",
        "so": next((number for under, number in numbers.items() if path.startswith(under)), "1"),
    }  # fmt: skip


@pytest.fixture
def desk(furnished: Desk) -> Desk:
    """The six people's office with an account in every place, and no limit on how often is asked."""
    return furnished


def send(desk: Desk, method: str, path: str, query: dict[str, str]):
    if method == "GET":
        return desk.client.get(path, params=query)
    return desk.post(path, query, params=query)


def failed(answer) -> bool:
    """A failure of ours; 503 is told (no Prefect here, a disk that is full)."""
    return answer.status_code >= 500 and answer.status_code != 503


def test_every_route_says_what_it_needs(desk):
    assert undeclared(desk.app) == []
    assert {asked.needs for asked in pages(desk.app)} <= set(PERMISSIONS) | {SIGNED_IN}
    assert pages(desk.app)


def test_every_list_says_what_it_needs_and_changes_nothing(desk):
    for view in model_views(desk.app):
        assert getattr(view, "needs", None) in PERMISSIONS, f"{view.key} declares no permission"


def test_a_route_that_says_nothing_is_found(desk):
    class Silent(Page):
        path = "/im-lang-ve-quyen"

        from console.desk.page import page

        @page()
        def show(self, request, office):
            raise AssertionError

    app = make_app(lambda: desk.office, PREFECT, provider=desk.provider, views=[Silent()])
    assert undeclared(app) == ["GET /", "GET /im-lang-ve-quyen"]  # the generic first page says nothing either


def test_nobody_without_a_session_gets_anywhere(desk):
    app = make_app(lambda: desk.office, PREFECT)  # with the real door
    stranger = visitor(app)
    token = value_of(stranger.get("/dang-nhap").text, "csrftoken")
    wrong = []
    for method, address in addresses(app):
        if (method, address) in OPEN:
            continue
        for cookie in (None, "", "gia-mao", "A" * 43, "A" * 10_000):
            headers = (
                {} if cookie is None else {"Cookie": f"starlette_admin_csrftoken={token}; ketnap_session={cookie}"}
            )
            if method == "GET":
                answer = stranger.get(address, params=asking(desk, address, PERSON), headers=headers)
                let_in = answer.status_code != 303 or not answer.headers["location"].startswith("/dang-nhap")
            else:
                answer = stranger.request(method, address, data={"csrftoken": token, "ma": "PL-01"}, headers=headers)
                let_in = answer.status_code not in (401, 403) and answer.headers.get("location") != "/dang-nhap"
                forged = stranger.request(method, address, data={"ma": "PL-01"}, headers=headers)
                let_in = let_in or forged.status_code != 403
            if let_in or "Nguyễn Thị Thu Hiên" in answer.text:
                wrong.append(f"{method} {address} {cookie and cookie[:9]}: {answer.status_code}")
    assert wrong == []


def test_what_is_open_tells_nothing_of_people_or_units(desk):
    stranger = visitor(make_app(lambda: desk.office, PREFECT))
    for method, path in OPEN:
        if method == "GET":
            said = stranger.get(path).text
            assert not [word for word in ("PL-0", "CB-0", "Nguyễn", "Chi bộ", "XA-PL") if word in said], path


@pytest.mark.parametrize("unit", [OWN, OTHER, ABOVE, None], ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_its_permissions_say(desk, role, unit):
    """One person and one unit asked for by accounts of that unit, of one beside, of the one above, of the whole office."""
    desk.sit(role, unit, user=f"{role}.{(unit or '').lower()}")
    wrong = []
    for asked in pages(desk.app):
        if asked.path in ("/nguoi-dung/khoa", "/nguoi-dung/mat-khau"):
            continue  # tried in test_accounts.py; here they would take the seats away
        may = asked.needs == SIGNED_IN or role in PERMISSIONS[asked.needs]
        may = may and not (unit and asked.needs in WHOLE_OFFICE)
        for code in (PERSON, OWN, NOWHERE) if may else (OWN,):
            answer = send(desk, asked.method, asked.path, asking(desk, asked.path, code))
            if failed(answer) or (answer.status_code == 403) is may:
                wrong.append(f"{asked} {code}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_names_no_page_that_would_be_refused(desk, role):
    desk.sit(role, OWN)
    shown = desk.client.get("/doi-mat-khau") if desk.client.get("/").status_code == 403 else desk.client.get("/")
    linked = set(re.findall(r'href="(?:http://127\.0\.0\.1)?(/[^"?#]*)"', shown.text)) - {"/dang-nhap"}
    for path in sorted(linked):
        if not path.startswith(("/static", "/doi-mat-khau")):
            assert desk.client.get(path).status_code in (200, 303, 307, 400), path


@pytest.mark.parametrize("role", ROLES)
def test_what_lies_outside_is_as_unknown_as_nowhere_and_nothing_of_it_shows(desk, role):
    """Asked by code for another unit, the unit above and their people: no name, and the answer of a code there is not."""
    desk.sit(role, OWN, user=f"{role}.{OWN.lower()}")
    wrong = []
    for asked in pages(desk.app):
        nowhere = send(desk, asked.method, asked.path, asking(desk, asked.path, NOWHERE)).status_code
        for code in OUTSIDE:
            answer = send(desk, asked.method, asked.path, asking(desk, asked.path, code))
            if answer.status_code != nowhere:
                wrong.append(f"{asked} {code}: {answer.status_code}, of a code there is not {nowhere}")
            wrong += [f"{asked} {code} shows a name of another unit" for name in HIDDEN_NAMES if name in answer.text]
    assert wrong == []


def test_own_people_and_units_open_where_others_do_not(desk):
    """What the test before this one measures is there at all."""
    desk.sit("can_bo", OWN, user=f"can_bo.{OWN.lower()}")

    def opened(code: str) -> set[str]:
        gets = [asked for asked in pages(desk.app) if asked.method == "GET"]
        return {
            asked.path
            for asked in gets
            if send(desk, "GET", asked.path, asking(desk, asked.path, code)).status_code == 200
        }

    assert "/nguoi/ho-so" in opened(PERSON) - opened("PL-03")
    assert "/don-vi" in opened(OWN) - opened(OTHER)
    assert "/don-vi" not in opened(ABOVE)


def test_the_generic_forms_of_the_lists_are_closed(desk):
    wrong = []
    for role, view in itertools.product(ROLES, model_views(desk.app)):
        desk.sit(role)
        for method, path in routes(desk.app):
            if path not in WRITES | ACTS | READS:
                continue
            address = path.replace("{key}", view.key).replace("{storage}", "x").replace("{path:path}", "y")
            answer = send(desk, method, address, asking(desk, path, PERSON) | {"name": "export"})
            may_read = path not in WRITES and role in PERMISSIONS[view.needs]
            refused = answer.status_code in (400, 403, 404, 405)
            if failed(answer) or not (refused or may_read) or (path in READS and refused is may_read):
                wrong.append(f"{role} {method} {address}: {answer.status_code}")
    assert wrong == []


def shown(answer) -> str:
    """All the words of an answer, a workbook opened."""
    content = answer.content
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(member) for member in book.namelist())
    return content.decode("utf-8", "replace")


def leaving(desk: Desk) -> str:
    """All that the lists show, find and export to whoever sits there, workbooks opened."""
    said = []
    for view, (method, path) in itertools.product(model_views(desk.app), routes(desk.app)):
        if path not in READS | ACTS:
            continue
        for name, kind in (("export", "xlsx"), ("export", "csv"), ("many", "")):
            for more in ({"all": "1"}, {"pks": "PL-03", "pk": "PL-03"}, {"q": "Hoài An"}, {"page_size": "200"}):
                asked = {"name": name, "format": kind} | more
                said.append(shown(send(desk, method, path.replace("{key}", view.key), asked)))
    return "\n".join(said)


@pytest.mark.parametrize("role", ROLES)
def test_the_lists_and_what_leaves_them_keep_to_ones_own_unit(desk, role):
    desk.sit(role, OWN, user=f"{role}.{OWN.lower()}")
    said = leaving(desk)
    assert [name for name in HIDDEN_NAMES if name in said] == []
    assert ("Nguyễn Thị Thu Hiên" in said) is (role in PERMISSIONS["see_people"])


def test_the_whole_office_sees_in_lists_and_files_what_a_unit_does_not(desk):
    desk.sit("can_bo")
    said = leaving(desk)
    assert [name for name in HIDDEN_NAMES if name not in said] == []
