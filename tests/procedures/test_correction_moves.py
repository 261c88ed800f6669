"""A correction moves exactly what its preview said; closed figures stay and the bridge names the difference."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedures.bridge import bridge
from procedures.close_period import close_period
from procedures.figures import Figures
from procedures.remind import remind
from procedures.report import report
from states.errors import KetnapError
from states.periods import parse_period
from store.database import Database
from store.unit_names import get_unit_id
from tests.procedures.village import Village

D = date
TODAY = D(2025, 12, 31)
PERIODS = ("2025-Q2", "2025-Q3", "2025-Q4", "2025-H2", "2025")
COUNTED = ("introduced", "sent", "class", "admitted", "recognised")
UNITS = ("ĐU", "CB1", "CB2")


def whole_way(village: Village, code: str, unit: str, first: date) -> None:
    """Somebody from the nomination to the ceremony."""
    day = lambda days: first + timedelta(days)  # noqa: E731
    village.open(
        code, unit=unit, step="quan_chung", day=D(2024, 1, 1), birth="1990-03-20", hoc_van="12/12",
        rows=[
            ("nominate", day(0), {"nominator": "Chi đoàn"}),
            ("list", day(10), {"helper": "Trần Văn Mẫu"}),
            ("send_to_class", day(20), {}),
        ],
    )  # fmt: skip


def figures(village: Village) -> dict[tuple[str, str, str], int]:
    """Every counted figure of every unit and period, as it is now."""
    with village.database.reading() as connection:
        now = Figures(village.office(), connection, TODAY)
        sums = {period: now.of(parse_period(period, {})).subtree for period in PERIODS}
        ids = {unit: get_unit_id(connection, unit) for unit in UNITS}
    return {
        (unit, period, indicator): int(sums[period].get(indicator, {}).get(ids[unit], 0))
        for unit in UNITS
        for period in PERIODS
        for indicator in COUNTED
    }


def promised(village: Village, moves: dict) -> Counter:
    """The same out of a preview; every closed period is one of ĐU's or CB2's Q3."""
    told: Counter = Counter()
    for one in moves["figures"]:
        for unit in {one["unit"], "ĐU"}:
            for period in PERIODS:
                if parse_period(period, {}).first <= one["on"] <= parse_period(period, {}).last:
                    told[unit, period, one["indicator"]] += one["change"]
    return Counter({key: by for key, by in told.items() if by})


CORRECTION = st.tuples(
    st.sampled_from(["A1", "A2", "A3"]), st.integers(2, 4), st.one_of(st.none(), st.integers(-120, 120))
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Three people on their way, Q3 and Q4 closed; copied for every example."""
    path = tmp_path_factory.mktemp("moves") / "model.db"
    database = Database(f"sqlite:///{path}")
    database.init()
    village = Village(database, TODAY)
    whole_way(village, "A1", "CB1", D(2025, 5, 20))
    whole_way(village, "A2", "CB1", D(2025, 8, 1))
    whole_way(village, "A3", "CB2", D(2025, 9, 15))
    for period in ("2025-H1", *PERIODS):
        close_period(village.office(), "ĐU", period)
    close_period(village.office(), "CB2", "2025-Q3")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corrections=st.lists(CORRECTION, min_size=1, max_size=4))
def test_random_corrections_move_what_their_previews_said(model, tmp_path_factory, corrections):
    path = tmp_path_factory.mktemp("one") / "one.db"
    path.write_bytes(model.read_bytes())
    village = Village.__new__(Village)
    village.database, village.today, village.units = Database(f"sqlite:///{path}"), TODAY, {}
    closed = {key: report(village.office(), *key) for key in [*(("ĐU", p) for p in PERIODS), ("CB2", "2025-Q3")]}
    now, promised_since = figures(village), Counter()
    for code, sequence, days in corrections:
        told = {"void": True} if days is None else {"on": (D(2025, 8, 1) + timedelta(days)).isoformat()}
        try:
            preview = village.correct(f"{code}:{sequence}", preview=True, **told)
        except KetnapError:
            continue  # not lawful: nothing moves
        assert figures(village) == now
        done = village.correct(f"{code}:{sequence}", **told)
        assert done["moves"] == preview["moves"]
        after = figures(village)
        assert {key: after[key] - now[key] for key in after if after[key] != now[key]} == promised(
            village, done["moves"]
        )
        for one in done["moves"]["closed"]:
            promised_since[one["unit"], one["period"], one["indicator"]] += one["change"]
        by_unit = {(one["unit"], one["period"], one["indicator"]): one["change"] for one in done["moves"]["open"]}
        for key, change in by_unit.items():
            assert key[:2] != ("CB2", "2025-Q3")
            assert key[1] not in PERIODS or after[key] - now[key] == change
        now = after
    for (unit, period), was in closed.items():
        assert report(village.office(), unit, period) == was
        rows = {row["indicator"]: row for row in bridge(village.office(), unit, period)["rows"]}
        for indicator in COUNTED:
            row = rows[indicator]
            assert row["reconciles"]
            assert row["now"] == now[unit, period, indicator]
            assert row["closed"] + sum(Fraction(one["effect"]) for one in row["entries"]) == row["now"]
            assert row["difference"] == promised_since[unit, period, indicator]
    village.check()
    village.database.close()


@pytest.fixture
def village(database):
    made = Village(database, TODAY)
    whole_way(made, "A1", "CB1", D(2025, 10, 10))
    return made


def test_a_preview_says_which_closed_figures_stay(village):
    close_period(village.office(), "ĐU", "2025-Q4")
    close_period(village.office(), "CB2", "2025-Q4")
    before = village.dump()
    moves = village.correct("A1:2", preview=True, on="2025-09-30")["moves"]
    assert village.dump() == before
    assert moves["closed"] == [
        {
            "unit": "ĐU",
            "period": "2025-Q4",
            "version": 1,
            "indicator": "introduced",
            "label": "Quần chúng ưu tú được giới thiệu cho Đảng",
            "change": -1,
        }
    ]
    assert [(one["unit"], one["on"], one["change"]) for one in moves["figures"]] == [
        ("CB1", D(2025, 9, 30), 1),
        ("CB1", D(2025, 10, 10), -1),
    ]
    assert {(one["period"], one["change"]) for one in moves["open"]} == {
        ("2025-09", 1), ("2025-10", -1), ("2025-Q3", 1), ("2025-Q4", -1), ("2025-9M", 1),
    }  # fmt: skip


def test_a_move_within_a_closed_period_is_no_difference(village):
    close_period(village.office(), "ĐU", "2025-Q4")
    moves = village.correct("A1:2", preview=True, on="2025-10-11")["moves"]
    assert len(moves["figures"]) == 2
    assert moves["closed"] == []


def test_a_reopened_period_is_open(village):
    close_period(village.office(), "ĐU", "2025-Q4")
    close_period(village.office(), "ĐU", "2025-Q4", reopen=True, reason="Sót")
    assert village.correct("A1:2", preview=True, void=False, on="2025-09-30")["moves"]["closed"] == []


def test_notices_that_wait_for_a_clock_that_moves(village):
    village.step("A1", "certify_class", D(2025, 12, 1), document_number="1/GCN", issuer="TTCT")
    with village.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO recipients (unit_id, role, address) VALUES "
            f"({village.units['CB1']}, 'bi_thu', 'bi-thu@example.invalid')"
        )
    due = village.clock("A1", "certificate_valid_months")["due_on"]
    remind(village.office(due - timedelta(7)))
    moves = village.correct("A1:5", preview=True, on="2025-12-01", document_date="2025-11-20")["moves"]
    assert moves["notices"] == ["certificate_valid_months"]
    assert [(one["clock"], one["due_on"], one["recipients"]) for one in moves["waiting_notices"]] == [
        ("certificate_valid_months", due, 1)
    ]
    still = village.correct("A1:2", preview=True, on="2025-10-09")["moves"]
    assert still["waiting_notices"] == still["notices"] == []
