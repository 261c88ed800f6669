"""Every form of the desk, filled in as who has the place would fill it in: it does something there, and nothing when it is
sent by somebody of another unit, whatever their role."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from procedures.targets import list_targets
from states.roles import PERMISSIONS, ROLES
from store import backup
from store.sessions import SESSIONS
from tests.desk.conftest import Desk
from tests.desk.forms import Filled, fill
from tests.desk.furnished import (  # noqa: F401
    ABOVE,
    BESIDE,
    INDICATOR,
    OTHER,
    OWN,
    PERIOD,
    TOP,
    Place,
    _furnished,
    _furnished_file,
    administrator,
    pasted,
)
from tests.desk.reading import main_words
from tests.desk.test_access_matrix import pages, shown

WHY, DAY, LATER = "đã đối chiếu", "01/12/2025", "20/12/2025"


@dataclass(frozen=True)
class Way:
    """How one comes to a form: the page, what is typed in it, and the forms sent before; `{…}` is a part of the Place."""

    page: str
    typed: dict[str, str]
    before: tuple[tuple[str, dict[str, str]], ...] = ()
    whole: bool = False  # of the whole office, no unit's

    def asks(self) -> set[str]:
        """Which parts of a place it needs."""
        words = [self.page, *self.typed, *self.typed.values()]
        for path, typed in self.before:
            words += [path, *typed, *typed.values()]
        return {name for word in words for name in re.findall(r"\{(\w+)\}", word)}


def way(page: str, *before: tuple[str, dict[str, str]], whole: bool = False, **typed: str) -> Way:
    return Way(page, typed, before, whole)


UNIT = "/don-vi?ma={unit}&phan=nguoi-nhan"
ACCOUNT, CASE = "/nguoi-dung/tai-khoan?ten={account}", "/leo-thang/vu-viec?so={case}"
CHOSEN = "/nhieu-nguoi/chon?viec={many}&ma={person}"
LAID_OUT = ("/nhieu-nguoi/lap", {})
SAID = {"on": DAY, "note": WHY}
LAW = {"value": "20", "since": "01/07/2025", "status": "verified", "cite": "294-QĐ/TW", "reason": WHY}
WAYS = {
    "/chi-tieu/giao": way("/chi-tieu/giao?don_vi={unit}", indicator="introduced", period=PERIOD, floor="7"),
    "/chi-tieu/phan-bo": Way(
        f"/chi-tieu/phan-bo?don_vi={{unit}}&chi_so={INDICATOR}&ky={PERIOD}", {"phan.{child}": "40"}
    ),
    "/chi-tieu/quy-tac": way(f"/chi-tieu/quy-tac?ky={PERIOD}"),
    "/don-vi/them": way("/don-vi/them?cap_tren={unit}", code="MOI-{unit}", name="Tổ mới", kind="to_cong_doan"),
    "/don-vi/sua": way(
        "/don-vi/sua?ma={child}", ("/don-vi/sua", {"name": "Đổi tên", "do": "xem"}), do="ghi", name="Đổi tên"
    ),
    "/don-vi/ket-thuc": way(
        "/don-vi/ket-thuc?ma={child}", ("/don-vi/ket-thuc", {"last_on": DAY, "do": "xem"}), do="ghi"
    ),
    "/don-vi/nguoi-nhan": way(UNIT, role="bi_thu", name="Người mới", address="moi@example.org"),
    "/don-vi/nguoi-nhan/bo": way(UNIT),
    "/ky-bao-cao/chot": way("/ky-bao-cao?don_vi={unit}&ky=2025-Q3", act="prepare"),
    "/leo-thang/cam-ket": way(CASE, until=LATER, text=WHY),
    "/leo-thang/tam-dung": way(CASE, until=LATER, text=WHY),
    "/leo-thang/dong": way(CASE, text=WHY),
    "/luot-chay/moi-viec": way("/luot-chay", whole=True),
    "/nguoi-dung/them": way("/nguoi-dung/them", username="moi.{unit}", role="bi_thu", unit="{unit}"),
    "/nguoi-dung/tai-khoan": way(ACCOUNT, name="Đổi Tên"),
    "/nguoi-dung/mat-khau": way(ACCOUNT),
    "/nguoi-dung/khoa": way(ACCOUNT),
    "/nguoi-dung/ket-thuc": way(ACCOUNT),
    "/nguoi-dung/mo": way("/nguoi-dung/tai-khoan?ten={disabled}"),
    "/nguoi/du-lieu": way("/nguoi/du-lieu?ma={person}", ly_do=WHY, dang="json"),
    "/nguoi/ho-so/buoc": way(
        "/nguoi/ho-so/buoc?ma={person}&viec=withdraw", ("/nguoi/ho-so/buoc", {"lam": "xem", **SAID}), lam="ghi"
    ),
    "/nguoi/ho-so/dinh-chinh": way(
        "/nguoi/ho-so/dinh-chinh?muc={entry}",
        ("/nguoi/ho-so/dinh-chinh", {"lam": "xem", "huy": "1", "ly_do_sua": WHY}),
        lam="ghi",
    ),
    "/nguoi/ho-so/xem-rieng": way("/nguoi/ho-so?ma={person}", ly_do=WHY),
    "/nguoi/xoa": way("/nguoi/xoa?ma={newcomer}", ly_do=WHY, don="số 5 ngày 01/12/2025", xac_nhan="{newcomer}"),
    "/nhap": way("/nhap", bang="{clear}", sheet="ung_vien"),
    "/nhap/ghep": Way("/nhap/xem?tep={unclear}", {"cot:B:{unclear}": "ho_ten"}),
    "/nhap/ghi": way("/nhap/xem?tep={clear}"),
    "/nhap/bo": way("/nhap/xem?tep={clear}"),
    "/nhap/hoan-tac": way("/nhap/hoan-tac?so={imported}", ly_do=WHY),
    "/nhat-ky-truy-cap/xuat": way("/nhat-ky-truy-cap?don-vi={unit}"),
    "/nhieu-nguoi/lap": way(CHOSEN),
    "/nhieu-nguoi/xet": way(CHOSEN, LAID_OUT, **SAID),
    "/nhieu-nguoi/ghi": way(CHOSEN, LAID_OUT, ("/nhieu-nguoi/xet", SAID)),
    "/nhieu-nguoi/tai": way(CHOSEN, LAID_OUT, ("/nhieu-nguoi/xet", {"on": DAY})),
    "/quy-dinh/xac-nhan": way(
        "/quy-dinh/xac-nhan?khoa=ceremony_wd", ("/quy-dinh/xac-nhan", LAW), ghi="1", whole=True
    ),
    "/quy-dinh/rut-lai": way(
        "/quy-dinh/xac-nhan?khoa=ceremony_wd", ("/quy-dinh/xac-nhan", LAW), ("/quy-dinh/xac-nhan", {"ghi": "1"}),
        ("GET /quy-dinh/rut-lai?khoa=ceremony_wd&so=1", {}), reason=WHY, whole=True,
    ),
    "/thong-bao/gui": way("/thong-bao/thu", whole=True),
}  # fmt: skip
NOT_HERE = {"/luot-chay/chay": "there is no Prefect to start a run: test_notices.py"}


def lead(desk: Desk, path: str, how: Way, place: Place) -> Filled:
    """The form as the administrator of the place has it, ready to be sent."""
    actor = administrator(None if how.whole else place.unit)
    desk.sit("quan_tri", actor.unit, user=actor.user)

    def said(typed: dict[str, str]) -> dict[str, str]:
        return {name.format(**vars(place)): value.format(**vars(place)) for name, value in typed.items()}

    html = desk.client.get(how.page.format(**vars(place))).text
    for step, typed in how.before:
        if step.startswith("GET "):
            html = desk.client.get(step.removeprefix("GET ")).text
        else:
            answer = press(desk, fill(html, step, **said(typed)))
            html = answer.text
    return fill(html, path, **said(how.typed))


def press(desk: Desk, form: Filled) -> Any:
    return desk.client.post(form.address, data=form.data)


def recorded(desk: Desk) -> dict[str, list[bytes]]:
    """All that is recorded, and what waits to be imported; the log of looks left out."""
    with desk.office.database.reading() as connection:
        found = {name: list(backup.dump(connection, name)) for name in backup.names() if not name.startswith("access_")}
        found["sessions"] = [repr(row).encode() for row in connection.execute(SESSIONS.select())]
    folder = desk.office.database.beside("uploads")
    return found | {"uploads": sorted(path.name.encode() for path in folder.iterdir())}


def effect(desk: Desk, before: dict[str, list[bytes]], answer: Any, place: Place) -> list[str]:
    """What an answer did or gave away: tables changed, a file, a name."""
    after = recorded(desk)
    found = [name for name in before if before[name] != after[name]]
    if "attachment" in answer.headers.get("content-disposition", ""):
        found.append("a file")
    if place.person and NAMES[place.person] in shown(answer):
        found.append("a name")
    return found


NAMES = {"PL-01": "Nguyễn Thị Thu Hiên", "PL-03": "Lương Thị Hoài An", "PL-04": "Tạ Minh Đức"}


def with_table(how: Way, place: Place) -> Place:
    """For the form that takes a table in: one about the place."""
    return (
        replace(place, clear=pasted(["ma", "ho_ten", "don_vi"], ["X-1", "Người mới X-1", place.unit]))
        if how == WAYS["/nhap"]
        else place
    )


def test_every_form_has_its_way(furnished):
    posts = {asked.path for asked in pages(furnished.app) if asked.method == "POST"}
    assert posts == set(WAYS) | set(NOT_HERE)


@pytest.mark.parametrize("path", WAYS)
def test_a_form_does_something_where_it_may(furnished, path):
    """Without this, the test below would be passed by forms nobody can send."""
    how = WAYS[path]
    for unit in (OWN, OTHER)[: 1 if how.whole else 2]:
        place = with_table(how, furnished.places[unit])
        form = lead(furnished, path, how, place)
        before = recorded(furnished)
        answer = press(furnished, form)
        assert answer.status_code in (200, 303), main_words(answer.text)
        assert effect(furnished, before, answer, place), path


@pytest.mark.parametrize("role", ROLES)
def test_no_form_of_a_place_outside_does_anything(furnished, role):
    """Each as its own administrator would send it, versions and tokens included, sent by somebody of a unit beside."""
    ready = []
    for path, how in WAYS.items():
        for unit in (OTHER, ABOVE, BESIDE, TOP):
            place = with_table(how, furnished.places[unit])
            if path not in OF_ONES_OWN and not how.whole and all(getattr(place, part) for part in how.asks()):
                ready.append((path, place, lead(furnished, path, how, place)))
    assert {path for path, *_ in ready} == {path for path in WAYS if not WAYS[path].whole} - OF_ONES_OWN
    furnished.sit(role, OWN, user=f"{role}.{OWN.lower()}")
    before, wrong = recorded(furnished), []
    for path, place, form in ready:
        answer = press(furnished, form)
        did = effect(furnished, before, answer, place)
        if path == WITH_WHAT_WAS_SENT and did == ["a file"]:
            continue
        if did:
            wrong.append(f"{path} {place.unit}: {answer.status_code} {did}")
            before = recorded(furnished)
    assert wrong == []


# Sent by somebody else these are about that one's own: their own table, the rules over their own units.
OF_ONES_OWN = {"/nhap", "/chi-tieu/quy-tac"}
WITH_WHAT_WAS_SENT = "/nhieu-nguoi/tai"  # of a code there is not: itself and that there is none, no name


@pytest.mark.parametrize("role", ROLES)
def test_nobody_of_a_unit_does_what_is_the_whole_offices(furnished, role):
    for path, how in WAYS.items():
        if how.whole:
            form = lead(furnished, path, how, furnished.places[OWN])
            furnished.sit(role, OWN, user=f"{role}.{OWN.lower()}")
            before = recorded(furnished)
            answer = press(furnished, form)
            assert answer.status_code == 403, path
            assert effect(furnished, before, answer, furnished.places[OWN]) == [], path


@pytest.mark.parametrize("role", sorted(PERMISSIONS["import"]))
def test_a_table_about_another_unit_is_taken_in_and_not_written(furnished, role):
    furnished.sit(role, OWN, user=f"{role}.{OWN.lower()}")
    table = pasted(["ma", "ho_ten", "don_vi"], ["X-1", "Người mới X-1", OTHER])
    kept = press(furnished, fill(furnished.get("/nhap").text, "/nhap", bang=table, sheet="ung_vien"))
    before = recorded(furnished)
    seen = furnished.client.get(kept.headers["location"])
    assert "X-1" in seen.text
    token = re.search(r"tep=([0-9a-f]{32})", kept.headers["location"])[1]
    answer = furnished.post("/nhap/ghi", {"tep": token})
    assert answer.status_code in (400, 404)
    assert recorded(furnished) == before


@pytest.mark.parametrize("role", sorted(PERMISSIONS["set_target"]))
def test_rules_are_applied_to_ones_own_units_only(furnished, role):
    furnished.sit(role, OWN, user=f"{role}.{OWN.lower()}")
    press(furnished, fill(furnished.get("/chi-tieu/quy-tac", ky=PERIOD).text, "/chi-tieu/quy-tac"))
    by_rule = {one["unit"] for one in list_targets(furnished.office)["items"] if one["indicator"] == "introduced"}
    assert by_rule == {OWN}
