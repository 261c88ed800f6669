"""Closing: the report is frozen word for word; acts follow their order; what is recorded later shows in the bridge only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from config.settings import IndicatorSettings
from console.output import plain
from procedures.bridge import bridge
from procedures.close_period import close_period
from procedures.closings import closing_state, issue, list_closings, show_version
from procedures.frozen import freeze, thaw
from procedures.report import report
from procedures.roll_up import roll_up
from states.errors import BadInput, Unknown
from store.figures_recorded import RecordedFigure, insert_figures
from store.people_writing import Attribute, insert_attributes
from store.units import NewVersion, Version, insert_versions
from tests.procedures.village import Village

D = date
TODAY = D(2025, 12, 31)
YEAR, HALF, QUARTER = "2025", "2025-H2", "2025-Q4"


@pytest.fixture
def village(database):
    """Two people introduced in 2025, one of them admitted."""
    made = Village(database, TODAY)
    made.open("A1", "A2", unit="CB1", step="quan_chung", day=D(2024, 1, 1))
    made.step("A1", "nominate", D(2025, 11, 3), nominator="Chi đoàn")
    made.step("A2", "nominate", D(2025, 10, 3), nominator="Chi đoàn")
    return made


def rows(result):
    return {row["indicator"]: row for row in result["rows"]}


def close(village, period=QUARTER, unit="ĐU", today=None, **more):
    return close_period(village.office(today), unit, period, **more)


def acts(village):
    with village.database.reading() as connection:
        return [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("closings", "closing_files")
        ]


def put_figure(village, unit, indicator, period, value, credited=None):
    office = village.office()
    figure = RecordedFigure(
        village.units[unit], indicator, period, village.units[credited or unit], Decimal(value), None
    )
    with village.database.writing() as connection:
        insert_figures(connection, [figure], office.now(), "test")


def move(village, unit, above, on):
    version = Version(on, unit, "chi_bo", village.units[above] if above else None, None, {}, False)
    with village.database.writing() as connection:
        insert_versions(connection, [NewVersion(village.units[unit], version)], village.office().now(), "test")


def moved(village, period=QUARTER, unit="ĐU", today=None):
    """The rows of the bridge that moved: indicator -> [(entry, what, effect)]; every row has to add up."""
    told = bridge(village.office(today), unit, period)
    for row in told["rows"]:
        named = sum((Fraction(one["effect"]) for one in row["entries"]), Fraction(0))
        if row["reconciles"] and not any(one["what"] == "derived" for one in row["entries"]):
            assert (row["closed"] or 0) + named == (row["now"] or 0), row
        assert row["reconciles"] == (not row["remainder"])
    return {
        row["indicator"]: [(one["entry"], one["what"], one["effect"]) for one in row["entries"]]
        for row in told["rows"]
        if row["difference"] or row["entries"]
    }


def test_a_closed_report_is_the_one_that_stood(village):
    before = report(village.office(), "ĐU", QUARTER)
    done = close(village, signer="  Bí thư Đảng ủy ")
    assert (done["state"], done["version"], done["signer"], done["closed_on"]) == (
        "accepted", 1, "Bí thư Đảng ủy", TODAY,
    )  # fmt: skip
    after = report(village.office(), "ĐU", QUARTER)
    closed = after.pop("closed")
    assert closed | {"as_closed": True} == {
        "version": 1, "signer": "Bí thư Đảng ủy", "closed_on": TODAY, "hash": done["hash"], "as_closed": True,
    }  # fmt: skip
    assert after == before
    assert list(after) == list(before)
    village.check()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_recorded_later_moves_what_was_closed(village, lang):
    close(village)

    def printed():
        office = village.office(D(2027, 1, 5))
        office.lang = lang
        texts = [issue(office, "ĐU", QUARTER, kind) for kind in ("txt", "md", "xlsx", "docx")]
        return plain(report(office, "ĐU", QUARTER), lang), texts

    first = printed()
    village.correct("A1:2", on="2025-09-30")
    put_figure(village, "CB1", "dialogues", QUARTER, 3)
    move(village, "CB1", None, D(2025, 1, 1))
    roll_up(village.office(), QUARTER)
    again = printed()
    assert again == first
    assert list(again[0]) == list(first[0])
    assert rows(report(village.office(), "ĐU", QUARTER))["introduced"]["actual"] == 2
    live = report(village.office(), "ĐU", QUARTER, as_of=TODAY)
    assert "as_closed" not in (live.get("closed") or {})
    assert rows(live)["introduced"]["actual"] == 0


def test_the_bridge_names_what_was_recorded_since(village):
    put_figure(village, "CB2", "dialogues", QUARTER, 3)
    put_figure(village, "CB2", "agreements_signed", "2025-10", 1)
    close(village)
    assert moved(village) == {}
    village.open("A3", unit="CB2", step="quan_chung", day=D(2024, 1, 1))
    village.step("A3", "nominate", D(2025, 12, 1), nominator="Chi đoàn")
    village.correct("A1:2", on="2025-09-30")
    village.correct("A2:2", void=True)
    put_figure(village, "CB2", "dialogues", QUARTER, 5)
    put_figure(village, "CB2", "agreements_signed", "2025-11", 2)
    found = moved(village)
    assert sorted(found["introduced"]) == [("A1:3", "corrected", -1), ("A2:3", "voided", -1), ("A3:2", "late", 1)]
    assert found["dialogues"] == [(f"CB2:dialogues:{QUARTER}", "reported", 2)]
    assert found["agreements_signed"] == [("CB2:agreements_signed:2025-11", "reported", 2)]
    assert bridge(village.office(), "ĐU", QUARTER)["reconciles"]


def test_a_correction_that_moves_nothing_is_not_in_the_bridge(village):
    close(village)
    village.correct("A1:2", document_number="9-NQ")
    assert moved(village) == {}
    village.correct("A1:3", on="2025-11-04")
    assert moved(village) == {}


def test_a_unit_that_left_is_named_with_what_it_took_along(village):
    put_figure(village, "CB1", "dialogues", QUARTER, 3)
    close(village)
    move(village, "CB1", "CB2", D(2025, 12, 1))  # below CB2 it is still under ĐU
    assert moved(village) == {}
    move(village, "CB2", None, D(2025, 12, 2))
    found = moved(village)
    assert found["introduced"] == [("CB2", "unit", -2)] or found["introduced"] == [("CB1", "unit", -2)]
    assert sum(effect for *_, effect in found["dialogues"]) == -3


def test_a_ratio_follows_from_its_parts(village):
    village.open("B1", unit="CB1", step="cho_le", day=D(2025, 9, 1))
    village.step("B1", "receive_decision", D(2025, 11, 28))
    village.step("B1", "hold_ceremony", D(2025, 12, 2))
    close(village)
    village.correct("A2:2", void=True)
    found = moved(village)
    assert set(found) == {"introduced", "conversion"}
    assert [what for _, what, _ in found["conversion"]] == ["derived"]
    row = rows(bridge(village.office(), "ĐU", QUARTER))["conversion"]
    assert (row["closed"], row["now"], row["difference"], row["reconciles"]) == (50, 100, 50, True)


SOME = {
    "introduced": {"label": "Được giới thiệu", "source": "counted", "trigger": "nominate"},
    "women": {"label": "Nữ", "source": "counted", "trigger": "nominate", "where": {"gioi_tinh": "nu"}},
    "with_cell": {"label": "Nơi có tổ chức đảng", "source": "counted", "trigger": "nominate",
                  "where": {"co_to_chuc_dang": True}},
    "waiting": {"label": "Đang chờ", "source": "measured", "steps": ["duoc_gioi_thieu"]},
    "members": {"label": "Đảng viên", "source": "measured", "attribute": "so_dang_vien"},
}  # fmt: skip


def test_filters_and_measured_figures(village):
    office = village.office()
    indicators = {name: IndicatorSettings.model_validate(one) for name, one in SOME.items()}
    office.settings = office.settings.model_copy(update={"indicators": indicators})

    def change(unit, on, **attributes):
        version = Version(on, unit, "chi_bo", village.units["ĐU"], None, attributes, False)
        with village.database.writing() as connection:
            insert_versions(connection, [NewVersion(village.units[unit], version)], office.now(), "test")

    def told():
        found = bridge(office, "ĐU", QUARTER)
        assert found["reconciles"], found
        return {row["indicator"]: [(one["entry"], one["what"], one["effect"]) for one in row["entries"]]
                for row in found["rows"] if row["entries"]}  # fmt: skip

    change("CB1", D(2020, 1, 1), so_dang_vien="10", co_to_chuc_dang="0")
    change("CB2", D(2020, 1, 1), so_dang_vien="5")
    close_period(office, "ĐU", QUARTER)
    assert {one["indicator"]: one["actual"] for one in report(office, "ĐU", QUARTER)["rows"]} == {
        "introduced": 2, "women": 0, "with_cell": 0, "waiting": 2, "members": 15,
    }  # fmt: skip
    assert told() == {}
    change("CB1", D(2025, 6, 1), so_dang_vien="12", co_to_chuc_dang="1")
    with village.database.writing() as connection:
        person = connection.exec_driver_sql("SELECT person_id FROM candidates WHERE code = 'A1'").scalar()
        insert_attributes(connection, [Attribute(person, "gioi_tinh", D(1, 1, 1), "nu")], office.now())
    village.step("A2", "list", D(2025, 12, 1), helper="Trần Văn Mẫu")
    village.open("A3", unit="CB2", step="quan_chung", day=D(2024, 1, 1))
    assert told() == {
        "women": [("A1", "person", 1)],
        "with_cell": [("CB1", "unit", 2)],
        "waiting": [("A2:3", "late", -1)],
        "members": [("CB1", "unit", 2)],
    }
    put_figure(village, "CB3", "members", QUARTER, 4)
    move(village, "CB2", None, D(2025, 12, 1))
    assert told()["members"] == [
        ("CB1", "unit", 2), (f"CB3:members:{QUARTER}", "reported", 4), ("CB2", "unit", -5),
    ]  # fmt: skip


def test_prepared_below_and_accepted_above(village):
    done = close(village, prepare=True)
    assert (done["state"], done["version"], done["closed_on"]) == ("prepared", 1, None)
    assert "closed" not in report(village.office(), "ĐU", QUARTER)
    village.correct("A2:2", void=True)  # between the two: what was prepared is what is accepted
    done = close(village, accept=True, signer="Bí thư")
    assert (done["state"], done["version"], done["signer"]) == ("accepted", 1, "Bí thư")
    assert rows(report(village.office(), "ĐU", QUARTER))["introduced"]["actual"] == 2
    assert moved(village)["introduced"] == [("A2:3", "voided", -1)]


def test_prepared_anew_before_it_is_accepted(village):
    close(village, prepare=True)
    village.correct("A2:2", void=True)
    assert close(village, prepare=True)["version"] == 1
    close(village, accept=True)
    assert rows(report(village.office(), "ĐU", QUARTER))["introduced"]["actual"] == 1
    assert moved(village) == {}


@pytest.mark.parametrize("asked", [{"accept": True}, {"prepare": True}, {}, {"accept": True, "signer": "Bí thư"}])
def test_no_act_is_dated_before_the_one_before_it(village, asked):
    close(village, prepare=True, today=D(2026, 1, 15))
    before = acts(village)
    with pytest.raises(BadInput) as wrong:
        close(village, today=D(2026, 1, 2), **asked)
    assert "15/01/2026" in wrong.value.say()
    assert acts(village) == before


def test_the_signer_and_the_reason_are_one_line_that_prints(village):
    done = close(village, signer=" Bí thư.\n\x1b[31mMã kiểm:\t0000 ")
    assert done["signer"] == "Bí thư. [31mMã kiểm: 0000"
    assert close(village, reopen=True, reason="Sót\r\nhồ sơ")["reason"] == "Sót hồ sơ"


def test_reopened_and_closed_again_both_versions_stay(village):
    close(village, signer="Bí thư")
    first = issue(village.office(), "ĐU", QUARTER, "txt")
    village.correct("A2:2", void=True)
    assert close(village, reopen=True, reason="Sót một hồ sơ")["state"] == "reopened"
    now = report(village.office(), "ĐU", QUARTER)
    assert "closed" not in now
    assert rows(now)["introduced"]["actual"] == 1
    assert moved(village)["introduced"] == [("A2:3", "voided", -1)]  # still against the last version accepted
    assert close(village)["version"] == 2
    assert moved(village) == {}
    assert issue(village.office(), "ĐU", QUARTER, "txt", 1) == first != issue(village.office(), "ĐU", QUARTER, "txt")
    assert [rows(show_version(village.office(), "ĐU", QUARTER, n))["introduced"]["actual"] for n in (1, 2)] == [2, 1]
    told = list_closings(village.office(), "ĐU")["items"]
    assert [(one["event"], one["version"], one["reason"]) for one in told] == [
        ("prepared", 1, None), ("accepted", 1, None), ("reopened", 1, "Sót một hồ sơ"), ("prepared", 2, None),
        ("accepted", 2, None),
    ]  # fmt: skip
    village.check()
    with pytest.raises(Unknown):
        show_version(village.office(), "ĐU", QUARTER, 3)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"today": D(2025, 12, 30)}, "31/12/2025"),
        ({"today": D(2025, 12, 30), "prepare": True}, "31/12/2025"),
        ({"accept": True}, "--prepare"),
        ({"reopen": True, "reason": "Nhầm"}, "chưa chốt"),
        ({"reopen": True}, "chưa chốt"),
        ({"reason": "Nhầm"}, "--reason"),
        ({"prepare": True, "accept": True}, "một trong ba"),
        ({"prepare": True, "signer": "Bí thư"}, "--signer"),
        ({"period": "2025-Q5"}, "không phải là kỳ"),
        ({"period": HALF, "today": D(2025, 10, 1)}, "2025-H2"),
    ],
)
def test_what_cannot_be_closed(village, told, words):
    before = acts(village)
    with pytest.raises(BadInput) as wrong:
        close(village, **told)
    assert words in wrong.value.say()
    assert acts(village) == before


def test_no_such_unit(village):
    for ask in (close_period, bridge):
        with pytest.raises(Unknown):
            ask(village.office(), "XX", QUARTER)
    with pytest.raises(BadInput):
        bridge(village.office(), "ĐU", QUARTER)
    with pytest.raises(BadInput):
        bridge(village.office(), "ĐU", "2025-Q9")


def test_closing_twice_and_reopening_without_a_reason(village):
    close(village)
    before = acts(village)
    for told in ({}, {"prepare": True}, {"accept": True}, {"reopen": True}, {"reopen": True, "reason": "  "}):
        with pytest.raises(BadInput):
            close(village, **told)
    assert acts(village) == before


def test_an_open_period_before_it_stands_in_the_way(village):
    village.open("B1", unit="CB1", step="quan_chung", day=D(2024, 1, 1))
    village.step("B1", "nominate", D(2025, 2, 3), nominator="Chi đoàn")
    with pytest.raises(BadInput) as wrong:
        close(village, "2025-Q2")
    assert "2025-Q1" in wrong.value.say()
    assert acts(village) == [0, 0]
    close(village, "2025-Q1")
    with pytest.raises(BadInput) as wrong:  # nothing happened in Q2, but since Q1 was closed it has its turn
        close(village, "2025-Q4")
    assert "2025-Q2" in wrong.value.say()
    close(village, "2025-Q4", prepare=True)  # preparing is not closing
    for period in ("2025-Q2", "2025-Q3"):
        close(village, period)
    close(village, "2025-Q4", accept=True)
    close(village, "2025-Q1", reopen=True, reason="Sót")
    with pytest.raises(BadInput):
        close(village, "2026-Q1", today=D(2026, 4, 1))
    close(village, "2025-Q1")
    close(village, "2026-Q1", today=D(2026, 4, 1))
    with pytest.raises(BadInput) as wrong:
        close(village, "2026-Q4", today=D(2027, 4, 1))
    assert "2026-Q2" in wrong.value.say()
    close(village, YEAR)  # another kind goes its own way
    with pytest.raises(BadInput) as wrong:
        close(village, HALF)
    assert "2025-H1" in wrong.value.say()


def test_a_figure_with_two_sources_is_not_closed(village):
    put_figure(village, "CB1", "introduced", QUARTER, 4)
    with pytest.raises(BadInput) as wrong:
        close(village)
    assert "CB1" in wrong.value.say()
    assert acts(village) == [0, 0]


def test_closed_figures_of_the_parts_do_not_bind_the_whole(village):
    close(village, unit="CB1")
    village.correct("A2:2", void=True)
    assert rows(report(village.office(), "CB1", QUARTER))["introduced"]["actual"] == 2
    assert rows(report(village.office(), "ĐU", QUARTER))["introduced"]["actual"] == 1


def test_who_may_not_see_people_is_told_no_small_closed_figure(village):
    office = village.office()
    indicators = {name: IndicatorSettings.model_validate(one) for name, one in SOME.items()}
    office.settings = office.settings.model_copy(update={"indicators": indicators})
    with village.database.writing() as connection:
        person = connection.exec_driver_sql("SELECT person_id FROM candidates WHERE code = 'A1'").scalar()
        insert_attributes(connection, [Attribute(person, "gioi_tinh", D(1, 1, 1), "nu")], office.now())
    close_period(office, "ĐU", QUARTER)
    assert rows(report(office, "ĐU", QUARTER))["women"]["actual"] == 1
    shown = report(office, "ĐU", QUARTER, may_see_people=False)
    assert rows(shown)["women"]["actual"] is None
    assert (shown["closed"]["version"], shown["closed"]["as_closed"]) == (1, False)
    village.correct("A2:2", void=True)
    assert rows(report(office, "ĐU", QUARTER, may_see_people=False))["introduced"]["actual"] == 2


def test_two_who_close_at_once_close_once(village):
    def one(_):
        try:
            return close(village)["version"]
        except BadInput:
            return None

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(one, range(3)), key=str) == [1, None, None]
    assert acts(village) == [2, 3]
    village.check()


def test_where_the_units_stand(village):
    close(village, unit="CB1")
    close(village, unit="CB2", prepare=True)
    found = closing_state(village.office(), ["CB1", "CB2", "CB3"], QUARTER)
    assert [found[unit]["state"] for unit in ("CB1", "CB2", "CB3")] == ["accepted", "prepared", "open"]
    assert [found[unit]["ready"] for unit in ("CB1", "CB2", "CB3")] == [False, True, True]


def test_numbers_come_back_as_they_were():
    told = {"b": Decimal("1.50"), "a": [Fraction(1, 3), D(2025, 1, 2), None, True, 7], "c": {"x": "Ngày «1»"}}
    back = thaw(freeze(told, "vi"))
    assert back == told
    assert list(back) == ["b", "a", "c"]
    assert type(back["b"]) is Decimal
    with pytest.raises(TypeError):
        freeze({"x": 0.5}, "vi")


def test_a_signature_of_pages_is_refused(village):
    with pytest.raises(BadInput, match="10000"):
        close_period(village.office(), "ĐU", QUARTER, signer="a" * 10_000)
    assert list_closings(village.office())["items"] == []
