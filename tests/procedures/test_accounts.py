"""Accounts: adding and changing them, within whose reach, and the administrator who is always left."""

import threading

import pytest

from procedures import access_log, accounts, sign_in
from procedures.import_workbook import import_workbook
from states.errors import BadInput, Refused, Unknown
from states.roles import ROLES, Actor, Forbidden
from tests.procedures.books import lawful, office_on, save

ADDRESS = "10.0.0.7"


pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture
def office(database, tmp_path):
    """00 above 01 above 001, and 02 beside 01; the whole office's administrator is there."""
    office = office_on(database)
    units = [*lawful()["don_vi"], ["02", "Đảng ủy Khác", "dang_uy_co_so", "00", None]]
    import_workbook(office, save(tmp_path / "so.xlsx", {"don_vi": units}))
    accounts.first_admin(office)
    return office


def as_actor(office, user, role="quan_tri", unit=None):
    return office.for_actor(Actor(user, role, unit))


def enter(office, added):
    return sign_in.sign_in(office, added["username"], added["password"], address=ADDRESS)


def names(office):
    return [one["username"] for one in accounts.list_accounts(office)["items"]]


def test_the_first_administrator_is_made_once(database):
    office = office_on(database)
    username, password = accounts.first_admin(office)
    assert username == "quan_tri"
    seat = sign_in.find_seat(office, sign_in.sign_in(office, username, password, address=ADDRESS))
    assert (seat.role, seat.unit, seat.must_change) == ("quan_tri", None, True)
    assert accounts.first_admin(office) is None


def test_of_two_that_start_at_once_one_makes_the_administrator(postgresql_database):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(accounts.first_admin(office_on(postgresql_database))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is None for one in made) == [False, True, True, True]


def test_an_account_is_added_and_its_password_told_once(office):
    added = accounts.add_account(office, " Lan.Nguyen ", role="Cán bộ", unit="01", name=" Nguyễn Thị  Lan ")
    assert {part: added[part] for part in ("username", "role", "unit")} == {
        "username": "lan.nguyen",
        "role": "can_bo",
        "unit": "01",
    }
    assert sign_in.find_seat(office, enter(office, added)).must_change
    (shown,) = [one for one in accounts.list_accounts(office)["items"] if one["username"] == "lan.nguyen"]
    assert added["password"] not in str(shown)
    assert (shown["unit_name"], shown["state"], shown["sessions"]) == ("Đảng ủy Mẫu", "waiting", 1)
    log = access_log.list_access(office, subject="lan.nguyen")["items"]
    assert [(one["action"], one["detail"]) for one in log] == [("add_account", {"role": "can_bo"})]


def test_a_password_nobody_used_in_time_is_told_so(office, monkeypatch):
    added = accounts.add_account(office, "lan", role="can_bo")
    shown = accounts.show_account(office, "lan")
    assert shown["state"] == "waiting"
    assert 6 <= (shown["one_time_until"] - office.now()).days <= 7
    later = shown["one_time_until"]
    monkeypatch.setattr(type(office), "now", lambda self: later)
    assert accounts.show_account(office, "lan")["state"] == "expired"
    accounts.reset_password(office, "lan")
    assert accounts.show_account(office, "lan")["state"] == "waiting"
    assert added["password"] not in str(accounts.list_accounts(office))


@pytest.mark.parametrize(
    "username", ["", "ab", "có dấu", "a b c", "-lan", "lan.", "x" * 33, "../lan", "lan@xa.vn", "<b>"]
)
def test_names_that_are_none(office, username):
    with pytest.raises(BadInput):
        accounts.add_account(office, username, role="can_bo")


def test_a_name_is_given_once_whatever_its_case(office):
    accounts.add_account(office, "lan", role="can_bo")
    with pytest.raises(BadInput, match="already"):
        accounts.add_account(office, "LAN", role="can_bo")


def test_roles_and_units_there_are_not(office):
    with pytest.raises(BadInput, match="theo_doi"):
        accounts.add_account(office, "lan", role="vua")
    with pytest.raises(Unknown):
        accounts.add_account(office, "lan", role="can_bo", unit="99")
    assert names(office) == ["quan_tri"]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "quan_tri"])
def test_only_administrators_manage_accounts(office, role):
    theirs = as_actor(office, "binh", role)
    for act in (
        accounts.list_accounts,
        lambda o: accounts.show_account(o, "quan_tri"),
        lambda o: accounts.add_account(o, "moi.vao", role="theo_doi"),
        lambda o: accounts.change_account(o, "quan_tri", role="theo_doi"),
        lambda o: accounts.reset_password(o, "quan_tri"),
        lambda o: accounts.disable_account(o, "quan_tri"),
        lambda o: accounts.enable_account(o, "quan_tri"),
        lambda o: accounts.end_sessions(o, "quan_tri"),
    ):
        with pytest.raises(Forbidden):
            act(theirs)


def test_an_administrator_of_a_unit_stays_within_it(office):
    for username, unit in (("tren", "00"), ("minh", "01"), ("duoi", "001"), ("ben", "02")):
        accounts.add_account(office, username, role="quan_tri", unit=unit)
    theirs = as_actor(office, "minh", unit="01")
    assert names(theirs) == ["duoi", "minh"]
    for act in (
        accounts.show_account,
        accounts.reset_password,
        accounts.disable_account,
        accounts.enable_account,
        accounts.end_sessions,
        lambda o, name: accounts.change_account(o, name, role="theo_doi"),
    ):
        for username in ("quan_tri", "tren", "ben", "khong.co"):
            with pytest.raises(Unknown, match="There is no account"):
                act(theirs, username)
    accounts.disable_account(theirs, "duoi")
    accounts.enable_account(theirs, "duoi")


def test_nobody_is_raised_above_whoever_raises_them(office):
    accounts.add_account(office, "duoi", role="can_bo", unit="001")
    theirs = as_actor(office, "minh", unit="01")
    for unit in (None, ""):
        with pytest.raises(BadInput, match="unit 01"):
            accounts.add_account(theirs, "moi.vao", role="theo_doi", unit=unit)
        with pytest.raises(BadInput, match="unit 01"):
            accounts.change_account(theirs, "duoi", unit=unit)
    for unit in ("00", "02"):
        with pytest.raises(Unknown):
            accounts.add_account(theirs, "moi.vao", role="theo_doi", unit=unit)
        with pytest.raises(Unknown):
            accounts.change_account(theirs, "duoi", unit=unit)
    assert accounts.change_account(theirs, "duoi", unit="01", role="quan_tri")["unit"] == "01"


def test_an_administrator_whose_unit_is_gone_manages_nobody(office):
    theirs = as_actor(office, "minh", unit="đã bỏ")
    assert names(theirs) == []
    with pytest.raises(Unknown):
        accounts.add_account(theirs, "moi.vao", role="theo_doi", unit="01")


def test_the_last_administrator_of_the_whole_office_stays(office):
    accounts.add_account(office, "minh", role="quan_tri", unit="00")  # of a unit, were it the topmost
    for act in (
        lambda: accounts.disable_account(office, "quan_tri"),
        lambda: accounts.change_account(office, "quan_tri", role="can_bo"),
        lambda: accounts.change_account(office, "quan_tri", unit="00"),
    ):
        with pytest.raises(Refused, match="last administrator"):
            act()
    accounts.change_account(office, "quan_tri", name="Trần Văn Quản")
    accounts.change_account(office, "minh", unit=None)
    accounts.disable_account(office, "quan_tri")
    with pytest.raises(Refused, match="last administrator"):
        accounts.disable_account(office, "minh")
    accounts.enable_account(office, "quan_tri")
    accounts.disable_account(office, "minh")


def test_two_administrators_cannot_remove_each_other_at_once(postgresql_database):
    office = office_on(postgresql_database)
    accounts.first_admin(office)
    accounts.add_account(office, "minh", role="quan_tri")
    ended = []

    def remove(username):
        try:
            accounts.disable_account(office_on(postgresql_database), username)
            ended.append("done")
        except Refused:
            ended.append("refused")

    threads = [threading.Thread(target=remove, args=(one,)) for one in ("minh", "quan_tri")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["done", "refused"]


def test_nobody_takes_their_own_account_away(office):
    accounts.add_account(office, "minh", role="quan_tri")
    theirs = as_actor(office, "minh")
    for act in (
        lambda: accounts.disable_account(theirs, "minh"),
        lambda: accounts.change_account(theirs, "minh", role="theo_doi"),
        lambda: accounts.change_account(theirs, "minh", unit="01"),
    ):
        with pytest.raises(Refused, match="own account"):
            act()
    assert accounts.change_account(theirs, "minh", name="Lê Văn Minh")["own"]


def test_a_disabled_account_is_out_at_once_and_its_password_stays(office):
    added = accounts.add_account(office, "lan", role="can_bo")
    token = enter(office, added)
    assert sign_in.find_seat(office, token)
    accounts.disable_account(office, "lan")
    assert sign_in.find_seat(office, token) is None
    with pytest.raises(BadInput):
        enter(office, added)
    accounts.enable_account(office, "lan")
    assert sign_in.find_seat(office, token) is None
    assert enter(office, added)


def test_a_changed_role_or_unit_holds_from_the_next_click(office):
    token = enter(office, accounts.add_account(office, "lan", role="can_bo"))
    accounts.change_account(office, "lan", role="theo_doi", unit="001")
    assert sign_in.find_seat(office, token).actor == Actor("lan", "theo_doi", "001")


def test_ending_sessions_counts_those_that_ran(office):
    added = accounts.add_account(office, "lan", role="can_bo")
    tokens = [enter(office, added) for _ in range(3)]
    sign_in.sign_out(office, tokens[0])
    assert accounts.end_sessions(office, "lan") == {"username": "lan", "ended": 2}
    assert [sign_in.find_seat(office, token) for token in tokens] == [None] * 3


def test_nothing_changed_is_nothing_recorded(office):
    accounts.add_account(office, "lan", role="can_bo", unit="01")
    before = access_log.list_access(office)["total"]
    accounts.change_account(office, "lan", role="can_bo", unit="01")
    accounts.enable_account(office, "lan")
    assert access_log.list_access(office)["total"] == before


def test_a_backup_carries_accounts_and_nobodys_session(office):
    from store import backup

    enter(office, accounts.add_account(office, "lan", role="can_bo"))
    assert "accounts" in backup.names()
    assert not {"sessions", "sign_in_attempts"} & set(backup.names())
