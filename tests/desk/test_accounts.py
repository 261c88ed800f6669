"""The page Người dùng: accounts listed, added and changed within the administrator's own unit; a password shown once."""

from __future__ import annotations

import re

import pytest

from console.desk.words import moment
from procedures import accounts, sign_in
from procedures.units import add_unit
from tests.desk.conftest import Desk

HOSTILE = '"><img src=x onerror=alert(1)>'


pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture
def office(desk: Desk):
    """The whole office's administrator, an officer of a new unit, and one of another."""
    accounts.first_admin(desk.office)
    for code in ("N1", "N2"):
        add_unit(desk.office, code, name=f"Chi bộ {code}", kind="chi_bo")
        accounts.add_account(desk.office, f"can.{code.lower()}", role="can_bo", unit=code)
    desk.sit("quan_tri", user="quan_tri")
    return desk.office


def state(office, username):
    return accounts.show_account(office, username)["state"]


def told(answer):
    return re.search(r"<code>([^<]+)</code>", answer.text).group(1)


def test_accounts_are_listed_with_role_unit_and_state(office, desk):
    shown = desk.get("/nguoi-dung").text
    for word in ("can.n1", "can.n2", "quan_tri", "Chi bộ N1", "Toàn cơ quan", "Chờ đặt mật khẩu", "(bạn)"):
        assert word in shown


def test_an_account_is_added_and_its_password_shown_once(office, desk):
    answer = desk.post(
        "/nguoi-dung/them", {"username": "Lan", "role": "bi_thu", "unit": "N1", "name": "Nguyễn Thị Lan"}
    )
    assert answer.status_code == 200
    password = told(answer)
    assert sign_in.find_seat(office, sign_in.sign_in(office, "lan", password, address="x")).role == "bi_thu"
    assert password not in desk.get("/nguoi-dung/tai-khoan", ten="lan").text
    assert answer.headers["cache-control"] == "no-store"
    assert not any(password in one for one in answer.headers.get_list("set-cookie"))


def test_until_when_a_given_password_holds_is_on_the_page(office, desk, monkeypatch):
    answer = desk.post("/nguoi-dung/them", {"username": "lan", "role": "can_bo"})
    assert "Dùng được trong 7 ngày" in answer.text
    until = accounts.show_account(office, "lan")["one_time_until"]
    for path in ("/nguoi-dung", "/nguoi-dung/tai-khoan?ten=lan"):
        assert desk.client.get(path).text.count(moment(until)) >= 1
    monkeypatch.setattr(type(office), "now", lambda self: until)
    for path in ("/nguoi-dung", "/nguoi-dung/tai-khoan?ten=lan"):
        assert "Mật khẩu cấp đã hết hạn" in desk.client.get(path).text


def test_what_was_typed_stays_when_it_is_wrong(office, desk):
    typed = {"username": "lan", "role": "bi_thu", "unit": "không có", "name": HOSTILE}
    answer = desk.post("/nguoi-dung/them", typed)
    assert answer.status_code == 404
    assert "Không có đơn vị mã không có" in answer.text
    assert 'value="lan"' in answer.text
    assert 'value="không có"' in answer.text
    assert re.search(r'value="bi_thu" selected', answer.text)
    assert "<img src=x" not in answer.text
    again = desk.post("/nguoi-dung/them", {"username": "Không hợp lệ", "role": "bi_thu"})
    assert again.status_code == 400
    assert "không dấu" in again.text


def test_role_unit_and_name_are_changed(office, desk):
    done = desk.post("/nguoi-dung/tai-khoan?ten=can.n1", {"role": "theo_doi", "unit": "N2", "name": HOSTILE})
    assert (done.status_code, done.headers["location"]) == (303, "/nguoi-dung/tai-khoan?ten=can.n1")
    account = accounts.show_account(office, "can.n1")
    assert (account["role"], account["unit"], account["name"]) == ("theo_doi", "N2", HOSTILE)
    for path in ("/nguoi-dung", "/nguoi-dung/tai-khoan?ten=can.n1"):
        shown = desk.client.get(path).text
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown


def test_a_new_password_is_given_and_shown_once(office, desk):
    old = accounts.reset_password(office, "can.n1")["password"]
    token = sign_in.sign_in(office, "can.n1", old, address="x")
    new = told(desk.post("/nguoi-dung/mat-khau?ten=can.n1"))
    assert new != old
    assert sign_in.find_seat(office, token) is None
    assert sign_in.sign_in(office, "can.n1", new, address="x")


def test_disabling_enabling_and_ending_sessions(office, desk):
    token = sign_in.sign_in(office, "can.n1", accounts.reset_password(office, "can.n1")["password"], address="x")
    assert desk.post("/nguoi-dung/ket-thuc?ten=can.n1").status_code == 303
    assert "1 phiên" in desk.get("/nguoi-dung/tai-khoan", ten="can.n1").text
    assert sign_in.find_seat(office, token) is None
    assert desk.post("/nguoi-dung/khoa?ten=can.n1").status_code == 303
    assert state(office, "can.n1") == "disabled"
    assert "Mở lại tài khoản" in desk.get("/nguoi-dung/tai-khoan", ten="can.n1").text
    assert desk.post("/nguoi-dung/mo?ten=can.n1").status_code == 303
    assert state(office, "can.n1") == "waiting"


def test_the_last_administrator_and_ones_own_account_stay(office, desk):
    answer = desk.post("/nguoi-dung/khoa?ten=quan_tri")
    assert answer.status_code == 422
    assert "chính mình" in answer.text
    desk.sit("quan_tri", user="minh")
    answer = desk.post("/nguoi-dung/khoa?ten=quan_tri")
    assert answer.status_code == 422
    assert "cuối cùng" in answer.text
    answer = desk.post("/nguoi-dung/tai-khoan?ten=quan_tri", {"role": "can_bo", "unit": "", "name": "Đổi"})
    assert answer.status_code == 422
    assert 'value="Đổi"' in answer.text
    assert state(office, "quan_tri") == "waiting"
    desk.sit("quan_tri", user="quan_tri")
    assert "người quản trị khác" in desk.get("/nguoi-dung/tai-khoan", ten="quan_tri").text
    assert desk.post("/nguoi-dung/tai-khoan?ten=quan_tri", {"name": "Trần Quản"}).status_code == 303
    assert accounts.show_account(office, "quan_tri")["name"] == "Trần Quản"


ACTS = ("tai-khoan", "mat-khau", "khoa", "mo", "ket-thuc")


def test_an_administrator_of_a_unit_has_its_accounts_only(office, desk):
    desk.sit("quan_tri", unit="N1", user="minh")
    shown = desk.get("/nguoi-dung").text
    assert "can.n1" in shown
    assert "can.n2" not in shown
    for act in ACTS:
        answers = {
            re.sub(
                r'nonce="[^"]*"|can\.n2|khong\.co',
                "",
                desk.post(f"/nguoi-dung/{act}?ten={name}", {"role": "can_bo"}).text,
            )
            for name in ("can.n2", "khong.co")
        }
        assert len(answers) == 1  # outside is as unknown as nowhere
    assert desk.get("/nguoi-dung/tai-khoan", ten="can.n2").status_code == 404
    assert desk.get("/nguoi-dung/tai-khoan", ten="quan_tri").status_code == 404
    for unit in ("", "N2"):
        answer = desk.post("/nguoi-dung/them", {"username": "moi.vao", "role": "can_bo", "unit": unit})
        assert answer.status_code in (400, 404)
    assert "N2" not in desk.get("/nguoi-dung/them").text


@pytest.mark.parametrize("role", ["can_bo", "bi_thu", "theo_doi"])
def test_others_have_no_accounts_page(office, desk, role):
    desk.sit(role)
    for path in ("/nguoi-dung", "/nguoi-dung/them", "/nguoi-dung/tai-khoan?ten=can.n1"):
        assert desk.client.get(path).status_code == 403
    for act in ("them", *ACTS):
        assert desk.post(f"/nguoi-dung/{act}?ten=can.n1", {"username": "moi.vao", "role": role}).status_code == 403
    assert "/nguoi-dung" not in desk.get("/").text
    assert state(office, "can.n1") == "waiting"


def test_an_address_that_names_nobody(office, desk):
    assert desk.get("/nguoi-dung/tai-khoan").status_code == 400
    assert desk.get("/nguoi-dung/tai-khoan", ten="khong.co").status_code == 404
    assert desk.get("/nguoi-dung/tai-khoan", ten=HOSTILE).status_code == 404
