"""As known at an instant, a report says what it would have said then; the structure is that of then or of now."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import config
from procedures.correct import correct
from procedures.horizon import read_horizon, read_instant
from procedures.import_workbook import import_workbook
from procedures.report import report
from states.errors import BadInput, Unknown
from tests.procedures.books import lawful, office_on, save
from tests.procedures.district import District, rows_of

DAY, LATER = date(2020, 6, 30), date(2021, 3, 1)
UNITS = ["U0", "U1", "U2", "U3"]
CODES = ["P0", "P1", "P2"]
TRIGGERS = {
    "nominate": "duoc_gioi_thieu",
    "hold_ceremony": "du_bi",
    "withdraw": "rut",
    "decide_recognition": "chinh_thuc",
}
WOMEN = config.IndicatorSettings(
    label="Nữ", source="counted", trigger="hold_ceremony", where={"gioi_tinh": "nu", "khu_vuc": "tư nhân"}
)
MEMBERS = config.IndicatorSettings(
    label="Đảng viên", source="measured", steps=["du_bi", "xet_chinh_thuc", "chinh_thuc"]
)
STOCK = config.IndicatorSettings(label="Số đảng viên", source="measured", attribute="so_dang_vien")

days = st.integers(0, 200).map(lambda n: date(2020, 1, 1) + timedelta(days=n))
units = st.sampled_from(UNITS)
acts = st.one_of(
    st.tuples(st.just("entry"), st.sampled_from(CODES), st.sampled_from(sorted(TRIGGERS)), days, units),
    st.tuples(st.just("entry"), st.sampled_from(CODES), st.just("hold_ceremony"), days, units),
    st.tuples(st.sampled_from(["corrects", "voids"]), st.sampled_from(CODES), st.integers(0, 9), days, units),
    st.tuples(st.just("figure"), units, st.integers(0, 9)),
    st.tuples(st.just("target"), units, st.integers(1, 9)),
    st.tuples(st.just("unit"), st.sampled_from(UNITS[1:]), st.sampled_from(UNITS[:1]), days, st.integers(0, 9)),
    st.tuples(st.just("known"), st.sampled_from(CODES), st.sampled_from(["nu", "nam", None]), days),
)


def perform(district, number, act):
    kind, *rest = act
    if kind == "entry":
        code, trigger, on, unit = rest
        district.entry(code, trigger, on, unit, to=TRIGGERS[trigger], source="cho_le")
    elif kind in ("corrects", "voids"):
        code, which, on, unit = rest
        if (made := district.sequences.get(code, 0)) > 1:
            aim = 2 + which % (made - 1)
            district.entry(code, "hold_ceremony", on, unit, to="du_bi", source="cho_le", **{kind: aim})
    elif kind == "figure":
        district.figure(rest[0], "dialogues", "2020-Q1", rest[1])
    elif kind == "target":
        district.target(rest[0], "admitted", "2020", rest[1], decision_date=date(2020, 1, 1) + timedelta(days=number))
    elif kind == "unit":
        unit, above, on, members = rest
        district.unit(unit, above, on, so_dang_vien=str(members), khu_vuc="tư nhân" if members % 2 else "nhà nước")
    else:
        code, value, on = rest
        district.attribute(code, "gioi_tinh", value, on)


@settings(max_examples=12, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(st.lists(acts, min_size=1, max_size=8))
def test_as_known_at_any_moment_is_what_was_printed_then(drawn):
    district = District()
    for unit in UNITS:
        district.unit(unit, "U0" if unit != "U0" else None)
    for code in CODES:
        district.person(code, "U1", birth="1990-05")
        district.entry(code, "open_at", date(2019, 12, 31), "U1", to="cho_le", source=None)
    office = district.office(LATER)
    shipped = office.settings.indicators
    office = district.office(LATER, indicators=shipped | {"women": WOMEN, "members": MEMBERS, "stock": STOCK})

    def ask(**more):
        options = {
            "as_of": DAY,
            "breakdown": "women,age,non_state",
            "movement": True,
            "beside": ["cung_ky", "nhiem_ky"],
        }
        result = report(office, "U0", "2020", **options, **more)
        return {key: value for key, value in result.items() if key != "as_known"}

    printed = [(district.moment(), ask())]
    for number, act in enumerate(drawn):
        perform(district, number, act)
        printed.append((district.moment(), ask()))
    for moment, then in printed:
        assert ask(as_known=moment) == then


@pytest.fixture
def small(database, tmp_path, monkeypatch):
    """The small workbook in an office whose machine's instants move on by a day with each recording."""
    office = office_on(database)
    instants = (datetime(2020, 7, 1, 8, tzinfo=UTC) + timedelta(days=n) for n in itertools.count())
    monkeypatch.setattr(type(office), "now", lambda self: next(instants))
    import_workbook(office, save(tmp_path / "a.xlsx", lawful()))
    return office


def test_before_a_correction_is_what_was_printed_before_it(small, tmp_path):
    def ask(**more):
        result = report(small, "00", "2019-01", breakdown="all", movement=True, people="introduced", **more)
        return {key: value for key, value in result.items() if key != "as_known"}

    before = ask()
    moment = small.now()
    correct(small, "007:2", changes={"on": "05/02/2019"}, reason="nhầm tháng")
    sheets = lawful()
    sheets["ung_vien"][1][2] = date(1960, 3, 20)  # another birth date
    sheets["chi_tieu"][1][3:] = [7, "200/QĐ", date(2020, 4, 1)]
    sheets["so_lieu"][1][3] = 99
    import_workbook(
        small, save(tmp_path / "b.xlsx", {name: sheets[name] for name in ("ung_vien", "chi_tieu", "so_lieu")})
    )
    assert ask() != before
    assert ask(as_known=moment) == before
    age = {c["value"]: c["count"] for b in before["breakdowns"] if b["by"] == "age" for c in b["cells"] if c["count"]}
    assert age == {"18-30": 1}
    with pytest.raises(Unknown):
        ask(as_known=datetime(2020, 6, 1, tzinfo=UTC))


def test_a_day_is_known_until_its_end_in_vietnam():
    assert read_instant("2020-06-30") == datetime(2020, 6, 30, 16, 59, 59, 999999, UTC)
    assert read_instant("30/06/2020") == read_instant(date(2020, 6, 30))
    assert read_instant("2020-06-30T17:00:00+00:00") == datetime(2020, 6, 30, 17, tzinfo=UTC)
    assert read_instant("2020-06-30 17:00") == datetime(2020, 6, 30, 10, tzinfo=UTC)
    for wrong in ("hôm qua", "2020-06-30T25:00", "31/06/2020"):
        with pytest.raises(BadInput):
            read_instant(wrong)


def test_an_office_by_the_machines_calendar_stood_on_the_day_it_knew(monkeypatch):
    district = District()
    office = district.office(date(2020, 9, 1))
    monkeypatch.setattr(type(office), "now", lambda self: datetime(2020, 9, 1, 3, tzinfo=UTC))
    assert read_horizon(office, None, "2020-08-01", "then").as_of == date(2020, 8, 1)
    assert read_horizon(office, "2020-08-15", "2020-08-01", "then").as_of == date(2020, 8, 15)
    assert read_horizon(office, None, "2020-10-01", "then").as_of == date(2020, 9, 1)
    told = district.office(date(2019, 9, 1))  # a business day that was set is the same then and now
    assert read_horizon(told, None, "2020-08-01", "then").as_of == date(2019, 9, 1)
    with pytest.raises(BadInput):
        read_horizon(office, None, None, "soon")


# ---------------------------------------------------------------------- the structure of then or now


@pytest.fixture
def merged(database):
    """A and B under LB; A taken over by B on 1 July, C split into D and E, B moved under QU since."""
    made = District(database)
    made.unit("LB")
    made.unit("QU")
    for unit in ("A", "B", "C"):
        made.unit(unit, "LB", so_dang_vien="10")
        made.counted("hold_ceremony", date(2020, 2, 1), unit)
    made.unit("A", "LB", date(2020, 7, 1), ended=True)
    made.succeeds("B", "A", date(2020, 7, 1))
    made.unit("C", "LB", date(2020, 7, 1), ended=True)
    for unit in ("D", "E"):
        made.unit(unit, "LB", date(2020, 7, 1))
        made.succeeds(unit, "C", date(2020, 7, 1))
    made.unit("B", "QU", date(2020, 8, 1), so_dang_vien="20")
    made.target("LB", "introduced", "2020", ratio=Decimal("0.1"), base="so_dang_vien")
    made.target("QU", "introduced", "2020", ratio=Decimal("0.1"), base="so_dang_vien")
    return made


def test_then_or_now(merged):
    office = merged.office(date(2020, 12, 1))

    def ask(unit, structure):
        result = report(office, unit, "2020-H1", structure=structure)
        rows = rows_of(result)
        children = {child["unit"]: rows_of(child)["admitted"]["actual"] for child in result["children"]}
        return rows["admitted"]["actual"], rows["introduced"]["floor"], children

    assert ask("LB", "then") == (3, 3, {"A": 1, "B": 1, "C": 1})
    assert ask("QU", "then") == (0, None, {})  # no base, no target
    assert ask("LB", "now") == (1, 1, {"C": 1, "D": 0, "E": 0})  # C was split: what it did stays above
    assert ask("QU", "now") == (2, 2, {"B": 2})
    assert ask("B", "now") == (2, None, {"A": 1})  # the unit it took over from, with what that did
