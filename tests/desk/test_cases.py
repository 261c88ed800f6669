"""Cases at the desk: listed, told whole, acknowledged, silenced, closed; two browsers on one case meet a clear message."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from procedures.case_board import case_board, case_page
from procedures.escalate import escalate
from procedures.list_cases import list_cases, show_case
from procedures.report import report
from procedures.why import why
from states.roles import Actor
from tests.desk.reading import value_of
from tests.example_offices import BRANCH, OTHER, TOP


def case_of(desk, unit=BRANCH, indicator="unions_founded"):
    items = list_cases(desk.office, unit)["items"]
    return next(one["case"] for one in items if (one["unit"], one["indicator"]) == (unit, indicator))


def test_the_list_has_every_open_case_oldest_first(district):
    board = case_board(district.office)
    known = list_cases(district.office)["items"]
    assert sorted(one["case"] for one in board["items"]) == sorted(one["case"] for one in known)
    assert [one["opened_on"] for one in board["items"]] == sorted(one["opened_on"] for one in known)
    page = district.get("/leo-thang").text
    for one in known:
        assert f"/leo-thang/vu-viec?so={one['case']}" in page
    assert f"{len(known)} dòng" in page


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"buoc": "nhac"}, lambda one: one["step"] == "nhac"),
        ({"buoc": "thuong_vu"}, lambda one: False),
        ({"chi_so": "unions_founded"}, lambda one: one["indicator"] == "unions_founded"),
        ({"don_vi": BRANCH}, lambda one: one["unit"] == BRANCH),
        ({"don_vi": BRANCH, "chi_so": "unions_founded"}, lambda one: (one["unit"], one["indicator"]) == (BRANCH, "unions_founded")),
        ({"nhom": "dong"}, lambda one: False),
        ({"nhom": "qua_hen"}, lambda one: False),
    ],
)  # fmt: skip
def test_filters(district_on_sqlite, asked, fits):
    page = district_on_sqlite.get("/leo-thang", **asked).text
    shown = {
        int(n) for n in re.findall(r'<th scope="row" class="kn-number"><a href="/leo-thang/vu-viec\?so=(\d+)"', page)
    }
    assert shown == {one["case"] for one in list_cases(district_on_sqlite.office)["items"] if fits(one)}


def test_a_case_says_what_is_missing_as_the_report_does(district):
    number = case_of(district)
    told = case_page(district.office, number)
    row = next(r for r in report(district.office, BRANCH, "2020")["rows"] if r["indicator"] == "unions_founded")
    missing = told["missing"]
    assert (missing["done"], missing["floor"], missing["explanation"]) == (
        row["done"],
        row["floor"],
        row["explanation"],
    )
    assert row["done"] + missing["to_pace"] >= row["expected"] > row["done"] + missing["to_pace"] - 1
    assert missing["to_floor"] == row["floor"] - row["done"]
    page = unescape(district.get("/leo-thang/vu-viec", so=number).text)
    assert row["explanation"] in page
    assert "cần thêm để kịp tiến độ hôm nay" in page
    for event in why(district.office, f"case:{number}")["events"]:
        assert f"{event['on']:%d/%m/%Y}" in page


def test_a_commitment_holds_the_case_and_is_shown(district):
    number, office = case_of(district), district.office
    page = district.get("/leo-thang/vu-viec", so=number).text
    until = office.today + timedelta(days=40)
    typed = {"version": value_of(page, "version"), "text": "Thành lập 3 công đoàn <b>", "until": f"{until:%d/%m/%Y}"}
    done = district.post(f"/leo-thang/cam-ket?so={number}", typed)
    assert (done.status_code, done.headers["location"]) == (303, f"/leo-thang/vu-viec?so={number}")
    assert show_case(office, number)["commitment"] == {"text": "Thành lập 3 công đoàn <b>", "until": until}
    page = district.get("/leo-thang/vu-viec", so=number).text
    assert "Thành lập 3 công đoàn &lt;b&gt;" in page
    assert "công đoàn <b>" not in page


def test_a_lapsed_commitment_is_listed_until_another_takes_its_place(district):
    number, office = case_of(district), district.office
    until = office.today + timedelta(days=3)
    district.post(f"/leo-thang/cam-ket?so={number}", {"text": "Làm ngay", "until": f"{until:%d/%m/%Y}"})
    office.today = office.calendar.next_working_day(until)
    escalate(office)
    page = district.get("/leo-thang", nhom="qua_hen").text
    assert f"so={number}" in page
    assert "Cam kết quá hẹn" in page
    again = office.today + timedelta(days=30)
    assert (
        district.post(f"/leo-thang/cam-ket?so={number}", {"text": "Lần hai", "until": f"{again:%d/%m/%Y}"}).status_code
        == 303
    )
    assert f"so={number}" not in district.get("/leo-thang", nhom="qua_hen").text


def test_silence_and_closing(district):
    number, office = case_of(district), district.office
    until = office.today + timedelta(days=10)
    typed = {"text": "Dịch bệnh", "until": f"{until:%d/%m/%Y}"}
    assert district.post(f"/leo-thang/tam-dung?so={number}", typed).status_code == 303
    assert show_case(office, number)["silence"] == {"text": "Dịch bệnh", "until": until}
    assert district.post(f"/leo-thang/dong?so={number}", {"text": "Đã giải thể"}).status_code == 303
    page = unescape(district.get("/leo-thang/vu-viec", so=number).text)
    assert "Đã đóng ngày 30/06/2020" in page
    assert 'method="post" action="/leo-thang' not in page
    assert f"so={number}" in district.get("/leo-thang", nhom="dong").text


def test_two_browsers_on_one_case(district):
    number = case_of(district)
    seen = value_of(district.get("/leo-thang/vu-viec", so=number).text, "version")
    first = {"version": seen, "text": "Một", "until": "31/07/2020"}
    assert district.post(f"/leo-thang/cam-ket?so={number}", first).status_code == 303
    for path, typed in (
        ("cam-ket", {"text": "Hai", "until": "31/08/2020"}), ("tam-dung", {"text": "Hai", "until": "31/08/2020"}),
        ("dong", {"text": "Hai"}),
    ):  # fmt: skip
        late = district.post(f"/leo-thang/{path}?so={number}", {"version": seen, **typed})
        assert (late.status_code, "vừa được người khác xử lý" in late.text) == (409, True)
        assert "Hai</textarea>" in late.text
    assert show_case(district.office, number)["commitment"]["text"] == "Một"


@pytest.mark.parametrize(
    ("path", "typed", "words"),
    [
        ("cam-ket", {"text": "", "until": "31/07/2020"}, "Xin ghi nội dung cam kết"),
        ("cam-ket", {"text": "Có", "until": ""}, "Xin ghi ngày hẹn"),
        ("cam-ket", {"text": "Có", "until": "31/02/2020"}, "31/02/2020"),
        ("cam-ket", {"text": "Có", "until": "29/06/2020"}, "đã qua"),
        ("cam-ket", {"text": "Có", "until": "01/01/2021"}, "sau khi hết kỳ"),
        ("tam-dung", {"text": " ", "until": "31/07/2020"}, "Xin ghi lý do"),
        ("dong", {"text": ""}, "Xin ghi lý do"),
    ],
)
def test_what_is_lacking_is_said_and_what_was_typed_stays(district_on_sqlite, path, typed, words):
    number = case_of(district_on_sqlite)
    answer = district_on_sqlite.post(f"/leo-thang/{path}?so={number}", typed)
    assert answer.status_code in (400, 422)
    assert words in unescape(answer.text)
    if typed.get("until"):
        assert f'value="{typed["until"]}"' in answer.text
    assert show_case(district_on_sqlite.office, number)["commitment"] is None


def test_cases_of_other_units_are_unknown(district_on_sqlite):
    desk = district_on_sqlite
    mine, theirs, above = case_of(desk), case_of(desk, OTHER), case_of(desk, TOP)
    desk.sit("can_bo", BRANCH)
    page = desk.get("/leo-thang").text
    assert f'so={mine}"' in page
    for number in (theirs, above):
        assert f'so={number}"' not in page
        assert desk.get("/leo-thang/vu-viec", so=number).status_code == 404
        answer = desk.post(f"/leo-thang/cam-ket?so={number}", {"text": "x", "until": "31/07/2020"})
        assert answer.status_code == 404
    assert desk.get("/leo-thang", don_vi=OTHER).status_code == 404
    assert TOP not in desk.get("/leo-thang/vu-viec", so=mine).text


def test_an_observer_looks_and_cannot_act_nor_see_addresses(district_on_sqlite):
    desk = district_on_sqlite
    number = case_of(desk)
    desk.sit("theo_doi", BRANCH)
    page = desk.get("/leo-thang/vu-viec", so=number).text
    assert "@example.org" not in page
    assert 'method="post" action="/leo-thang' not in page
    for path in ("cam-ket", "tam-dung", "dong"):
        assert desk.post(f"/leo-thang/{path}?so={number}", {"text": "x", "until": "31/07/2020"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/leo-thang/vu-viec?so=999999", 404), ("/leo-thang/vu-viec?so=abc", 404), ("/leo-thang/vu-viec", 400),
        ("/leo-thang?nhom=la", 400), ("/leo-thang?buoc=la", 400), ("/leo-thang?chi_so=la", 400),
        ("/leo-thang?don_vi=la", 404), ("/leo-thang?trang=99", 200), ("/leo-thang?trang=-1", 400),
        ("/leo-thang?don_vi=%3Cscript%3Ealert(1)%3C/script%3E", 404),
    ],
)  # fmt: skip
def test_bad_questions(district_on_sqlite, path, status):
    answer = district_on_sqlite.get(path)
    assert answer.status_code == status
    assert "<script>alert" not in answer.text
    assert "ketnap case" not in answer.text


def test_a_page_at_a_time(district_on_sqlite, monkeypatch):
    monkeypatch.setattr("procedures.case_board.PAGE", 5)
    office = district_on_sqlite.office
    pages = [case_board(office, page=number) for number in range(1, 6)]
    assert pages[0]["pages"] == 5
    numbers = [one["case"] for page in pages for one in page["items"]]
    assert numbers == sorted(one["case"] for one in list_cases(office)["items"])
    scoped = case_board(office.for_actor(Actor("x", "can_bo", BRANCH)))
    assert {one["unit"] for one in scoped["items"]} == {BRANCH}
