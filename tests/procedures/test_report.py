"""Reports: rows with and without targets, the subtree, the people behind a figure, two periods side by side."""

from datetime import date
from decimal import Decimal

import pytest

import config
from procedures.printing import print_markdown
from procedures.printing.words import below, standing
from procedures.report import report
from states.errors import BadInput, Unknown
from tests.procedures.district import District, rows_of

DAY = date(2020, 6, 30)
DECISION = {"decision_number": "161/QĐ-LĐLĐ", "decision_date": date(2020, 3, 25)}


@pytest.fixture
def district():
    made = District()
    made.unit("LB")
    made.unit("A", "LB")
    made.unit("B", "LB")
    made.unit("A1", "A")
    return made


def ask(district, unit="LB", period="2020-H1", today=DAY, **more):
    return report(district.office(today), unit, period, **more)


LONG_BIEN = [
    ("unions_founded", 7, 24, "29,17%"),
    ("unions_founded_over_25", 5, 21, "23,81%"),
    ("members_recruited", 366, 1200, "30,50%"),
    ("civil_servant_conferences", 101, 101, "100%"),
    ("worker_conferences", 74, 100, "74%"),
    ("dialogues", 74, 100, "74%"),
    ("agreements_signed", 19, 25, "76%"),
    ("accounts_opened", 15, 50, "30%"),
    ("fund_payers", 8, 25, "32%"),
    ("officers_trained", 300, None, None),
    ("introduced", 165, None, None),
    ("admitted", 49, None, None),
]


def test_the_half_year_of_a_district_prints_as_published(district):
    for indicator, actual, floor, _ in LONG_BIEN[:10]:
        district.figure("A", indicator, "2020-Q1", actual // 2)
        district.figure("A", indicator, "2020-Q2", actual - actual // 2 - 1)
        district.figure("B", indicator, "2020-H1", 1)
        if floor:
            district.target("LB", indicator, "2020", floor, **DECISION)
    district.counted("nominate", date(2020, 2, 3), "A1", 100)
    district.counted("nominate", date(2020, 6, 30), "B", 65)
    district.counted("hold_ceremony", date(2020, 1, 1), "A", 49)
    result = ask(district)
    rows = rows_of(result)
    for indicator, actual, floor, printed in LONG_BIEN:
        row = rows[indicator]
        assert (row["actual"], row["floor"], row["percent_text"]) == (actual, floor, printed)
        assert row["text"] == (f"{actual}/{floor} ({printed})" if floor else str(actual))
        assert row["target_period"] == ("2020" if floor else None)
        assert (row["status"] is None) == (floor is None)
    conversion = rows["conversion"]
    assert (conversion["numerator"], conversion["denominator"], conversion["text"]) == (49, 165, "29,70%")
    assert round(conversion["actual"], 6) == Decimal("29.696970")
    assert list(rows) == list(district.office(DAY).settings.indicators)
    assert [child["unit"] for child in result["children"]] == ["A", "B"]
    assert rows_of(result["children"][0])["introduced"]["actual"] == 100
    assert rows_of(result["children"][0])["introduced"]["own"] == 0


def test_a_range_shows_both_ends_and_a_percent_of_the_floor(district):
    district.target("LB", "sent", "2020", 10, 15)
    district.counted("send_to_class", date(2020, 5, 5), "A", 12)
    row = rows_of(ask(district))["sent"]
    assert (row["text"], row["status"], row["percent"]) == ("12/10–15 (120%)", "dat", 120)


def test_the_shortest_period_around_gives_the_target_and_the_latest_decision_its_numbers(district):
    district.target("LB", "admitted", "2020", 24, **DECISION)
    district.target("LB", "admitted", "2020", 30, decision_date=date(2020, 6, 1))
    district.target("LB", "admitted", "2015/2020", 99)
    row = rows_of(ask(district, period="2020-Q2"))["admitted"]
    assert (row["floor"], row["target_period"], row["decision_date"]) == (30, "2020", date(2020, 6, 1))
    assert rows_of(ask(district, period="2020-Q2", as_of="2020-05-31"))["admitted"]["floor"] == 24
    assert rows_of(ask(district, period="2020-Q2", as_of="2020-03-01"))["admitted"]["target_period"] == "2015/2020"
    district.target("LB", "admitted", "2020-H1", 5)
    assert rows_of(ask(district, period="2020-Q2"))["admitted"]["target_period"] == "2020-H1"


@pytest.mark.parametrize(("done", "status"), [(6, "dung_tien_do"), (5, "cham")])
def test_the_pace_runs_over_the_targets_period(district, done, status):
    district.target("LB", "admitted", "2020", 12)  # 12 × 182/366 = 5,97 by 30 June
    district.counted("hold_ceremony", date(2020, 5, 5), "A", done)
    for number in range(7):
        district.person(f"W{number}", "B", "cho_le")
    assert rows_of(ask(district))["admitted"]["status"] == status


def test_a_status_says_the_figure_it_rests_on(district):
    """The year's target was reached in the first quarter; the second did nothing."""
    district.target("LB", "admitted", "2020", 3)
    district.target("A", "admitted", "2020", 2)
    district.counted("hold_ceremony", date(2020, 2, 2), "A", 3)
    office = district.office(DAY)
    result = report(office, "LB", "2020-Q2")
    row = rows_of(result)["admitted"]
    assert (row["text"], row["status"], row["done"], row["done_text"]) == ("0/3 (0%)", "dat", 3, "3/3 (100%)")
    assert standing(office, result) == ["Các chỉ tiêu đã đạt hoặc vượt: kết nạp đảng viên (lũy kế 3/3, đạt 100%)."]
    assert "(Đơn vị A 3/2, đạt 150%)" in below(office, result)[0]
    assert "| 0/3 (0%) | Đạt chỉ tiêu, lũy kế 3/3 (100%) |" in print_markdown(office, result)
    first = rows_of(report(office, "LB", "2020-Q1"))["admitted"]
    assert (first["text"], first["done_text"]) == ("3/3 (100%)", None)


@pytest.mark.parametrize(("waiting", "status"), [(0, "chua_co_nguon"), (11, "nguy_co"), (12, "cham")])
def test_those_on_the_way_decide_between_slow_and_at_risk(district, waiting, status):
    district.target("LB", "admitted", "2020", 12)
    for number in range(waiting):
        district.person(f"W{number}", "A1", "da_hoc")
    district.person("DB", "A1", "du_bi")  # past the ceremony: not on the way to it
    assert rows_of(ask(district))["admitted"]["status"] == status


def test_on_a_day_gone_by_people_stand_where_they_stood(district):
    district.target("LB", "admitted", "2020", 1)
    district.person("P1", "A", "rut")
    district.entry("P1", "open_at", None, "A", to="cam_tinh", source=None)
    district.entry("P1", "nominate", date(2019, 5, 5), "A", to="duoc_gioi_thieu", source=None)  # history
    district.entry("P1", "withdraw", date(2020, 6, 1), "A", to="rut")
    assert rows_of(ask(district, as_of="2020-05-31"))["admitted"]["status"] == "cham"
    assert rows_of(ask(district, as_of="2020-06-01"))["admitted"]["status"] == "chua_co_nguon"
    district.entry("P1", "withdraw", date(2020, 6, 1), "A", voids=3)
    assert rows_of(ask(district, as_of="2020-06-01"))["admitted"]["status"] == "cham"


def test_a_corrected_person_stands_where_the_correction_says(district):
    district.target("LB", "admitted", "2020", 1)
    district.person("P1", "A", "rut")
    district.entry("P1", "open_at", date(2020, 1, 1), "A", to="cam_tinh")
    district.entry("P1", "list", date(2020, 2, 1), "A", to="cam_tinh")
    district.entry("P1", "withdraw", date(2020, 2, 1), "A", to="rut")
    district.entry("P1", "list", date(2020, 2, 1), "A", to="cam_tinh", corrects=2)  # still before the withdrawal
    assert rows_of(ask(district, as_of="2020-05-31"))["admitted"]["status"] == "chua_co_nguon"
    district.entry("P1", "withdraw", date(2020, 6, 1), "A", to="rut", corrects=3)
    assert rows_of(ask(district, as_of="2020-05-31"))["admitted"]["status"] == "cham"
    assert rows_of(ask(district, as_of="2020-06-01"))["admitted"]["status"] == "chua_co_nguon"


def test_as_of_cuts_by_the_day_it_happened_and_was_reported(district):
    district.counted("hold_ceremony", date(2020, 5, 31), "A")
    district.counted("hold_ceremony", date(2020, 6, 1), "A")
    district.counted("certify_class", date(2020, 6, 2), "A", document_date=date(2020, 5, 20))
    district.figure("B", "dialogues", "2020-Q2", 5, reported_on=date(2020, 6, 5))
    district.figure("B", "dialogues", "2020-Q1", 4)

    def at(day):
        rows = rows_of(ask(district, as_of=day))
        return [rows[name]["actual"] for name in ("admitted", "class", "dialogues")]

    assert at("2020-05-31") == [1, 0, 4]
    assert at("2020-06-01") == [2, 0, 4]
    assert at("2020-06-05") == [2, 1, 9]


def test_the_certificates_date_counts_for_the_class(district):
    district.counted("certify_class", date(2020, 7, 2), "A", document_date=date(2020, 6, 30))
    district.counted("certify_class", date(2020, 6, 30), "A", document_date=date(2020, 7, 1))
    district.counted("certify_class", date(2020, 6, 30), "A")  # no document: the day itself
    counts = [
        rows_of(ask(district, period=code, today=date(2020, 9, 1)))["class"]["actual"]
        for code in ("2020-Q2", "2020-Q3")
    ]
    assert counts == [2, 1]


def test_a_figure_opens_down_to_its_people(district):
    district.person("00012", "A1", "du_bi")
    district.entry("00012", "open_at", None, "A1", to="cho_le")
    district.entry("00012", "hold_ceremony", date(2020, 5, 5), "A1", to="du_bi")
    district.person("00013", "B", "du_bi")
    first = district.entry("00013", "hold_ceremony", date(2020, 5, 4), "B", to="du_bi")
    district.entry("00013", "hold_ceremony", date(2020, 5, 6), "B", to="du_bi", corrects=first)
    district.counted("hold_ceremony", date(2020, 7, 1), "B")
    result = ask(district, people="admitted", today=date(2020, 9, 1))
    assert result["people"] == [
        {"code": "00012", "unit": "A1", "entry": "00012:2", "on": date(2020, 5, 5)},
        {"code": "00013", "unit": "B", "entry": "00013:2", "on": date(2020, 5, 6)},
    ]
    assert len(result["people"]) == rows_of(result)["admitted"]["actual"]
    assert ask(district, unit="A", people="admitted")["people"][0]["code"] == "00012"


@pytest.mark.parametrize(("people", "error"), [("dialogues", BadInput), ("conversion", BadInput), ("x", Unknown)])
def test_only_counted_indicators_open_down_to_people(district, people, error):
    with pytest.raises(error):
        ask(district, people=people)


def test_two_periods_side_by_side(district):
    district.counted("hold_ceremony", date(2019, 5, 5), "A", 2)
    district.counted("hold_ceremony", date(2020, 5, 5), "A", 3)
    result = ask(district, beside="2019-H1")
    assert result["beside"]["period"] == "2019-H1"
    assert [rows_of(result)["admitted"]["actual"], rows_of(result["beside"])["admitted"]["actual"]] == [3, 2]


def test_a_measured_stock_takes_its_latest_figure_and_is_not_added(district):
    office = district.office(DAY)
    union = config.IndicatorSettings(label="Đoàn viên hiện có", source="measured")
    office.settings = office.settings.model_copy(update={"indicators": {"union_members": union}})
    district.figure("A", "union_members", "2020-Q1", 50)
    district.figure("A", "union_members", "2020-05", 60)
    district.figure("B", "union_members", "2020-Q1", 7)
    assert rows_of(report(office, "LB", "2020-H1"))["union_members"]["actual"] == 67


def test_a_phased_pace_of_config_bends_the_status(district):
    office = district.office(DAY)
    district.target("LB", "admitted", "2020", 12)
    district.counted("hold_ceremony", date(2020, 5, 5), "A", 2)
    for number in range(12):
        district.person(f"W{number}", "A", "cho_le")
    assert rows_of(report(office, "LB", "2020-H1"))["admitted"]["status"] == "cham"
    phased = office.settings.pace.model_copy(update={"phased": {"admitted": {50: 10}}})
    office.settings = office.settings.model_copy(update={"pace": phased})
    assert rows_of(report(office, "LB", "2020-H1"))["admitted"]["status"] == "dung_tien_do"


def test_decimals_and_rounding_of_the_day_win_over_config(district):
    district.target("LB", "dialogues", "2020", 9)
    district.figure("A", "dialogues", "2020", 44)
    printed = [
        rows_of(ask(district, period="2020", today=date(2020, 12, 31), decimals=1, rounding=rounding))["dialogues"][
            "text"
        ]
        for rounding in ("cut_off", "half_up")
    ]
    assert printed == ["44/9 (488,8%)", "44/9 (488,9%)"]


def test_a_later_recording_of_a_figure_replaces_the_earlier(district):
    district.figure("A", "dialogues", "2020-Q1", 5)
    district.figure("A", "dialogues", "2020-Q1", 3)
    assert rows_of(ask(district))["dialogues"]["actual"] == 3


def test_a_credited_figure_counts_for_the_body_credited_and_those_above_it(district):
    district.figure("A1", "unions_founded", "2020-Q1", 4, credited="B")
    district.figure("A1", "unions_founded", "2020-Q1", 1)
    result = ask(district)
    assert rows_of(result)["unions_founded"]["actual"] == 5
    assert [rows_of(child)["unions_founded"]["actual"] for child in result["children"]] == [1, 4]


def test_a_counted_and_a_reported_number_for_one_figure_are_refused_by_name(district):
    district.figure("A", "admitted", "2020-Q1", 4)  # a unit that keeps no people here may report
    assert rows_of(ask(district))["admitted"]["actual"] == 4
    district.counted("hold_ceremony", date(2020, 5, 5), "A")  # another quarter: no contradiction
    assert rows_of(ask(district))["admitted"]["actual"] == 5
    district.counted("hold_ceremony", date(2020, 2, 5), "A", 2)
    with pytest.raises(BadInput) as refused:
        ask(district)
    assert refused.value.details["double_sources"] == [
        {"unit": "A", "indicator": "admitted", "period": "2020-Q1", "counted": 2, "reported": 4}
    ]
    assert "A" in refused.value.say("vi")


def test_the_structure_is_that_of_the_periods_last_day_and_nothing_is_lost(district):
    district.counted("hold_ceremony", date(2020, 2, 5), "A1", 2)
    district.unit("A1", "B", on=date(2020, 4, 1))
    district.unit("B", "LB", on=date(2020, 8, 1), ended=True)
    for period, shares in (("2020-Q1", {"A": 2, "B": 0}), ("2020-H1", {"A": 0, "B": 2})):
        children = ask(district, period=period, today=date(2020, 6, 30))["children"]
        assert {child["unit"]: rows_of(child)["admitted"]["actual"] for child in children} == shares
    result = ask(district, period="2020", today=date(2020, 12, 31))
    told = [(child["unit"], child["active"], rows_of(child)["admitted"]["actual"]) for child in result["children"]]
    assert told == [("A", True, 0), ("B", False, 2)]  # B is no more; what it did is told, so that all sums to the whole
    assert rows_of(result)["admitted"]["actual"] == 2
    result = ask(district, period="2021", today=date(2021, 12, 31))
    assert [child["unit"] for child in result["children"]] == ["A"]


@pytest.mark.parametrize("base", ["introduced", "so_dang_vien"])
def test_a_ratio_of_nothing_is_no_attainment(district, base):
    district.unit("LB", so_dang_vien="0")
    district.target("LB", "admitted", "2020", ratio=Decimal("0.5"), base=base)
    row = rows_of(ask(district))["admitted"]
    assert (row["floor"], row["status"], row["percent"], row["text"]) == (0, None, None, "0/0")
    assert row["explanation"].endswith("số ấy đến nay là 0 nên chưa có gì để lấy tỷ lệ.")
    district.counted("hold_ceremony", date(2020, 2, 5), "A", 1)
    assert rows_of(ask(district))["admitted"]["status"] is None  # one admitted of none introduced is no ratio either


@pytest.mark.parametrize(
    ("base", "floor", "status"), [("introduced", 2, "dat"), ("so_dang_vien", Decimal("6.2"), "cham")]
)
def test_a_ratio_target_takes_its_floor_from_its_base(district, base, floor, status):
    district.unit("A", "LB", so_dang_vien="100")
    district.unit("B", "LB", so_dang_vien="24")
    district.counted("nominate", date(2020, 2, 1), "A", 4)
    district.counted("hold_ceremony", date(2020, 2, 5), "A", 2)
    ratio = Decimal("0.5") if base == "introduced" else Decimal("0.05")
    district.target("LB", "admitted", "2020", ratio=ratio, base=base)
    for number in range(9):
        district.person(f"W{number}", "A", "cho_le")
    row = rows_of(ask(district))["admitted"]
    assert (row["floor"], row["status"]) == (floor, status)


def test_a_target_on_a_ratio_indicator_is_in_percent(district):
    district.counted("nominate", date(2020, 2, 1), "A", 3)
    district.counted("hold_ceremony", date(2020, 2, 5), "A", 1)
    district.target("LB", "conversion", "2020", 50)
    row = rows_of(ask(district))["conversion"]
    assert (row["text"], row["status"], row["percent_text"]) == ("33,33%/50%", "cham", "33,33%")


def test_a_ratio_over_nothing_is_a_dash(district):
    row = rows_of(ask(district))["conversion"]
    assert (row["actual"], row["percent"], row["percent_text"], row["text"], row["status"]) == (
        None,
        None,
        None,
        "–",
        None,
    )


@pytest.mark.parametrize(("unit", "period", "error"), [("X", "2020", Unknown), ("LB", "2020-Q5", BadInput)])
def test_what_is_unknown_is_said(district, unit, period, error):
    with pytest.raises(error):
        ask(district, unit=unit, period=period)
