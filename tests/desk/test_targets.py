"""Targets at the desk: shown with their ground, set, revised, split so that the parts sum to the whole, by rule."""

from __future__ import annotations

from html import unescape

import pytest

from procedures.commendation import commend
from procedures.target_board import allocation_sheet, target_board
from procedures.targets import list_targets
from states.errors import Unknown
from states.roles import Actor, Forbidden
from tests.desk.reading import row_of
from tests.example_offices import BRANCH, OTHER, TOP

FORM = {"unit": BRANCH, "indicator": "unions_founded", "period": "2021", "floor": "8"}


def test_the_board_has_the_targets_of_a_unit_and_those_right_below(district):
    office = district.office
    board = target_board(office, period="2020")
    known = [one for one in list_targets(office, period="2020")["items"] if one["in_force"]]
    told = {(one["unit"], one["indicator"]): (one["floor"], one["unallocated"]) for one in board["items"]}
    assert told == {(one["unit"], one["indicator"]): (one["floor"], one["unallocated"]) for one in known}
    page = district.get("/chi-tieu", ky="2020", chi_so="unions_founded").text
    shown = row_of(page, TOP)
    assert shown[3] == "24"
    assert "161/QĐ-LĐLĐ, 25/03/2020" in shown[4]


def test_a_later_decision_is_a_revision_and_the_one_before_is_kept(district):
    first = FORM | {"decision_number": "1/QĐ", "decision_date": "02/01/2020"}
    assert district.post("/chi-tieu/giao", first).status_code == 303
    again = district.post("/chi-tieu/giao", first | {"floor": "9"})
    assert again.status_code == 400
    assert 'value="9"' in again.text
    later = FORM | {"floor": "10", "decision_number": "2/QĐ", "decision_date": "02/06/2020"}
    assert district.post("/chi-tieu/giao", later).status_code == 303
    shown = district.get("/chi-tieu", don_vi=BRANCH, ky="2021").text
    assert ("2/QĐ" in shown, "1/QĐ" in shown) == (True, False)
    both = district.get("/chi-tieu", don_vi=BRANCH, ky="2021", ca_cu="1").text
    assert "1/QĐ, 02/01/2020" in both
    assert "đã điều chỉnh" in both


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"floor": ""}, "Xin ghi số tối thiểu"),
        ({"floor": "1.200"}, "không phải là số"),
        ({"floor": "mười"}, "không phải là số"),
        ({"floor": "9", "ceiling": "5"}, "9"),
        ({"floor": "", "ratio": "50"}, "không rõ"),
        ({"period": "2021-13"}, "không phải là kỳ"),
        ({"unit": "KHONG"}, "Không có đơn vị mã KHONG"),
        ({"indicator": "khong"}, "Không có chỉ số"),
        ({"decision_date": "01/07/2020"}, "sau ngày làm việc"),
        ({"decision_date": "31/02/2020"}, "31/02/2020"),
        ({"credited_unit": "KHONG"}, "Không có đơn vị mã KHONG"),
    ],
)
def test_what_cannot_be_meant_is_said_and_stays_typed(district_on_sqlite, change, words):
    typed = FORM | {"responsible": "Ban Tổ chức"} | change
    answer = district_on_sqlite.post("/chi-tieu/giao", typed)
    assert answer.status_code in (400, 404)
    assert words in unescape(answer.text)
    assert 'value="Ban Tổ chức"' in answer.text
    assert not list_targets(district_on_sqlite.office, period="2021")["items"]


def test_a_target_is_split_so_that_the_parts_sum(district):
    office = district.office
    whole = {"unit": TOP, "indicator": "unions_founded", "period": "2021", "floor": "10", "decision_number": "5/QĐ"}
    assert district.post("/chi-tieu/giao", whole).status_code == 303
    path = f"/chi-tieu/phan-bo?don_vi={TOP}&chi_so=unions_founded&ky=2021"
    short = district.post(path, {"phan.LB-D1": "4", "phan.LB-D2": "5"})
    assert short.status_code == 400
    assert 'name="phan.LB-D1" value="4"' in short.text
    assert not [one for one in list_targets(office, period="2021")["items"] if one["unit"] != TOP]
    assert district.post(path, {"phan.LB-D1": "4", "phan.LB-D2": "6", "phan.LB-D3": ""}).status_code == 303
    sheet = allocation_sheet(office, TOP, "unions_founded", "2021")
    assert (sheet["whole"], sheet["sum"], sheet["left"]) == (10, 10, 0)
    assert row_of(district.get("/chi-tieu", don_vi=TOP, ky="2021").text, TOP)[5] == "đủ"


def test_nothing_to_split_is_said(district_on_sqlite):
    page = district_on_sqlite.get("/chi-tieu/phan-bo", don_vi=TOP, chi_so="admitted", ky="2021").text
    assert "chưa có chỉ tiêu này" in page


def test_rules_and_commendation_pages(district_on_sqlite):
    desk = district_on_sqlite
    assert desk.get("/chi-tieu/quy-tac").status_code == 200
    assert desk.post("/chi-tieu/quy-tac", {"ky": ""}).status_code == 303
    page = unescape(desk.get("/chi-tieu/khen-thuong", ky="2020").text)
    found = commend(desk.office, TOP, "2020")
    assert f"Chậm tiến độ: {len(found['behind'])}" in page
    for row in found["behind"]:
        assert row["text"] in page


def test_an_account_sets_targets_below_its_own_alone(district_on_sqlite):
    desk = district_on_sqlite
    desk.sit("can_bo", BRANCH)
    page = desk.get("/chi-tieu", ky="2020").text
    assert OTHER not in page
    assert TOP not in page
    assert desk.post("/chi-tieu/giao", FORM).status_code == 303
    for unit in (OTHER, TOP):
        assert desk.get("/chi-tieu", don_vi=unit).status_code == 404
        assert desk.post("/chi-tieu/giao", FORM | {"unit": unit}).status_code == 404
        path = f"/chi-tieu/phan-bo?don_vi={unit}&chi_so=unions_founded&ky=2020"
        assert desk.get(path).status_code == 404
        assert desk.post(path, {"phan.LB-D1": "1"}).status_code == 404
        assert desk.get("/chi-tieu/khen-thuong", don_vi=unit).status_code == 404
    mine = desk.office.for_actor(Actor("x", "can_bo", BRANCH))
    with pytest.raises(Unknown):
        target_board(mine, unit=OTHER)


@pytest.mark.parametrize("role", ["bi_thu", "theo_doi"])
def test_who_may_not_set_has_no_way_to(district_on_sqlite, role):
    desk = district_on_sqlite
    desk.sit(role, BRANCH)
    page = desk.get("/chi-tieu", ky="2020").text
    assert "/chi-tieu/giao" not in page
    assert "/chi-tieu/quy-tac" not in page
    for path in (
        "/chi-tieu/giao",
        f"/chi-tieu/phan-bo?don_vi={BRANCH}&chi_so=unions_founded&ky=2020",
        "/chi-tieu/quy-tac",
    ):
        assert desk.get(path).status_code == 403
        assert desk.post(path, FORM).status_code == 403
    with pytest.raises(Forbidden):
        allocation_sheet(desk.office.for_actor(Actor("x", role, BRANCH)), BRANCH, "unions_founded", "2020")


def test_script_in_what_is_typed_stays_words(district_on_sqlite):
    desk = district_on_sqlite
    typed = FORM | {"decision_number": "<script>alert(1)</script>", "responsible": '"><script>alert(2)</script>'}
    assert desk.post("/chi-tieu/giao", typed).status_code == 303
    for path in ("/chi-tieu?ca_cu=1", f"/chi-tieu?don_vi={BRANCH}", "/chi-tieu?ky=%3Cscript%3Ealert(3)%3C/script%3E"):
        assert "<script>alert" not in desk.get(path).text
    assert "<script>alert" not in desk.post("/chi-tieu/giao", typed | {"floor": "<script>alert(4)</script>"}).text
