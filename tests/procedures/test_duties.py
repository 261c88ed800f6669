"""Duties that return: what is due, who is reminded, and what discharges them."""

from datetime import date

import pytest
from sqlalchemy import select

from procedures.due import due
from procedures.remind import remind
from store.notices import Notice
from tests.procedures.district import District

LINES = """
indicators:
  reviews: {label: Nhận xét đảng viên, source: reported}
duties:
  nhan_xet:
    {label: Nhận xét đảng viên hằng năm, kinds: [chi_bo], every: year, due: "31/12", done_by: reviews, roles: [bi_thu]}
  bao_cao: {label: Báo cáo quý, kinds: [chi_bo], every: quarter, due: 5, done_by: dialogues, roles: [bi_thu], since: 2020-01-01}
"""


class Offices(District):
    """A district under these lines of config.yaml, with the law that `due` needs."""

    def __init__(self, database, folder):
        super().__init__(database)
        self.file = folder / "config.yaml"
        self.file.write_text(LINES, encoding="utf-8")

    def on(self, day):
        office = self.office(day, self.file)
        office.written_law = office.settings.law()
        return office


@pytest.fixture
def district(database, tmp_path):
    made = Offices(database, tmp_path)
    made.unit("LB")
    made.unit("A", "LB")
    return made


def duties(district, day, duty, unit="A"):
    found = due(district.on(day), unit)["duties"]
    return [(one["period"], one["due_on"], one["days_left"], one["done"]) for one in found if one["duty"] == duty]


def notices(district, subject):
    n = Notice.__table__.c
    with district.database.reading() as connection:
        asked = select(n.threshold, n.recipient, n.state).where(n.subject == subject).order_by(n.threshold.desc())
        return [tuple(row) for row in connection.execute(asked)]


def test_a_yearly_duty_is_due_until_its_figure_is_there(district):
    day = date(2020, 12, 1)
    assert duties(district, day, "nhan_xet") == [
        ("2019", date(2019, 12, 31), -336, False),
        ("2020", date(2020, 12, 31), 30, False),
    ]
    district.figure("A", "reviews", "2019", 1)
    assert duties(district, day, "nhan_xet") == [("2020", date(2020, 12, 31), 30, False)]
    district.figure("A", "reviews", "2020", 0)
    assert duties(district, day, "nhan_xet")[0][3] is False
    district.figure("A", "reviews", "2020", 1, reported_on=date(2020, 12, 10))
    assert duties(district, day, "nhan_xet")[0][3] is False  # reported later than this day
    assert duties(district, date(2020, 12, 10), "nhan_xet") == [("2020", date(2020, 12, 31), None, True)]


def test_a_duty_after_the_periods_end_counts_working_days(district):
    assert duties(district, date(2020, 3, 31), "bao_cao") == [
        ("2020-Q1", date(2020, 4, 8), 5, False)
    ]  # 2 April: giỗ Tổ
    assert duties(district, date(2020, 4, 9), "bao_cao") == [
        ("2020-Q1", date(2020, 4, 8), -1, False),
        ("2020-Q2", date(2020, 7, 7), 61, False),
    ]
    district.figure("A", "dialogues", "2020-02", 3)  # a part of the quarter will do
    assert [period for period, *_ in duties(district, date(2020, 4, 9), "bao_cao")] == ["2020-Q2"]


def test_only_units_of_the_kind_that_are_there(district):
    district.unit("A", "LB", on=date(2020, 6, 1), ended=True)
    assert duties(district, date(2020, 7, 1), "nhan_xet", "LB") == [
        ("2019", date(2019, 12, 31), -183, False), ("2020", date(2020, 12, 31), 183, False),
    ]  # fmt: skip


def test_until_narrows_duties_down(district):
    found = due(district.on(date(2020, 12, 1)), "A", date(2020, 12, 30))["duties"]
    assert {one["period"] for one in found if one["duty"] == "nhan_xet"} == {"2019"}


def test_reminders_keep_the_rhythm_and_stop_when_it_is_done(district):
    district.figure("A", "reviews", "2019", 1)
    district.figure("LB", "reviews", "2019", 1)
    district.figure("LB", "reviews", "2020", 1)
    for unit in ("A", "LB"):
        for quarter in (3, 4):
            district.figure(unit, "dialogues", f"2020-Q{quarter}", 1)
    district.recipient("A", "bi_thu", "a@example.test")
    subject = "duty:nhan_xet:A:2020"
    assert remind(district.on(date(2020, 11, 30)))["created"] == 0
    first = remind(district.on(date(2020, 12, 1)))
    assert (first["created"], first["passed_over"]) == (1, 0)
    assert remind(district.on(date(2020, 12, 1))) == {
        "created": 0, "passed_over": 0, "withdrawn": 0, "unchanged": 1, "nobody_to_tell": 0,
    }  # fmt: skip
    caught_up = remind(district.on(date(2020, 12, 25)))  # two weeks and one week before have fallen meanwhile
    assert (caught_up["created"], caught_up["passed_over"]) == (1, 2)
    assert notices(district, subject) == [
        (30, "a@example.test", "passed_over"), (14, "a@example.test", "passed_over"), (7, "a@example.test", "planned"),
    ]  # fmt: skip
    district.figure("A", "reviews", "2020", 1)
    assert remind(district.on(date(2020, 12, 28)))["withdrawn"] == 1
    assert notices(district, subject)[-1] == (7, "a@example.test", "withdrawn")


def test_nobody_and_whoever_is_above(district):
    for year in (2019, 2020):
        district.figure("LB", "reviews", str(year), 1)
    district.figure("A", "reviews", "2019", 1)
    day = date(2020, 12, 1)
    remind(district.on(day))
    assert notices(district, "duty:nhan_xet:A:2020") == [(30, "", "nobody")]
    district.recipient("LB", "bi_thu", "lb@example.test")
    remind(district.on(day))
    assert (30, "lb@example.test", "planned") in notices(district, "duty:nhan_xet:A:2020")
