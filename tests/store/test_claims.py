"""Job claims: one holder at a time, whatever happens to it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

from store.claims import HOLD, claim, find_claim, finish, release

DAY = date(2025, 12, 1)
NOW = datetime(2025, 12, 1, 1, tzinfo=UTC)


def test_the_first_holds_it_until_it_lapses(database):
    with database.writing() as connection:
        assert claim(connection, "reminders", DAY, owner="a", now=NOW)
        assert not claim(connection, "reminders", DAY, owner="b", now=NOW)
        assert claim(connection, "reminders", DAY, owner="a", now=NOW)  # theirs already
        assert claim(connection, "reminders", date(2025, 12, 2), owner="b", now=NOW)
        assert claim(connection, "reminders", DAY, "2025-Q4", owner="b", now=NOW)
        assert not claim(connection, "reminders", DAY, owner="b", now=NOW + HOLD - timedelta(seconds=1))
        assert claim(connection, "reminders", DAY, owner="b", now=NOW + HOLD)
        assert not finish(connection, "reminders", DAY, owner="a", now=NOW + HOLD, result={})


def test_what_is_done_stays_done(database):
    with database.writing() as connection:
        assert find_claim(connection, "seal", DAY) is None
        assert claim(connection, "seal", DAY, owner="a", now=NOW)
        assert finish(connection, "seal", DAY, owner="a", now=NOW, result={"sealed": 3})
        assert not claim(connection, "seal", DAY, owner="a", now=NOW + 2 * HOLD)
        assert not claim(connection, "seal", DAY, owner="b", now=NOW + 2 * HOLD)
    with database.reading() as connection:
        found = find_claim(connection, "seal", DAY)
    assert found is not None
    assert (found["owner"], found["done_at"], found["result"]) == ("a", NOW, {"sealed": 3})


def test_given_back_unfinished(database):
    with database.writing() as connection:
        assert claim(connection, "seal", DAY, owner="a", now=NOW)
        assert not release(connection, "seal", DAY, owner="b", now=NOW)
        assert release(connection, "seal", DAY, owner="a", now=NOW)
        assert claim(connection, "seal", DAY, owner="b", now=NOW)


def test_of_many_at_once_exactly_one_wins(database):
    def take(owner: int) -> bool:
        with database.writing() as connection:
            return claim(connection, "rollup", DAY, "2025-Q4", owner=str(owner), now=NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(24))) == 1
