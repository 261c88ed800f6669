"""What is kept of a password, with the cost that is shipped."""

import re

from procedures import accounts, passwords
from procedures.sign_in import sign_in
from store.accounts import find_account
from tests.procedures.books import office_on

# RFC 9106's second choice, 64 MiB and three passes: a guess costs as much for whoever took the file as a sign-in does.
SHIPPED = "$argon2id$v=19$m=65536,t=3,p=4$"


def kept(office, username):
    with office.database.reading() as connection:
        return find_account(connection, username).password_hash


def test_a_stored_password_is_argon2id_with_the_shipped_parameters(sqlite_database):
    office = office_on(sqlite_database)
    one_time = accounts.add_account(office, "lan", role="can_bo")["password"]
    hashed = kept(office, "lan")
    assert hashed.startswith(SHIPPED)
    assert re.fullmatch(
        r"[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}", hashed.removeprefix(SHIPPED)
    )  # 16 bytes of salt, 32 of hash
    assert one_time not in hashed
    again = accounts.reset_password(office, "lan")["password"]
    assert kept(office, "lan").startswith(SHIPPED)
    assert sign_in(office, "lan", again, address="x")


def test_what_an_unknown_name_is_tried_against_costs_as_much():
    passwords.decoy.cache_clear()
    assert passwords.decoy().startswith(SHIPPED)
    passwords.decoy.cache_clear()


def test_two_same_passwords_are_kept_differently():
    first, second = passwords.hashed("mưa rơi trên mái ngói"), passwords.hashed("mưa rơi trên mái ngói")
    assert first != second
    assert passwords.matches("mưa rơi trên mái ngói", first) == (True, None)
    assert passwords.matches("mưa rơi trên mái tôn", first) == (False, None)
