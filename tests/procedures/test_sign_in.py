"""Signing in: sessions, locks, addresses, and one answer for every failure."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from procedures import access_log, accounts, passwords, sign_in
from procedures.office import Office
from states.errors import BadInput, Conflict
from store.accounts import find_account
from store.attempts import ATTEMPTS
from store.sessions import SESSIONS
from tests.procedures.books import office_on

ADDRESS = "10.0.0.7"
GOOD = "mưa rơi trên mái ngói"


class Clock:
    """The machine's instant, as the test says."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def pass_(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(Office, "now", lambda self: clock.now)
    return clock


@pytest.fixture(autouse=True)
def hashes(cheap_hashes, monkeypatch):
    """Cheap hashes, and every one that was asked for."""
    passwords.decoy()
    asked = []
    verify = Argon2Hasher.verify
    monkeypatch.setattr(Argon2Hasher, "verify", lambda self, *given: asked.append(given) or verify(self, *given))
    return asked


@pytest.fixture
def office(database, clock):
    return office_on(database)


@pytest.fixture
def lan(office):
    """An officer who chose her password."""
    return chosen(office, "lan")


def chosen(office, username, role="can_bo", **more):
    one_time = accounts.add_account(office, username, role=role, **more)["password"]
    token = sign_in.sign_in(office, username, one_time, address=ADDRESS)
    seat = sign_in.find_seat(office, token)
    return sign_in.change_password(office, seat, None, GOOD, address=ADDRESS)


def enter(office, username="lan", password=GOOD, address=ADDRESS, **more):
    return sign_in.sign_in(office, username, password, address=address, **more)


def fail(office, username="lan", address=ADDRESS):
    with pytest.raises(BadInput) as wrong:
        enter(office, username, "không phải mật khẩu này", address)
    return wrong.value.say("vi")


def kept(office, table):
    with office.database.reading() as connection:
        return [dict(row) for row in connection.execute(table.select()).mappings()]


def test_a_session_stands_for_its_account_and_its_token_is_kept_nowhere(office, lan):
    token = enter(office)
    seat = sign_in.find_seat(office, token)
    assert (seat.username, seat.role, seat.unit, seat.must_change) == ("lan", "can_bo", None, False)
    assert seat.actor.may("see_people")
    assert all(token not in str(row) and lan not in str(row) for row in kept(office, SESSIONS))
    assert (
        sign_in.find_seat(office, None) is sign_in.find_seat(office, "") is sign_in.find_seat(office, "x" * 43) is None
    )


def test_a_name_is_found_however_it_was_typed_and_a_password_however_it_was_composed(office, lan):
    import unicodedata

    assert enter(office, "  LAN ", unicodedata.normalize("NFD", GOOD))
    with pytest.raises(BadInput):
        enter(office, "lan", GOOD.upper())


def test_every_sign_in_has_a_new_token_and_ends_the_one_the_browser_had(office, lan):
    first = enter(office)
    second = enter(office, old_token=first)
    assert first != second
    assert sign_in.find_seat(office, first) is None
    assert sign_in.find_seat(office, second)
    planted = "attackers-choice"
    assert enter(office, old_token=planted) != planted
    assert sign_in.find_seat(office, planted) is None


def test_a_session_ends_when_idle_and_at_the_latest_after_its_hours(office, lan, clock):
    token = enter(office)
    for _ in range(23):  # busy to the end
        clock.pass_(minutes=29.9)
        assert sign_in.find_seat(office, token)
    clock.pass_(minutes=29.9)
    assert sign_in.find_seat(office, token)
    clock.pass_(minutes=29)
    assert sign_in.find_seat(office, token) is None  # 12 hours are over
    token = enter(office)
    clock.pass_(minutes=29.9)
    assert sign_in.find_seat(office, token)
    clock.pass_(minutes=30)
    assert sign_in.find_seat(office, token) is None


def test_looking_is_noted_by_the_minute_only(office, lan, clock):
    token = enter(office)
    began = clock.now
    clock.pass_(seconds=59)
    sign_in.find_seat(office, token)
    assert max(row["last_seen_at"] for row in kept(office, SESSIONS)) == began
    clock.pass_(seconds=1)
    sign_in.find_seat(office, token)
    assert max(row["last_seen_at"] for row in kept(office, SESSIONS)) == clock.now


def test_a_reader_is_let_in_at_once_while_somebody_writes_for_long(sqlite_database, clock):
    office = office_on(sqlite_database)
    token = chosen(office, "lan")
    clock.pass_(minutes=2)
    other = office_on(type(sqlite_database)(f"sqlite:///{sqlite_database.path}"))
    with sqlite_database.writing():
        start = time.perf_counter()
        assert sign_in.find_seat(other, token)
        assert time.perf_counter() - start < 1
    assert sign_in.find_seat(other, token)
    assert max(row["last_seen_at"] for row in kept(other, SESSIONS)) == clock.now
    other.database.close()


def test_signing_out_ends_it_and_twice_is_no_fault(office, lan):
    token = enter(office)
    sign_in.sign_out(office, token)
    assert sign_in.find_seat(office, token) is None
    sign_in.sign_out(office, token)
    assert [one["action"] for one in access_log.list_access(office)["items"]].count("sign_out") == 1


def test_unknown_wrong_and_disabled_are_answered_alike_after_one_hash_each(office, lan, hashes):
    chosen(office, "binh")
    accounts.disable_account(office, "binh")
    writings = []
    writing = office.database.writing
    office.database.writing = lambda: writings.append(1) or writing()
    told, asked, written = set(), set(), set()
    for username, password in (
        ("lan", "sai mật khẩu rồi"),
        ("khong.co", GOOD),
        ("binh", GOOD),
        ("binh", "sai"),
        ("", ""),
    ):
        hashes.clear(), writings.clear()
        with pytest.raises(BadInput) as wrong:
            enter(office, username, password)
        told.add(wrong.value.say("vi"))
        asked.add(len(hashes))
        written.add(len(writings))
    assert (len(told), asked, len(written)) == (1, {1}, 1)


def test_what_was_typed_as_a_name_is_kept_nowhere(office):
    with pytest.raises(BadInput):
        enter(office, "mật-khẩu-gõ-nhầm-ô", "x")
    said = str(kept(office, ATTEMPTS)) + str(access_log.list_access(office)["items"])
    assert "nhầm" not in said


def test_a_name_locks_after_five_failures_and_each_more_doubles_the_wait(office, lan, clock, hashes):
    for _ in range(5):
        fail(office)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        hashes.clear()
        clock.pass_(minutes=minutes, seconds=-1)
        with pytest.raises(sign_in.HeldUp) as held:
            enter(office)  # the right password tells nothing now
        assert hashes == []
        assert held.value.seconds <= 2
        clock.pass_(seconds=1)
        fail(office)
    clock.pass_(minutes=60)
    assert enter(office)
    for _ in range(4):
        fail(office)  # success wiped the count
    assert enter(office)


def test_a_lock_says_the_same_of_a_name_there_is_not(office, lan, clock):
    told = []
    for username in ("lan", "khong.co"):
        for _ in range(5):
            fail(office, username)
        with pytest.raises(sign_in.HeldUp) as held:
            enter(office, username)
        told.append((held.value.say("vi"), held.value.seconds, held.value.details))
    assert told[0] == told[1]
    assert "08:01" in told[0][0]  # Vietnam's time


def test_failures_of_yesterday_do_not_count(office, lan, clock):
    for _ in range(4):
        fail(office)
    clock.pass_(hours=24)
    fail(office)
    assert enter(office)


def test_an_address_waits_after_many_names_and_another_one_does_not(office, lan, clock, hashes):
    for n in range(50):
        fail(office, f"ten{n}", "10.0.0.66")
    hashes.clear()
    with pytest.raises(sign_in.HeldUp, match="network"):
        enter(office, address="10.0.0.66")
    assert hashes == []
    assert enter(office, address="10.0.0.8")
    clock.pass_(minutes=15)
    assert enter(office, address="10.0.0.66")


def test_an_office_behind_one_address_is_not_held_up_by_those_who_succeed(office, lan):
    for _ in range(60):
        assert enter(office)


def test_many_guesses_at_once_are_no_more_than_the_lock_allows(office, lan, hashes):
    def guess():
        try:
            sign_in.sign_in(office, "lan", "đoán bừa một câu", address=ADDRESS)
        except Exception as problem:
            ended.append(type(problem).__name__)

    ended, hashes[:] = [], []
    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hashes) <= 5
    assert ended.count("BadInput") <= 5
    assert len(ended) == 20


def test_a_one_time_password_runs_out_and_only_who_knows_it_is_told(office, clock):
    one_time = accounts.add_account(office, "minh", role="can_bo")["password"]
    clock.pass_(days=6, hours=23)
    assert sign_in.find_seat(office, enter(office, "minh", one_time)).must_change  # not yet
    clock.pass_(hours=1)
    with pytest.raises(BadInput) as out:
        enter(office, "minh", one_time)
    assert "hết hạn từ 09/03/2026" in out.value.say("vi")
    assert "ketnap user password minh" in out.value.say("vi")
    assert fail(office, "minh") == sign_in.WRONG.say("vi")
    assert kept(office, SESSIONS)[1:] == []
    new = accounts.reset_password(office, "minh")["password"]
    assert sign_in.find_seat(office, enter(office, "minh", new))


def test_how_long_a_one_time_password_holds_is_the_installations(office, clock):
    office.settings = office.settings.model_copy(
        update={"desk": office.settings.desk.model_copy(update={"one_time_password_days": 1})}
    )
    one_time = accounts.add_account(office, "minh", role="can_bo")["password"]
    clock.pass_(days=1)
    accounts.change_account(office, "minh", name="Minh")  # another act on the account makes the password no younger
    with pytest.raises(BadInput, match="ran out on 2026-03-03"):
        enter(office, "minh", one_time)


def test_a_chosen_password_does_not_run_out(office, lan, clock):
    clock.pass_(days=4000)
    assert enter(office)


def test_a_new_password_lifts_the_lock(office, lan):
    for _ in range(5):
        fail(office)
    assert accounts.show_account(office, "lan")["state"] == "held"
    one_time = accounts.reset_password(office, "lan")["password"]
    assert sign_in.find_seat(office, enter(office, password=one_time)).must_change


def test_changing_the_password_ends_every_other_session(office, lan):
    here, there = enter(office), enter(office)
    seat = sign_in.find_seat(office, here)
    new = sign_in.change_password(office, seat, GOOD, "nắng lên đồng lúa chín", address=ADDRESS)
    assert [bool(sign_in.find_seat(office, token)) for token in (lan, here, there, new)] == [False] * 3 + [True]
    fail(office)
    with pytest.raises(BadInput):
        enter(office)
    assert enter(office, password="nắng lên đồng lúa chín")


def test_the_current_password_is_asked_and_guessing_it_locks_too(office, lan):
    seat = sign_in.find_seat(office, lan)
    for _ in range(5):
        with pytest.raises(BadInput, match="current"):
            sign_in.change_password(office, seat, "sai", "nắng lên đồng lúa chín", address=ADDRESS)
    with pytest.raises(sign_in.HeldUp):
        sign_in.change_password(office, seat, GOOD, "nắng lên đồng lúa chín", address=ADDRESS)
    assert sign_in.find_seat(office, lan)


def test_the_same_password_is_no_new_one(office, lan):
    seat = sign_in.find_seat(office, lan)
    with pytest.raises(BadInput, match="differ"):
        sign_in.change_password(office, seat, GOOD, GOOD, address=ADDRESS)
    one_time = accounts.reset_password(office, "lan")["password"]
    given = sign_in.find_seat(office, enter(office, password=one_time))
    with pytest.raises(BadInput, match="differ"):
        sign_in.change_password(office, given, None, one_time, address=ADDRESS)


def test_a_password_given_anew_meanwhile_is_not_overwritten(office, lan, monkeypatch):
    seat = sign_in.find_seat(office, lan)
    hashed = passwords.hashed

    def meanwhile(password):
        monkeypatch.setattr(passwords, "hashed", hashed)
        accounts.reset_password(office, "lan")
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", meanwhile)
    with pytest.raises(Conflict):
        sign_in.change_password(office, seat, GOOD, "nắng lên đồng lúa chín", address=ADDRESS)
    assert accounts.show_account(office, "lan")["must_change"]


def test_hashes_with_old_parameters_are_renewed_at_sign_in(office, lan, monkeypatch):
    def hash_now():
        with office.database.reading() as connection:
            return find_account(connection, "lan").password_hash

    before = hash_now()
    assert enter(office)
    assert hash_now() == before
    monkeypatch.setattr(passwords, "HASHER", PasswordHash((Argon2Hasher(2, 16, 1),)))
    fail(office)
    assert hash_now() == before
    assert enter(office)
    assert "m=16,t=2" in hash_now()
    assert enter(office)


def test_every_end_is_in_the_log(office, lan):
    access_log_before = access_log.list_access(office)["total"]
    for _ in range(5):
        fail(office)
    fail(office, "khong.co")
    items = access_log.list_access(office)["items"]
    assert access_log.list_access(office)["total"] == access_log_before + 7
    assert [(one["action"], one["account"]) for one in items[:3]] == [
        ("sign_in_failed", "–"),
        ("sign_in_failed", "lan"),
        ("locked_out", "lan"),
    ]
    assert all(one["detail"]["address"] == ADDRESS for one in items[:3])


def test_what_is_long_over_is_forgotten_but_not_when_somebody_was_here_last(office, lan, clock):
    chosen(office, "binh")
    fail(office, "khong.co")
    clock.pass_(days=100)
    enter(office, "binh")
    assert len(kept(office, SESSIONS)) == 2 + 1  # each one's last of those days, and this one
    assert kept(office, ATTEMPTS) == [] or all(
        row["first_at"] > clock.now - timedelta(days=3) for row in kept(office, ATTEMPTS)
    )


@pytest.mark.parametrize(
    "password",
    [
        "ngắn quá", "123456789012", "aaaaaaaaaaaa", "abababababab", "Matkhau123456", "mật khẩu 2026!", "password1234",
        "P@ssword2026", "lan.nguyen 2026", "xin chào lan nguyễn", "qwertyuiop12", "111122223333", "Anh yêu em 2026",
        "đảng viên 1234567", "x" * 257, "ketnap ketnap",
    ],
)  # fmt: skip
def test_passwords_that_are_none(password):
    with pytest.raises(BadInput):
        passwords.check_password(password, 12, "lan.nguyen", "Nguyễn Thị Lan")


def test_a_short_name_counts_as_a_word_and_not_within_one() -> None:
    passwords.check_password("đường làng rợp bóng tre", 12, "lan", "Lan")
    with pytest.raises(BadInput, match="username"):
        passwords.check_password("đường lan rợp bóng tre", 12, "lan", "Lan")


@pytest.mark.parametrize(
    "password",
    ["mưa rơi trên mái ngói", "correct horse battery", "7Kf-92mQ-xzP4", "cà phê sáng 2026 ngon", "tv8w-kq3n-zr5h-b9xd"],
)
def test_passwords_that_are(password):
    passwords.check_password(password, 12, "lan.nguyen", "Nguyễn Thị Lan")


def test_a_password_given_once_is_one_that_may_be_chosen():
    seen = {passwords.make_one_time() for _ in range(200)}
    assert len(seen) == 200
    assert all(len(one) == 19 for one in seen)


def test_what_is_too_long_is_never_the_password(office, lan, hashes):
    hashes.clear()
    with pytest.raises(BadInput):
        enter(office, password=GOOD + "x" * 5_000_000)
    assert len(hashes) == 1
    assert len(hashes[0][0]) <= passwords.LONGEST
