"""ketnap user: accounts at the command line; a password is printed once and never typed there."""

import re
from datetime import datetime

import pytest

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture
def office(ketnap, monkeypatch, tmp_path):
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    assert ketnap("init").code == 0
    return ketnap


def test_an_account_comes_to_be_and_is_listed(office):
    added = office("user", "add", "lan", "--role", "can_bo", "--name", "Nguyễn Thị Lan", "--json")
    assert added.code == 0, added.err
    assert set(added.document) == {"username", "role", "unit", "password"}
    assert (added.document["username"], added.document["role"], added.document["unit"]) == ("lan", "can_bo", None)
    listed = office("user", "list", "--json").document["items"]
    assert [(one["username"], one["name"], one["state"]) for one in listed] == [("lan", "Nguyễn Thị Lan", "waiting")]
    assert added.document["password"] not in office("user", "list").out


def test_a_password_is_told_to_people_once(office):
    added = office("user", "add", "lan", "--role", "quan_tri")
    assert "Mật khẩu dùng lần đầu: " in added.out
    again = office("user", "password", "lan", "--json").document
    assert again["password"] not in added.out
    assert len(again["password"]) == 19


def test_until_when_a_given_password_holds_is_told(office):
    added = office("user", "add", "lan", "--role", "quan_tri")
    assert "dùng được trong 7 ngày" in added.out
    until = datetime.fromisoformat(office("user", "list", "--json").document["items"][0]["one_time_until"][:10])
    assert 6 <= (until - datetime.now()).days + 1 <= 8  # noqa: DTZ005
    assert re.search(r"Chờ đặt mật khẩu đến \d\d/\d\d/\d{4}", office("user", "list").out)


def test_disabling_and_enabling(office):
    office("user", "add", "minh", "--role", "quan_tri")
    assert office("user", "disable", "minh").code == 2  # the last administrator
    office("user", "add", "lan", "--role", "can_bo")
    assert office("user", "disable", "lan", "--json").document["state"] == "disabled"
    assert office("user", "enable", "lan", "--json").document["state"] == "waiting"
    assert "Đang dùng" in office("user", "list").out or "Chờ đặt mật khẩu" in office("user", "list").out


def test_what_is_wrong_ends_with_its_code(office):
    assert office("user", "add", "lan", "--role", "vua").code == 1
    assert office("user", "add", "lan", "--role", "can_bo", "--unit", "99").code == 3
    assert office("user", "disable", "khong.co").code == 3
    assert office("user", "add", "lan").code == 1


def test_no_password_can_be_typed(office):
    for word in ("--password", "--mat-khau"):
        assert office("user", "add", "lan", "--role", "can_bo", word, "bí mật").code == 1
