"""Setting and listing targets."""

from datetime import date
from decimal import Decimal

import pytest

from procedures.indicators import list_indicators
from procedures.report import report
from procedures.targets import list_targets, read_number, read_ratio, set_target
from states.errors import BadInput, Unknown
from tests.procedures.district import District, rows_of

DAY = date(2020, 6, 30)


@pytest.fixture
def office():
    made = District()
    made.unit("A")
    made.unit("B", "A")
    return made.office(DAY)


def test_a_target_is_set_revised_and_listed(office):
    first = {
        "floor": "24",
        "decision_number": "161/QĐ-LĐLĐ",
        "decision_date": "25/3/2020",
        "responsible": "Ban Tổ chức",
    }
    assert set_target(office, "A", "admitted", "2020", **first)["created"] == 1
    assert set_target(office, "A", "admitted", "2020", **first) | {"target": 0} == {
        "created": 0,
        "unchanged": 1,
        "target": 0,
    }
    set_target(office, "A", "admitted", "2020", floor=30, decision_date=date(2020, 6, 1))
    items = list_targets(office, unit="A")["items"]
    assert [(item["floor"], item["in_force"]) for item in items] == [(24, False), (30, True)]
    assert items[0]["decision_date"] == date(2020, 3, 25)
    assert items[0]["responsible"] == "Ban Tổ chức"
    assert list_targets(office, unit="B")["items"] == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"floor": 9, "ceiling": 7}, BadInput),
        ({"floor": "bảy"}, BadInput),
        ({"ratio": "50%", "base": "admitted"}, BadInput),
        ({"indicator": "x", "floor": 1}, Unknown),
        ({"unit": "X", "floor": 1}, Unknown),
        ({"period": "2020-13", "floor": 1}, BadInput),
        ({"period": "2031/2036", "floor": 1}, BadInput),
        ({"floor": 1, "credited_unit": "X"}, Unknown),
        ({"floor": -1}, BadInput),
        ({"floor": "NaN"}, BadInput),
        ({"ratio": "-5%", "base": "introduced"}, BadInput),
        ({"ratio": "50%", "base": "x"}, Unknown),
        ({"floor": 1, "decision_date": "01/07/2020"}, BadInput),
        ({"floor": 1, "decision_date": "31/02/2020"}, BadInput),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(office, wrong, error):
    words = {"unit": "A", "indicator": "admitted", "period": "2020"} | wrong
    with pytest.raises(error):
        set_target(office, words.pop("unit"), words.pop("indicator"), words.pop("period"), **words)
    assert list_targets(office)["items"] == []


def test_the_same_decision_with_another_number_is_refused(office):
    set_target(office, "A", "admitted", "2020", floor=24)
    with pytest.raises(BadInput):
        set_target(office, "A", "admitted", "2020", floor=25)


@pytest.mark.parametrize(
    ("written", "number"), [("12,5", "12.5"), ("7.25", "7.25"), ("1 200", "1200"), (7, "7"), (None, None), ("", None)]
)
def test_numbers_are_read_as_people_write_them(written, number):
    assert read_number(written) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("written", "ratio"),
    [("50%", "0.5"), ("33,33 %", "0.3333"), ("150%", "1.5"), ("0,5", "0.5"), (1, "1"), (None, None)],
)
def test_ratios_are_read_as_people_write_them(written, ratio):
    assert read_ratio(written) == (None if ratio is None else Decimal(ratio))


def test_no_body_is_named_as_credited_where_none_is(office):
    assert set_target(office, "A", "admitted", "2020", floor=1)["target"]["credited_unit"] is None
    assert set_target(office, "A", "class", "2020", floor=1, credited_unit="B")["target"]["credited_unit"] == "B"


def test_a_unit_that_is_no_more_when_the_period_begins_has_no_target():
    made = District()
    made.unit("A")
    made.unit("B", "A")
    made.unit("B", "A", on=date(2020, 4, 1), ended=True)
    office = made.office(DAY)
    for unit, credited in (("B", None), ("A", "B")):
        with pytest.raises(BadInput) as refused:
            set_target(office, unit, "admitted", "2020-Q2", floor=1, credited_unit=credited)
        assert refused.value.say().startswith("Đơn vị B đã kết thúc ngày 31/03/2020, trước kỳ 2020-Q2.")
    assert set_target(office, "B", "admitted", "2020", floor=1)["created"] == 1


def test_indicators_are_listed_in_the_order_of_config(office):
    items = list_indicators(office)["items"]
    assert [item["indicator"] for item in items] == list(office.settings.indicators)
    assert {item["source"] for item in items} <= {"counted", "reported", "ratio", "measured"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"floor": 9, "ceiling": 7}, "Mức tối thiểu 9 lớn hơn mức tối đa 7."),
        ({"ratio": "50%", "base": "admitted"}, "Tỷ lệ của chỉ số admitted với chính nó."),
        ({"floor": -1}, "Chỉ tiêu -1 phải là số từ 0 trở lên."),
        ({"floor": "NaN"}, "«NaN» không phải là số."),
        ({"floor": "1.200"}, "«1.200» không phải là số. Xin viết chữ số, không chấm phẩy ngăn hàng nghìn"),
        ({"floor": "50%"}, "«50%» không phải là số."),
        ({"floor": "0,00001"}, "«0,00001» không phải là số."),
        ({"ratio": "50", "base": "introduced"}, "Tỷ lệ «50» không rõ. Viết có dấu phần trăm, ví dụ 50%, hoặc 0,5."),
        ({"ratio": "%", "base": "introduced"}, "«%» không phải là số."),
        ({"period": "٢٠٢٠", "floor": 1}, "«٢٠٢٠» không phải là kỳ."),
        ({"floor": 1, "decision_date": "01/07/2020"}, "Ngày quyết định 01/07/2020 ở sau ngày làm việc 30/06/2020."),
        ({"period": "2031/2036", "floor": 1}, "Nhiệm kỳ «2031/2036» chưa được khai báo."),
        ({"period": "nay", "floor": 1}, "«nay» không phải là kỳ."),
        ({"indicator": "x", "floor": 1}, "Không có chỉ số x."),
    ],
)
def test_what_is_wrong_is_said_in_vietnamese(office, wrong, message):
    words = {"unit": "A", "indicator": "admitted", "period": "2020"} | wrong
    with pytest.raises((BadInput, Unknown)) as refused:
        set_target(office, words.pop("unit"), words.pop("indicator"), words.pop("period"), **words)
    assert refused.value.say().startswith(message)


def test_two_targets_with_one_decision_date_are_refused(office):
    set_target(office, "A", "admitted", "2020", floor=24, decision_date="25/03/2020", decision_number="1/QĐ")
    with pytest.raises(BadInput) as refused:
        set_target(office, "A", "admitted", "2020", floor=25, decision_date="25/03/2020", decision_number="2/QĐ")
    assert refused.value.say() == (
        "Chỉ tiêu admitted kỳ 2020 theo quyết định ngày 25/03/2020 đã có và khác. "
        "Muốn điều chỉnh, xin ghi ngày quyết định mới."
    )


def test_ratios_in_a_circle_are_refused(office):
    set_target(office, "A", "admitted", "2020", ratio="50%", base="class")
    set_target(office, "A", "class", "2020", ratio="50%", base="introduced")
    with pytest.raises(BadInput, match="introduced → admitted → class → introduced"):
        set_target(office, "A", "introduced", "2020", ratio="50%", base="admitted")
    set_target(office, "B", "introduced", "2020", ratio="50%", base="admitted")
    set_target(office, "A", "introduced", "2019", ratio="50%", base="admitted")


@pytest.fixture
def tay_ho():
    """A steering committee, its tax office, and an enterprise that stands elsewhere."""
    made = District()
    made.unit("BCD")
    made.unit("CCT", "BCD")
    made.unit("DN")
    return made


def test_a_credited_target_is_judged_at_the_credited_body(tay_ho):
    office = tay_ho.office(DAY)
    set_target(office, "DN", "unions_founded", "2020", floor=1, credited_unit="CCT", decision_date="2020-03-25")
    tay_ho.figure("DN", "unions_founded", "2020-H1", 4, credited="CCT")
    row = rows_of(report(office, "CCT", "2020"))["unions_founded"]
    assert (row["text"], row["status"]) == ("4/1 (400%)", "vuot")
    row = rows_of(report(office, "DN", "2020"))["unions_founded"]
    assert (row["actual"], row["floor"], row["status"]) == (0, None, None)
    for unit in ("DN", "CCT"):
        (item,) = list_targets(office, unit=unit)["items"]
        assert (item["unit"], item["credited_unit"], item["in_force"]) == ("DN", "CCT", True)


def test_a_body_has_one_target_its_own_or_a_credited_one(tay_ho):
    office = tay_ho.office(DAY)
    set_target(office, "DN", "unions_founded", "2020", floor=1, credited_unit="CCT", decision_date="2020-03-25")
    with pytest.raises(BadInput, match="CCT has a target unions_founded"):
        set_target(office, "CCT", "unions_founded", "2020", floor=1)
    set_target(office, "BCD", "unions_founded", "2020", floor=9, credited_unit="BCD")
    with pytest.raises(BadInput, match="BCD has a target unions_founded"):
        set_target(office, "DN", "unions_founded", "2020", floor=1, credited_unit="BCD", decision_date="2020-04-01")
    set_target(office, "DN", "unions_founded", "2020", floor=2, decision_date="2020-05-01")  # the credit is taken back
    set_target(office, "CCT", "unions_founded", "2020", floor=1)
    standing = {item["unit"]: item["floor"] for item in list_targets(office)["items"] if item["in_force"]}
    assert standing == {"DN": 2, "BCD": 9, "CCT": 1}


def test_targets_as_known_on_a_day(database):
    from datetime import UTC, datetime, timedelta

    from store.targets import load_targets

    made = District(database)
    made.unit("A")
    made.target("A", "admitted", "2020", 24)
    made.target("A", "admitted", "2020", 30, decision_date=date(2020, 6, 1))
    with database.reading() as connection:
        (first, second) = load_targets(connection)
        assert (first.floor, second.floor, second.decision_date) == (24, 30, date(2020, 6, 1))
        assert load_targets(connection, known_at=datetime(2019, 12, 31, tzinfo=UTC)) == []
        moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=1)  # the unit was recorded at second 0
        assert load_targets(connection, known_at=moment) == [first]
        assert load_targets(connection, known_at=moment + timedelta(seconds=1)) == [first, second]


def test_a_ratio_of_the_membership_is_taken_at_the_periods_start():
    made = District()
    made.unit("A", so_dang_vien="100")
    made.unit("A", on=date(2020, 3, 1), so_dang_vien="200")
    made.unit("B")
    office = made.office(DAY)
    for unit in ("A", "B"):
        set_target(office, unit, "admitted", "2020", ratio="3%", base="so_dang_vien")
    row = rows_of(report(office, "A", "2020"))["admitted"]
    assert (row["floor"], row["status"]) == (3, "chua_co_nguon")
    assert row["explanation"].startswith("Chỉ tiêu 3 là 3% của 100 («số đảng viên đầu kỳ»). Đã làm 0/3;")
    row = rows_of(report(office, "B", "2020"))["admitted"]  # nobody knows of how many: no target can be told
    assert (row["floor"], row["status"], row["text"]) == (None, None, "0")
    assert row["explanation"] == "Chỉ tiêu là 3% của «số đảng viên đầu kỳ», số ấy chưa có nên chưa tính được."
