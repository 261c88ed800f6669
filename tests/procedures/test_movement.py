"""The movement sheet of a unit: every line from the journal, transfers inside it left out, what does not fit named."""

from datetime import date

import pytest

from procedures.report import report
from tests.procedures.district import District

DAY = date(2020, 12, 31)


@pytest.fixture
def district(database):
    made = District(database)
    made.unit("LB")
    made.unit("A", "LB")
    made.unit("B", "LB")
    made.unit("X")
    return made


class Person:
    """Somebody whose steps follow each other as the gate would write them."""

    def __init__(self, district, code, unit, step, on):
        self.district, self.code, self.unit, self.step = district, code, unit, step
        district.person(code, unit, step)
        district.entry(code, "open_at", on, unit, to=step, source=None)

    def does(self, trigger, on, to=None, unit=None, **more):
        data = {"to_unit": self.district.units[unit]} if unit else None
        number = self.district.entry(
            self.code, trigger, on, self.unit, to=to or self.step, source=self.step, data=data, **more
        )
        self.step, self.unit = to or self.step, unit or self.unit
        return number


def sheet(district, unit="LB", period="2020", today=DAY, **more):
    found = report(district.office(today), unit, period, movement=True, **more)["movement"]
    counts = {line["what"]: line["count"] for line in found["lines"] if line["count"]}
    return found | {"lines": counts}


def test_everybody_who_comes_and_goes_has_a_line(district):
    D = date
    for number in range(4):
        Person(district, f"C{number}", "A", "chinh_thuc", None)
    Person(district, "C9", "X", "chinh_thuc", None)
    admitted = Person(district, "K1", "A", "cho_le", D(2019, 12, 1))
    admitted.does("hold_ceremony", D(2020, 2, 1), "du_bi")
    gone_again = Person(district, "K2", "B", "cho_le", D(2019, 12, 1))
    gone_again.does("hold_ceremony", D(2020, 2, 1), "du_bi")
    gone_again.does("cancel_admission", D(2020, 3, 1), "huy_ket_nap")
    Person(district, "M1", "B", "chinh_thuc", D(2020, 4, 1))
    for code, trigger, to in (("T1", "die", "tu_tran"), ("T2", "withdraw", "rut"), ("T3", "transfer_out", "chuyen_di")):
        Person(district, code, "B", "chinh_thuc", None).does(trigger, D(2020, 5, 1), to)
    back = Person(district, "T4", "B", "chinh_thuc", None)
    back.does("expel", D(2020, 5, 1), "khai_tru")
    back.does("restore", D(2020, 9, 1), "chinh_thuc")
    Person(district, "T5", "A", "du_bi", None).does("remove", D(2020, 5, 1), "xoa_ten")
    inside = Person(district, "I1", "A", "chinh_thuc", None)
    inside.does("transfer", D(2020, 6, 1), unit="B")
    out = Person(district, "O1", "A", "du_bi", None)
    out.does("transfer", D(2020, 6, 1), unit="X")
    out.does("mature", D(2020, 7, 1), "xet_chinh_thuc")
    there = Person(district, "V1", "X", "chinh_thuc", None)
    there.does("transfer", D(2020, 6, 1), unit="B")
    not_yet = Person(district, "N1", "X", "cam_tinh", None)  # on the way: no member
    not_yet.does("transfer", D(2020, 6, 1), unit="B")
    found = sheet(district)
    assert found["lines"] == {
        "admitted": 2,
        "transferred_in": 1,
        "restored": 1,
        "opened": 1,
        "died": 1,
        "expelled": 1,
        "removed": 1,
        "left": 2,
        "transferred_out": 2,
    }
    assert (found["opening"], found["undated"], found["closing"]) == (11, 11, 9)
    assert (found["reconciles"], found["difference"], found["unexplained"]) == (True, 0, [])
    of_b = sheet(district, "B")
    assert (of_b["opening"], of_b["lines"]["transferred_in"], of_b["reconciles"]) == (4, 2, True)
    assert [sheet(district, period=f"2020-{n:02d}")["reconciles"] for n in range(1, 13)] == [True] * 12
    halves = [sheet(district, period=code) for code in ("2020-H1", "2020-H2")]
    assert (halves[0]["closing"], halves[1]["opening"]) == (8, 8)


def test_until_the_day_and_in_a_period_not_begun(district):
    one = Person(district, "P1", "A", "chinh_thuc", date(2020, 1, 5))
    one.does("die", date(2020, 6, 1), "tu_tran")
    assert sheet(district, as_of="2020-05-31")["closing"] == 1
    assert sheet(district)["closing"] == 0
    future = sheet(district, period="2021", as_of="2020-03-01")
    assert (future["opening"], future["closing"], future["lines"], future["reconciles"]) == (1, 1, {}, True)


def test_a_correction_moves_the_line_it_stands_in(district):
    one = Person(district, "P1", "A", "cho_le", date(2019, 1, 1))
    wrong = one.does("hold_ceremony", date(2019, 12, 30), "du_bi")
    assert sheet(district)["opening"] == 1
    district.entry("P1", "hold_ceremony", date(2020, 1, 3), "A", to="du_bi", source="cho_le", corrects=wrong)
    found = sheet(district)
    assert (found["opening"], found["lines"], found["closing"], found["reconciles"]) == (0, {"admitted": 1}, 1, True)


def test_what_was_before_an_opening_is_told_and_moves_nobody(district):
    district.person("P1", "A", "chinh_thuc")
    district.entry("P1", "hold_ceremony", date(2020, 2, 1), "A", to="du_bi", source=None)
    district.entry("P1", "open_at", date(2020, 6, 1), "A", to="chinh_thuc", source=None)
    found = sheet(district)
    assert (found["opening"], found["lines"], found["closing"], found["reconciles"]) == (0, {"opened": 1}, 1, True)
    assert [(one["code"], one["entry"], one["on"]) for one in found["before_opening"]] == [
        ("P1", "P1:1", date(2020, 2, 1))
    ]


def test_what_does_not_fit_is_named_and_only_that(district):
    Person(district, "G1", "A", "cho_le", None).does("hold_ceremony", date(2020, 2, 1), "du_bi")
    district.person("W1", "A", "du_bi")
    district.entry("W1", "open_at", None, "A", to="chinh_thuc", source=None)
    district.entry("W1", "hold_ceremony", date(2020, 2, 1), "A", to="du_bi", source="cho_le")  # was a member already
    found = sheet(district)
    assert (found["opening"], found["lines"], found["closing"]) == (1, {"admitted": 2}, 2)
    assert (found["difference"], found["reconciles"]) == (-1, False)
    assert [one["entry"] for one in found["unexplained"]] == ["W1:2"]
    hidden = sheet(district, may_see_people=False)["unexplained"]
    assert [(one["code"], one["entry"]) for one in hidden] == [(None, None)]


def test_the_example_reconciles_and_admits_whom_the_report_counts(six):
    result = report(six, "XA-PL", "2024", movement=True)
    found = result["movement"]
    admitted = next(line["count"] for line in found["lines"] if line["what"] == "admitted")
    counted = next(row["actual"] for row in result["rows"] if row["indicator"] == "admitted")
    assert (admitted, counted, found["reconciles"]) == (2, 2, True)
